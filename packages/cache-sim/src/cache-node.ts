// One cache in its place: what a hit or a miss in it means for the caches above and below.
import { type LevelCounts, type LevelTraffic, WRITE } from './cache-stats.ts';
import { MissClassifier } from './miss-classes.ts';
import type { Level, Policy } from './options.ts';
import { DIRTY, EMPTY, PREFETCHED, SetCache } from './set-cache.ts';
import { LineUsage } from './usage.ts';

/** A prefetcher stops at the end of a page of this size: it knows no other translation. */
const PREFETCH_PAGE = 4096;

/** Counts of one level, shared by the caches of all cores. */
export class LevelTally implements LevelCounts, LevelTraffic {
  readonly name: string;
  readonly refs: Float64Array = new Float64Array(3);
  readonly misses: Float64Array = new Float64Array(3);
  linesIn = 0;
  writebacks = 0;
  bytesIn = 0;
  bytesOut = 0;
  prefetches = 0;
  prefetchHits = 0;
  backInvalidations = 0;

  constructor(name: string) {
    this.name = name;
  }

  traffic(): LevelTraffic {
    const { linesIn, writebacks, bytesIn, bytesOut, prefetches, prefetchHits, backInvalidations } = this;
    return { linesIn, writebacks, bytesIn, bytesOut, prefetches, prefetchHits, backInvalidations };
  }

  reset(): void {
    this.refs.fill(0);
    this.misses.fill(0);
    this.linesIn = this.writebacks = this.bytesIn = this.bytesOut = 0;
    this.prefetches = this.prefetchHits = this.backInvalidations = 0;
  }
}

/** What a cache does beside the defaults. */
export interface NodeOptions {
  policy: Policy;
  seed: number;
  /** Takes its lines away from the caches above when they leave it. */
  inclusive: boolean;
  classify: boolean;
  usage: boolean;
  /** Called when a line has left this cache, but not because another core took it. */
  left: ((line: number) => void) | undefined;
}

export class CacheNode {
  readonly cache: SetCache;
  readonly tally: LevelTally;
  readonly classes: MissClassifier | undefined;
  readonly usage: LineUsage | undefined;
  /** Where misses go and what is written goes; undefined: memory. */
  below: CacheNode | undefined;
  /** Caches whose misses end up here, near and far. */
  readonly above: CacheNode[] = [];
  readonly through: boolean;
  private readonly allocate: boolean;
  private readonly prefetches: boolean;
  private readonly lineBytes: number;
  private readonly options: NodeOptions;

  constructor(level: Level, tally: LevelTally, options: NodeOptions) {
    this.cache = new SetCache(level, options.policy, options.seed);
    this.tally = tally;
    this.options = options;
    this.lineBytes = level.line;
    this.through = level.write === 'through';
    this.allocate = level.allocate !== false;
    this.prefetches = level.prefetch === 'next-line';
    const places = this.cache.tags.length;
    this.classes = options.classify ? new MissClassifier(places) : undefined;
    this.usage = options.usage ? new LineUsage(places, level.line) : undefined;
  }

  /** Makes sure that an access of so many bytes needs no memory here. */
  makeRoom(bytes: number): void {
    // That is as many lines as the access has, at most.
    this.classes?.makeRoom(Math.ceil(bytes / this.lineBytes) + 1);
  }

  /**
   * Uses every line that an access lies on.
   *
   * @param elsewhere Lines that another core gives: they are not looked for here.
   * @returns true when all were there.
   */
  visit(kind: number, address: number, bytes: number, elsewhere: readonly number[]): boolean {
    const { lineBytes } = this;
    const first = Math.floor(address / lineBytes);
    const last = Math.floor((address + bytes - 1) / lineBytes);
    let hit = true;
    this.classes?.begin();
    for (let line = first; line <= last; line++) {
      if (elsewhere.length > 0 && elsewhere.includes(line)) continue;
      const from = Math.max(address - line * lineBytes, 0);
      const to = Math.min(address + bytes - line * lineBytes, lineBytes);
      if (!this.useLine(kind, line, from, to)) hit = false;
    }
    this.classes?.end();
    this.tally.refs[kind]++;
    if (hit) return true;
    this.tally.misses[kind]++;
    if (this.prefetches) this.prefetch(last + 1);
    return false;
  }

  /** Brings the bytes' lines in, unless they are there, from below. */
  bring(address: number, bytes: number): void {
    const last = Math.floor((address + bytes - 1) / this.lineBytes);
    let missing = false;
    for (let line = Math.floor(address / this.lineBytes); line <= last; line++) {
      if (this.cache.find(line) >= 0) continue;
      this.fill(line, 0);
      missing = true;
    }
    if (missing) this.below?.bring(address, bytes);
  }

  /** Takes bytes that a cache above writes back: they wait here if their lines are here, and go on if not. */
  receive(address: number, bytes: number): void {
    const { lineBytes } = this;
    const end = address + bytes;
    for (let at = address; at < end; ) {
      const line = Math.floor(at / lineBytes);
      const next = Math.min((line + 1) * lineBytes, end);
      const place = this.cache.find(line);
      if (place >= 0 && !this.through) this.cache.flags[place] |= DIRTY;
      else this.send(at, next - at);
      at = next;
    }
  }

  /** Gives a line up. Returns its flags, or −1 when it was not there. */
  drop(line: number): number {
    const place = this.cache.find(line);
    if (place < 0) return -1;
    const flags = this.cache.flags[place];
    this.usage?.end(place);
    this.cache.remove(place);
    return flags;
  }

  /** Writes a line back if it is dirty, and keeps it. Returns true when it was. */
  clean(line: number): boolean {
    const place = this.cache.find(line);
    if (place < 0 || (this.cache.flags[place] & DIRTY) === 0) return false;
    this.cache.flags[place] &= ~DIRTY;
    return true;
  }

  /** Writes every dirty line back. */
  flush(): void {
    const { tags, flags } = this.cache;
    for (let place = 0; place < tags.length; place++) {
      if ((flags[place] & DIRTY) === 0) continue;
      flags[place] &= ~DIRTY;
      this.writeBack(tags[place]);
    }
  }

  /** Sends a dirty line down. */
  writeBack(line: number): void {
    this.tally.writebacks++;
    this.send(line * this.lineBytes, this.lineBytes);
  }

  clear(): void {
    this.cache.clear();
    this.classes?.clear();
    this.usage?.clear();
  }

  /** Uses the bytes from…to−1 of one line. Returns true when it was there. */
  private useLine(kind: number, line: number, from: number, to: number): boolean {
    const { cache } = this;
    const isWrite = kind === WRITE;
    const insert = this.allocate || !isWrite;
    let place = cache.find(line);
    const hit = place >= 0;
    this.classes?.use(line, hit, insert);
    if (hit) {
      cache.use(place);
      if (cache.flags[place] & PREFETCHED) this.tally.prefetchHits++;
      cache.flags[place] &= ~PREFETCHED;
    } else if (insert) place = this.fill(line, 0);
    if (place >= 0) this.usage?.use(place, from, to);
    if (!isWrite) return hit;
    if (place >= 0 && !this.through) cache.flags[place] |= DIRTY;
    else this.tally.bytesOut += to - from;
    return hit;
  }

  /** Brings a line in. Returns its place. */
  private fill(line: number, flags: number): number {
    const { cache, tally } = this;
    const place = cache.insert(line, flags);
    tally.linesIn++;
    tally.bytesIn += this.lineBytes;
    this.usage?.begin(place);
    const { evicted, evictedFlags } = cache;
    if (evicted !== EMPTY) this.evict(evicted, evictedFlags);
    return place;
  }

  /** A line makes room. */
  private evict(line: number, flags: number): void {
    let dirty = (flags & DIRTY) !== 0;
    if (this.options.inclusive) {
      for (const node of this.above) {
        const dropped = node.drop(line);
        if (dropped < 0) continue;
        node.tally.backInvalidations++;
        if (dropped & DIRTY) dirty = true;
        node.options.left?.(line);
      }
    }
    if (dirty) this.writeBack(line);
    this.options.left?.(line);
  }

  private send(address: number, bytes: number): void {
    this.tally.bytesOut += bytes;
    this.below?.receive(address, bytes);
  }

  private prefetch(line: number): void {
    const address = line * this.lineBytes;
    if (address % PREFETCH_PAGE === 0 || this.cache.find(line) >= 0) return;
    this.tally.prefetches++;
    this.fill(line, PREFETCHED);
    this.below?.bring(address, this.lineBytes);
  }
}
