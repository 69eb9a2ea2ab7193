// SparseXArray: the calls of XArray, for indices that lie far apart.

import { showEntries } from '../inspect.ts';
import { badEntry, badIndex } from '../misuse.ts';
import { MAX_ENTRY } from '../node-layout.ts';
import type { Entry, Index } from '../searches.ts';
import { compacted } from './compact.ts';
import { BIAS, DIRECTORY_META_SHIFT, ENTRIES, LEAF_META_SHIFT, LEAF_SHIFT, NO_LEAF, ROOT } from './layout.ts';
import { lowerBound } from './lower-bound.ts';
import { nothingReserved } from './misuse.ts';
import { markBitmap, SparseSearches } from './searches.ts';
import { decodeSparse, encodeSparse } from './snapshot.ts';
import { isRoomless, noState } from './storage.ts';

/**
 * Maps indices to entries, ordered and with three marks per entry, in little memory wherever the indices lie.
 *
 * For indices that are spread; where they are dense or in runs, XArray is smaller and faster. Has no allocation, reservations
 * or multi-index entries.
 */
export class SparseXArray extends SparseSearches {
  /** Makes an empty array, which takes about 300 bytes until something is stored. */
  constructor() {
    super(noState());
  }

  /**
   * Bytes allocated: none before the first entry, then 272 for each leaf and 288 for each directory there is room for, and from 64
   * leaves on up to 8 for each of them as a guide.
   */
  get byteLength(): number {
    if (isRoomless(this)) return 0;
    const { leaves, leafMeta, directory, directoryMeta, guide } = this;
    return leaves.byteLength + leafMeta.byteLength + directory.byteLength + directoryMeta.byteLength + guide.byteLength;
  }

  /**
   * Reads the entry at an index.
   *
   * @param index 0…2³²−1.
   * @returns The entry, or 0 where there is none.
   * @throws RangeError for an index that is not a u32.
   *
   * Cost: one cell of the guide, where that leads to a leaf, and one search in at most 31 keys; elsewhere also one slot per directory,
   * at most 5.
   */
  load(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'load', index);
    const { leaves } = this;
    const key = index ^ BIAS;
    const at = lowerBound(leaves, this.leafOf(index | 0) << LEAF_SHIFT, key);
    return leaves[at] === key ? leaves[at + ENTRIES] : 0;
  }

  /**
   * Puts an entry at an index, over whatever is there; marks stay. Storing 0 erases.
   *
   * @param index 0…2³²−1.
   * @param entry 0…2³¹−1.
   * @returns The entry that was there, or 0.
   * @throws RangeError for a bad index or entry.
   *
   * Cost: as a load; a new index moves up to 30 keys of its leaf, and splits it when that is full.
   */
  store(index: Index, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'store', index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('SparseXArray', 'store', entry);
    return entry === 0 ? this.remove(index) : this.put(index, entry);
  }

  /**
   * Removes what is at an index, marks included.
   *
   * @param index 0…2³²−1.
   * @returns The entry that was there, or 0.
   * @throws RangeError for an index that is not a u32.
   */
  erase(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'erase', index);
    return this.remove(index);
  }

  /**
   * Puts an entry where none is.
   *
   * @param index 0…2³²−1.
   * @param entry 1…2³¹−1; not 0, for nothing can be reserved here.
   * @returns False, and nothing changes, if there is an entry.
   * @throws RangeError for a bad index or entry.
   */
  insert(index: Index, entry: Entry): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'insert', index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('SparseXArray', 'insert', entry);
    if (entry === 0) throw nothingReserved();
    if (this.load(index) !== 0) return false;
    this.put(index, entry);
    return true;
  }

  /**
   * Replaces an entry if it is the one expected; 0 stands for none, on either side.
   *
   * @param index 0…2³²−1.
   * @param old The entry expected, 0…2³¹−1.
   * @param entry The entry to put, 0…2³¹−1.
   * @returns The entry that was there, or 0: the exchange was made if that is `old`.
   * @throws RangeError for a bad index or entry.
   */
  cmpxchg(index: Index, old: Entry, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'cmpxchg', index);
    const current = this.load(index);
    if (typeof old !== 'number' || (old & MAX_ENTRY) !== old) throw badEntry('SparseXArray', 'cmpxchg', old, 'old');
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry('SparseXArray', 'cmpxchg', entry);
    if (current === old && entry !== old) this.store(index, entry);
    return current;
  }

  /**
   * Removes the entries of a range, marks included.
   *
   * @param first First index, 0…2³²−1.
   * @param last Last index, 0…2³²−1; below `first`, the range is empty and nothing happens.
   * @returns How many were removed.
   * @throws RangeError for a bad index.
   *
   * Cost: as erasing them one by one, from the last to the first.
   */
  eraseRange(first: Index, last: Index): number {
    if (typeof first !== 'number' || first >>> 0 !== first)
      throw badIndex('SparseXArray', 'eraseRange', first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex('SparseXArray', 'eraseRange', last, 'last');
    const before = this.held;
    for (let index = this.findLast(last, first); index >= 0; index = this.findBefore(index, first)) this.remove(index);
    return before - this.held;
  }

  /**
   * Reads a mark of the entry at an index.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2.
   * @returns False also if there is no entry.
   * @throws RangeError for a bad index or mark.
   */
  getMark(index: Index, mark: number): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'getMark', index);
    const word = markBitmap('getMark', mark) >> 1;
    const at = this.entryPlace(index);
    return (this.leafMeta[((at >>> LEAF_SHIFT) << LEAF_META_SHIFT) + word] & (1 << at)) !== 0;
  }

  /**
   * Sets a mark of the entry at an index; does nothing if there is no entry.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2.
   * @throws RangeError for a bad index or mark.
   */
  setMark(index: Index, mark: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'setMark', index);
    const kind = markBitmap('setMark', mark);
    const at = this.entryPlace(index);
    if (at >>> LEAF_SHIFT !== NO_LEAF) this.mark(at, kind);
  }

  /**
   * Clears a mark of the entry at an index.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2.
   * @throws RangeError for a bad index or mark.
   */
  clearMark(index: Index, mark: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'clearMark', index);
    const kind = markBitmap('clearMark', mark);
    this.unmark(this.entryPlace(index), kind);
  }

  /**
   * Says whether anything in the array has a mark.
   *
   * @param mark 0…2.
   * @throws RangeError for a bad mark.
   *
   * Cost: O(1).
   */
  marked(mark: number): boolean {
    const word = (ROOT << DIRECTORY_META_SHIFT) | markBitmap('marked', mark);
    return (this.directoryMeta[word] | this.directoryMeta[word + 1]) !== 0;
  }

  /** Removes everything and frees the memory. */
  clear(): void {
    this.adopt(noState());
  }

  /**
   * Moves everything into arrays of just its size, in ascending order of index.
   *
   * Cost: O(leaves); old and new arrays exist at the same time.
   */
  compact(): void {
    this.adopt(compacted(this.state()));
  }

  /**
   * Writes indices, entries and marks as bytes.
   *
   * The words have the byte order of the machine; a machine of the other order refuses them.
   *
   * @returns A snapshot: 64 bytes, and 8⅜ for each entry; a multiple of 64.
   *
   * Cost: one visit of all entries; with marks in use, a search for each.
   */
  snapshot(): Uint8Array {
    return encodeSparse(this);
  }

  /**
   * Reads what {@link snapshot} wrote.
   *
   * @param bytes A whole snapshot, from any source; it is copied.
   * @returns A new array; on a subclass, an object of the subclass.
   * @throws XArrayError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
   *
   * Cost: a store for each entry; memory of some times the length of the bytes.
   */
  static from<T extends SparseXArray = SparseXArray>(this: (new () => T) | undefined, bytes: Uint8Array): T {
    return decodeSparse('SparseXArray.from', bytes, () => new (this ?? SparseXArray)() as T);
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return showEntries('SparseXArray', this.held, this);
  }

  /**
   * Shows size and the first entries, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** Finds the place of the entry at an index, or one in NO_LEAF, where no mark is ever set. */
  private entryPlace(index: number): number {
    const at = this.locate(index);
    return this.leaves[at] === (index ^ BIAS) && this.leaves[at + ENTRIES] !== 0 ? at : NO_LEAF;
  }
}
