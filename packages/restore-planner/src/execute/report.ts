// The result of executing a plan.
import type { CallCounts } from '../types.ts';

/** A call that did not give what the plan says. */
export interface Difference {
  /** Index of its step in the plan; −1 for a call of the clean-up. */
  step: number;
  /** The call, such as 'timer_create for ID 5'. */
  call: string;
  /** An ID, 0 for success, or −errno. */
  expected: number;
  got: number;
}

/** How far an execution has come. */
export interface ExecuteProgress {
  /** System calls made. */
  done: number;
  /** System calls of the whole plan. */
  total: number;
  /** Index of the step at work. */
  step: number;
  /** The last ID that came; −1 before the first. */
  lastId: number;
}

/** The report of an execution. */
export interface Report extends CallCounts {
  /**
   * - `as-planned`: every call was made and gave what the plan says, refusals included. Whether the plan succeeds is its `outcome`.
   * - `differs`: a call gave something else; it was the last one. See `differences`.
   * - `stopped`: the signal was aborted before the end.
   */
  ending: 'as-planned' | 'differs' | 'stopped';
  /** Calls of setNextId. */
  cursors: number;
  /** Creates whose returned ID was compared with the plan's and equal to it. */
  verified: number;
  /** The plan's IDs that are alive, each once, ascending; before any clean-up. */
  restored: number[];
  /** Empty as long as all went as planned. */
  differences: Difference[];
  /** What the execution has created and not deleted, ascending: empty after a clean-up, unless that went wrong. */
  left: number[];
  /** Calls of the clean-up: in none of the other counts. */
  cleanUp: CallCounts;
  /** Wall time of the plan's calls, s, pauses for the event loop included and clean-up left out. */
  seconds: number;
}
