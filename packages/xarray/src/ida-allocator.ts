// Handing out IDs and taking them back, with what makes both quick. XArrayOf takes its places from this; users take them from Ida.
// Reference: Linux lib/idr.c (v6.19), ida_alloc_range, ida_free.
import { MAX_ID, SLOT_MASK } from './ida-layout.ts';
import { IdaTree } from './ida-tree.ts';
import { type Refusal, refused } from './misuse.ts';

/** The calls of Ida that a bundle always has. */
export class IdaAllocator extends IdaTree {
  /** No ID below is free, except for the one that waits. */
  protected lowest = 0;
  /**
   * The lowest free ID, if it was freed last, or −1. Its bit is still set: most such IDs are handed out again immediately, and
   * the tree is never told. Always below `lowest`.
   */
  protected waiting = -1;
  /** IDs taken and given back so far, modulo 2³²: the difference is how many there are, and both tell whether any has changed. */
  protected taken = 0;
  protected given = 0;

  /** Number of IDs taken. */
  get size(): number {
    return (this.taken - this.given) >>> 0;
  }

  /**
   * Takes the lowest free ID.
   *
   * @param min Lowest ID to give, 0…2³¹−1.
   * @param max Highest ID to give, 0…2³¹−1.
   * @returns The ID, or −1 if all of min…max are taken (or min > max).
   * @throws RangeError for a bad limit.
   *
   * Cost: O(levels), mostly O(1): the lowest free ID is remembered.
   * Source: ida_alloc_range, lib/idr.c, v6.19 (−ENOSPC is −1 here).
   */
  allocate(min = 0, max: number = MAX_ID): number {
    if (typeof min !== 'number' || (min & MAX_ID) !== min) throw badId('allocate', min, 'min');
    if (typeof max !== 'number' || (max & MAX_ID) !== max) throw badId('allocate', max, 'max');
    const waiting = this.waiting;
    if (waiting >= min) {
      if (waiting > max) return -1;
      this.waiting = -1;
      this.taken = (this.taken + 1) | 0;
      return waiting;
    }
    const lowest = this.lowest;
    const from = Math.max(min, lowest);
    if (from > max) return -1;
    const id = this.takeNear(from) ? from : this.takeFrom(from, max);
    if (id < 0) return -1;
    // With the highest ID taken, all below it are known to be.
    if (min <= lowest) this.lowest = id < MAX_ID ? id + 1 : id;
    this.taken = (this.taken + 1) | 0;
    return id;
  }

  /**
   * Gives an ID back. A value that is not a taken ID has no effect: `'3'` is not the ID 3, and that stays taken.
   *
   * @param id Any value.
   * @returns Whether it was taken.
   *
   * Cost: O(levels).
   * Source: ida_free, lib/idr.c, v6.19 (which warns of an ID that is not taken).
   */
  free(id: number): boolean {
    if (typeof id !== 'number' || (id & MAX_ID) !== id) return false;
    const leaf = this.leafAt(id);
    if ((this.nodes[leaf + ((id >>> 5) & SLOT_MASK)] & (1 << id)) === 0 || id === this.waiting) return false;
    this.given = (this.given + 1) | 0;
    if (id < this.lowest) this.wait(id, leaf);
    else this.release(leaf, id);
    return true;
  }

  /**
   * Tells whether an ID is taken.
   *
   * @param id Any value.
   * @returns False also for a value that is not an ID.
   *
   * Source: ida_exists, include/linux/idr.h, v6.19.
   */
  has(id: number): boolean {
    if (typeof id !== 'number' || (id & MAX_ID) !== id) return false;
    return (this.nodes[this.leafAt(id) + ((id >>> 5) & SLOT_MASK)] & (1 << id)) !== 0 && id !== this.waiting;
  }

  /**
   * Makes every ID free and frees the memory.
   *
   * Source: ida_destroy, lib/idr.c, v6.19.
   */
  clear(): void {
    this.clearTree();
    this.taken = 0;
    this.given = 0;
    this.lowest = 0;
    this.waiting = -1;
  }

  /** Tells the tree of the ID that waits, so that its bits are what is taken. @internal */
  settle(): void {
    const { waiting } = this;
    if (waiting < 0) return;
    this.waiting = -1;
    this.lowest = waiting;
    this.release(this.leafAt(waiting), waiting);
  }

  /** Keeps the lower one of a freed ID and the one that waits as the hole; the other one goes into the tree. */
  private wait(id: number, leaf: number): void {
    const waiting = this.waiting;
    if (waiting < 0) {
      this.waiting = id;
    } else if (id < waiting) {
      this.waiting = id;
      this.lowest = waiting;
      this.release(this.leafAt(waiting), waiting);
    } else {
      this.lowest = id;
      this.release(leaf, id);
    }
  }
}

/** Makes the error for a limit that is not a u31. */
export function badId(call: string, got: unknown, name: string): Refusal {
  return refused(`Ida.${call}`, name, got, `an integer 0…${MAX_ID}`);
}

/** Returns a limit that is a u31. */
export function checked(call: string, id: number, name: string): number {
  if (typeof id !== 'number' || (id & MAX_ID) !== id) throw badId(call, id, name);
  return id;
}
