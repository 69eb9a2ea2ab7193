// CyclicIds: the next free ID behind the last one, from the lowest again after the highest.
// Reference: Linux lib/idr.c (v6.18), idr_alloc_cyclic.

import { Ida } from '@idspace/xarray';
import { INT_MAX } from './int-max.ts';
import { checkInteger } from './misuse.ts';

/**
 * Hands out IDs in a circle, as PIDs, inotify watch descriptors and slots of System V IPC are handed out.
 *
 * A claimed ID does not move the cursor; a freed one comes again only when the cursor has come round.
 *
 * Source: idr_alloc_cyclic, lib/idr.c, v6.18.
 */
export class CyclicIds {
  private readonly ids = new Ida();
  private cursor = 0;

  /** Where the next search begins: the ID handed out last, plus one; 0…2³¹. */
  get next(): number {
    return this.cursor;
  }

  /**
   * Lets the next search begin at an ID.
   *
   * @param id 0…2³¹: the ID handed out last, plus one.
   * @throws RangeError for another number.
   */
  moveTo(id: number): void {
    checkInteger(id, 'id', 0, INT_MAX + 1);
    this.cursor = id;
  }

  /** IDs taken. */
  get size(): number {
    return this.ids.size;
  }

  /**
   * Takes the first free ID from the cursor up, and else the first free one from `min` up.
   *
   * @param min Lowest ID, 0…2³¹−1.
   * @param max Highest ID, 0…2³¹−1.
   * @returns The ID, or −1 if min…max are all taken; then the cursor stays.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(levels of the tree below).
   */
  allocate(min: number, max: number): number {
    checkInteger(min, 'min', 0, INT_MAX);
    checkInteger(max, 'max', 0, INT_MAX);
    const from = Math.max(this.cursor, min);
    let id = from <= max ? this.ids.allocate(from, max) : -1;
    if (id < 0 && from > min) id = this.ids.allocate(min, max);
    if (id >= 0) this.cursor = id + 1;
    return id;
  }

  /**
   * Takes the first free ID from `from` up, without the cursor.
   *
   * @returns The ID, or −1 if there is none up to `max`.
   */
  claim(from: number, max: number = from): number {
    return this.ids.allocate(from, max);
  }

  /** Gives an ID back. Returns whether it was taken. */
  free(id: number): boolean {
    return this.ids.free(id);
  }

  /** Whether an ID is taken. */
  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** The taken IDs, ascending. */
  [Symbol.iterator](): IterableIterator<number> {
    return this.ids[Symbol.iterator]();
  }
}
