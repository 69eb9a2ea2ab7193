// Two CPUs whose steps a reader orders: a history that goes forwards and back.
import { endlessSearchSteps, findEndlessSearch, type SearchSteps, type State } from '@idspace/posix-timers/races';

/** A step that was made. */
export interface Made {
  readonly cpu: number;
  /** What was done: 'takes the lock'. */
  readonly text: string;
}

/** The two CPUs, and what they have done so far. Never changes: a step gives another one. */
export interface Schedule {
  readonly release: string;
  readonly state: State;
  readonly made: readonly Made[];
  /** As it was before the last step; null at the beginning. */
  readonly before: Schedule | null;
}

const machines = new Map<string, SearchSteps>();

function machine(release: string, ids: number): SearchSteps {
  const found = machines.get(`${release} ${ids}`) ?? endlessSearchSteps(release, { ids });
  machines.set(`${release} ${ids}`, found);
  return found;
}

/** The CPUs before their first step, with all IDs in use. */
export function beginning(release: string, ids: number): Schedule {
  return { release, state: machine(release, ids).start, made: [], before: null };
}

/** Makes the next step of a CPU. Returns null if the CPU has ended or waits for the lock. */
export function stepped(schedule: Schedule, cpu: number): Schedule | null {
  const { release, state, made } = schedule;
  const step = machine(release, idsOf(state)).step(state, cpu);
  if (step === null) return null;
  const text = step.text.replace(/^CPU \d /, '');
  return { release, state: step.state, made: [...made, { cpu, text }], before: schedule };
}

/** What can still come of it: both calls can return, both have returned, or no order of steps lets both return. */
export function outlook({ release, state }: Schedule): 'open' | 'over' | 'endless' {
  if (state.cpus.every(({ at }) => at === 'done')) return 'over';
  return machine(release, idsOf(state)).canEnd(state) ? 'open' : 'endless';
}

const ways = new Map<string, readonly string[]>();

/** The next step of the shortest way to an endless search; null where there is none, or the steps so far are not its beginning. */
export function nextRight(schedule: Schedule): Schedule | null {
  const { release, state, made } = schedule;
  const ids = idsOf(state);
  const key = `${release} ${ids}`;
  const way = ways.get(key) ?? findEndlessSearch(release, { ids }).schedule;
  ways.set(key, way);
  const next = way[made.length];
  const isOnWay = next !== undefined && made.every(({ cpu, text }, i) => way[i] === `CPU ${cpu} ${text}`);
  return isOnWay ? stepped(schedule, Number(next[4])) : null;
}

/** IDs of the small kernel: its CPUs' own timers stand before those that stay. */
function idsOf({ timers, cpus }: State): number {
  return timers.length - cpus.length;
}
