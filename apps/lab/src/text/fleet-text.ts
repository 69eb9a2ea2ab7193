// A fleet as a table: one row per checkpoint, the worst first.
import type { Column } from '../exhibits/exhibit.ts';
import { type FleetRow, isPlanned, type Planned, type Unread } from '../plan/fleet.ts';
import { kernelLabel, restorerName } from './kernel-name.ts';
import { count, counted } from './number.ts';
import { paragraph } from './paragraph.ts';
import { shownCost } from './plan-cost.ts';
import { table } from './table.ts';
import { tellingWarnings } from './telling-warnings.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Checkpoint', align: 'left' },
  { head: 'Processes' },
  { head: 'Timers' },
  { head: 'Highest ID' },
  { head: 'Outcome', align: 'left' },
  { head: 'Creates' },
  { head: 'Time' },
  { head: 'Warnings' },
];

/** Outcomes from the worst to the best. */
const RANKS = ['hangs', 'fails', 'exceeds-limit', 'ok'] as const;

/**
 * Writes a fleet out.
 *
 * @param asked The kernel and the CRIU it was planned for.
 */
export function fleetText(rows: readonly FleetRow[], asked: { kernel: string; criu: string }): string {
  const planned = rows.filter(isPlanned).sort(worstFirst);
  const unread = rows.filter((row): row is Unread => !isPlanned(row));
  return [
    `${counted(rows.length, 'checkpoint')} · ${restorerName(asked.criu)} on ${kernelLabel(asked.kernel)}\n\n`,
    table(COLUMNS, [...unread.map(unreadCells), ...planned.map(plannedCells), totalCells(planned, rows.length)]),
    unread.length > 0 ? `\nNot read:\n${unread.map(unreadLine).join('')}` : '',
    `\n${paragraph(reading(planned))}`,
  ].join('');
}

function worstFirst(a: Planned, b: Planned): number {
  const rank = ({ plan }: Planned): number => RANKS.indexOf(plan.totals.outcome);
  return rank(a) - rank(b) || b.plan.totals.seconds - a.plan.totals.seconds || warningsOf(b) - warningsOf(a);
}

function plannedCells(row: Planned): string[] {
  const { path, plan } = row;
  const { totals } = plan;
  const { creates, time } = shownCost(totals);
  const highest = highestId(row);
  return [
    shortened(path),
    count(totals.processes),
    count(totals.timers),
    highest === -1 ? '–' : count(highest),
    totals.outcome,
    creates,
    time,
    count(warningsOf(row)),
  ];
}

const LONGEST_PATH = 27; // characters, so that the table fits a terminal

/** The end tells one path from another. */
function shortened(path: string): string {
  return path.length <= LONGEST_PATH ? path : `…${path.slice(1 - LONGEST_PATH)}`;
}

function unreadCells({ path }: Unread): string[] {
  return [shortened(path), '–', '–', '–', 'not read', '–', '–', '–'];
}

function totalCells(planned: readonly Planned[], rows: number): string[] {
  const sum = (of: (row: Planned) => number): number => planned.reduce((so, row) => so + of(row), 0);
  const isEndless = planned.some(({ plan }) => plan.totals.outcome === 'hangs');
  const { creates, time } = shownCost({
    outcome: isEndless ? 'hangs' : 'ok',
    creates: sum(({ plan }) => plan.totals.creates),
    deletes: sum(({ plan }) => plan.totals.deletes),
    seconds: sum(({ plan }) => plan.totals.seconds),
  });
  const succeed = planned.filter(({ plan }) => plan.totals.outcome === 'ok').length;
  return [
    'Together',
    count(sum(({ plan }) => plan.totals.processes)),
    count(sum(({ plan }) => plan.totals.timers)),
    planned.length === 0 ? '–' : count(Math.max(0, ...planned.map(highestId))),
    `${count(succeed)} of ${count(rows)} ok`,
    creates,
    time,
    count(sum(warningsOf)),
  ];
}

function unreadLine({ path, error }: Unread): string {
  const [first] = error.message.split('\n');
  return `  ${first!.includes(path) ? first : `${path}: ${first}`}\n`;
}

/** What to look at next. */
function reading(planned: readonly Planned[]): string {
  const [worst] = planned;
  if (worst === undefined) return 'None could be read.';
  const { outcome, timers } = worst.plan.totals;
  if (planned.every(({ plan }) => plan.totals.timers === 0)) return 'None of them has POSIX timers.';
  const what = outcome === 'ok' ? (timers === 0 ? '' : 'takes longest') : `is the worst (${outcome})`;
  return `${worst.path} ${what}: \`idspace plan ${worst.path}\` tells its processes and calls.`;
}

function highestId({ plan }: Planned): number {
  return plan.processes.reduce((highest, { timers }) => Math.max(highest, timers.at(-1)?.id ?? -1), -1);
}

function warningsOf({ plan }: Planned): number {
  return plan.processes.reduce((sum, process) => sum + tellingWarnings(process).length, 0);
}
