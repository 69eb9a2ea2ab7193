// Where a plan is played: a process of a model, or the running kernel's.
import type { Itimerspec, Sigevent } from '@idspace/posix-timers';
import type { TimerSyscalls } from '@idspace/restore-planner';

/** A process's timer calls, as a model's `Process` and `LiveProcess` have them. */
export interface Stage extends Pick<TimerSyscalls, 'timerCreateAt' | 'setNextId'> {
  timerCreate(clock: number, sigevent: Sigevent | null, id?: number): number;
  timerDelete(id: number): number;
  timerSettime(id: number, flags: number, setting: Itimerspec): number;
  timerGettime(id: number, out?: Itimerspec): number;
  prctl(option: number, arg: number): number;
  procTimers(): string;
}

/** What differs between stages. */
export interface StageTraits {
  /** The listing shows the newest timer first; false where it has no such order. */
  newestFirst: boolean;
  /** How the next ID is looked for: upwards (1) or downwards (−1), among this many. */
  direction: 1 | -1;
  idCount: number;
  /** Pending signals charged to the process's user; absent where others are charged to the same one. */
  charged?: () => number;
  /** Calls between two looks at the signal. */
  pauseEvery?: number;
}
