// What a simulation counted, in cachegrind's words. An access is counted once, however many lines it lies on.
import type { RegionStats } from './attribution.ts';
import type { CoherenceStats } from './coherence.ts';
import type { MissClasses } from './miss-classes.ts';
import type { TlbStats } from './tlb.ts';
import type { UsageStats } from './usage.ts';

/** Lines and bytes that a cache exchanged with what lies below it. */
export interface LevelTraffic {
  /** Lines brought in, prefetched ones included. */
  linesIn: number;
  /** Dirty lines written back. */
  writebacks: number;
  /** linesIn × bytes in a line. */
  bytesIn: number;
  /** Written-back lines, and writes that went through or around; of the last level: bytes to memory. */
  bytesOut: number;
  /** Lines brought in before they were accessed. */
  prefetches: number;
  /** Of those, the ones that were accessed before they left. */
  prefetchHits: number;
  /** Lines that had to go because an inclusive level below dropped them. */
  backInvalidations: number;
}

/** The accesses that came to one level, all cores together, and those it did not have. */
export interface LevelStats {
  name: string;
  fetches: number;
  fetchMisses: number;
  reads: number;
  readMisses: number;
  writes: number;
  writeMisses: number;
  /** With `traffic`, or what needs it. */
  traffic?: LevelTraffic;
  /** With `classify`. */
  classes?: MissClasses;
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
  /** Writes that missed in the last level (those written through to it included). */
  DLmw: number;
  /** Each level, first to last. */
  levels: LevelStats[];
  /** The instruction cache, if there is one. */
  instruction?: LevelStats;
  /** With `tlb`. */
  tlb?: TlbStats;
  /** With several `cores`. */
  coherence?: CoherenceStats;
  /** With `usage`. */
  usage?: UsageStats;
  /** With `regions`. */
  regions?: RegionStats[];
}

/** Kinds of access: columns of the counts. */
export const FETCH = 0;
export const READ = 1;
export const WRITE = 2;

/** Counts of one level. */
export interface LevelCounts {
  name: string;
  /** Float64Array, shape [3 kinds], accesses that came. */
  refs: Float64Array;
  /** Float64Array, shape [3 kinds], those that were not there. */
  misses: Float64Array;
}

/** What both simulators count. */
export interface Counts {
  levels: readonly LevelCounts[];
  /** The first level of fetches, where it is not the data's. */
  instruction: LevelCounts | undefined;
}

/** Makes statistics of the counts. */
export function cacheStats({ levels, instruction }: Counts): CacheStats {
  const first = levels[0];
  const last = levels[levels.length - 1];
  const firstFetch = instruction ?? first;
  const lastFetch = levels.length === 1 ? firstFetch : last;
  return {
    Ir: firstFetch.refs[FETCH],
    I1mr: firstFetch.misses[FETCH],
    ILmr: lastFetch.misses[FETCH],
    Dr: first.refs[READ],
    D1mr: first.misses[READ],
    DLmr: last.misses[READ],
    Dw: first.refs[WRITE],
    D1mw: first.misses[WRITE],
    DLmw: last.misses[WRITE],
    levels: levels.map(levelStats),
    ...(instruction && { instruction: levelStats(instruction) }),
  };
}

function levelStats({ name, refs, misses }: LevelCounts): LevelStats {
  return {
    name,
    fetches: refs[FETCH],
    fetchMisses: misses[FETCH],
    reads: refs[READ],
    readMisses: misses[READ],
    writes: refs[WRITE],
    writeMisses: misses[WRITE],
  };
}
