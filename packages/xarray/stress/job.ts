// What the stress run and its workers agree on.

/** What a worker is told for one round. */
export interface Job {
  handle: SharedArrayBuffer;
  owner: number;
  lockFreeReads: boolean;
  /** Where it records its calls, and the log whose clock all use. */
  log: Int32Array;
  clock: Int32Array;
  calls: number;
  /** Int32Array, shape [IDS + 1 + 64]: 1 while an ID is held; then, by owner, the increments that were made. */
  tally: Int32Array;
  seed: number;
}

/** What a worker saw beside its log. */
export interface Outcome {
  /** Calls it made without recording them. */
  unrecorded: number;
  /** IDs it was given while another held them. */
  twice: number;
}

/** Indices whose comings and goings make nodes and levels come and go; some are neighbours, so that leaves stay. */
// biome-ignore format: what belongs together stands in a row
export const KEYS: readonly number[] = [
  0, 1, 2, 3, 31, 32, 33, 62, 63, 64,
  4095, 4096, 4097, 4098, 262_143, 262_144,
  2 ** 24, 2 ** 30, 2 ** 31, 2 ** 32 - 1,
];
/** An index in the leaf of each key that no call is about: an entry there keeps the leaf. */
export const STAYING: readonly number[] = [...new Set(KEYS.map((key) => ((key & ~63) | 40) >>> 0))];
/** IDs that are handed out: FIRST_ID … FIRST_ID + IDS − 1. */
export const FIRST_ID = 1000;
export const IDS = 100;
/** The index of a counter that all increment. */
export const COUNTER = 5000;
