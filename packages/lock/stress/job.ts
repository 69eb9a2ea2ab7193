// What the stress run of the locks and its workers agree on.
import type { Kind } from '../test/support/kinds.ts';

/** Elements of the shared words: the lock, what it guards, and which owners died. */
export const LOCK = 0;
/** Two plain counters that are equal whenever nobody is inside. */
export const LEFT = 16;
export const RIGHT = 17;
/** Owner that is inside; 0 for nobody. */
export const INSIDE = 18;
/** Times a death was inherited, written under the lock. */
export const INHERITED = 19;
/** From here on a word for each owner: 1 once its thread has ended. */
export const DEAD = 32;
/** From here on, for each owner, the sections it has finished. */
export const DONE = 64;
export const WORDS = 96;

export interface Job {
  words: Int32Array;
  owner: number;
  kind: Kind;
  rounds: number;
  seed: number;
}

/** What a worker that was not killed saw. */
export interface Outcome {
  /** Attempts, those that gave up included. */
  attempts: number;
  /** Sections in which somebody else was inside, or the counters were unequal without a death. */
  violations: number;
}
