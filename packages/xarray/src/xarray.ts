// XArray: an integer-keyed map with marks and ID allocation, in typed arrays.
// Reference: Linux lib/xarray.c, include/linux/xarray.h (v6.19), Documentation/core-api/xarray.rst.
import { Allocation } from './allocation.ts';
import { orderAt } from './bounds.ts';
import { Cursor } from './cursor.ts';
import { hintFor } from './free-hint.ts';
import { showEntries } from './inspect.ts';
import { bitmapOf, clearMark, hasMark, isMarked, markBitmap, setMark } from './marks.ts';
import { badArray, badEntry, badIndex, badMarking, badOrder, badRange } from './misuse.ts';
import { MARKS, MAX_ENTRY, MAX_INDEX, MAX_ORDER } from './node-layout.ts';
import { type FromOptions, readOptions, type XArrayOptions } from './options.ts';
import type { Entry, Index } from './searches.ts';
import { decode } from './snapshot.ts';
import { splitSpan, storeBlock, storeRow } from './spans.ts';

/**
 * Maps indices to entries in a radix tree of 64-slot nodes, ordered, with three marks per entry and ID allocation.
 *
 * Works best where indices are dense or clustered. A reserved index holds NULL for `load`, `find` and iteration, and is
 * taken for `insert` and `alloc`.
 *
 * Source: `struct xarray`, include/linux/xarray.h, v6.19.
 */
export class XArray extends Allocation {
  /**
   * Makes an empty array, which takes about 300 bytes until something is stored.
   *
   * @throws RangeError for an unknown option value.
   */
  constructor(options?: XArrayOptions);
  /** @internal For the classes that have one inside, whose options these were. */
  constructor(options: XArrayOptions, owner: string);
  constructor(options: XArrayOptions = {}, holder?: unknown) {
    const owner = typeof holder === 'string' ? holder : 'XArray'; // `new XArray(1, 2)` is not called 2
    const { base, capacity } = readOptions(owner, options);
    super(owner, base, capacity);
  }

  /**
   * Copies entries, in ascending order of index, until the destination is full.
   *
   * @param dst Int32Array, entries; its length is the most that is copied.
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns How many were copied.
   * @throws RangeError for a bad index or mark, or if `dst` is not an Int32Array.
   *
   * Source: xa_extract, lib/xarray.c, v6.19.
   */
  extract(dst: Int32Array, from: Index, max: Index = MAX_INDEX, mark?: number): number {
    if (!(dst instanceof Int32Array)) throw badArray(this.owner, 'extract', dst);
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'extract', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'extract', max, 'max');
    const kind = bitmapOf(this.owner, 'extract', mark);
    let n = 0;
    let index = this.find(from, max, mark);
    while (index >= 0 && index <= max && n < dst.length) {
      const entry = this.met(index);
      if (entry !== 0) dst[n++] = entry;
      index = this.seekAfter(index, kind);
    }
    return n;
  }

  /**
   * Puts one entry over the 2^order aligned indices around an index; each of them then reads, replaces or erases it as a whole.
   *
   * It replaces what was there, and has every mark that any of it had. Inside a larger entry it replaces all of that
   * one, which keeps its size ({@link split} makes it smaller). 0 removes what is in the block, in every kind of array.
   *
   * @param index Any index of the block, 0…2³²−1.
   * @param order 0…32: the block is as large as 2^order.
   * @param entry 0…2³¹−1.
   * @returns The first entry that was in the block, or 0 if there was none.
   * @throws RangeError for a bad index, order or entry, or when 2²⁵ nodes are used up.
   *
   * Cost: O(height + nodes it replaces).
   * Source: xas_store, XA_STATE_ORDER, v6.19. (There, the result is what the first slot held, even a node.)
   */
  storeOrder(index: Index, order: number, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'storeOrder', index);
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) throw badOrder(this.owner, 'storeOrder', order);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(this.owner, 'storeOrder', entry);
    return storeBlock(this, index, order, entry);
  }

  /**
   * Puts an entry over a range of indices, as a row of multi-index entries: the fewest aligned blocks that cover it.
   *
   * Each is an entry of its own, with marks of its own, and counts for `size`. 0 removes what is in the range. A larger
   * entry that reaches into the range is replaced or removed whole.
   *
   * @param first First index, 0…2³²−1.
   * @param last Last index, first…2³²−1.
   * @param entry 0…2³¹−1.
   * @throws RangeError for a bad index or entry, when last < first, or when 2²⁵ nodes are used up; then nothing has changed.
   *
   * Source: xa_store_range, lib/xarray.c, v6.19.
   */
  storeRange(first: Index, last: Index, entry: Entry): void {
    if (typeof first !== 'number' || first >>> 0 !== first) throw badIndex(this.owner, 'storeRange', first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex(this.owner, 'storeRange', last, 'last');
    if (last < first) throw badRange(this.owner, 'storeRange', first, last);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(this.owner, 'storeRange', entry);
    storeRow(this, first, last, entry);
  }

  /**
   * Returns the order of the entry at an index: it covers 2^order indices.
   *
   * @param index 0…2³²−1.
   * @returns 0…32; 0 also if there is no entry.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: xa_get_order, lib/xarray.c, v6.19.
   */
  getOrder(index: Index): number {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'getOrder', index);
    return this.multi === 0 ? 0 : orderAt(this, index);
  }

  /**
   * Cuts the entry at an index into pieces of a lower order, each with the same entry and marks. One of that order or less stays.
   *
   * @param index 0…2³²−1.
   * @param order Order of the pieces, 0…32.
   * @throws RangeError for a bad index or order, or when the pieces take more nodes than the limit; then nothing has changed.
   *
   * Cost: O(pieces).
   * Source: xas_split, lib/xarray.c, v6.19 (which goes down two levels at most).
   */
  split(index: Index, order: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'split', index);
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) throw badOrder(this.owner, 'split', order);
    splitSpan(this, index, order);
  }

  /**
   * Reads a mark of the entry at an index; the indices of a multi-index entry share its marks.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2.
   * @returns False also if there is no entry.
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_get_mark, lib/xarray.c, v6.19.
   */
  getMark(index: Index, mark: number): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'getMark', index);
    return hasMark(this, index, markBitmap(this.owner, 'getMark', mark));
  }

  /**
   * Sets a mark of the entry at an index; does nothing if there is no entry. A reservation can be marked, but no search finds it.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2; all three are free for use, in allocating arrays too.
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_set_mark, lib/xarray.c, v6.19.
   */
  setMark(index: Index, mark: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index || (mark !== 0 && mark !== 1 && mark !== 2)) {
      throw badMarking(this.owner, 'setMark', index, mark);
    }
    setMark(this, index, MARKS + 2 * mark);
  }

  /**
   * Clears a mark of the entry at an index.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2.
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_clear_mark, lib/xarray.c, v6.19.
   */
  clearMark(index: Index, mark: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index || (mark !== 0 && mark !== 1 && mark !== 2)) {
      throw badMarking(this.owner, 'clearMark', index, mark);
    }
    clearMark(this, index, MARKS + 2 * mark);
  }

  /**
   * Tells whether any entry in the array has a mark.
   *
   * @param mark 0…2.
   * @throws RangeError for a bad mark.
   *
   * Cost: O(1).
   * Source: xa_marked, include/linux/xarray.h, v6.19.
   */
  marked(mark: number): boolean {
    return isMarked(this, markBitmap(this.owner, 'marked', mark));
  }

  /**
   * Makes a cursor, to visit the array step by step.
   *
   * @param index Where it begins, 0…2³²−1.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: XA_STATE, include/linux/xarray.h, v6.19.
   */
  cursor(index: Index = 0): Cursor {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'cursor', index);
    return new Cursor(this, index);
  }

  /**
   * Reads what {@link snapshot} wrote; header, checksum and every node are verified first.
   *
   * @param bytes A whole snapshot; it is copied.
   * @param options See {@link FromOptions}.
   * @returns A new array of the same kind and content; on a subclass, an object of the subclass, made without arguments but `alloc`.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged or of another class; RangeError for a bad option or anything but a Uint8Array.
   *
   * Cost: O(nodes); when trusted, close to a copy of the memory.
   */
  static from<T extends XArray = XArray>(
    this: (new (options?: XArrayOptions) => T) | undefined,
    bytes: Uint8Array,
    options?: FromOptions,
  ): T {
    const { state, allocBase } = decode('XArray.from', bytes, 'XArray', options);
    const alloc = allocBase < 0 ? undefined : allocBase === 0 ? 'from0' : 'from1';
    const array = new (this ?? XArray)({ alloc }) as T;
    if (array.free.base !== allocBase) array.free = hintFor(allocBase);
    array.adopt(state);
    return array;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return showEntries('XArray', this.held, this);
  }

  /**
   * Shows size and the first entries, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }
}
