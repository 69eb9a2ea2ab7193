// Ida: hands out the lowest free ID, one bit for each.
// Reference: Linux lib/idr.c (v6.19), ida_alloc_range, ida_free.
import { MAX_ID, SLOT_MASK } from './ida-layout.ts';
import { IdaTree } from './ida-tree.ts';
import { showItems } from './inspect.ts';
import { type Refusal, refused } from './misuse.ts';

/**
 * Hands out IDs, the lowest free one first, and takes them back; also an ordered set of integers 0…2³¹−1.
 *
 * Takes about 0.15 byte per ID where they are dense, and 140 bytes for every 1024 IDs of which one is taken.
 *
 * Source: `struct ida`, include/linux/idr.h, v6.19.
 */
export class Ida extends IdaTree implements Iterable<number> {
  private count = 0;
  /** No ID below is free, except for the one that waits. */
  private lowest = 0;
  /**
   * The lowest free ID, if it was freed last, or −1. Its bit is still set: most such IDs are handed out again immediately, and
   * the tree is never told. Always below `lowest`.
   */
  private waiting = -1;

  /** Number of IDs taken. */
  get size(): number {
    return this.count;
  }

  /** Bytes allocated. */
  get byteLength(): number {
    return this.nodes.byteLength;
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
      this.count++;
      return waiting;
    }
    const lowest = this.lowest;
    const from = Math.max(min, lowest);
    if (from > max) return -1;
    const id = this.takeNear(from) ? from : this.takeFrom(from, max);
    if (id < 0) return -1;
    // With the highest ID taken, all below it are known to be.
    if (min <= lowest) this.lowest = id < MAX_ID ? id + 1 : id;
    this.count++;
    return id;
  }

  /**
   * Gives an ID back. A value that is not a taken ID has no effect.
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
    this.count--;
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
   * Finds the lowest taken ID.
   *
   * @param min Lowest ID to look at, 0…2³¹−1.
   * @param max Highest ID to look at, 0…2³¹−1.
   * @returns The ID, or −1 if none of min…max is taken.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(levels); what is empty is skipped.
   * Source: ida_find_first_range, lib/idr.c, v6.19 (−ENOENT is −1 here).
   */
  findFirst(min = 0, max: number = MAX_ID): number {
    if (typeof min !== 'number' || (min & MAX_ID) !== min) throw badId('findFirst', min, 'min');
    if (typeof max !== 'number' || (max & MAX_ID) !== max) throw badId('findFirst', max, 'max');
    return this.first(min, max);
  }

  /** Finds the lowest taken ID from `from` to `max`, or −1: {@link findFirst} by the name it has in the other classes. */
  find(from = 0, max: number = MAX_ID): number {
    return this.first(checked('find', from, 'from'), checked('find', max, 'max'));
  }

  /**
   * Finds the lowest taken ID above one.
   *
   * @param from The ID below the first to look at, 0…2³¹−1.
   * @param max Highest ID to look at, 0…2³¹−1.
   * @returns The ID, or −1 if there is none.
   * @throws RangeError for a bad limit.
   */
  findAfter(from: number, max: number = MAX_ID): number {
    const id = checked('findAfter', from, 'from');
    const end = checked('findAfter', max, 'max');
    return id >= end ? -1 : this.first(id + 1, end);
  }

  /**
   * Finds the highest taken ID at or below one: `findLast()` is the highest of all.
   *
   * @param from Highest ID to look at, 0…2³¹−1.
   * @param min Lowest ID to look at, 0…2³¹−1.
   * @returns The ID, or −1 if there is none.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(levels); what is empty is skipped.
   */
  findLast(from: number = MAX_ID, min = 0): number {
    return this.last('findLast', checked('findLast', from, 'from'), min);
  }

  /** Finds the highest taken ID below one, or −1; otherwise as {@link findLast}. */
  findBefore(from: number, min = 0): number {
    return this.last('findBefore', checked('findBefore', from, 'from') - 1, min);
  }

  /**
   * Iterates over the taken IDs of a range, ascending; they may be freed and others taken meanwhile.
   *
   * @param from Lowest ID, 0…2³¹−1.
   * @param max Highest ID, 0…2³¹−1.
   * @throws RangeError for a bad limit, when it is called.
   */
  range(from = 0, max: number = MAX_ID): IterableIterator<number> {
    return this.ascending(checked('range', from, 'from'), checked('range', max, 'max'));
  }

  /**
   * Iterates over the taken IDs, descending; they may be freed and others taken meanwhile.
   *
   * @param from Highest ID, 0…2³¹−1.
   * @param min Lowest ID, 0…2³¹−1.
   * @throws RangeError for a bad limit, when it is called.
   */
  reversed(from: number = MAX_ID, min = 0): IterableIterator<number> {
    return this.descending(checked('reversed', from, 'from'), checked('reversed', min, 'min'));
  }

  /**
   * Makes every ID free and frees the memory.
   *
   * Source: ida_destroy, lib/idr.c, v6.19.
   */
  clear(): void {
    this.clearTree();
    this.count = 0;
    this.lowest = 0;
    this.waiting = -1;
  }

  /** Iterates over the taken IDs, ascending; they may be freed and others taken meanwhile. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let id = this.findFirst(); id >= 0; id = this.findFirst(id + 1)) {
      yield id;
      if (id === MAX_ID) return;
    }
  }

  /**
   * Shows the number of IDs and the first of them, like a Set.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showItems('Ida', this.count, this);
  }

  private first(from: number, max: number): number {
    let id = this.seekTaken(from);
    // Its bit is set, but it is free.
    if (id === this.waiting && id >= 0) id = id === MAX_ID ? -1 : this.seekTaken(id + 1);
    return id <= max ? id : -1;
  }

  /** Finds the highest taken ID up to one, which may be −1. */
  private last(call: string, from: number, min: number): number {
    checked(call, min, 'min');
    let id = from < 0 ? -1 : this.seekTakenLast(from);
    if (id === this.waiting && id >= 0) id = id === 0 ? -1 : this.seekTakenLast(id - 1);
    return id >= min ? id : -1;
  }

  private *ascending(from: number, max: number): Generator<number, void> {
    for (let id = this.first(from, max); id >= 0; id = this.first(id + 1, max)) {
      yield id;
      if (id === MAX_ID) return;
    }
  }

  private *descending(from: number, min: number): Generator<number, void> {
    for (let id = this.findLast(from, min); id >= 0; id = this.findBefore(id, min)) yield id;
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
function badId(call: string, got: unknown, name: string): Refusal {
  return refused(`Ida.${call}`, name, got, `an integer 0…${MAX_ID}`);
}

/** Returns a limit that is a u31. */
function checked(call: string, id: number, name: string): number {
  if (typeof id !== 'number' || (id & MAX_ID) !== id) throw badId(call, id, name);
  return id;
}
