// What is wrong with the timers of one process, before any of them is restored.
import { cpuClockOf } from '../../../cpu-clock.ts';
import type { Checkpoint, CheckpointProcess, CheckpointTimer } from '../../../types.ts';
import type { Refusal } from '../restore-run.ts';
import type { WarningCode } from './plan-warning.ts';
import { faultsOf, type Living, type Target } from './timer-faults.ts';
import { isTime } from './times.ts';

/** What was found, by warning and by timer. */
export interface Findings {
  /** The timers concerned, in restore order. */
  readonly concerned: ReadonlyMap<WarningCode, readonly CheckpointTimer[]>;
  /** Timers whose creation the kernel refuses, by index in restore order. */
  readonly refusals: ReadonlyMap<number, Refusal>;
  /** Those, and the ones that it refuses if the target lacks what they need. */
  readonly possibleRefusals: ReadonlyMap<number, Refusal>;
}

/**
 * Looks at the timers of a process.
 *
 * A checkpoint that is not complete, as a listing of timers alone, does not tell which processes and threads there are: none is taken for dead. Of a running
 * process the threads are known.
 * @param timers Those of the process, in restore order.
 */
export function findingsOf(
  process: CheckpointProcess,
  timers: readonly CheckpointTimer[],
  population: Population,
  target: Target,
): Findings {
  const concerned = new Map<WarningCode, CheckpointTimer[]>();
  const note = (code: WarningCode, timer: CheckpointTimer): void => {
    const list = concerned.get(code);
    if (list === undefined) concerned.set(code, [timer]);
    else if (list.at(-1) !== timer) list.push(timer);
  };
  const living = population(process);
  const refusals = new Map<number, Refusal>();
  const possibleRefusals = new Map<number, Refusal>();
  for (const [index, timer] of timers.entries()) {
    const faults = faultsOf(timer, living, target);
    for (const { code } of faults) note(code, timer);
    noteData(timer, process, (code) => note(code, timer));
    const first = faults.find(({ applies }) => applies !== 'no');
    const certain = faults.find(({ applies }) => applies === 'yes');
    if (first !== undefined) possibleRefusals.set(index, first);
    if (certain !== undefined) refusals.set(index, certain);
  }
  for (const timer of sharersOf(timers)) note('same-id', timer);
  return { concerned, refusals, possibleRefusals };
}

/** Whom a checkpoint tells of, by process. */
export type Population = (process: CheckpointProcess) => Living;

/** Counts the processes of a checkpoint once. Containers have process IDs of their own. */
export function populationOf({ processes, complete = true, threadsKnown = complete }: Checkpoint): Population {
  const pids = new Map<string | undefined, Set<number>>();
  for (const { pid, container } of processes) {
    const others = pids.get(container);
    if (others === undefined) pids.set(container, new Set([pid]));
    else others.add(pid);
  }
  return ({ threads, container, pidNamespace }) => ({
    processesKnown: complete,
    threadsKnown,
    hasProcess: (pid) => pids.get(container)?.has(pid) ?? false,
    threads: new Set(threads),
    isAlone: pidNamespace !== 'shared',
  });
}

/** Notes what is wrong with the data of a timer, whatever the kernel makes of it. */
function noteData(timer: CheckpointTimer, process: CheckpointProcess, note: (code: WarningCode) => void): void {
  if (timer.id < 0) note('bad-id');
  if (!isTime(timer.interval)) note('bad-interval');
  if (!isTime(timer.value)) note('bad-value');
  if (isOwnThreadClock(timer) && isOneOfSeveral(timer, process)) note('thread-cpu-clock');
  if (isOnWallClock(timer) && isArmed(timer)) note('wall-clock');
  if (timer.overrun !== 0) note('overrun-lost');
}

/** The second and later timers of each ID. */
function sharersOf(timers: readonly CheckpointTimer[]): CheckpointTimer[] {
  const seen = new Set<number>();
  return timers.filter(({ id }) => seen.size === seen.add(id).size);
}

function isOwnThreadClock({ clock }: CheckpointTimer): boolean {
  const cpu = cpuClockOf(clock);
  return cpu?.perThread === true && cpu.target === 0;
}

/** A process that signals another thread than its leader has several, whatever else is known of it. */
function isOneOfSeveral(timer: CheckpointTimer, { pid, threads }: CheckpointProcess): boolean {
  return threads.length > 1 || signalsOther(timer, pid);
}

/** Whether a timer signals a thread that does not lead the process. */
export function signalsOther({ notify, notifyThreadId }: CheckpointTimer, pid: number): boolean {
  return notify === 'thread-id' && notifyThreadId !== undefined && notifyThreadId !== pid;
}

const WALL_CLOCKS: ReadonlySet<number> = new Set([0, 8, 11]); // REALTIME, REALTIME_ALARM, TAI

function isOnWallClock({ clock }: CheckpointTimer): boolean {
  return WALL_CLOCKS.has(clock);
}

/** A timer that had expired at the moment of the dump has an interval, but no value. */
function isArmed({ interval, value }: CheckpointTimer): boolean {
  return [interval.sec, interval.nsec, value.sec, value.nsec].some((part) => part !== 0n);
}
