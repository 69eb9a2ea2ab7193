// What knows how the kernel answers.
import type { Observation, Step } from '@idspace/posix-timers/conformance';

/** What was done, and what came of it. */
export interface Played {
  /** The steps that were made: those of the script, without any that cannot be. */
  readonly steps: readonly Step[];
  /** One for each step. */
  readonly observed: readonly Observation[];
}

/** Plays scripts on the running kernel. */
export interface Oracle {
  /** Plays a script in a process without timers whose next ID is 0. */
  play(steps: readonly Step[]): Promise<Played>;
  close(): void;
}

/** Returns the script with the list of timers read after every step, by the process that took it. */
export function withListings(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, { who: step.op === 'execve' ? 'exec' : step.who, op: 'read', path: LISTING }]);
}

const LISTING = '/proc/self/timers';
