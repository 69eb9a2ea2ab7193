// A plan as text: the calls of every process, what CRIU prints, and what it means.
import type { ProcessPlan, RestorePlan } from '@idspace/restore-planner';
import { type ColumnOf, tableOf } from '../format/exhibit.ts';
import { kernelLabel, restorerName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import { outcomeMark } from '../format/outcome-mark.ts';
import { line, paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { Screen } from '../format/screen.ts';
import { firstOf } from '../format/sentence.ts';
import { table } from '../format/table.ts';
import { shownCost, shownTime } from './plan-cost.ts';
import { readProcess } from './plan-reading.ts';
import { verdictText } from './verdict-text.ts';
import { warningsText } from './warnings-text.ts';

const MOST_IDS = 3; // shown one by one; more are abbreviated
const MOST_SENTENCES = 6;
const LONGEST_NAME = 40; // of a container, which can be the name of a folder

const COLUMNS: readonly ColumnOf<ProcessPlan>[] = [
  { head: 'PID', cell: nameOf },
  { head: 'Timer IDs', width: 13, cell: ({ timers }) => shownIds(timers.map(({ id }) => id)) },
  { head: 'Strategy', align: 'left', cell: ({ strategy }) => strategy },
  { head: 'Outcome', align: 'left', mark: outcomeMark, cell: ({ outcome }) => outcome },
  { head: 'Creates', cell: (process) => shownCost(process).creates },
  { head: 'Deletes', drop: 4, cell: (process) => shownCost(process).deletes },
  { head: 'prctls', drop: 1, cell: ({ prctls }) => count(prctls) },
  { head: 'Peak', drop: 2, cell: ({ peakTimers }) => count(peakTimers) },
  { head: 'Next ID', drop: 3, cell: ({ outcome, nextId }) => (outcome === 'hangs' ? '–' : count(nextId)) },
  { head: 'Time', cell: shownTime },
];

/** What is known beside a plan. */
export interface PlanView {
  /** A line on where the checkpoint comes from, or nothing. */
  origin?: string;
  /** Whether it was planned for a target of which more than kernel and CRIU is known. */
  hasTarget?: boolean;
  /** Whether only timers are shown. */
  timersOnly?: boolean;
}

/**
 * Writes a plan out.
 *
 * @param source The checkpoint as the user named it.
 */
export function planText(
  source: string,
  plan: RestorePlan,
  screen: Screen,
  { origin = '', hasTarget = false, timersOnly = false }: PlanView = {},
): string {
  const { totals, kernel, criu } = plan;
  const contents = `${counted(totals.processes, 'process', 'processes')}, ${counted(totals.timers, 'timer')}`;
  const errors = plan.processes.flatMap(({ pid, error }) => (error === null ? [] : errorLines(pid, error, screen)));
  const { columns, rows } = tableOf(plan.processes, COLUMNS);
  const isOpen = plan.processes.every(({ outcome, error }) => error === null || outcome === 'depends');
  return [
    line(`${printable(source)}: ${contents} · ${restorerName(criu)} on ${kernelLabel(kernel)}`, screen),
    origin === '' ? '' : line(origin, screen),
    '\n',
    timersOnly ? '' : `${verdictText(plan, hasTarget, screen)}\n`,
    table(columns, rows, screen),
    plan.processes.length > 1 ? `\n${paragraph(`Timers of all processes: ${together(plan)}`, screen)}` : '',
    errors.length > 0
      ? `\n${criu === 'native' ? 'It says' : 'CRIU prints'}${isOpen ? ', if it fails' : ''}:\n${errors.join('')}`
      : '',
    warningsText(plan, screen),
    `\n${readings(plan, screen)}`,
  ].join('');
}

function nameOf({ container, pid }: ProcessPlan): string {
  return container === undefined ? String(pid) : `${printable(container, LONGEST_NAME)}\n${pid}`;
}

/** Shows IDs in ascending order, one a line; of many only how many, the first and the last. */
export function shownIds(ids: readonly number[]): string {
  if (ids.length === 0) return 'none';
  if (ids.length <= MOST_IDS) return ids.map(count).join('\n');
  return `${counted(ids.length, 'timer')}\n${count(ids[0]!)} …\n${count(ids.at(-1)!)}`;
}

function together({ processes, totals }: RestorePlan): string {
  const stuck = processes.filter(({ outcome }) => outcome === 'hangs').length;
  if (stuck > 0) return `without end, as ${stuck} of ${counted(processes.length, 'process', 'processes')} hangs.`;
  const sum = `${counted(totals.creates, 'create')}, ${counted(totals.deletes, 'delete')}, ${duration(totals.seconds)}.`;
  const isShared = totals.outcome === 'exceeds-limit' && processes.some(exceedsShared);
  return isShared ? `${sum} That is up to the refused create, if the processes come one after the other.` : sum;
}

function exceedsShared({ outcome, warnings }: ProcessPlan): boolean {
  return outcome === 'exceeds-limit' && warnings.some(({ code }) => code === 'shared-limit');
}

function errorLines(pid: number, error: string, screen: Screen): string[] {
  return error.split('\n').map((said) => line(`${pid}: ${said}`, screen, '  '));
}

/** One sentence for each process with timers; of many those that matter most. */
function readings(plan: RestorePlan, screen: Screen): string {
  const telling = plan.processes.filter(({ timers }) => timers.length > 0);
  if (telling.length === 0) return 'No process has POSIX timers: nothing to restore.\n';
  const byWeight = [...telling].sort(
    (a, b) => Number(b.outcome !== 'ok') - Number(a.outcome !== 'ok') || b.seconds - a.seconds,
  );
  const many = telling.length > 1;
  return firstOf(
    byWeight,
    MOST_SENTENCES,
    (process) => paragraph(`${many ? `${process.pid}: ` : ''}${readProcess(plan, process)}`, screen),
    (left) =>
      `… and ${counted(left, 'more process', 'more processes')} that ${left === 1 ? 'takes' : 'take'} less time.\n`,
  ).join('');
}
