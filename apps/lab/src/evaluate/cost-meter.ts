// CostMeter: counts references, misses, distinct lines and lock passages of operations, and how long they take in a row.
import type { LockName, ReferenceSink } from '../layouts/reference-sink.ts';
import { SPINLOCK } from '../layouts/sizes.ts';
import type { Machine } from '../machine/machine.ts';
import { Timeline, type Work } from '../machine/timeline.ts';
import { CoreCaches } from './core-caches.ts';
import type { Category, CategoryCost, OperationCounts } from './evaluation.ts';
import { LineSet } from './line-set.ts';
import { Prefetcher } from './prefetcher.ts';

const CATEGORIES: readonly Category[] = ['table', 'list', 'lock', 'timer'];
const [TABLE, LIST, LOCK, TIMER] = [0, 1, 2, 3];
const CATEGORY_NUMBER: Record<Category, number> = { table: TABLE, list: LIST, lock: LOCK, timer: TIMER };

/** Locks that all threads of a process or of the machine want; of the others there are more than threads. */
const QUEUED: readonly LockName[] = ['hash_lock', 'xa_lock', 'idr_lock', 'slot lock', 'siglock'];

/** Sends references through simulated caches; sums them up between `reset` and the means. */
export class CostMeter implements ReferenceSink {
  /** False while references only warm the caches up. */
  counting = true;
  private readonly caches: CoreCaches;
  private readonly prefetchers: readonly Prefetcher[];
  private readonly timelines: readonly Timeline[];
  private readonly line: number;
  /** Levels of cache: the number of memory. */
  private readonly memory: number;
  /** The last level of a core's own. */
  private readonly lastOwn: number;
  private readonly lines: LineSet = new LineSet();
  private core = 0;

  private operations = 0;
  private reads = 0;
  private writes = 0;
  private d1Misses = 0;
  private llMisses = 0;
  private transfers = 0;
  private readonly refsBy: Float64Array = new Float64Array(CATEGORIES.length);
  private readonly linesBy: Float64Array = new Float64Array(CATEGORIES.length);

  /**
   * @param machines Machines with the same caches and times of their own: each gives one result of `work`; at least one.
   * @param cores Cores that run operations.
   */
  constructor(machines: readonly Machine[], cores: number) {
    const [{ levels }] = machines;
    this.caches = new CoreCaches(levels, cores);
    this.prefetchers = Array.from({ length: cores }, () => new Prefetcher());
    this.timelines = machines.map((machine) => new Timeline(machine));
    this.line = levels[0].line;
    this.memory = levels.length;
    this.lastOwn = levels.length - 2;
  }

  /** Begins to sum up anew; what the caches hold stays. */
  reset(): void {
    this.operations = this.reads = this.writes = this.d1Misses = this.llMisses = this.transfers = 0;
    this.refsBy.fill(0);
    this.linesBy.fill(0);
    for (const timeline of this.timelines) timeline.reset();
  }

  /** Tells that an operation begins. @param core Where it runs, 0…cores−1. */
  begin(core: number): void {
    this.core = core;
    this.caches.begin();
    if (!this.counting) return;
    this.operations++;
    this.lines.clear();
    for (const timeline of this.timelines) timeline.begin();
  }

  read(object: number, address: number, bytes: number, category: Category): void {
    const level = this.access(address, bytes, false);
    if (!this.counting) return;
    this.reads++;
    this.count(address, bytes, CATEGORY_NUMBER[category], level);
    const served = this.served(address, level);
    for (const timeline of this.timelines) timeline.read(object, served);
  }

  write(object: number, address: number, bytes: number, category: Category): void {
    const level = this.access(address, bytes, true);
    if (!this.counting) return;
    this.writes++;
    this.count(address, bytes, CATEGORY_NUMBER[category], level);
    const served = this.served(address, level);
    for (const timeline of this.timelines) timeline.write(object, served);
  }

  atomic(address: number, bytes: number, category: Category): void {
    const level = this.access(address, bytes, true);
    if (!this.counting) return;
    this.writes++;
    this.count(address, bytes, CATEGORY_NUMBER[category], level);
    const served = this.served(address, level);
    for (const timeline of this.timelines) timeline.atomic(served);
  }

  lock(name: LockName, address: number, acquired: boolean): void {
    if (acquired && QUEUED.includes(name)) this.caches.queued();
    const level = this.access(address, SPINLOCK, true);
    if (!this.counting) return;
    this.writes++;
    this.count(address, SPINLOCK, LOCK, level);
    const served = this.served(address, level);
    for (const timeline of this.timelines) {
      if (acquired) timeline.acquire(name, served);
      else timeline.release(name);
    }
  }

  /** Tells of a line that was written while nothing was recorded. */
  warm(core: number, address: number): void {
    this.caches.warm(core, address);
  }

  /** Means per operation since the last reset. */
  counts(): OperationCounts {
    const n = Math.max(this.operations, 1);
    const by = {} as Record<Category, CategoryCost>;
    for (const [i, category] of CATEGORIES.entries()) {
      by[category] = { refs: this.refsBy[i] / n, linesTouched: this.linesBy[i] / n };
    }
    return {
      refs: (this.reads + this.writes) / n,
      reads: this.reads / n,
      writes: this.writes / n,
      d1Misses: this.d1Misses / n,
      llMisses: this.llMisses / n,
      linesTouched: this.linesBy.reduce((sum, lines) => sum + lines, 0) / n,
      by,
    };
  }

  /** Mean time of an operation's references, and of its locks, by machine. */
  work(): Work[] {
    return this.timelines.map((timeline) => timeline.work(this.operations));
  }

  private access(address: number, bytes: number, isWrite: boolean): number {
    return this.caches.access(this.core, address, bytes, isWrite);
  }

  /** Where an access is served, as far as time goes: what has been brought in ahead is in the core's last cache. */
  private served(address: number, level: number): number {
    if (level === 0 || this.lastOwn < 1) return level;
    const covered = this.prefetchers[this.core].covers(Math.floor(address / this.line));
    return covered && level <= this.memory ? Math.min(level, this.lastOwn) : level;
  }

  private count(address: number, bytes: number, category: number, level: number): void {
    this.refsBy[category]++;
    if (level > 0) this.d1Misses++;
    if (level === this.memory) this.llMisses++;
    if (level > this.memory) this.transfers++;
    const first = Math.floor(address / this.line);
    const last = Math.floor((address + bytes - 1) / this.line);
    for (let line = first; line <= last; line++) if (this.lines.add(line)) this.linesBy[category]++;
  }
}
