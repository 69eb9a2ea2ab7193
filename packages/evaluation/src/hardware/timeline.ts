// Timeline: how long a core takes for references one after the other, and how long it holds its locks meanwhile.
import { LOCKS, type LockName } from '../layouts/reference-sink.ts';
import type { Hardware } from './hardware.ts';

/** What an operation was counted to take, means. */
export interface Work {
  /** Its memory references one after the other, overlaps taken off, ns. */
  memoryNs: number;
  locks: readonly { name: LockName; acquired: number; holdNs: number }[];
}

/**
 * Adds up the time of references, on several machines at the same time.
 *
 * Reads of one object wait together. Stores wait in the store buffer while the core goes on; an atomic first lets them out,
 * and so does a lock's release for the thread that waits for it: their lines are fetched at the same time, the slowest counts.
 *
 * Machines that take as long for references share one row.
 */
export class Timeline {
  /** By machine: its row. */
  private readonly rowOf: readonly number[];
  private readonly rows: number;
  /** Float64Array, shape [levels + memory + another core, rows]. */
  private readonly readNs: Float64Array;
  /** Float64Array, shape [rows], as all that follow. */
  private readonly writeNs: Float64Array;
  private readonly atomicNs: Float64Array;
  private readonly now: Float64Array;
  /** When the last store is out. */
  private readonly storesDone: Float64Array;
  /** The slowest read in the object of the last reference so far. */
  private readonly slowestNs: Float64Array;
  /** How long each lock was held. Float64Array, shape [locks, rows]. */
  private readonly heldNs: Float64Array;
  /** By place in `LOCKS`: how often each was taken. */
  private readonly acquired: Int32Array = new Int32Array(LOCKS.length);
  /** Locks that are held. */
  private readonly holding: number[] = [];
  /** The object of the last reference. An array, as V8 keeps numbers in fields elsewhere. */
  private readonly object: Float64Array = new Float64Array(1);

  /** @param machines Of as many levels; at least one. */
  constructor(machines: readonly Hardware[]) {
    const costs = machines.map(({ parameters: { readNs, transferNs, writeNs, atomicNs } }) =>
      [writeNs, atomicNs, ...readNs, transferNs].map(({ value }) => value),
    );
    const keys = costs.map(String);
    const rows = [...new Set(keys)];
    this.rowOf = keys.map((key) => rows.indexOf(key));
    this.rows = rows.length;
    const [writeNs, atomicNs, ...readNs] = costs[0].map((_, i) => rows.map((key) => costs[keys.indexOf(key)][i]));
    this.writeNs = Float64Array.from(writeNs);
    this.atomicNs = Float64Array.from(atomicNs);
    this.readNs = Float64Array.from(readNs.flat());
    this.now = new Float64Array(this.rows);
    this.storesDone = new Float64Array(this.rows);
    this.slowestNs = new Float64Array(this.rows);
    this.heldNs = new Float64Array(LOCKS.length * this.rows);
  }

  reset(): void {
    for (const sums of [this.now, this.storesDone, this.acquired, this.heldNs]) sums.fill(0);
  }

  /** An operation begins: the call into the kernel has given the stores before it time. */
  begin(): void {
    this.object[0] = 0;
    this.storesDone.set(this.now);
  }

  /** @param level What serves it: the first level is 0; after the memory comes another core. */
  read(object: number, level: number): void {
    const { readNs, slowestNs, rows } = this;
    if (object === 0 || object !== this.object[0]) this.leave(object);
    for (let row = 0, at = level * rows; row < rows; row++, at++) {
      const more = readNs[at] - slowestNs[row];
      if (more <= 0) continue;
      slowestNs[row] += more;
      this.spend(row, more);
    }
  }

  write(object: number, level: number): void {
    const { readNs, writeNs, now, storesDone, rows } = this;
    if (object !== this.object[0]) this.leave(object);
    for (let row = 0, at = level * rows; row < rows; row++, at++) {
      this.spend(row, writeNs[row]);
      const done = now[row] + readNs[at];
      if (done > storesDone[row]) storesDone[row] = done;
    }
  }

  /** An atomic waits for its line and for the stores before it, and everything after it waits for the atomic. */
  atomic(level: number): void {
    const { readNs, atomicNs, now, storesDone, rows } = this;
    for (let row = 0, at = level * rows; row < rows; row++, at++)
      this.spend(row, Math.max(readNs[at], storesDone[row] - now[row]) + atomicNs[row]);
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
    const { writeNs, now, storesDone, heldNs, holding, rows } = this;
    for (let row = 0; row < rows; row++) {
      this.spend(row, writeNs[row]);
      if (storesDone[row] > now[row]) heldNs[lock * rows + row] += storesDone[row] - now[row];
    }
    const place = holding.indexOf(lock);
    if (place >= 0) holding.splice(place, 1);
  }

  /** Means of `operations` since the last reset, by machine; the locks that were taken at all. */
  work(operations: number): Work[] {
    const n = Math.max(operations, 1);
    return this.rowOf.map((row) => ({
      memoryNs: this.now[row] / n,
      locks: LOCKS.flatMap((name, lock) => {
        const times = this.acquired[lock];
        return times > 0 ? [{ name, acquired: times / n, holdNs: this.heldNs[lock * this.rows + row] / times }] : [];
      }),
    }));
  }

  private leave(object: number): void {
    this.object[0] = object;
    const { slowestNs, rows } = this;
    for (let row = 0; row < rows; row++) slowestNs[row] = 0;
  }

  private spend(row: number, ns: number): void {
    this.now[row] += ns;
    const { holding, heldNs, rows } = this;
    for (let i = 0; i < holding.length; i++) heldNs[holding[i] * rows + row] += ns;
  }
}
