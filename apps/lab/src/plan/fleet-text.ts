// A fleet as a table: what needs attention first, the worst of it on top, the rest in one row.
import {
  chargesOf,
  decisiveReason,
  OUTCOMES,
  type PlanOptions,
  planNode,
  planTogether,
  restoreCost,
  restoreSeconds,
} from '@idspace/restore-planner';
import { errorLines } from '../cli/failure.ts';
import { shellWord } from '../cli/invocation.ts';
import type { Column } from '../format/exhibit.ts';
import { kernelLabel, restorerName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import { outcomeMark } from '../format/outcome-mark.ts';
import { line, paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { Screen } from '../format/screen.ts';
import { capital, firstOf } from '../format/sentence.ts';
import { table } from '../format/table.ts';
import { type FleetRow, isPlanned, isUnread, type Planned, type Unread } from './fleet.ts';
import { folded, MOST_FINE, MOST_TROUBLED, unreadText } from './folded.ts';
import { outcomeCell } from './outcome-cell.ts';
import { shownCost } from './plan-cost.ts';
import { SCOPE } from './verdict-text.ts';
import { tellingWarnings } from './warnings-text.ts';

const COLUMNS: readonly Column[] = [
  { head: 'Checkpoint', align: 'left', isPath: true },
  { head: 'Processes', drop: 1 },
  { head: 'Timers', drop: 3 },
  { head: 'Highest ID', drop: 2 },
  { head: 'Outcome', align: 'left', mark: outcomeMark },
  { head: 'Creates', drop: 4 },
  { head: 'Time' },
  { head: 'Warnings' },
];

const MOST_REASONS = 8;

/** How a fleet is shown. */
export interface FleetView {
  /** What it was planned for. */
  kernel: string;
  criu: string;
  /** Seconds from which a restore needs attention. Default: 1. */
  slow?: number;
  /** A row for every checkpoint, and every reason. */
  all?: boolean;
  /** What every node has: signals charged to the user who runs CRIU, and a limit for all processes. */
  room?: Pick<PlanOptions, 'sigq' | 'sigpending' | 'target'>;
}

/** Writes a fleet out. */
export function fleetText(
  rows: readonly FleetRow[],
  { kernel, criu, slow = 1, all = false, room = {} }: FleetView,
  screen: Screen,
): string {
  const unread = rows.filter(isUnread);
  const planned = rows.filter(isPlanned).sort(worstFirst);
  const troubled = planned.filter((row) => needsAttention(row, slow));
  const fine = planned.filter((row) => !needsAttention(row, slow));
  const attention = unread.length + troubled.length;
  const most = all ? rows.length : MOST_TROUBLED;
  const body = [
    ...folded(unread, most, ({ path }) => unreadCells(printable(path)), unreadCells),
    ...folded(troubled, most, plannedCells, sumCells),
    ...(all || fine.length <= MOST_FINE ? fine.map(plannedCells) : [sumCells(counted(fine.length, 'other'), fine)]),
    sumCells('Together', planned, rows.length),
  ];
  return [
    line(
      `${counted(rows.length, 'checkpoint')} · ${restorerName(criu)} on ${kernelLabel(kernel)} · ${attentionText(attention)}`,
      screen,
    ),
    '\n',
    table(COLUMNS, body, screen),
    unreadText(unread.map(unreadLine), all, screen),
    reasonsText(troubled, slow, all ? Number.POSITIVE_INFINITY : MOST_REASONS, screen),
    `\n${paragraph(
      [reading(planned), togetherText(planned, room), foldingText(rows.length + 1 - body.length)]
        .filter(Boolean)
        .join(' '),
      screen,
    )}`,
    `\n${paragraph(SCOPE, screen)}`,
  ].join('');
}

/** Does not succeed for certain, succeeds and may be wrong, or takes long. */
function needsAttention(row: Planned, slow: number): boolean {
  const { outcome } = row.plan;
  return outcome !== 'ok' || restoreSeconds(row.plan) > slow || warningsOf(row) > 0;
}

function worstFirst(a: Planned, b: Planned): number {
  const rank = ({ plan }: Planned): number => OUTCOMES.indexOf(plan.outcome);
  return rank(b) - rank(a) || restoreSeconds(b.plan) - restoreSeconds(a.plan) || warningsOf(b) - warningsOf(a);
}

function attentionText(attention: number): string {
  if (attention === 0) return 'none needs attention';
  return `${count(attention)} ${attention === 1 ? 'needs' : 'need'} attention`;
}

function plannedCells(row: Planned): string[] {
  const { path, plan } = row;
  const { totals } = plan;
  const { creates, time } = shownCost({ ...restoreCost(plan), outcome: plan.outcome });
  const highest = highestId(row);
  return [
    printable(path),
    count(totals.processes),
    count(totals.timers),
    highest === -1 ? '–' : count(highest),
    outcomeCell(plan),
    creates,
    time,
    count(warningsOf(row)),
  ];
}

function unreadLine({ path, error }: Unread): { name: string; error: string } {
  return { name: printable(path), error: errorLines(error)[0]! };
}

function unreadCells(name: string): string[] {
  return [name, '–', '–', '–', 'not read', '–', '–', '–'];
}

/** @param of How many there are, those that were not read included. */
function sumCells(name: string, rows: readonly Planned[], of: number = rows.length): string[] {
  const sum = (of: (row: Planned) => number): number => rows.reduce((so, row) => so + of(row), 0);
  const isEndless = rows.some(({ plan }) => plan.outcome === 'hangs');
  const { creates, time } = shownCost({
    outcome: isEndless ? 'hangs' : 'ok',
    ...restoreCost({ spaces: rows.flatMap(({ plan }) => plan.spaces) }),
  });
  const succeed = rows.filter(({ plan }) => plan.outcome === 'ok').length;
  const highest = rows.reduce((so, row) => Math.max(so, highestId(row)), -1);
  return [
    name,
    count(sum(({ plan }) => plan.totals.processes)),
    count(sum(({ plan }) => plan.totals.timers)),
    highest === -1 ? '–' : count(highest),
    `${count(succeed)} of ${count(of)} ok`,
    creates,
    time,
    count(sum(warningsOf)),
  ];
}

/** What is the matter with how many: the same thing said once. */
function reasonsText(troubled: readonly Planned[], slow: number, most: number, screen: Screen): string {
  const times = new Map<string, number>();
  for (const row of troubled) {
    for (const reason of reasonsOf(row, slow)) times.set(reason, (times.get(reason) ?? 0) + 1);
  }
  if (times.size === 0) return '';
  const lines = firstOf(
    [...times],
    most,
    ([reason, number]) => line(`${count(number)} × ${reason}`, screen, '  '),
    (left) => `  … and ${counted(left, 'other reason')}: --all shows each\n`,
  );
  return `\nWhy:\n${lines.join('')}`;
}

function reasonsOf(row: Planned, slow: number): string[] {
  const { outcome, processes } = row.plan;
  const decisive = decisiveReason(row.plan);
  if (decisive !== undefined && (decisive.space !== 'timers' || outcome === 'exceeds-limit')) {
    const space = decisive.space === 'timers' ? '' : ` (${decisive.space})`;
    return [`${outcome}${space}: ${printable(decisive.text)}`];
  }
  const said = processes.find(({ error }) => error !== null)?.error?.split('\n')[0];
  const codes = new Set(processes.flatMap((process) => tellingWarnings(process).map(({ code }) => code)));
  if (outcome !== 'ok') return [`${outcome}${said === undefined ? '' : `: ${printable(said)}`}`];
  return [
    ...(restoreSeconds(row.plan) > slow ? [`takes more than ${duration(slow)}`] : []),
    ...[...codes].map((code) => `warning ${code}`),
  ];
}

/** What is said where those that can be restored cannot, or may not, all go to one node. */
function togetherText(planned: readonly Planned[], room: FleetView['room']): string {
  const restorable = planned.filter(({ plan }) => plan.outcome === 'ok' || plan.outcome === 'depends');
  const { outcome, timers, lowestLimit, base } = planTogether(
    restorable.map(({ checkpoint }) => checkpoint),
    room,
  );
  if (restorable.length < 2) return '';
  if (outcome === 'ok') return othersTogether(restorable, room);
  const before = base > 0 ? `, beside ${counted(base, 'signal')},` : '';
  const end = outcome === 'depends' ? 'not in every order do all of them fit.' : 'they do not all fit.';
  return (
    `On one node the ${counted(timers, 'timer')} of those that can be restored${before} are charged to one user, and the lowest RLIMIT_SIGPENDING is ` +
    `${count(lowestLimit!)}: ${end}`
  );
}

/** What else a given target has not enough of for all. */
function othersTogether(restorable: readonly Planned[], room: FleetView['room']): string {
  const { reasons } = planNode(
    restorable.map(({ checkpoint }) => chargesOf(checkpoint)),
    room ?? {},
  );
  const first = reasons.find(({ outcome, space }) => outcome !== 'depends' && space !== 'timers');
  if (first === undefined) return '';
  return `On one node ${first.text}: they do not all fit. ${capital(first.remedy)}.`;
}

function foldingText(foldedRows: number): string {
  return foldedRows > 0 ? '--all shows a row for each checkpoint.' : '';
}

/** What to look at next. */
function reading(planned: readonly Planned[]): string {
  const [worst] = planned;
  if (worst === undefined) return 'None could be read.';
  const { outcome } = worst.plan;
  const { timers } = worst.plan.totals;
  if (planned.every(({ plan }) => plan.totals.timers === 0)) return 'None of them has POSIX timers.';
  const what = outcome === 'ok' ? (timers === 0 ? '' : 'takes longest') : `is the worst (${outcome})`;
  return `${printable(worst.path)} ${what}: \`idspace plan ${shellWord(worst.path)}\` tells its processes and calls.`;
}

function highestId({ plan }: Planned): number {
  return plan.processes.reduce((highest, { timers }) => Math.max(highest, timers.at(-1)?.id ?? -1), -1);
}

function warningsOf({ plan }: Planned): number {
  return plan.processes.reduce((sum, process) => sum + tellingWarnings(process).length, 0);
}
