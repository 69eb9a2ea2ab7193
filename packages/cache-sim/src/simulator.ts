// What CacheSim asks of the two simulators behind it: the plain, fast one, and the one that watches everything.
import type { CacheStats } from './cache-stats.ts';

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
}

export interface Simulator {
  readonly last: Readonly<AccessOutcome>;
  /** Plays an access whose bytes and core are in range. Returns the level that served it. */
  access(kind: number, address: number, bytes: number, core: number): number;
  stats(): CacheStats;
  resetCounters(): void;
  clear(): void;
}
