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
  keys: number;
  seed: number;
}

/** What a worker saw beside its log. */
export interface Outcome {
  /** Calls it made without recording them, in a race without clocks. */
  unrecorded: number;
  /** Among them, answers that no call can have put there. */
  torn: number;
}

/** IDs of the race without clocks begin here; their handles tell the ID. */
export const RACE_IDS = 1_000_000;
export const RACE_KEYS = 8;
/** The owner of every key, as two words. */
export const OWNER_WORDS: readonly [lo: number, hi: number] = [0x00ea_9a00, 0xffff_8881];
