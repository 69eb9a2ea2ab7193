// CostMeter: counts references, misses, distinct lines and lock passages of operations, and how long they take in a row.

import type { Hardware } from '../hardware/hardware.ts';
import { LOCK_SCOPES, LOCKS, type LockName, type ReferenceSink } from '../layouts/reference-sink.ts';
import { SPINLOCK } from '../layouts/sizes.ts';
import { CoreCaches } from './core-caches.ts';
import type { Category } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { Prefetcher } from './prefetcher.ts';
import { CATEGORY_NUMBER, Tally } from './tally.ts';

/** Locks that all threads of a process or of the machine want; of the others there are more than threads. */
const QUEUED: readonly LockName[] = LOCKS.filter((name) => ['system', 'process'].includes(LOCK_SCOPES[name]));

/** Sees every reference. */
export interface Watcher {
  /** @returns Whether the first TLB knew the page. */
  access(core: number, address: number, bytes: number, isWrite: boolean): boolean;
  /** Takes note of a page that a skipped operation used. */
  pass?(core: number, address: number): void;
}

/** Sends references through simulated caches; sums them up between `reset` and the means. */
export class CostMeter implements ReferenceSink {
  /** False while references only warm the caches up. */
  counting = true;
  /** What served the last reference: see `CoreCaches.access`. */
  level = 0;
  private readonly caches: CoreCaches;
  private readonly prefetchers: readonly Prefetcher[];
  private readonly line: number;
  /** Levels of cache: the number of memory. */
  private readonly memory: number;
  /** The last level of a core's own. */
  private readonly lastOwn: number;
  private readonly lines: LineSet = new LineSet();
  private core = 0;
  private watcher: Watcher | undefined;

  private readonly machines: readonly Hardware[];
  private readonly tallies: Map<string, Tally> = new Map();
  private now: Tally;

  /**
   * @param machines Machines with the same caches and times of their own: each gives one result of `work`; at least one.
   * @param cores Cores that run operations.
   */
  constructor(machines: readonly Hardware[], cores: number) {
    const [{ levels }] = machines;
    this.caches = new CoreCaches(levels, cores);
    this.prefetchers = Array.from({ length: cores }, () => new Prefetcher());
    this.machines = machines;
    this.now = this.tally('create');
    this.line = levels[0].line;
    this.memory = levels.length;
    this.lastOwn = levels.length - 2;
  }

  /** Starts new sums; what the caches hold stays. */
  reset(): void {
    for (const tally of this.tallies.values()) tally.reset();
  }

  /** Returns the sums of a kind of operation. */
  tally(kind: string): Tally {
    let tally = this.tallies.get(kind);
    if (tally === undefined) {
      tally = new Tally(this.machines);
      this.tallies.set(kind, tally);
    }
    return tally;
  }

  /** Tells that an operation begins. @param core Where it runs, 0…cores−1. @param kind Where it is summed up. */
  begin(core: number, kind: string): void {
    this.core = core;
    this.caches.begin();
    this.now = this.tally(kind);
    if (!this.counting) return;
    this.now.counts.operations++;
    this.lines.clear();
    for (const timeline of this.now.timelines) timeline.begin();
  }

  read(object: number, address: number, bytes: number, category: Category): void {
    const level = this.access(address, bytes, false);
    if (!this.counting) return;
    this.count(address, bytes, CATEGORY_NUMBER[category], false, level);
    const served = this.served(address, level);
    for (const timeline of this.now.timelines) timeline.read(object, served);
  }

  write(object: number, address: number, bytes: number, category: Category): void {
    const level = this.access(address, bytes, true);
    if (!this.counting) return;
    this.count(address, bytes, CATEGORY_NUMBER[category], true, level);
    const served = this.served(address, level);
    for (const timeline of this.now.timelines) timeline.write(object, served);
  }

  atomic(address: number, bytes: number, category: Category): void {
    const level = this.access(address, bytes, true);
    if (!this.counting) return;
    this.count(address, bytes, CATEGORY_NUMBER[category], true, level);
    const served = this.served(address, level);
    for (const timeline of this.now.timelines) timeline.atomic(served);
  }

  lock(name: LockName, address: number, acquired: boolean): void {
    if (acquired && QUEUED.includes(name)) this.caches.queued();
    const level = this.access(address, SPINLOCK, true);
    if (!this.counting) return;
    this.count(address, SPINLOCK, CATEGORY_NUMBER.lock, true, level);
    const served = this.served(address, level);
    for (const timeline of this.now.timelines) {
      if (acquired) timeline.acquire(name, served);
      else timeline.release(name);
    }
  }

  /** Tells of a line that a skipped operation used. @param seen Whether prefetcher and watcher, which forget soon, see it, too. */
  warm(core: number, address: number, seen: boolean): void {
    const hit = this.caches.warm(core, address);
    if (!seen) return;
    if (!hit) this.prefetchers[core].covers(Math.floor(address / this.line));
    this.watcher?.pass?.(core, address);
  }

  /** Returns the lines that a core's first cache holds: see `CacheSim.lines`. */
  linesHeld(core: number): Float64Array {
    return this.caches.lines(core);
  }

  /** Passes all references to another sink, too. */
  watchedBy(watcher: Watcher): void {
    this.watcher = watcher;
  }

  private access(address: number, bytes: number, isWrite: boolean): number {
    if (this.watcher?.access(this.core, address, bytes, isWrite) === false && this.counting) this.now.tlbMisses++;
    return (this.level = this.caches.access(this.core, address, bytes, isWrite));
  }

  /** Where an access is served, as far as time goes: what has been brought in ahead is in the core's last cache. */
  private served(address: number, level: number): number {
    if (level === 0 || this.lastOwn < 1) return level;
    const covered = this.prefetchers[this.core].covers(Math.floor(address / this.line));
    return covered && level <= this.memory ? Math.min(level, this.lastOwn) : level;
  }

  private count(address: number, bytes: number, category: number, isWrite: boolean, level: number): void {
    this.now.count(category, isWrite, level);
    const last = Math.floor((address + bytes - 1) / this.line);
    for (let line = Math.floor(address / this.line); line <= last; line++) {
      if (this.lines.add(line)) this.now.counts.linesBy[category]++;
    }
  }
}
