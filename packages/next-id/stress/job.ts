// What the stress run and its workers agree on.

export interface Job {
  pool: SharedArrayBuffer;
  counter: SharedArrayBuffer;
  calls: number;
  /** Int32Array, shape [IDS + COUNTED / 32]: 1 while a pooled ID is held; then a bit for each counted ID that came. */
  tally: Int32Array;
  seed: number;
}

export interface Outcome {
  calls: number;
  /** IDs that came while another thread held them, or a second time. */
  twice: number;
}

export const MIN_ID = 5;
export const IDS = 90;
/** More than all workers of a round take. */
export const COUNTED = 32_768;
