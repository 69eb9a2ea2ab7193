// What the stress run and its workers agree on.

export interface Job {
  pool: SharedArrayBuffer;
  counter: SharedArrayBuffer;
  calls: number;
  /** IDs of the pool. */
  ids: number;
  /** Int32Array, shape [ids + 2²⁶]: 1 while a pooled ID is held; then a bit for each counted ID that came. */
  tally: Int32Array;
  seed: number;
}

export interface Outcome {
  calls: number;
  /** IDs that came while another thread held them, or a second time. */
  twice: number;
}

export const MIN_ID = 5;
/** Few enough that pools are often full: of three words and one summary; of 19 words and two levels of summaries. */
export const IDS: readonly number[] = [90, 600];
/** More than all workers of a round take. */
export const COUNTED = 32_768;
