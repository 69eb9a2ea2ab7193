// What is wrong with the timers of one process, before any of them is restored.
import { cpuClockOf } from '../cpu-clock.ts';
import type { Checkpoint, CheckpointProcess, CheckpointTimer, Duration } from '../types.ts';

const NS_PER_SECOND = 1_000_000_000n;
const SECONDS_END = 2n ** 63n; // above it the kernel's signed 64 bits are negative

/** The timers of a process that something is wrong with, each list in ascending order of IDs. */
export interface Findings {
  readonly badInterval: readonly CheckpointTimer[];
  readonly badValue: readonly CheckpointTimer[];
  readonly deadClock: readonly CheckpointTimer[];
  readonly deadThread: readonly CheckpointTimer[];
  /** On the CPU clock of whichever thread creates them, in a process of several threads. */
  readonly threadClock: readonly CheckpointTimer[];
  /** What CRIU prints when it prepares the timers; null if it goes on to create them. */
  readonly invalid: string | null;
  /** Indices in restore order of timers whose creation the kernel refuses with EINVAL, after it has consumed an ID. */
  readonly refused: ReadonlySet<number>;
}

/**
 * Looks at the timers of a process.
 *
 * A checkpoint that is not complete, as a listing of timers alone, does not tell which processes and threads there are: nobody in it is taken for dead.
 *
 * @param timers Those of the process, in restore order.
 * Source: criu/timer.c (decode_posix_timer), v4.2; kernel/time/posix-timers.c (good_sigevent), posix-cpu-timers.c (pid_for_clock), 6.18.
 */
export function findingsOf(
  process: CheckpointProcess,
  timers: readonly CheckpointTimer[],
  checkpoint: Checkpoint,
): Findings {
  const isComplete = checkpoint.complete !== false;
  const who: Living = {
    // Containers have process IDs of their own.
    hasProcess: (pid) =>
      checkpoint.processes.some((other) => other.pid === pid && other.container === process.container),
    threads: new Set(process.threads),
  };
  const deadClock = timers.filter(({ clock }) => isComplete && isDead(clock, who));
  const deadThread = timers.filter((timer) => (isComplete || checkpoint.threadsKnown) && lacksThread(timer, who));
  const refused = new Set([...deadClock, ...deadThread]);
  return {
    badInterval: timers.filter(({ interval }) => !isTime(interval)),
    badValue: timers.filter(({ value }) => !isTime(value)),
    deadClock,
    deadThread,
    threadClock: timers.filter((timer) => isOwnThreadClock(timer) && isOneOfSeveral(timer, process)),
    invalid: invalidLine(process.timers),
    refused: new Set([...timers.keys()].filter((index) => refused.has(timers[index]!))),
  };
}

/** Whom the kernel knows when timers are created: all processes and threads are there by then. */
interface Living {
  hasProcess: (pid: number) => boolean;
  /** Of the process whose timers these are. */
  threads: ReadonlySet<number>;
}

/** A thread's clock can only be had by threads of the same process, a process's by anyone. */
function isDead(clock: number, { hasProcess, threads }: Living): boolean {
  const cpu = cpuClockOf(clock);
  if (cpu === null || cpu.target === 0) return false;
  return !(cpu.perThread ? threads.has(cpu.target) : hasProcess(cpu.target));
}

function lacksThread({ notify, notifyThreadId }: CheckpointTimer, { threads }: Living): boolean {
  return notify === 'thread-id' && !threads.has(notifyThreadId ?? 0);
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

/** CRIU looks at the timers in the order of the image, at each one's interval first, and stops at the first that is no time. */
function invalidLine(timers: readonly CheckpointTimer[]): string | null {
  const bad = timers.find(({ interval, value }) => !isTime(interval) || !isTime(value));
  if (bad === undefined) return null;
  return isTime(bad.interval) ? 'Invalid timer value(posix)' : 'Invalid timer interval(posix)';
}

function isTime({ sec, nsec }: Duration): boolean {
  return sec >= 0n && sec < SECONDS_END && nsec >= 0n && nsec < NS_PER_SECOND;
}
