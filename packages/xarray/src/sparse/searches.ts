// Searches: the calls of SparseXArray that find, count and visit entries, up and down.

import type { Each } from '../each.ts';
import { badArray, badFunction, badIndex, badMark, badRank } from '../misuse.ts';
import { MAX_INDEX } from '../node-layout.ts';
import type { Entry, Index } from '../searches.ts';
import { Ascending, Descending } from './iterators.ts';
import { ENTRIES, MARKS, PRESENT } from './layout.ts';
import { countRange, nthPlace } from './ranks.ts';
import { seekLast } from './seek-last.ts';
import { SparseTree } from './tree.ts';

/** The calls that change nothing. */
export class SparseSearches extends SparseTree implements Iterable<[Index, Entry]> {
  /** Number of entries. */
  get size(): number {
    return this.held;
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
  range(from: Index = 0, max: Index = MAX_INDEX, mark?: number): Each<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'range', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SparseXArray', 'range', max, 'max');
    return new Ascending(this, from, max, bitmapOf('range', mark));
  }

  /** Iterates over `[index, entry]` in descending order, from `from` down to `min`; otherwise as {@link range}. */
  reversed(from: Index = MAX_INDEX, min: Index = 0, mark?: number): Each<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SparseXArray', 'reversed', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex('SparseXArray', 'reversed', min, 'min');
    return new Descending(this, from, min, bitmapOf('reversed', mark));
  }

  /**
   * Counts the entries of a range.
   *
   * @param first First index, 0…2³²−1.
   * @param last Last index, 0…2³²−1; none are counted if it is below `first`.
   * @param mark Only entries with this mark, 0…2.
   * @returns How many there are.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: O(height), and a step for every leaf of the range, of up to 31 entries each.
   */
  count(first: Index = 0, last: Index = MAX_INDEX, mark?: number): number {
    if (typeof first !== 'number' || first >>> 0 !== first) throw badIndex('SparseXArray', 'count', first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex('SparseXArray', 'count', last, 'last');
    const kind = bitmapOf('count', mark);
    return first === 0 && last === MAX_INDEX && kind === PRESENT ? this.held : countRange(this, first, last, kind);
  }

  /**
   * Counts the entries below an index: `nth(rank(index))` is the first at or after it.
   *
   * @param index 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns 0…size.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: as {@link count} from 0.
   */
  rank(index: Index, mark?: number): number {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex('SparseXArray', 'rank', index);
    const kind = bitmapOf('rank', mark);
    return index === 0 ? 0 : countRange(this, 0, index - 1, kind);
  }

  /**
   * Finds the entry that has `k` others before it: `nth(0)` is the first.
   *
   * @param k 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there are not so many.
   * @throws RangeError for a bad number or mark.
   *
   * Cost: as {@link count} up to there.
   */
  nth(k: number, mark?: number): number {
    if (typeof k !== 'number' || k >>> 0 !== k) throw badRank('SparseXArray', 'nth', k);
    const kind = bitmapOf('nth', mark);
    const at = k >= this.held ? -1 : nthPlace(this, k, kind);
    return at < 0 ? -1 : this.indexAt(at);
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
  [Symbol.iterator](): Each<[Index, Entry]> {
    return new Ascending(this, 0, MAX_INDEX, PRESENT);
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
export function markBitmap(call: string, mark: number): number {
  if (mark !== 0 && mark !== 1 && mark !== 2) throw badMark('SparseXArray', call, mark);
  return MARKS + 2 * mark;
}

/** Offset of the bitmap to search: a mark's, or that of what is there. */
function bitmapOf(call: string, mark: number | undefined): number {
  return mark === undefined ? PRESENT : markBitmap(call, mark);
}
