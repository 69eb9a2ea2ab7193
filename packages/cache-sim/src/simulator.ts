// The interface of the two simulators behind CacheSim: the plain, fast one, and the one that watches everything.

import type { CacheStats } from './cache-stats.ts';
import { refused } from './misuse.ts';

/** What the last access met besides a level, where it was looked at; one object that every access overwrites. */
export interface AccessOutcome {
  /** 0: the first TLB knew the page, or there is none; 1: the second did; 2: the page table was walked. */
  tlb: 0 | 1 | 2;
  /** A line came from another core, which had modified it. */
  transferred: boolean;
  /** A write had to wait until other cores had given up a line that this one held too. */
  upgraded: boolean;
  /** Copies that other cores gave up. */
  invalidated: number;
  /** A line was not there because another core's write had taken it: a coherence miss. */
  lost: boolean;
}

/** Accesses one after the other, in arrays that may be longer than what is in them. */
export interface AccessBatch {
  /** 0 fetch, 1 read, 2 write. */
  kinds: Uint8Array;
  /** 0…2⁵³−1. */
  addresses: Float64Array;
  /** 1…2³⁰. */
  bytes: Int32Array;
  /** Accesses in the arrays. */
  length: number;
}

export interface Simulator {
  readonly last: Readonly<AccessOutcome>;
  /** Plays an access whose bytes and core are in range. Returns the level that served it. */
  access(kind: number, address: number, bytes: number, core: number): number;
  /** Plays a batch from an access on. Returns the first one that it leaves to `access`, or the length. */
  play?(batch: AccessBatch, from: number): number;
  stats(): CacheStats;
  /** Copies the line numbers of a level's places, EMPTY where there is none. */
  lines?(level: number, core: number): Float64Array;
  /** Writes dirty lines back, where they are known. */
  flush?(): void;
  resetCounters(): void;
  clear(): void;
}

/** Refuses what has no arrays of accesses. What they hold is checked access by access. */
export function checkBatch(call: string, batch: AccessBatch, arrays: readonly (keyof AccessBatch)[]): AccessBatch {
  if (typeof batch !== 'object' || batch === null) throw refused(call, 'batch', batch, 'arrays of accesses');
  for (const name of arrays)
    if (!ArrayBuffer.isView(batch[name])) throw refused(call, name, batch[name], 'a typed array');
  return batch;
}
