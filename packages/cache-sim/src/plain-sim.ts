// The plain simulator: hits and misses of one core, LRU, levels that are neither inclusive nor exclusive.
import { Regions } from './address-regions.ts';
import { type CacheStats, cacheStats, type LevelCounts } from './cache-stats.ts';
import { LruCache } from './lru-cache.ts';
import type { CacheSimOptions } from './options.ts';
import type { AccessOutcome, Simulator } from './simulator.ts';

export class PlainSim implements Simulator {
  readonly last: AccessOutcome = { tlb: 0, transferred: false, upgraded: false, invalidated: 0 };
  private readonly dataPath: readonly LruCache[];
  private readonly fetchPath: readonly LruCache[];
  /** Every cache once. */
  private readonly caches: readonly LruCache[];
  /** Float64Array, shape [3 kinds × (levels + 1)]: accesses by the level that served them. */
  private readonly served: Float64Array;
  private readonly regions = new Regions();
  /** Regions that fit the narrow tags of every cache; 0 once the tags are wide. */
  private regionLimit: number;
  /** address / 2³² of the region the caches are in; −1 before the first access. */
  private upper = -1;

  constructor({ levels, instruction }: CacheSimOptions) {
    this.dataPath = levels.map((geometry) => new LruCache(geometry));
    const instructions = instruction && new LruCache(instruction);
    this.fetchPath = instructions ? [instructions, ...this.dataPath.slice(1)] : this.dataPath;
    this.caches = instructions ? [instructions, ...this.dataPath] : this.dataPath;
    this.served = new Float64Array(3 * (levels.length + 1));
    this.regionLimit = Math.min(...this.caches.map((cache) => cache.geometry.line)) - 1;
  }

  access(kind: number, address: number, bytes: number): number {
    const path = kind === 0 ? this.fetchPath : this.dataPath;
    const low = address >>> 0;
    const upper = (address - low) / 2 ** 32;
    if (upper !== this.upper) this.enterRegion(upper);
    const levels = path.length;
    let level = 0;
    if (low + bytes > 2 ** 32) level = this.throughAcross(path, low, bytes);
    else while (level < levels && !path[level].touch(low, bytes)) level++;
    this.served[kind * (levels + 1) + level]++;
    return level;
  }

  stats(): CacheStats {
    const [instructions] = this.fetchPath;
    const isApart = instructions !== this.dataPath[0];
    const levels = this.dataPath.map((cache, at) => this.counts(cache.geometry.name, at, at > 0 || !isApart, true));
    const instruction = isApart ? this.counts(instructions.geometry.name, 0, true, false) : undefined;
    return cacheStats({ levels, instruction });
  }

  resetCounters(): void {
    this.served.fill(0);
  }

  clear(): void {
    for (const cache of this.caches) cache.clear();
    this.resetCounters();
  }

  /** What came to a level is what it served or a later one did. */
  private counts(name: string, at: number, fetches: boolean, data: boolean): LevelCounts {
    const columns = this.dataPath.length + 1;
    const reached = (level: number): Float64Array => {
      const sums = new Float64Array(3);
      for (let kind = fetches ? 0 : 1; kind < (data ? 3 : 1); kind++) {
        for (let column = level; column < columns; column++) sums[kind] += this.served[kind * columns + column];
      }
      return sums;
    };
    return { name, refs: reached(at), misses: reached(at + 1) };
  }

  /** Sends an access that goes on into the next region through the levels. */
  private throughAcross(path: readonly LruCache[], low: number, bytes: number): number {
    const here = 2 ** 32 - low;
    const upper = this.upper;
    for (let level = 0; level < path.length; level++) {
      this.enterRegion(upper);
      const hit = path[level].touch(low, here);
      this.enterRegion(upper + 1);
      if (path[level].touch(0, bytes - here) && hit) return level;
    }
    return path.length;
  }

  /** Tells the caches which 4 GiB the next addresses are in. */
  private enterRegion(upper: number): void {
    let region = upper;
    if (this.regionLimit > 0) {
      region = this.regions.numberOf(upper);
      if (region >= this.regionLimit) {
        for (const cache of this.caches) cache.widen(this.regions.uppers);
        this.regionLimit = 0;
        region = upper;
      }
    }
    for (const cache of this.caches) cache.enter(region);
    this.upper = upper;
  }
}
