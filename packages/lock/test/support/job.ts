// What the tests and their workers agree on.
import type { Kind } from './kinds.ts';

/** Elements of the shared words, each in a cache line of its own but the two counters. */
export const LOCK = 0;
export const READY = 16;
export const LEFT = 32;
export const RIGHT = 33;
export const WORDS = 48;

/** What a worker is told. */
export interface Job {
  words: Int32Array;
  owner: number;
  /** Workers that start together. */
  workers: number;
  rounds: number;
  /** The lock it takes around each increment; null for none. */
  kind: Kind | null;
  timeoutMs: number;
  /** This thread may not sleep, as the main thread of a page. */
  sleepless?: boolean;
}

/** What a worker saw. */
export interface Outcome {
  timeouts: number;
  /** Rounds that found the two counters unequal. */
  torn: number;
}
