// Event: what a workload does, call by call.
import type { EventKind } from '../hardware/operation-time.ts';

/** One system call of a workload, or one thing that the kernel does for a process. */
export type Event = {
  /** Number of the process, 0…. */
  process: number;
  /** Number of the thread on the machine, 0…: it runs on core thread % cores. */
  thread: number;
} & (
  | { do: 'create' /** Name of the timer in the workload, 0…. */; timer: number }
  | { do: 'restore'; timer: number /** The ID it is to have. */; id: number }
  | { do: 'lookup' | 'delete'; timer: number }
  /** All timers of the process go. */
  | { do: 'exit' }
  /** /proc/PID/timers is read. */
  | { do: 'list' }
);

/** The kinds in the order in which they are shown. */
export const EVENT_KINDS: readonly EventKind[] = ['create', 'restore', 'lookup', 'delete', 'exit', 'list'];

/** A workload, ready to run. */
export interface Workload {
  name: string;
  /** What it does, and what the counted part of it is. */
  meaning: string;
  processes: number;
  threads: number;
  /** Timers that live at the same time, at most. */
  timers: number;
  /** All events. */
  length: number;
  /** Events before the counting begins. */
  warmUp: number;
  /** Events done when the IDs and the memory are looked at; at the end where that is more than there are. */
  lookAt: number;
  /** Threads of all processes that run at the same time. */
  runningThreads: number;
  /** The events from the first on, the same ones each time. They are taken one by one: all of them need not be in memory. */
  events(): Iterable<Event>;
  /** How fast the process uses IDs up; null where the workload is not one that goes on. */
  rate: Rate | null;
}

/** How fast IDs are used up. */
export interface Rate {
  /** IDs handed out per second. */
  idsPerSecond: number;
  /** Where that is from: what is known, and what is assumed. */
  from: string;
}
