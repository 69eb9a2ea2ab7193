// CostMeter: counts references, misses, distinct lines and lock passages of operations, and how long they take in a row.

import type { Hardware } from '../hardware/hardware.ts';
import type { Timeline } from '../hardware/timeline.ts';
import { LOCKS, type LockName, type ReferenceSink } from '../layouts/reference-sink.ts';
import { SPINLOCK } from '../layouts/sizes.ts';
import { CoreCaches } from './core-caches.ts';
import type { Category } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { Prefetcher } from './prefetcher.ts';
import { ACQUIRE, ATOMIC, READ, RELEASE, References, WRITE } from './references.ts';
import { CATEGORY_NUMBER, Tally } from './tally.ts';

/** Sees every reference. */
export interface Watcher {
  /** A core refers to what `references` has from…to−1. @returns How many have a page that the first TLB did not know. */
  watch(core: number, references: References, from: number, to: number): number;
  /** Takes note of a page that a skipped operation used. */
  pass?(core: number, address: number): void;
}

const LOCK_NUMBER = Object.fromEntries(LOCKS.map((name, i) => [name, i])) as Record<LockName, number>;

/** Sends references through simulated caches; sums them up between `reset` and the means. */
export class CostMeter implements ReferenceSink {
  private readonly caches: CoreCaches;
  private readonly prefetchers: readonly Prefetcher[];
  private readonly line: number;
  /** Levels of cache: the number of memory. */
  private readonly memory: number;
  /** The last level of a core's own. */
  private readonly lastOwn: number;
  private readonly lines: LineSet = new LineSet();
  private watcher: Watcher | undefined;

  private readonly machines: readonly Hardware[];
  private readonly tallies: Map<string, Tally> = new Map();
  /** Those that the caches have not seen yet: all counted, or none. */
  private readonly references: References;
  private isCounting = true;
  private lastLevel = 0;
  /** By reference: where it is served as far as time goes. */
  private readonly served: Uint8Array;

  /**
   * @param machines Machines with the same caches and times of their own: each gives one result of `work`; at least one.
   * @param cores Cores that run operations.
   */
  constructor(machines: readonly Hardware[], cores: number) {
    const [{ levels }] = machines;
    this.caches = new CoreCaches(levels, cores);
    this.prefetchers = Array.from({ length: cores }, () => new Prefetcher());
    this.machines = machines;
    this.references = new References(this.tallyOf('create'));
    this.served = new Uint8Array(this.references.levels.length);
    this.line = levels[0].line;
    this.memory = levels.length;
    this.lastOwn = levels.length - 2;
  }

  /** False while references only warm the caches up. */
  set counting(counting: boolean) {
    this.flush();
    this.isCounting = counting;
  }

  /** What served the last reference: see `CoreCaches.access`. */
  get level(): number {
    this.flush();
    return this.lastLevel;
  }

  /** Starts new sums; what the caches hold stays. */
  reset(): void {
    this.flush();
    for (const tally of this.tallies.values()) tally.reset();
  }

  /** Returns the sums of a kind of operation. */
  tally(kind: string): Tally {
    this.flush();
    return this.tallyOf(kind);
  }

  /** Tells that an operation begins. @param core Where it runs, 0…cores−1. @param kind Where it is summed up. */
  begin(core: number, kind: string): void {
    this.references.begin(core, this.tallyOf(kind));
  }

  read(object: number, address: number, bytes: number, category: Category): void {
    this.add(READ, object, address, bytes, CATEGORY_NUMBER[category], 0);
  }

  write(object: number, address: number, bytes: number, category: Category): void {
    this.add(WRITE, object, address, bytes, CATEGORY_NUMBER[category], 0);
  }

  atomic(address: number, bytes: number, category: Category): void {
    this.add(ATOMIC, 0, address, bytes, CATEGORY_NUMBER[category], 0);
  }

  lock(name: LockName, address: number, acquired: boolean): void {
    this.add(acquired ? ACQUIRE : RELEASE, 0, address, SPINLOCK, CATEGORY_NUMBER.lock, LOCK_NUMBER[name]);
  }

  /** Tells of a line that a skipped operation used. @param seen Whether prefetcher and watcher, which forget soon, see it, too. */
  warm(core: number, address: number, seen: boolean): void {
    if (this.references.length > 0) this.flush();
    if (!seen) {
      this.caches.pass(core, address);
      return;
    }
    const hit = this.caches.warm(core, address);
    if (!hit) this.prefetchers[core].covers(Math.floor(address / this.line));
    this.watcher?.pass?.(core, address);
  }

  /** Returns the lines that a core's first cache holds: see `CacheSim.lines`. */
  linesHeld(core: number): Float64Array {
    this.flush();
    return this.caches.lines(core);
  }

  /** Passes all references to another sink, too. */
  watchedBy(watcher: Watcher): void {
    this.flush();
    this.watcher = watcher;
  }

  /** Sends what is kept through the caches, to the watcher and into the sums. */
  flush(): void {
    const { references, caches, watcher, isCounting } = this;
    const { runs, length, levels } = references;
    if (length === 0 && runs.length === 1) return;
    caches.play(references);
    for (let at = 0; at < runs.length; at++) {
      const { core, tally, isNew, from } = runs[at];
      const to = at + 1 < runs.length ? runs[at + 1].from : length;
      const tlbMisses = watcher?.watch(core, references, from, to) ?? 0;
      if (!isCounting) continue;
      tally.tlbMisses += tlbMisses;
      if (isNew) this.beginCounting(tally);
      this.count(core, tally, from, to);
      for (const timeline of tally.timelines) this.time(timeline, from, to);
    }
    if (length > 0) this.lastLevel = levels[length - 1];
    references.clear();
  }

  private tallyOf(kind: string): Tally {
    let tally = this.tallies.get(kind);
    if (tally === undefined) {
      tally = new Tally(this.machines);
      this.tallies.set(kind, tally);
    }
    return tally;
  }

  private add(kind: number, object: number, address: number, bytes: number, category: number, lock: number): void {
    if (this.references.isFull) this.flush();
    this.references.add(kind, object, address, bytes, category, lock);
  }

  private beginCounting(tally: Tally): void {
    tally.counts.operations++;
    this.lines.clear();
    for (const timeline of tally.timelines) timeline.begin();
  }

  /** Counts references from…to−1 of a core, and looks up where they are served. */
  private count(core: number, tally: Tally, from: number, to: number): void {
    const { line, lines, served, memory, lastOwn } = this;
    const { kinds, addresses, bytes, categories, levels } = this.references;
    const { linesBy } = tally.counts;
    const prefetcher = this.prefetchers[core];
    for (let at = from; at < to; at++) {
      const level = levels[at];
      tally.count(categories[at], kinds[at] !== READ, level);
      const first = Math.floor(addresses[at] / line);
      const last = Math.floor((addresses[at] + bytes[at] - 1) / line);
      for (let one = first; one <= last; one++) if (lines.add(one)) linesBy[categories[at]]++;
      // What has been brought in ahead is in the core's last cache.
      const isCovered = level > 0 && lastOwn >= 1 && prefetcher.covers(first) && level <= memory;
      served[at] = isCovered ? Math.min(level, lastOwn) : level;
    }
  }

  /** Adds the time of references from…to−1. */
  private time(timeline: Timeline, from: number, to: number): void {
    const { served } = this;
    const { kinds, objects, locks } = this.references;
    for (let at = from; at < to; at++) {
      const kind = kinds[at];
      if (kind === READ) timeline.read(objects[at], served[at]);
      else if (kind === WRITE) timeline.write(objects[at], served[at]);
      else if (kind === ATOMIC) timeline.atomic(served[at]);
      else if (kind === ACQUIRE) timeline.acquire(LOCKS[locks[at]], served[at]);
      else timeline.release(LOCKS[locks[at]]);
    }
  }
}
