// The plain simulator: hits and misses of one core in levels that are neither inclusive nor exclusive, by generated code.
import { Regions } from './address-regions.ts';
import { type CacheStats, cacheStats, FETCH, type LevelCounts } from './cache-stats.ts';
import { type CacheSimOptions, policyOf } from './options.ts';
import {
  type BatchArrays,
  compile,
  emptyState,
  OVER_THE_END,
  type PlainCode,
  type PlainShape,
  type PlainState,
} from './plain-code.ts';
import { EMPTY, firstRandom } from './set-cache.ts';
import type { AccessBatch, AccessOutcome, Simulator } from './simulator.ts';

/** Accesses that are copied at a time. */
const COPIED = 16384;
/** Accesses that the code plays in one call: few, as engines optimise calls better than a loop that is under way. */
const CHUNK = 4096;

export class PlainSim implements Simulator {
  readonly last: AccessOutcome = { tlb: 0, transferred: false, upgraded: false, invalidated: 0, lost: false };
  private readonly options: CacheSimOptions;
  private readonly shape: PlainShape;
  private state: PlainState;
  /** Where accesses are copied for `code` to play them. */
  private readonly copy: BatchArrays = {
    kinds: new Uint8Array(COPIED),
    addresses: new Float64Array(COPIED),
    bytes: new Int32Array(COPIED),
  };
  private code: PlainCode;
  /** The arrays of the first batch, and code that reads them where they are: most who play batches fill the same arrays again. */
  private own: { batch: BatchArrays; code: PlainCode } | undefined;
  private readonly regions = new Regions();
  /** Regions that fit the narrow tags of every cache. */
  private readonly regionLimit: number;
  private isWide = false;

  /** @throws EvalError where a page forbids the generation of code. */
  constructor(options: CacheSimOptions) {
    this.options = options;
    this.shape = shapeOf(options);
    this.state = emptyState(this.shape, (upper) => this.numberOf(upper));
    this.code = compile(this.shape, this.state, this.copy, false);
    this.regionLimit = Math.min(...this.shape.caches.map(({ line }) => line)) - 1;
  }

  access(kind: number, address: number, bytes: number): number {
    const level = this.code.access(kind, address, bytes);
    if (level >= 0) return level;
    if (level === OVER_THE_END) return this.across(kind, address, bytes);
    this.widen();
    return this.access(kind, address, bytes);
  }

  play(batch: AccessBatch, from: number): number {
    const { kinds, addresses, bytes, length } = batch;
    this.own ??= this.codeFor({ kinds, addresses, bytes });
    const { batch: own, code } = this.own;
    if (own.kinds === kinds && own.addresses === addresses && own.bytes === bytes) {
      return this.playChunks(code, from, length);
    }
    for (let at = from; at < length; at += COPIED) {
      const to = Math.min(at + COPIED, length);
      this.copy.kinds.set(kinds.subarray(at, to));
      this.copy.addresses.set(addresses.subarray(at, to));
      this.copy.bytes.set(bytes.subarray(at, to));
      const played = this.playChunks(this.code, 0, to - at);
      if (played < to - at) return at + played;
    }
    return length;
  }

  stats(): CacheStats {
    const { levels, instruction } = this.options;
    const all = levels.map(({ name }, at) => this.counts(name, at, at > 0 || !instruction, true));
    return cacheStats({ levels: all, instruction: instruction && this.counts(instruction.name, 0, true, false) });
  }

  lines(level: number): Float64Array {
    return this.isWide ? Float64Array.from(this.state.tags[level]) : this.wholeLines(level);
  }

  resetCounters(): void {
    this.state.served.fill(0);
  }

  clear(): void {
    for (const tags of this.state.tags) tags.fill(EMPTY);
    for (const order of this.state.orders) order.fill(0);
    for (const random of this.state.randoms) random[0] = this.shape.seed;
    this.resetCounters();
  }

  private codeFor(batch: BatchArrays): { batch: BatchArrays; code: PlainCode } {
    return { batch, code: compile(this.shape, this.state, batch, this.isWide) };
  }

  /** Plays accesses of the arrays that the code reads. Returns `end`, or the first that is not for it. */
  private playChunks(code: PlainCode, from: number, end: number): number {
    let at = from;
    for (let to = from; at === to && to < end; ) {
      to = Math.min(to + CHUNK, end);
      at = code.play(at, to);
      this.collect();
    }
    return at;
  }

  /** Adds up what went the straight way: the first level served what no other did. */
  private collect(): void {
    const { served, played, further } = this.state;
    const columns = this.options.levels.length + 1;
    for (let kind = 0; kind < 3; kind++) {
      let first = played[kind];
      for (let at = kind * columns + 1; at < (kind + 1) * columns; at++) {
        served[at] += further[at];
        first -= further[at];
      }
      served[kind * columns] += first;
    }
    further.fill(0);
  }

  /** What came to a level is what it served or a later one did. */
  private counts(name: string, at: number, fetches: boolean, data: boolean): LevelCounts {
    const columns = this.options.levels.length + 1;
    const reached = (level: number): Float64Array => {
      const sums = new Float64Array(3);
      for (let kind = fetches ? 0 : 1; kind < (data ? 3 : 1); kind++) {
        for (let column = level; column < columns; column++) sums[kind] += this.state.served[kind * columns + column];
      }
      return sums;
    };
    return { name, refs: reached(at), misses: reached(at + 1) };
  }

  /** Sends an access that goes on into the next region through the levels. */
  private across(kind: number, address: number, bytes: number): number {
    const { caches, fetchPath, dataPath } = this.shape;
    const path = kind === FETCH ? fetchPath : dataPath;
    const upper = Math.floor(address / 2 ** 32);
    // Both first: that may need memory.
    this.enter(upper);
    this.enter(upper + 1);
    let level = 0;
    for (; level < path.length; level++) {
      const { line } = caches[path[level]];
      const inRegion = 2 ** 32 / line;
      let hit = true;
      const last = Math.floor((address + bytes - 1) / line);
      for (let each = Math.floor(address / line); each <= last; each++) {
        this.enter(each < (upper + 1) * inRegion ? upper : upper + 1);
        if (!this.code.touch[path[level]](each % inRegion)) hit = false;
      }
      if (hit) break;
    }
    this.state.served[kind * (path.length + 1) + level]++;
    return level;
  }

  private enter(upper: number): void {
    if (this.code.enter(upper)) return;
    this.widen();
    this.code.enter(upper);
  }

  private numberOf(upper: number): number {
    const number = this.regions.numberOf(upper);
    if (this.isWide) return number < 0 ? -1 : upper;
    return number < this.regionLimit ? number : -1;
  }

  /** The line numbers that a cache's narrow tags stand for. */
  private wholeLines(at: number): Float64Array {
    const linesInRegion = 2 ** 32 / this.shape.caches[at].line;
    return Float64Array.from(this.state.tags[at], (tag) => {
      const number = Math.floor((tag >>> 0) / linesInRegion);
      return tag === EMPTY ? EMPTY : this.regions.uppers[number] * linesInRegion + ((tag >>> 0) % linesInRegion);
    });
  }

  /** Goes over to tags that hold any line number; all or nothing. */
  private widen(): void {
    const tags = this.shape.caches.map((_, at) => this.wholeLines(at));
    const state = { ...this.state, tags };
    this.code = compile(this.shape, state, this.copy, true);
    this.state = state;
    this.isWide = true;
    this.own = undefined;
  }
}

function shapeOf(options: CacheSimOptions): PlainShape {
  const { levels, instruction, seed = 1 } = options;
  const all = instruction ? [...levels, instruction] : levels;
  const dataPath = levels.map((_, at) => at);
  return {
    caches: all.map((level) => ({
      sets: level.size / (level.ways * level.line),
      ways: level.ways,
      line: level.line,
      policy: policyOf(level, options),
    })),
    dataPath,
    fetchPath: instruction ? [levels.length, ...dataPath.slice(1)] : dataPath,
    seed: firstRandom(seed),
  };
}
