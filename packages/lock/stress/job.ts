// What the stress runs and their workers agree on.
import type { Kind } from '../test/support/kinds.ts';

/** Elements of the shared words: a lock, what it guards, and which owners died. */
export const LOCK = 0;
/** Of what a lock guards: two plain counters that are equal whenever no thread is inside. */
export const LEFT = 16;
export const RIGHT = 17;
/** Owner that is inside; 0 for none. */
export const INSIDE = 18;
/** Times a death was inherited, written under the lock. */
export const INHERITED = 19;
/** From here on a word for each owner: 1 once its thread has ended. */
export const DEAD = 32;
/** From here on, for each owner, the sections it has finished. */
export const DONE = 64;
export const WORDS = 96;

/** Of a table's run, from here on: what the lock of each key guards, four words as at LEFT; then the table. */
export const KEYS = 96;
export const KEY_WORDS = 4;
export const MOST_KEYS = 24;
export const TABLE: number = KEYS + KEY_WORDS * MOST_KEYS;

/** Sections under one lock. */
export interface LockJob {
  words: Int32Array;
  owner: number;
  kind: Kind;
  rounds: number;
  seed: number;
}

/** Sections under the locks of a table's keys. */
export interface TableJob {
  words: Int32Array;
  owner: number;
  kind: 'LockTable';
  slots: number;
  /** Keys 0…keys − 1 are locked, one or two at a time. */
  keys: number;
  /** Whether takers ask who lives; else they are told by `bury` alone. */
  isRobust: boolean;
  rounds: number;
  seed: number;
}

export type Job = LockJob | TableJob;

/** What a worker that was not killed saw. */
export interface Outcome {
  /** Attempts, those that gave up included. */
  attempts: number;
  /** Sections in which another was inside, or the counters were unequal without a death. */
  violations: number;
}
