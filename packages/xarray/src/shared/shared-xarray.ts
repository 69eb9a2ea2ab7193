// SharedXArray: XArray in a SharedArrayBuffer, for worker threads that all read and write it at once.
// Reference: Linux lib/xarray.c, v6.19: xa_load under RCU, all else under xa_lock.
import { badIndex } from '../misuse.ts';
import { MAX_ENTRY, MAX_INDEX } from '../node-layout.ts';
import type { Entry, Index } from '../search.ts';
import { HEAD, LEVELS_MASK, ROOT, ROOT_SHIFT, SEQUENCE } from './layout.ts';
import { LockedTree } from './locked-tree.ts';
import type { AttachOptions } from './options.ts';
import { SharedXArrayError } from './shared-xarray-error.ts';

/** Entries that forEach and the iterator fetch at one moment. */
const BATCH = 64;

/**
 * Maps indices to entries for all threads that are attached to it, with marks and ID allocation.
 *
 * The calls are those of XArray, except multi-index entries, cursors and `compact`. Each is atomic: it takes effect at one
 * moment between its begin and its end, for all threads the same. `load` takes no lock and never waits for a writer; all
 * else takes the one lock of the array. `forEach` and the iterator see up to 64 entries at one moment, then the next.
 *
 * The memory for `capacity` nodes is reserved when the array is made and taken from the system when it is first used, so
 * the array grows without anybody noticing, up to the capacity and no further.
 *
 * A worker that ends while it changes the array leaves what `load` reads sound. Its end must be told with `bury`: until
 * then those who need the lock it held wait, for `patienceMs` at most. The next one that takes it puts the rest in order.
 *
 * Source: `struct xarray`, include/linux/xarray.h, v6.19.
 */
export class SharedXArray extends LockedTree implements Iterable<[Index, Entry]> {
  /**
   * Attaches this thread to an array that another one made.
   *
   * @param handle The `handle` of the other's array.
   * @param options See AttachOptions.
   * @throws SharedXArrayError if it is not the memory of an array of this version, or no seat is free; RangeError for a
   *   bad option.
   */
  static attach(handle: SharedArrayBuffer, options: AttachOptions = {}): SharedXArray {
    if (handle === undefined || handle === null) {
      throw new SharedXArrayError('HANDLE', `handle is ${handle}, expected the .handle of a SharedXArray`);
    }
    return new SharedXArray(options, handle);
  }

  /**
   * Reads the entry at an index.
   *
   * @param index 0…2³²−1.
   * @returns The entry, or 0 where there is none or only a reservation: what was true at one moment of the call.
   * @throws RangeError for an index that is not a u32.
   *
   * Cost: the array's sequence and root, one slot per level, the sequence again; anew if a node was given up meanwhile.
   * Lock: none, unless `lockFreeReads` is false.
   */
  override load(index: Index): Entry {
    if (index >>> 0 !== index) throw badIndex(index);
    const { slots, mask } = this;
    const i = index | 0;
    const sequence = slots[SEQUENCE];
    const head = slots[ROOT];
    const root = (head >>> ROOT_SHIFT) << 6;
    let entry = 0;
    // Masked: in a node that was given up and used again, an entry may stand where a handle was.
    switch (head & LEVELS_MASK) {
      case 1:
        if (i >>> 6 === 0) entry = slots[root | i];
        break;
      case 2:
        if (i >>> 12 === 0) entry = slots[((slots[root | (i >>> 6)] << 6) | (i & 63)) & mask];
        break;
      case 3:
        if (i >>> 18 === 0) {
          const leaf = slots[((slots[root | (i >>> 12)] << 6) | ((i >>> 6) & 63)) & mask];
          entry = slots[((leaf << 6) | (i & 63)) & mask];
        }
        break;
      default:
        entry = this.loadDeep(i, head & LEVELS_MASK, root);
    }
    return slots[SEQUENCE] === sequence ? entry : this.loadAgain(index);
  }

  /**
   * Puts an entry at an index and returns the one that was there, or 0. See XArray.store.
   *
   * Lock: the writers'.
   */
  store(index: Index, entry: Entry): Entry {
    const tree = this.enter();
    try {
      return tree.store(index, entry);
    } finally {
      this.leave();
    }
  }

  /**
   * Removes what is at an index and frees it; returns the entry that was there, or 0. See XArray.erase.
   *
   * Lock: the writers'.
   */
  erase(index: Index): Entry {
    const tree = this.enter();
    try {
      return tree.erase(index);
    } finally {
      this.leave();
    }
  }

  /**
   * Puts an entry where nothing is; 0 reserves. False, and nothing changes, if the index is taken. See XArray.insert.
   *
   * Lock: the writers'.
   */
  insert(index: Index, entry: Entry): boolean {
    const tree = this.enter();
    try {
      return tree.insert(index, entry);
    } finally {
      this.leave();
    }
  }

  /**
   * Replaces an entry if it is the one expected; returns the one that was there. See XArray.cmpxchg.
   *
   * Lock: the writers'.
   */
  cmpxchg(index: Index, old: Entry, entry: Entry): Entry {
    const tree = this.enter();
    try {
      return tree.cmpxchg(index, old, entry);
    } finally {
      this.leave();
    }
  }

  /**
   * Takes an index without an entry. See XArray.reserve.
   *
   * Lock: the writers'.
   */
  reserve(index: Index): void {
    const tree = this.enter();
    try {
      tree.reserve(index);
    } finally {
      this.leave();
    }
  }

  /**
   * Undoes a reservation that was not used. See XArray.release.
   *
   * Lock: the writers'.
   */
  release(index: Index): void {
    const tree = this.enter();
    try {
      tree.release(index);
    } finally {
      this.leave();
    }
  }

  /**
   * Puts an entry at the lowest free index; no two threads get the same. −1 if none is free. See XArray.alloc.
   *
   * Lock: the writers'.
   */
  alloc(entry: Entry, min: Index = 0, max: Index = MAX_ENTRY): number {
    const tree = this.enter();
    try {
      return tree.alloc(entry, min, max);
    } finally {
      this.leave();
    }
  }

  /**
   * Puts an entry at the next free index at or after `next`, or failing that at the lowest. See XArray.allocCyclic.
   *
   * Lock: the writers'.
   */
  allocCyclic(entry: Entry, next: Index, min: Index = 0, max: Index = MAX_ENTRY): number {
    const tree = this.enter();
    try {
      return tree.allocCyclic(entry, next, min, max);
    } finally {
      this.leave();
    }
  }

  /**
   * Finds the first entry at or after an index: its index, or −1. See XArray.find.
   *
   * Lock: the writers'.
   */
  find(from: Index, max: Index = MAX_INDEX, mark?: number): number {
    const tree = this.enter();
    try {
      return tree.find(from, max, mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Finds the first entry after an index: its index, or −1. See XArray.findAfter.
   *
   * Lock: the writers'.
   */
  findAfter(from: Index, max: Index = MAX_INDEX, mark?: number): number {
    const tree = this.enter();
    try {
      return tree.findAfter(from, max, mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Finds the first index at which nothing is, not even a reservation, or −1. See XArray.findAbsent.
   *
   * Lock: the writers'.
   */
  findAbsent(from: Index, max: Index = MAX_INDEX): number {
    const tree = this.enter();
    try {
      return tree.findAbsent(from, max);
    } finally {
      this.leave();
    }
  }

  /**
   * Finds the first run of indices at which nothing is: its first, or −1. See XArray.findGap.
   *
   * Lock: the writers'.
   */
  findGap(length: number, from: Index = 0, max: Index = MAX_INDEX): number {
    const tree = this.enter();
    try {
      return tree.findGap(length, from, max);
    } finally {
      this.leave();
    }
  }

  /**
   * Copies entries in ascending order, all of one moment, until the destination is full; returns how many. See XArray.extract.
   *
   * Lock: the writers'.
   */
  extract(dst: Int32Array, from: Index, max: Index = MAX_INDEX, mark?: number): number {
    const tree = this.enter();
    try {
      return tree.extract(dst, from, max, mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Reads a mark of the entry at an index. See XArray.getMark.
   *
   * Lock: the writers'.
   */
  getMark(index: Index, mark: number): boolean {
    const tree = this.enter();
    try {
      return tree.getMark(index, mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Sets a mark of the entry at an index. See XArray.setMark.
   *
   * Lock: the writers'.
   */
  setMark(index: Index, mark: number): void {
    const tree = this.enter();
    try {
      tree.setMark(index, mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Clears a mark of the entry at an index. See XArray.clearMark.
   *
   * Lock: the writers'.
   */
  clearMark(index: Index, mark: number): void {
    const tree = this.enter();
    try {
      tree.clearMark(index, mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Says whether anything in the array has a mark. See XArray.marked.
   *
   * Lock: the writers'.
   */
  marked(mark: number): boolean {
    const tree = this.enter();
    try {
      return tree.marked(mark);
    } finally {
      this.leave();
    }
  }

  /**
   * Removes everything, at one moment; the nodes can be used again. See XArray.clear.
   *
   * Lock: the writers'.
   */
  clear(): void {
    const tree = this.enter();
    try {
      tree.clear();
    } finally {
      this.leave();
    }
  }

  /**
   * Writes the array, as it is at one moment, into a buffer for XArray.from. See XArray.snapshot.
   *
   * Lock: the writers'.
   */
  snapshot(): Uint8Array {
    const tree = this.enter();
    try {
      return tree.snapshot();
    } finally {
      this.leave();
    }
  }

  /**
   * Calls a function for each entry, in ascending order of index.
   *
   * The function may change the array, as may other threads meanwhile: entries are fetched 64 at a time, each batch as it
   * is at one moment.
   *
   * @param fn Gets the entry and its index.
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark.
   *
   * Lock: the writers', for each batch.
   */
  forEach(fn: (entry: Entry, index: Index) => void, from: Index = 0, max: Index = MAX_INDEX, mark?: number): void {
    for (let next = from; next <= max; ) {
      const batch = this.batch(next, max, mark);
      for (const [index, entry] of batch) fn(entry, index);
      if (batch.length < BATCH) return;
      next = batch[BATCH - 1]![0] + 1;
    }
  }

  /** Iterates over `[index, entry]` in ascending order, like {@link forEach}. */
  *[Symbol.iterator](): IterableIterator<[Index, Entry]> {
    for (let next = 0; next <= MAX_INDEX; ) {
      const batch = this.batch(next, MAX_INDEX);
      yield* batch;
      if (batch.length < BATCH) return;
      next = batch[BATCH - 1]![0] + 1;
    }
  }

  /** `load` after a writer has given up a node meanwhile: apart, so that `load` is inlined. */
  private loadAgain(index: Index): Entry {
    return this.load(index);
  }

  /** What `load` does with no level, or four to six. */
  private loadDeep(index: number, levels: number, root: number): number {
    const { slots, mask } = this;
    if (levels === 0) return index === 0 ? Math.max(slots[HEAD], 0) : 0;
    let shift = (levels - 1) * 6;
    if (shift < 30 && index >>> (shift + 6) !== 0) return 0;
    let node = root;
    for (; shift > 0; shift -= 6) node = (slots[node | ((index >>> shift) & 63)] << 6) & mask;
    return slots[node | (index & 63)];
  }

  protected override loadLocked(index: Index): Entry {
    const tree = this.enter();
    try {
      return tree.load(index);
    } finally {
      this.leave();
    }
  }

  private batch(from: Index, max: Index, mark?: number): [Index, Entry][] {
    const found: [Index, Entry][] = [];
    const tree = this.enter();
    try {
      let index = tree.find(from, max, mark);
      while (index >= 0 && found.length < BATCH) {
        found.push([index, tree.load(index)]);
        index = tree.findAfter(index, max, mark);
      }
    } finally {
      this.leave();
    }
    return found;
  }
}
