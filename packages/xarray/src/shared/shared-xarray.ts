// SharedXArray: XArray in a SharedArrayBuffer, for worker threads that all read and write it at once.
// Reference: Linux lib/xarray.c, v6.19: xa_load under RCU, all else under xa_lock. Here, most changes need less than that.

import type { Entry, Index } from '../entries.ts';
import { badEntry, badIndex } from '../misuse.ts';
import { MAX_ENTRY } from '../node-layout.ts';
import { HEAD, LEVELS_MASK, ROOT, ROOT_SHIFT, SEQUENCE } from './layout.ts';
import { ANY, REFUSED } from './leaf-changes.ts';
import type { AttachOptions, SharedXArrayOptions } from './options.ts';
import { SharedSearch } from './shared-search.ts';
import { SharedXArrayError } from './shared-xarray-error.ts';

/**
 * Maps indices to entries for all threads that are attached to it, with marks and ID allocation.
 *
 * The calls are those of XArray, except multi-index entries, cursors and `compact`. Each is atomic: it takes effect at one
 * moment between its begin and its end, for all threads the same. `load` takes no lock and never waits for a writer.
 * `store`, `erase`, `insert` and `cmpxchg` lock the leaf they change, so that threads do so in different leaves at once;
 * where a node comes or goes, or those above must be told (a leaf becomes full or empty, a mark goes, an ID below all
 * free ones is freed), they take the writers' lock, as all else does. `forEach` and the iterator see up to 64 entries at
 * one moment, then the next.
 *
 * The memory for `capacity` nodes is reserved when the array is made and taken from the system when it is first used, so
 * the array grows without anybody noticing, up to the capacity and no further.
 *
 * A worker that ends while it changes the array leaves what `load` reads sound. Its end must be told with `bury`: until
 * then those who need the writers' lock wait, for `patienceMs` at most. The next one that takes it puts the rest in order.
 *
 * Source: `struct xarray`, include/linux/xarray.h, v6.19.
 */
export class SharedXArray extends SharedSearch {
  /**
   * Attaches this thread to an array that another one made.
   *
   * @param handle The `handle` of the other's array.
   * @param options See AttachOptions.
   * @returns Called on a subclass, one of that: its constructor must hand on all its arguments.
   * @throws SharedXArrayError if it is not the memory of an array of this version, or no seat is free; RangeError for a
   *   bad option.
   */
  static attach<T extends SharedXArray = SharedXArray>(
    this: (new (options?: SharedXArrayOptions) => T) | undefined,
    handle: SharedArrayBuffer,
    options: AttachOptions = {},
  ): T {
    if (handle === undefined || handle === null) {
      throw new SharedXArrayError('HANDLE', `handle is ${handle}, expected the .handle of a SharedXArray`);
    }
    const make = (this ?? SharedXArray) as new (options: AttachOptions, handle: SharedArrayBuffer) => T;
    const array = new make(options, handle);
    if (array.handle === handle) return array;
    array.detach();
    throw new SharedXArrayError('HANDLE', 'the constructor of the subclass must hand on all its arguments');
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
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
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
   * Lock: the leaf's, or the writers'.
   */
  store(index: Index, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    const old = entry === 0 ? REFUSED : this.change(index, ANY, entry);
    if (old !== REFUSED) return old;
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
   * Lock: the leaf's, or the writers'.
   */
  erase(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    const old = this.change(index, ANY, 0);
    if (old !== REFUSED) return old;
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
   * Lock: the leaf's, or the writers'.
   */
  insert(index: Index, entry: Entry): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    const seen = entry === 0 ? REFUSED : this.change(index, 0, entry);
    if (seen !== REFUSED) return seen === 0;
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
   * Lock: the leaf's, or the writers'.
   */
  cmpxchg(index: Index, old: Entry, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (typeof old !== 'number' || (old & MAX_ENTRY) !== old) throw badEntry(old);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    const seen = entry === 0 && old === 0 ? REFUSED : this.change(index, old, entry);
    if (seen !== REFUSED) return seen;
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
}
