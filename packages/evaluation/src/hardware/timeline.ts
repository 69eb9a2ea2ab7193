// Timeline: how long a core takes for references one after the other, and how long it holds its locks meanwhile.
import { LOCKS, type LockName } from '../layouts/reference-sink.ts';
import type { Hardware } from './hardware.ts';

/** What an operation was counted to take, means. */
export interface Work {
  /** Its memory references one after the other, overlaps taken off, ns. */
  memoryNs: number;
  locks: readonly { name: LockName; acquired: number; holdNs: number }[];
}

/** What is now; when the last store is out; the object of the last reference, and the slowest read in it so far. */
const NOW = 0;
const STORES_DONE = 1;
const OBJECT = 2;
const SLOWEST_NS = 3;

/**
 * Adds up the time of references.
 *
 * Reads of one object wait together. Stores wait in the store buffer while the core goes on; an atomic first lets them out,
 * and so does a lock's release for the thread that waits for it: their lines are fetched at the same time, the slowest counts.
 */
export class Timeline {
  /** By level. Float64Array, shape [levels + memory + another core]. */
  private readonly readNs: Float64Array;
  private readonly writeNs: number;
  private readonly atomicNs: number;
  /** By place in `LOCKS`: how often each was taken, and how long it was held. */
  private readonly acquired: Int32Array = new Int32Array(LOCKS.length);
  private readonly heldNs: Float64Array = new Float64Array(LOCKS.length);
  /** Locks that are held. */
  private readonly holding: number[] = [];
  /** See NOW, STORES_DONE, OBJECT, SLOWEST_NS. An array, as V8 keeps numbers in fields elsewhere. */
  private readonly at: Float64Array = new Float64Array(4);

  constructor({ parameters }: Hardware) {
    this.readNs = Float64Array.from([...parameters.readNs, parameters.transferNs], ({ value }) => value);
    this.writeNs = parameters.writeNs.value;
    this.atomicNs = parameters.atomicNs.value;
  }

  reset(): void {
    this.at[NOW] = this.at[STORES_DONE] = 0;
    this.acquired.fill(0);
    this.heldNs.fill(0);
  }

  /** An operation begins: the call into the kernel has given the stores before it time. */
  begin(): void {
    const { at } = this;
    at[OBJECT] = 0;
    at[STORES_DONE] = at[NOW];
  }

  /** @param level What serves it: the first level is 0; after the memory comes another core. */
  read(object: number, level: number): void {
    const { at } = this;
    const ns = this.readNs[level];
    if (object === 0 || object !== at[OBJECT]) {
      at[OBJECT] = object;
      at[SLOWEST_NS] = ns;
      this.spend(ns);
    } else if (ns > at[SLOWEST_NS]) {
      const more = ns - at[SLOWEST_NS];
      at[SLOWEST_NS] += more;
      this.spend(more);
    }
  }

  write(object: number, level: number): void {
    const { at } = this;
    if (object !== at[OBJECT]) this.leave(object);
    this.spend(this.writeNs);
    const done = at[NOW] + this.readNs[level];
    if (done > at[STORES_DONE]) at[STORES_DONE] = done;
  }

  /** An atomic waits for its line and for the stores before it, and everything after it waits for the atomic. */
  atomic(level: number): void {
    const { at } = this;
    this.spend(Math.max(this.readNs[level], at[STORES_DONE] - at[NOW]) + this.atomicNs);
    this.leave(0);
  }

  /** @param lock Its place in `LOCKS`. */
  acquire(lock: number, level: number): void {
    this.acquired[lock]++;
    this.atomic(level);
    if (!this.holding.includes(lock)) this.holding.push(lock);
  }

  /** @param lock Its place in `LOCKS`. */
  release(lock: number): void {
    const { at, holding } = this;
    this.spend(this.writeNs);
    if (at[STORES_DONE] > at[NOW]) this.heldNs[lock] += at[STORES_DONE] - at[NOW];
    const place = holding.indexOf(lock);
    if (place >= 0) holding.splice(place, 1);
  }

  /** Means of `operations` since the last reset; the locks that were taken at all. */
  work(operations: number): Work {
    const n = Math.max(operations, 1);
    const locks = LOCKS.map((name, i) => ({ name, acquired: this.acquired[i], heldNs: this.heldNs[i] }));
    const taken = locks.filter(({ acquired }) => acquired > 0);
    return {
      memoryNs: this.at[NOW] / n,
      locks: taken.map(({ name, acquired, heldNs }) => ({ name, acquired: acquired / n, holdNs: heldNs / acquired })),
    };
  }

  private leave(object: number): void {
    this.at[OBJECT] = object;
    this.at[SLOWEST_NS] = 0;
  }

  private spend(ns: number): void {
    this.at[NOW] += ns;
    const { holding, heldNs } = this;
    for (let i = 0; i < holding.length; i++) heldNs[holding[i]] += ns;
  }
}
