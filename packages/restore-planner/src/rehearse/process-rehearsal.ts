// What the rehearsal of one process takes, and what it comes to.
import type { ExecuteOptions } from '../execute/execute-plan.ts';
import type { Difference, Report } from '../execute/report.ts';
import type { Outcome } from '../outcome.ts';
import type { Itimerspec, TimerSyscalls } from '../timer-syscalls.ts';

/** The calls of a process in which a plan is rehearsed: a `Process` of @idspace/posix-timers, or a `LiveProcess` of @idspace/live-kernel. */
export interface RehearsedProcess extends TimerSyscalls {
  /** @param out Receives the time that is left and the interval. */
  timerGettime(id: number, out?: Itimerspec): number;
  /** What /proc/PID/timers shows. */
  procTimers(): string;
}

/** How a process is rehearsed, and in what its kernel differs from Linux 3.10 and later. */
export interface RehearseOptions extends Pick<ExecuteOptions, 'signal' | 'onProgress' | 'pauseEvery'> {
  /** Whether the listing shows the newest timer first. Default: true; false where it has no such order. */
  newestFirst?: boolean | undefined;
  /** How the next ID is looked for: upwards (1) or downwards (−1). Default: 1. */
  direction?: 1 | -1 | undefined;
  /** IDs are 0…idCount − 1. Default: 2³¹. */
  idCount?: number | undefined;
  /** Tells the pending signals that are charged to the process's user since it began. Absent: charges are not looked at. */
  charged?: (() => number) | undefined;
}

/**
 * What is looked at after the calls.
 * - `calls`: every call gave what the plan says, every ID the one planned
 * - `listing`: /proc/PID/timers shows the planned timers, newest first
 * - `settings`: the timers take their times, and read back as set
 * - `charges`: as many pending signals are charged to the user as there are timers
 * - `next-id`: one more timer gets the ID that the plan says comes next
 * - `clean-up`: afterwards nothing is left
 */
export type RehearsalCheckName = 'calls' | 'listing' | 'settings' | 'charges' | 'next-id' | 'clean-up';

/** One thing looked at. */
export interface RehearsalCheck<Name extends string = RehearsalCheckName> {
  check: Name;
  /** null where it could not be looked at; `text` says why. */
  ok: boolean | null;
  text: string;
}

/** The rehearsal of one process's restore. */
export interface ProcessRehearsal {
  pid: number;
  timers: number;
  /** What the plan says becomes of it, and CRIU prints. */
  outcome: Outcome;
  error: string | null;
  /** `as-planned` also where the plan leaves open that a create is refused, and one was. */
  ending: Report['ending'];
  creates: number;
  deletes: number;
  prctls: number;
  /** Calls of the whole plan. */
  ofCalls: number;
  /** The planned timers that came back under their IDs. */
  restored: number[];
  checks: RehearsalCheck[];
  /** What the plan says and the rehearsal did not look at, in sentences: as long as there is any, the plan is not verified. */
  unverified: string[];
  differences: Difference[];
  seconds: number;
}
