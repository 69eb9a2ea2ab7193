// CostMeter: counts references, misses, distinct lines and lock passages of operations, and how long they take in a row.

import type { Hardware } from '../hardware/hardware.ts';
import type { Timeline } from '../hardware/timeline.ts';
import { LOCKS, type LockName, type ReferenceSink } from '../layouts/reference-sink.ts';
import { SPINLOCK } from '../layouts/sizes.ts';
import type { Touched } from '../layouts/touched.ts';
import { CoreCaches } from './core-caches.ts';
import type { Category } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { PassedLines } from './passed-lines.ts';
import { Prefetcher } from './prefetcher.ts';
import { ACQUIRE, ATOMIC, READ, RELEASE, References, WRITE } from './references.ts';
import { CATEGORY_NUMBER, Tally } from './tally.ts';
import type { Watcher } from './watcher.ts';

const LOCK_NUMBER = Object.fromEntries(LOCKS.map((name, i) => [name, i])) as Record<LockName, number>;

/** Sends references through simulated caches; sums them up between `reset` and the means. */
export class CostMeter implements ReferenceSink {
  private readonly caches: CoreCaches;
  private readonly prefetchers: readonly Prefetcher[];
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
  /** Of skipped operations that the caches have not seen yet. */
  private readonly passed: PassedLines;
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
    this.passed = new PassedLines(cores);
    this.references = new References(this.tallyOf('create'), levels[0].line);
    this.served = new Uint8Array(this.references.levels.length);
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

  /**
   * Returns what takes the lines that a skipped operation uses. The caches see them before anything else is asked of them.
   *
   * @param seen Whether prefetcher and watcher, which forget soon, see them, too.
   */
  passedBy(core: number, seen: boolean): Touched {
    const { references, passed } = this;
    if (references.length > 0 || passed.isFull(core) || passed.seen !== seen) this.flush();
    passed.seen = seen;
    return passed.by(core);
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
    const { references, caches, watcher, isCounting, passed, prefetchers } = this;
    if (!passed.isEmpty) caches.pass(passed, prefetchers, watcher);
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
      this.time(tally.timeline, from, to);
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
    tally.timeline.begin();
  }

  /** Counts references from…to−1 of a core, and looks up where they are served. */
  private count(core: number, tally: Tally, from: number, to: number): void {
    const { lines, served, memory, lastOwn } = this;
    const { kinds, firsts, lasts, categories, levels } = this.references;
    const { linesBy } = tally.counts;
    const prefetcher = this.prefetchers[core];
    let latest = -1;
    for (let at = from; at < to; at++) {
      const level = levels[at];
      tally.count(categories[at], kinds[at] !== READ, level);
      // The line that was used last is there already.
      if (firsts[at] !== latest || lasts[at] !== latest)
        for (let line = firsts[at]; line <= lasts[at]; line++) if (lines.add(line)) linesBy[categories[at]]++;
      latest = lasts[at];
      // What has been brought in ahead is in the core's last cache.
      const isCovered = level > 0 && lastOwn >= 1 && prefetcher.covers(firsts[at]) && level <= memory;
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
      else if (kind === ACQUIRE) timeline.acquire(locks[at], served[at]);
      else timeline.release(locks[at]);
    }
  }
}
