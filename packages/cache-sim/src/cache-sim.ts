// A hierarchy of set-associative LRU caches, counting as cachegrind does (Valgrind manual, "Cachegrind: a cache profiler").
import { type CacheStats, cacheStats, FETCH, READ, WRITE } from './cache-stats.ts';
import type { Geometry } from './geometry.ts';
import { LruCache } from './lru-cache.ts';
import { Regions } from './regions.ts';

/** The caches of a {@link CacheSim}. */
export interface CacheSimOptions {
  /** The data path: the first level holds data, the others data and instructions; 1…8 levels. */
  levels: readonly Geometry[];
  /** First-level instruction cache; what it misses goes to the second level. Without it, fetches take the data path. */
  instruction?: Geometry;
}

const MAX_LEVELS = 8;
/** Addresses are exact doubles: 0…2⁵³−1. */
const ADDRESS_END = 2 ** 53;
/** Most bytes in one access, 1 GiB: line offset + bytes stays an Int32. */
const MAX_BYTES = 2 ** 30;

/**
 * Simulates what a memory access finds in a hierarchy of caches.
 *
 * LRU, write-allocate, not inclusive and without back-invalidation. An access that lies on several lines uses all of them, is
 * counted once, misses if one of them misses, and then goes on to the next level as a whole.
 */
export class CacheSim {
  /** The shapes of the data path, first level first. */
  readonly levels: readonly Geometry[];
  /** Bytes in the shortest line of any cache; cachegrind cuts data accesses to this. */
  readonly smallestLine: number;
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

  /**
   * @throws RangeError when a geometry is impossible (see `Geometry`) or there are no levels, or more than 8.
   *
   * Cost: 4 bytes per cache line; 8 once the accesses have spread over `smallestLine` − 1 regions of 4 GiB.
   */
  constructor(options: CacheSimOptions) {
    const { levels, instruction } = options;
    if (!Array.isArray(levels) || levels.length < 1 || levels.length > MAX_LEVELS) {
      throw new RangeError(`cache-sim: got ${levels?.length} levels; expected 1…${MAX_LEVELS}`);
    }
    this.dataPath = levels.map((geometry) => new LruCache(geometry));
    const instructions = instruction && new LruCache(instruction);
    this.fetchPath = instructions ? [instructions, ...this.dataPath.slice(1)] : this.dataPath;
    this.caches = instructions ? [instructions, ...this.dataPath] : this.dataPath;
    this.levels = this.dataPath.map((cache) => cache.geometry);
    this.served = new Float64Array(3 * (levels.length + 1));
    this.smallestLine = Math.min(...this.caches.map((cache) => cache.geometry.line));
    this.regionLimit = this.smallestLine - 1;
  }

  /**
   * Fetches an instruction.
   *
   * @param address 0…2⁵³−1; the access may not go beyond that end.
   * @param bytes 1…2³⁰.
   * @param core Only 0: one core is simulated.
   * @returns The level that served it: 0 for the first (the instruction cache, if there is one) … the number of levels for memory.
   * @throws RangeError when an argument is out of range.
   */
  fetch(address: number, bytes = 1, core = 0): number {
    return this.access(FETCH, this.fetchPath, address, bytes, core);
  }

  /** Reads data; as {@link fetch}, through the data path. */
  read(address: number, bytes = 1, core = 0): number {
    return this.access(READ, this.dataPath, address, bytes, core);
  }

  /** Writes data; as {@link read}: a line that is not there is brought in first. */
  write(address: number, bytes = 1, core = 0): number {
    return this.access(WRITE, this.dataPath, address, bytes, core);
  }

  /** Returns the counts so far, cachegrind's nine by their names and those of each level. */
  stats(): CacheStats {
    const names = this.dataPath.map((cache) => cache.geometry.name);
    const instructions = this.fetchPath[0] === this.dataPath[0] ? undefined : this.fetchPath[0];
    return cacheStats(this.served, names, instructions?.geometry.name);
  }

  /** Sets the counts to zero and keeps what the caches hold: the end of a warm-up. */
  resetCounters(): void {
    this.served.fill(0);
  }

  /** Empties the caches and sets the counts to zero. */
  clear(): void {
    for (const cache of this.caches) cache.clear();
    this.resetCounters();
  }

  /**
   * Shows the caches in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const shape = ({ geometry: { name, size, ways, line } }: LruCache): string => `${name} ${size},${ways},${line}`;
    return `CacheSim { ${this.caches.map(shape).join(' · ')} }`;
  }

  private access(kind: number, path: readonly LruCache[], address: number, bytes: number, core: number): number {
    if ((bytes | 0) !== bytes || bytes < 1 || bytes > MAX_BYTES || core !== 0) throw misuse(address, bytes, core);
    if (!(address >= 0 && address <= ADDRESS_END - bytes)) throw misuse(address, bytes, core);
    const low = address >>> 0;
    const upper = (address - low) / 2 ** 32;
    if (upper !== this.upper) this.enterRegion(upper, address);
    const levels = path.length;
    let level = 0;
    if (low + bytes > 2 ** 32) level = this.throughAcross(path, low, bytes);
    else while (level < levels && !path[level]!.touch(low, bytes)) level++;
    this.served[kind * (levels + 1) + level]!++;
    return level;
  }

  /** Sends an access that goes on into the next region through the levels. */
  private throughAcross(path: readonly LruCache[], low: number, bytes: number): number {
    const here = 2 ** 32 - low;
    const upper = this.upper;
    for (let level = 0; level < path.length; level++) {
      this.enterRegion(upper, upper * 2 ** 32);
      const hit = path[level]!.touch(low, here);
      this.enterRegion(upper + 1, (upper + 1) * 2 ** 32);
      if (path[level]!.touch(0, bytes - here) && hit) return level;
    }
    return path.length;
  }

  /** Tells the caches which 4 GiB the next addresses are in. */
  private enterRegion(upper: number, address: number): void {
    if (!Number.isInteger(upper)) throw new RangeError(`cache-sim: address is ${address}; expected an integer`);
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

function misuse(address: number, bytes: number, core: number): RangeError {
  const got = `address ${address}, bytes ${bytes}, core ${core}`;
  return new RangeError(`cache-sim: got ${got}; expected address + bytes ≤ 2⁵³, bytes 1…2³⁰, core 0`);
}
