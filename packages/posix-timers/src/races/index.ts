// The two races in how Linux handed out timer IDs, searched for in a release's own rule.
import { checkInteger } from '../int32.ts';
import { checkKeys } from '../misuse.ts';
import { parseRelease } from '../release.ts';
import { doomed, hasEnded, type Node, reachable, scheduleTo } from './graph.ts';
import { boot, type Rule, type State } from './machine.ts';
import { fullSpace, type SearchSteps, searchSteps } from './search-steps.ts';

export type { Cpu, State, Timer } from './machine.ts';
export type { SearchSteps } from './search-steps.ts';

/** How to look for a race. */
export interface RaceOptions {
  /** Size of the ID space that stands for 2³¹ IDs, 2…8. Default 4. */
  readonly ids?: number | undefined;
}

/** What every possible order of two CPUs' steps comes to. */
export interface RaceReport {
  readonly race: 'endless-search' | 'duplicate-id';
  readonly release: string;
  /** Size of the ID space. */
  readonly ids: number;
  /** Whether some order of steps leads to it. */
  readonly present: boolean;
  /** What happens, in a sentence. */
  readonly outcome: string;
  /** The shortest order of steps that leads to it, one line a step; empty if there is none. */
  readonly schedule: readonly string[];
  /** States of the machine that were visited: all that can be reached. */
  readonly states: number;
}

/**
 * Looks for a search that cannot end: all IDs are in use, and two CPUs create a timer each.
 *
 * Before 6.5 a search ended when the counter came back to where the search began. That place was read without the lock,
 * so it could be the value that the counter has for a moment after it overflowed, to which it never comes back.
 *
 * @param release As of the class Kernel, of the main entry.
 * @returns `present` with the steps after which no order of further steps lets both calls return; or its absence, after
 *   all reachable states were visited.
 * @throws RangeError for an unknown release or an option out of range.
 *
 * Cost: a few thousand states, some ten milliseconds.
 * Source: kernel/time/posix-timers.c, posix_timer_add(), Linux 3.10; fixed by 8ce8849dd1e7 (6.5).
 */
export function findEndlessSearch(release: string, options: RaceOptions = {}): RaceReport {
  const rule = ruleOf(release, options);
  const nodes = reachable(rule, fullSpace(rule));
  const [first] = doomed(nodes);
  const about = { race: 'endless-search', release, ids: rule.ids, states: nodes.length } as const;
  if (first !== undefined) {
    const start = Math.min(...first.state.cpus.map((cpu) => cpu.first));
    const outcome = `a search that began at ${start} never ends: no search sees the counter there again`;
    return { ...about, present: true, outcome, schedule: scheduleTo(first) };
  }
  return { ...about, present: false, outcome: endings(nodes), schedule: [] };
}

/**
 * Sets up the two CPUs of {@link findEndlessSearch} for a caller who orders their steps.
 *
 * @param release As of the class Kernel, of the main entry.
 * @throws RangeError for an unknown release or an option out of range.
 *
 * Cost: visits all states once, some ten milliseconds; then a step is O(ids).
 */
export function endlessSearchSteps(release: string, options: RaceOptions = {}): SearchSteps {
  return searchSteps(ruleOf(release, options));
}

/**
 * Looks for an ID that two timers have: one CPU creates a timer, the other creates and deletes timers until the IDs have
 * wrapped.
 *
 * Before 6.15 a timer was hashed before its ID and its process were written into it, so a search on another CPU did not
 * see it. A creator that stands still at that point for a whole lap of the ID space loses its ID to another timer.
 *
 * @param release As of the class Kernel, of the main entry.
 * @returns `present` with the steps after which two live timers have the same ID; or its absence, after all reachable
 *   states were visited.
 * @throws RangeError for an unknown release or an option out of range.
 *
 * Cost: a few thousand states, some ten milliseconds.
 * Source: kernel/time/posix-timers.c, Linux 3.10–6.14; fixed by 2389c6efd3ad and 45ece9933d4a (6.15).
 */
export function findDuplicateId(release: string, options: RaceOptions = {}): RaceReport {
  const rule = ruleOf(release, options);
  const nodes = reachable(rule, boot(rule, [1, rule.ids], []));
  const found = nodes.find(({ state }) => duplicate(state) >= 0);
  const about = { race: 'duplicate-id', release, ids: rule.ids, states: nodes.length } as const;
  if (found === undefined) {
    return { ...about, present: false, outcome: 'no two live timers ever have the same ID', schedule: [] };
  }
  const outcome = `two live timers have the ID ${duplicate(found.state)}; only one of them can be found`;
  return { ...about, present: true, outcome, schedule: scheduleTo(found) };
}

function ruleOf(release: string, options: RaceOptions): Rule {
  checkKeys('options', options, ['ids']);
  const { ids = 4 } = options;
  const { allocation } = parseRelease(release);
  return { allocation, ids: checkInteger('ids', ids, 2, 8) };
}

/** The ID that two published timers share, −1 if there is none. */
function duplicate({ timers }: State): number {
  const ids = timers.flatMap(({ hashed, signal, id }) => (hashed && signal === 'valid' ? [id] : []));
  return ids.find((id, i) => ids.indexOf(id) !== i) ?? -1;
}

/** How all searches of a full ID space end. */
function endings(nodes: readonly Node[]): string {
  const probes = nodes
    .filter(({ state }) => hasEnded(state))
    .flatMap(({ state }) => state.cpus.map((cpu) => cpu.probes));
  const [least, most] = [Math.min(...probes), Math.max(...probes)];
  const extent = least === most ? `exactly ${most}` : `${least} to ${most}`;
  return `every search ends with EAGAIN, after ${extent} ${most === 1 ? 'look' : 'probes'}`;
}
