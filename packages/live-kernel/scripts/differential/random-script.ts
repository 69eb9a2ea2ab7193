// Random scripts in the recordings' form: mostly calls that can succeed, and bad arguments of every kind.

import { cpuClock } from '@idspace/posix-timers';
import type { Step } from '@idspace/posix-timers/conformance';
import type { Random } from '@idspace/testkit';
import { INT_MAX } from '../../src/probe/int-max.ts';
import { type Actor, Cast } from './cast.ts';

/** What a script may contain. */
export interface ScriptOptions {
  /** Several processes and threads. */
  readonly actors: boolean;
  /** Limits and users. */
  readonly limits: boolean;
  /** Process IDs that CPU clocks may name: the caller's, others', and one that no process has. */
  readonly pids: readonly number[];
}

const INT_MIN = -(2 ** 31);
const GOOD_CLOCKS = [0, 1, 1, 1, 2, 3, 7, 11];
/** No timers, alarms, unknown, and negative ones that encode no process, files or no kind of time. */
const ODD_CLOCKS = [4, 5, 6, 8, 9, 10, 12, 13, 16, 24, 99, INT_MAX, INT_MIN, -1, -2, -3, -4, -5, -6, -7, -8];
const GOOD_IDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const EDGE_IDS = [50, 51, 512, 1024, INT_MAX - 2, INT_MAX - 1, INT_MAX, INT_MAX];
const BAD_IDS = [-1, -2, INT_MIN, INT_MIN + 1];
/** Never, and so far off that the script is over before: 1000 s and more. */
const TIMES_MS = [0, 0, 1_000_000, 3_000_000, 4_294_967_296_000];
const INTERVALS_MS = [0, 0, 1, 1000, 4_294_967_295];

type Draw = (random: Random, who: Actor, options: ScriptOptions) => Step;

const CALLS: readonly (readonly [weight: number, draw: Draw])[] = [
  [9, create],
  [5, (random, who) => ({ who, op: 'timer_delete', id: id(random) })],
  [2, (random, who) => ({ who, op: 'timer_gettime', id: id(random) })],
  [1, (random, who) => ({ who, op: 'timer_getoverrun', id: id(random) })],
  [2, settime],
  [5, prctl],
  [1, (random, who) => ({ who, op: 'create_delete_pairs', count: random.between(1, 9) })],
];
const ACTS: readonly (readonly [weight: number, draw: Draw])[] = [
  ...(['fork', 'fork', 'waitpid', 'pthread_create', 'pthread_join', 'execve'] as const).map(
    (op) => [1, (_: Random, who: Actor): Step => ({ who, op })] as const,
  ),
];
const LIMITS: readonly (readonly [weight: number, draw: Draw])[] = [
  [
    2,
    (random, who) => ({
      who,
      op: 'setrlimit',
      resource: 'RLIMIT_SIGPENDING',
      value: random.pick([0, 1, 2, 3, 4, 6, 99]),
    }),
  ],
  [1, (random, who) => ({ who, op: 'setuid', uid: random.below(4) })],
];

/** Draws a script of 4 to 40 calls. */
export function randomScript(random: Random, options: ScriptOptions): Step[] {
  const cast = new Cast();
  const steps: Step[] = [];
  const draws = weighted([...CALLS, ...(options.actors ? ACTS : []), ...(options.limits ? LIMITS : [])]);
  const length = random.between(4, 40);
  // A mode to begin with: restore mode is where most of the rules are.
  if (random.chance(0.5)) steps.push({ who: 'main', op: 'prctl', arg2: 1 });
  while (steps.length < length) {
    const step = random.pick(draws)(random, random.pick(cast.actors), options);
    if (!cast.allows(step)) continue;
    cast.take(step);
    steps.push(step);
  }
  return steps;
}

function weighted(table: readonly (readonly [number, Draw])[]): Draw[] {
  return table.flatMap(([weight, draw]) => Array<Draw>(weight).fill(draw));
}

function create(random: Random, who: Actor, { pids }: ScriptOptions): Step {
  return {
    who,
    op: 'timer_create',
    clockid: clock(random, pids),
    sigevent: sigevent(random),
    id_ptr: random.chance(0.85) ? 'ok' : random.pick(['NULL', 'unmapped', 'read-only']),
    id_in: id(random),
  };
}

function clock(random: Random, pids: readonly number[]): number {
  if (random.chance(0.75)) return random.pick(GOOD_CLOCKS);
  if (random.chance(0.6)) return random.pick(ODD_CLOCKS);
  const clock = cpuClock(random.pick(pids), random.chance(0.5));
  return random.chance(0.7) ? clock : (clock & ~3) | random.below(4); // profiling, virtual, scheduler, file
}

function sigevent(random: Random): Step['sigevent'] {
  const kind = random.below(100);
  if (kind < 10) return null;
  if (kind < 13) return 'bad-pointer';
  if (kind < 60) return { notify: 1, signo: random.pick([0, 14, 99, -1]) };
  return {
    notify: random.pick([0, 0, 0, 2, 4, 4, 4, 5, 6, 3, 7, 8, 99, -1, INT_MIN]),
    signo: random.pick([14, 34, 35, 64, 1, 0, 65, -1]),
    tid: random.pick(['self', 'self', 'leader', 'other', 0]),
  };
}

function id(random: Random): number {
  if (random.chance(0.8)) return random.pick(GOOD_IDS);
  return random.pick(random.chance(0.75) ? EDGE_IDS : BAD_IDS);
}

function settime(random: Random, who: Actor): Step {
  const flags = random.chance(0.8) ? 0 : random.pick([2, 4, -1 & ~1]);
  const step = { who, op: 'timer_settime', id: id(random), flags };
  const value = random.chance(0.05) ? -1 : random.pick(TIMES_MS);
  return { ...step, value_ms: value, interval_ms: random.pick(INTERVALS_MS) };
}

function prctl(random: Random, who: Actor): Step {
  const arg2 = random.chance(0.9) ? random.below(3) : random.pick([3, -1, INT_MAX, 256]);
  const step: Step = { who, op: 'prctl', option: 'PR_TIMER_CREATE_RESTORE_IDS', arg2 };
  return random.chance(0.9)
    ? step
    : { ...step, [random.pick(['arg3', 'arg4', 'arg5'])]: random.pick([1, -1, 2 ** 31]) };
}
