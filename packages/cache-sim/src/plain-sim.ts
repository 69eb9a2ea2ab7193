// The plain simulator: hits and misses of one core in levels that are neither inclusive nor exclusive, by generated code.
import { Regions } from './address-regions.ts';
import { BATCH } from './batch.ts';
import { type CacheStats, cacheStats, FETCH, type LevelCounts } from './cache-stats.ts';
import { type CacheSimOptions, policyOf } from './options.ts';
import { compile, emptyState, OVER_THE_END, type PlainCode, type PlainShape, type PlainState } from './plain-code.ts';
import { EMPTY, firstRandom } from './set-cache.ts';
import type { AccessBatch, AccessOutcome, Simulator } from './simulator.ts';

export class PlainSim implements Simulator {
  readonly last: AccessOutcome = { tlb: 0, transferred: false, upgraded: false, invalidated: 0 };
  private readonly options: CacheSimOptions;
  private readonly shape: PlainShape;
  private readonly state: PlainState;
  private code: PlainCode;
  private readonly regions = new Regions();
  /** Regions that fit the narrow tags of every cache. */
  private readonly regionLimit: number;
  private isWide = false;

  /** @throws EvalError where a page forbids the generation of code. */
  constructor(options: CacheSimOptions) {
    this.options = options;
    this.shape = shapeOf(options);
    this.state = emptyState(this.shape, (upper) => this.numberOf(upper));
    this.code = compile(this.shape, this.state, false);
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
    const { kinds, addresses, bytes } = this.state;
    let at = from;
    while (at < batch.length) {
      const length = Math.min(BATCH, batch.length - at);
      kinds.set(batch.kinds.subarray(at, at + length));
      addresses.set(batch.addresses.subarray(at, at + length));
      bytes.set(batch.bytes.subarray(at, at + length));
      const played = this.code.play(length);
      at += played;
      if (played < length) break;
    }
    this.collect();
    return at;
  }

  stats(): CacheStats {
    const { levels, instruction } = this.options;
    const all = levels.map(({ name }, at) => this.counts(name, at, at > 0 || !instruction, true));
    return cacheStats({ levels: all, instruction: instruction && this.counts(instruction.name, 0, true, false) });
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

  /** Adds up what batches have tallied. */
  private collect(): void {
    const { served, tally } = this.state;
    for (let at = 0; at < tally.length; at++) served[at] += tally[at];
    tally.fill(0);
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

  /** Goes over to tags that hold any line number. */
  private widen(): void {
    for (const [at, { line }] of this.shape.caches.entries()) {
      const linesInRegion = 2 ** 32 / line;
      this.state.tags[at] = Float64Array.from(this.state.tags[at], (tag) => {
        const number = Math.floor((tag >>> 0) / linesInRegion);
        return tag === EMPTY ? EMPTY : this.regions.uppers[number] * linesInRegion + ((tag >>> 0) % linesInRegion);
      });
    }
    this.isWide = true;
    this.code = compile(this.shape, this.state, true);
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
