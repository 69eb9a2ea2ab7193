// What a simulation counted, in cachegrind's words. An access is counted once, however many lines it lies on.

/** The accesses that came to one cache, and those it did not have. */
export interface LevelStats {
  name: string;
  fetches: number;
  fetchMisses: number;
  reads: number;
  readMisses: number;
  writes: number;
  writeMisses: number;
}

/** Counts since the start or the last reset; a copy that does not change. */
export interface CacheStats {
  /** Instruction fetches. */
  Ir: number;
  /** Fetches that missed in the first level. */
  I1mr: number;
  /** Fetches that missed in the last level. */
  ILmr: number;
  /** Data reads. */
  Dr: number;
  /** Reads that missed in the first level. */
  D1mr: number;
  /** Reads that missed in the last level. */
  DLmr: number;
  /** Data writes. */
  Dw: number;
  /** Writes that missed in the first level. */
  D1mw: number;
  /** Writes that missed in the last level. */
  DLmw: number;
  /** Each level, first to last. */
  levels: LevelStats[];
  /** The instruction cache, if there is one. */
  instruction?: LevelStats;
}

/** Kinds of access: rows of the table of counts. */
export const FETCH = 0;
export const READ = 1;
export const WRITE = 2;

/**
 * Reads statistics off the table of counts.
 *
 * @param served Shape [3 kinds × (levels + 1)], accesses by the level that served them; the last column is memory.
 * @param names Of the levels.
 * @param instruction Name of the instruction cache, which then takes the fetches' first column.
 */
export function cacheStats(
  served: Float64Array,
  names: readonly string[],
  instruction: string | undefined,
): CacheStats {
  const columns = names.length + 1;
  // What came to a level is what it served or a later one did.
  const reached = (kind: number, level: number): number => {
    let sum = 0;
    for (let column = level; column < columns; column++) sum += served[kind * columns + column]!;
    return sum;
  };
  const memory = names.length;
  const level = (name: string, at: number, fetches: boolean, data: boolean): LevelStats => ({
    name,
    fetches: fetches ? reached(FETCH, at) : 0,
    fetchMisses: fetches ? reached(FETCH, at + 1) : 0,
    reads: data ? reached(READ, at) : 0,
    readMisses: data ? reached(READ, at + 1) : 0,
    writes: data ? reached(WRITE, at) : 0,
    writeMisses: data ? reached(WRITE, at + 1) : 0,
  });
  return {
    Ir: reached(FETCH, 0),
    I1mr: reached(FETCH, 1),
    ILmr: reached(FETCH, memory),
    Dr: reached(READ, 0),
    D1mr: reached(READ, 1),
    DLmr: reached(READ, memory),
    Dw: reached(WRITE, 0),
    D1mw: reached(WRITE, 1),
    DLmw: reached(WRITE, memory),
    levels: names.map((name, at) => level(name, at, at > 0 || instruction === undefined, true)),
    ...(instruction !== undefined && { instruction: level(instruction, 0, true, false) }),
  };
}
