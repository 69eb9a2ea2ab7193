// CostMeter: counts references, misses, distinct lines and lock passages of operations, and how long their reads take in a row.
import { CacheSim } from '@idspace/cache-sim';
import { LOCKS, type LockName, type ReferenceSink } from '../layouts/reference-sink.ts';
import { SPINLOCK } from '../layouts/sizes.ts';
import type { Machine } from '../machine/machine.ts';
import type { Category, CategoryCost, OperationCounts } from './evaluation.ts';
import { LineSet } from './line-set.ts';

const CATEGORIES: readonly Category[] = ['table', 'list', 'lock', 'timer'];
const [TABLE, LIST, LOCK, TIMER] = [0, 1, 2, 3];
const CATEGORY_NUMBER: Record<Category, number> = { table: TABLE, list: LIST, lock: LOCK, timer: TIMER };

/** Passages of one lock, sums. */
interface LockSum {
  name: LockName;
  acquired: number;
  heldNs: number;
  held: boolean;
}

/** Sends references through a simulated cache; sums them up between `reset` and the means. */
export class CostMeter implements ReferenceSink {
  /** False while references only warm the caches up. */
  counting = true;
  private readonly cache: CacheSim;
  private readonly line: number;
  private readonly readNs: readonly number[];
  private readonly writeNs: number;
  private readonly atomicNs: number;
  private readonly lines: LineSet = new LineSet();
  private readonly locks: LockSum[] = LOCKS.map((name) => ({ name, acquired: 0, heldNs: 0, held: false }));

  private operations = 0;
  private reads = 0;
  private writes = 0;
  private d1Misses = 0;
  private llMisses = 0;
  private readonly refsBy: Float64Array = new Float64Array(CATEGORIES.length);
  private readonly linesBy: Float64Array = new Float64Array(CATEGORIES.length);
  private memoryNs = 0;
  /** Locks held now. */
  private holding = 0;
  /** The object of the last reference, and the slowest read in it so far. */
  private object = 0;
  private slowestNs = 0;

  constructor({ levels, parameters }: Machine) {
    this.cache = new CacheSim({ levels });
    this.line = levels[0].line;
    this.readNs = parameters.readNs.map(({ value }) => value);
    this.writeNs = parameters.writeNs.value;
    this.atomicNs = parameters.atomicNs.value;
  }

  /** Begins to sum up anew; what the caches hold stays. */
  reset(): void {
    this.operations = this.reads = this.writes = this.d1Misses = this.llMisses = this.memoryNs = 0;
    this.refsBy.fill(0);
    this.linesBy.fill(0);
    for (const lock of this.locks) lock.acquired = lock.heldNs = 0;
  }

  /** Tells that an operation begins. */
  begin(): void {
    if (this.counting) this.operations++;
    this.lines.clear();
    this.object = 0;
  }

  read(object: number, address: number, bytes: number, category: Category): void {
    const level = this.cache.read(address, bytes);
    if (!this.counting) return;
    this.reads++;
    this.count(address, bytes, CATEGORY_NUMBER[category], level);
    this.spend(this.readTime(object, level));
  }

  write(object: number, address: number, bytes: number, category: Category): void {
    const level = this.cache.write(address, bytes);
    if (!this.counting) return;
    this.writes++;
    this.count(address, bytes, CATEGORY_NUMBER[category], level);
    if (object !== this.object) this.leave(object);
    this.spend(this.writeNs);
  }

  lock(name: LockName, address: number, acquired: boolean): void {
    const level = this.cache.write(address, SPINLOCK);
    if (!this.counting) return;
    this.writes++;
    this.count(address, SPINLOCK, LOCK, level);
    const lock = this.locks[LOCKS.indexOf(name)];
    if (acquired) {
      lock.acquired++;
      // An atomic waits for its line, and everything after it waits for the atomic.
      this.spend(this.readNs[level] + this.atomicNs);
      this.leave(0);
      lock.held = true;
      this.holding++;
    } else {
      this.spend(this.writeNs);
      lock.held = false;
      this.holding--;
    }
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

  /** Mean time of an operation's references, and of its locks: those taken at all. */
  work(): { memoryNs: number; locks: { name: LockName; acquired: number; holdNs: number }[] } {
    const n = Math.max(this.operations, 1);
    const taken = this.locks.filter(({ acquired }) => acquired > 0);
    return {
      memoryNs: this.memoryNs / n,
      locks: taken.map(({ name, acquired, heldNs }) => ({ name, acquired: acquired / n, holdNs: heldNs / acquired })),
    };
  }

  private count(address: number, bytes: number, category: number, level: number): void {
    this.refsBy[category]++;
    if (level > 0) this.d1Misses++;
    if (level === this.readNs.length - 1) this.llMisses++;
    const first = Math.floor(address / this.line);
    const last = Math.floor((address + bytes - 1) / this.line);
    for (let line = first; line <= last; line++) if (this.lines.add(line)) this.linesBy[category]++;
  }

  /** Reads of one object wait together: only what exceeds the slowest so far adds to the time. */
  private readTime(object: number, level: number): number {
    const ns = this.readNs[level];
    if (object === 0 || object !== this.object) {
      this.leave(object);
      this.slowestNs = ns;
      return ns;
    }
    const more = Math.max(0, ns - this.slowestNs);
    this.slowestNs += more;
    return more;
  }

  private leave(object: number): void {
    this.object = object;
    this.slowestNs = 0;
  }

  private spend(ns: number): void {
    this.memoryNs += ns;
    if (this.holding > 0) for (const lock of this.locks) if (lock.held) lock.heldNs += ns;
  }
}
