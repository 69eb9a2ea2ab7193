// Timeline: how long a core takes for references one after the other, and how long it holds its locks meanwhile.
import { LOCKS, type LockName } from '../layouts/reference-sink.ts';
import type { Hardware } from './hardware.ts';

/** Passages of one lock, sums. */
interface LockSum {
  name: LockName;
  acquired: number;
  heldNs: number;
}

/** What an operation was counted to take, means. */
export interface Work {
  /** Its memory references one after the other, overlaps taken off, ns. */
  memoryNs: number;
  locks: readonly { name: LockName; acquired: number; holdNs: number }[];
}

/**
 * Adds up the time of references.
 *
 * Reads of one object wait together. Stores wait in the store buffer while the core goes on; an atomic first lets them out,
 * and so does a lock's release for the thread that waits for it: their lines are fetched at the same time, the slowest counts.
 */
export class Timeline {
  private readonly readNs: readonly number[];
  private readonly writeNs: number;
  private readonly atomicNs: number;
  private readonly locks: LockSum[] = LOCKS.map((name) => ({ name, acquired: 0, heldNs: 0 }));
  private now = 0;
  /** Locks that are held. */
  private readonly holding: LockSum[] = [];
  /** When the last store is out. */
  private storesDone = 0;
  /** The object of the last reference, and the slowest read in it so far. */
  private object = 0;
  private slowestNs = 0;

  constructor({ parameters }: Hardware) {
    this.readNs = [...parameters.readNs, parameters.transferNs].map(({ value }) => value);
    this.writeNs = parameters.writeNs.value;
    this.atomicNs = parameters.atomicNs.value;
  }

  reset(): void {
    this.now = this.storesDone = 0;
    for (const lock of this.locks) lock.acquired = lock.heldNs = 0;
  }

  /** An operation begins: the call into the kernel has given the stores before it time. */
  begin(): void {
    this.object = 0;
    this.storesDone = this.now;
  }

  /** @param level What serves it: the first level is 0; after the memory comes another core. */
  read(object: number, level: number): void {
    const ns = this.readNs[level];
    if (object === 0 || object !== this.object) {
      this.leave(object);
      this.slowestNs = ns;
      this.spend(ns);
    } else {
      const more = Math.max(0, ns - this.slowestNs);
      this.slowestNs += more;
      this.spend(more);
    }
  }

  write(object: number, level: number): void {
    if (object !== this.object) this.leave(object);
    this.spend(this.writeNs);
    this.storesDone = Math.max(this.storesDone, this.now + this.readNs[level]);
  }

  /** An atomic waits for its line and for the stores before it, and everything after it waits for the atomic. */
  atomic(level: number): void {
    this.spend(Math.max(this.readNs[level], this.storesDone - this.now) + this.atomicNs);
    this.leave(0);
  }

  acquire(name: LockName, level: number): void {
    const lock = this.lockOf(name);
    lock.acquired++;
    this.atomic(level);
    if (!this.holding.includes(lock)) this.holding.push(lock);
  }

  release(name: LockName): void {
    const lock = this.lockOf(name);
    this.spend(this.writeNs);
    lock.heldNs += Math.max(0, this.storesDone - this.now);
    const at = this.holding.indexOf(lock);
    if (at >= 0) this.holding.splice(at, 1);
  }

  /** Means of `operations` since the last reset; the locks that were taken at all. */
  work(operations: number): Work {
    const n = Math.max(operations, 1);
    const taken = this.locks.filter(({ acquired }) => acquired > 0);
    return {
      memoryNs: this.now / n,
      locks: taken.map(({ name, acquired, heldNs }) => ({ name, acquired: acquired / n, holdNs: heldNs / acquired })),
    };
  }

  private lockOf(name: LockName): LockSum {
    return this.locks[LOCKS.indexOf(name)];
  }

  private leave(object: number): void {
    this.object = object;
    this.slowestNs = 0;
  }

  private spend(ns: number): void {
    this.now += ns;
    for (let at = 0; at < this.holding.length; at++) this.holding[at].heldNs += ns;
  }
}
