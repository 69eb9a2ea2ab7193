// SparseXArray: the calls of XArray, for indices that lie far apart.

import type { Entry, Index } from '../entries.ts';
import { showEntries } from '../inspect.ts';
import { badArray, badEntry, badFunction, badIndex, badMark } from '../misuse.ts';
import { MAX_ENTRY, MAX_INDEX } from '../node-layout.ts';
import { compacted } from './compact.ts';
import {
  BIAS,
  DIRECTORY_META_SHIFT,
  ENTRIES,
  LEAF_META_SHIFT,
  LEAF_SHIFT,
  MARKS,
  NO_LEAF,
  PRESENT,
  ROOT,
} from './layout.ts';
import { lowerBound } from './lower-bound.ts';
import { nothingReserved } from './misuse.ts';
import { seekLast } from './seek-last.ts';
import { emptyState } from './storage.ts';
import { SparseTree } from './tree.ts';

/** Leaves and directories a new array has room for. */
const FIRST_LEAVES = 4;
const FIRST_DIRECTORIES = 2;

/**
 * Maps indices to entries, ordered and with three marks per entry, in little memory wherever the indices lie.
 *
 * For indices that are spread; where they are dense or in runs, XArray is smaller and faster. Has no allocation, reservations,
 * multi-index entries or snapshots.
 */
export class SparseXArray extends SparseTree implements Iterable<[Index, Entry]> {
  /** Makes an empty array (about 1.7 kB). */
  constructor() {
    super(emptyState(FIRST_LEAVES, FIRST_DIRECTORIES));
  }

  /** Number of entries. */
  get size(): number {
    return this.count;
  }

  /** Bytes allocated: 272 for every leaf and 288 for every directory there is room for. */
  get byteLength(): number {
    const { leaves, leafMeta, directory, directoryMeta } = this;
    return leaves.byteLength + leafMeta.byteLength + directory.byteLength + directoryMeta.byteLength;
  }

  /**
   * Reads the entry at an index.
   *
   * @param index 0…2³²−1.
   * @returns The entry, or 0 where there is none.
   * @throws RangeError for an index that is not a u32.
   *
   * Cost: one slot per directory, at most 5 (3 for a million uniform indices), and one search in at most 31 keys.
   */
  load(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'load', index);
    const { directory, leaves } = this;
    const i = index | 0;
    let child = directory[i >>> 26];
    for (let shift = 20; child < 0; shift -= 6) child = directory[(~child << 6) | ((i >>> shift) & 63)];
    const at = lowerBound(leaves, child << LEAF_SHIFT, i ^ BIAS);
    return leaves[at] === (i ^ BIAS) ? leaves[at + ENTRIES] : 0;
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
   * Finds the first entry at or after an index.
   *
   * @param from First index to look at, 0…2³²−1.
   * @param max Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: about as a load; what is empty, or has no such mark, is skipped.
   */
  find(from: Index = 0, max: Index = MAX_INDEX, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'find', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SparseXArray', 'find', max, 'max');
    const at = this.seek(from, bitmapOf('find', mark));
    if (at < 0) return -1;
    const index = this.indexAt(at);
    return index <= max ? index : -1;
  }

  /**
   * Finds the first entry after an index.
   *
   * @param from The index before the first to look at, 0…2³²−1.
   * @param max Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   */
  findAfter(from: Index, max: Index = MAX_INDEX, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'findAfter', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SparseXArray', 'findAfter', max, 'max');
    bitmapOf('findAfter', mark);
    return from === MAX_INDEX ? -1 : this.find(from + 1, max, mark);
  }

  /**
   * Finds the last entry at or before an index: `findLast()` is the highest index.
   *
   * @param from First index to look at, going down, 0…2³²−1; 2³²−1 unless given.
   * @param min Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: as {@link find}.
   */
  findLast(from: Index = MAX_INDEX, min: Index = 0, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'findLast', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex('SparseXArray', 'findLast', min, 'min');
    const at = seekLast(this, from, bitmapOf('findLast', mark));
    if (at < 0) return -1;
    const index = this.indexAt(at);
    return index >= min ? index : -1;
  }

  /** Finds the last entry before an index: its index, or −1; otherwise as {@link findLast}. */
  findBefore(from: Index, min: Index = 0, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'findBefore', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex('SparseXArray', 'findBefore', min, 'min');
    bitmapOf('findBefore', mark);
    return from === 0 ? -1 : this.findLast(from - 1, min, mark);
  }

  /**
   * Iterates over `[index, entry]` of a range, in ascending order; not a snapshot, like {@link forEach}.
   *
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark, when it is called.
   */
  range(from: Index = 0, max: Index = MAX_INDEX, mark?: number): IterableIterator<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'range', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SparseXArray', 'range', max, 'max');
    return this.ascending(from, max, bitmapOf('range', mark));
  }

  /** Iterates over `[index, entry]` in descending order, from `from` down to `min`; otherwise as {@link range}. */
  reversed(from: Index = MAX_INDEX, min: Index = 0, mark?: number): IterableIterator<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'reversed', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex('SparseXArray', 'reversed', min, 'min');
    return this.descending(from, min, bitmapOf('reversed', mark));
  }

  /**
   * Calls a function for each entry, in ascending order of index.
   *
   * Not a snapshot: the function may store and erase, at its index or elsewhere, and what lies ahead is met as it then is.
   *
   * @param fn Gets the entry and its index.
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark, or if `fn` is not a function.
   */
  forEach(fn: (entry: Entry, index: Index) => void, from: Index = 0, max: Index = MAX_INDEX, mark?: number): void {
    if (typeof fn !== 'function') throw badFunction('SparseXArray', 'forEach', fn);
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'forEach', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SparseXArray', 'forEach', max, 'max');
    const kind = bitmapOf('forEach', mark);
    let at = this.seek(from, kind);
    while (at >= 0) {
      const index = this.indexAt(at);
      if (index > max) return;
      const { moves } = this;
      fn(this.leaves[at + ENTRIES], index);
      at = this.next(at, index, kind, moves);
    }
  }

  /** Iterates over `[index, entry]` in ascending order; not a snapshot, like {@link forEach}. */
  *[Symbol.iterator](): IterableIterator<[Index, Entry]> {
    let at = this.seek(0, PRESENT);
    while (at >= 0) {
      const index = this.indexAt(at);
      const { moves } = this;
      yield [index, this.leaves[at + ENTRIES]];
      at = this.next(at, index, PRESENT, moves);
    }
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
   */
  extract(dst: Int32Array, from: Index, max: Index = MAX_INDEX, mark?: number): number {
    if (!(dst instanceof Int32Array)) throw badArray('SparseXArray', 'extract', dst);
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'extract', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SparseXArray', 'extract', max, 'max');
    const kind = bitmapOf('extract', mark);
    let n = 0;
    let at = this.seek(from, kind);
    while (at >= 0 && n < dst.length) {
      const index = this.indexAt(at);
      if (index > max) break;
      dst[n++] = this.leaves[at + ENTRIES];
      at = this.next(at, index, kind, this.moves);
    }
    return n;
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
    this.adopt(emptyState(FIRST_LEAVES, FIRST_DIRECTORIES));
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
   * Shows size and the first entries, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showEntries('SparseXArray', this.count, this);
  }

  /** Finds the place of the entry at an index, or one in NO_LEAF, where no mark is ever set. */
  private entryPlace(index: number): number {
    const at = this.locate(index);
    return this.leaves[at] === (index ^ BIAS) && this.leaves[at + ENTRIES] !== 0 ? at : NO_LEAF;
  }

  private *ascending(from: number, max: number, kind: number): Generator<[Index, Entry], void> {
    let at = this.seek(from, kind);
    while (at >= 0) {
      const index = this.indexAt(at);
      if (index > max) return;
      const { moves } = this;
      yield [index, this.leaves[at + ENTRIES]];
      at = this.next(at, index, kind, moves);
    }
  }

  private *descending(from: number, min: number, kind: number): Generator<[Index, Entry], void> {
    let at = seekLast(this, from, kind);
    while (at >= 0) {
      const index = this.indexAt(at);
      if (index < min) return;
      yield [index, this.leaves[at + ENTRIES]];
      at = index === 0 ? -1 : seekLast(this, index - 1, kind);
    }
  }

  /** Finds the place that follows one that was visited when so many moves had been made, or −1. */
  private next(at: number, index: number, kind: number, moves: number): number {
    if (moves === this.moves) {
      const beside = this.kept(at + 1, kind);
      if (beside >= 0) return beside;
    }
    return index === MAX_INDEX ? -1 : this.seek(index + 1, kind);
  }
}

/** Offset of a mark's bitmap in a directory's words; half of it is that of the word in a leaf's. */
function markBitmap(call: string, mark: number): number {
  if (mark !== 0 && mark !== 1 && mark !== 2) throw badMark('SparseXArray', call, mark);
  return MARKS + 2 * mark;
}

/** Offset of the bitmap to search: a mark's, or that of what is there. */
function bitmapOf(call: string, mark: number | undefined): number {
  return mark === undefined ? PRESENT : markBitmap(call, mark);
}
