// A fully associative cache with least-recently-used replacement, in constant time per use: a linked list, latest first.
import { LineTable } from './line-table.ts';

const NONE = -1;

/** What a cache of `capacity` lines would hold if any line could stand anywhere. */
export class LruStack {
  private readonly capacity: number;
  private readonly table = new LineTable();
  /** Neighbours by a line's index, NONE at the ends. Int32Array, shape [≥ lines ever seen]. */
  private newer: Int32Array = new Int32Array(512);
  private older: Int32Array = new Int32Array(512);
  /** 1 for lines in the stack. */
  private inside: Uint8Array = new Uint8Array(512);
  private first = NONE;
  private last = NONE;
  private held = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Makes sure that so many new lines can be used without memory; throws before anything has changed if there is none. */
  makeRoom(lines: number): void {
    this.table.makeRoom(lines);
    while (this.table.size + lines > this.inside.length) this.grow();
  }

  /** Returns true when the line was ever used. */
  has(line: number): boolean {
    return this.table.find(line) >= 0;
  }

  /**
   * Uses a line.
   *
   * @param insert false: a line that is not in stays out (a write that does not allocate).
   * @returns true when it was in.
   */
  use(line: number, insert: boolean): boolean {
    const index = this.indexOf(line);
    const hit = this.inside[index] === 1;
    if (!hit && !insert) return false;
    if (hit) this.unlink(index);
    else if (this.held++ === this.capacity) {
      this.inside[this.last] = 0;
      this.unlink(this.last);
      this.held--;
    }
    this.inside[index] = 1;
    this.older[index] = this.first;
    this.newer[index] = NONE;
    if (this.first === NONE) this.last = index;
    else this.newer[this.first] = index;
    this.first = index;
    return hit;
  }

  clear(): void {
    this.table.clear();
    this.inside.fill(0);
    this.first = this.last = NONE;
    this.held = 0;
  }

  private indexOf(line: number): number {
    if (this.table.size === this.inside.length) this.makeRoom(1);
    return this.table.add(line);
  }

  /** Doubles; all or nothing. */
  private grow(): void {
    const newer = doubled(this.newer);
    const older = doubled(this.older);
    const inside = new Uint8Array(this.inside.length * 2);
    inside.set(this.inside);
    this.newer = newer;
    this.older = older;
    this.inside = inside;
  }

  private unlink(index: number): void {
    const newer = this.newer[index];
    const older = this.older[index];
    if (newer === NONE) this.first = older;
    else this.older[newer] = older;
    if (older === NONE) this.last = newer;
    else this.newer[older] = newer;
  }
}

function doubled(array: Int32Array): Int32Array {
  const twice = new Int32Array(array.length * 2);
  twice.set(array);
  return twice;
}
