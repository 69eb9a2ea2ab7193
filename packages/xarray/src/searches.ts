// Searches: the calls of IntMap, XArray and their kin that find, count and visit entries, up and down.
// Reference: Linux lib/xarray.c (v6.19), xa_find, xa_find_after; include/linux/xarray.h, xa_for_each. It has none that go down or count.

import { firstOf, lastOf } from './bounds.ts';
import type { Each } from './each.ts';
import { ascending, descending } from './iterators.ts';
import { bitmapOf } from './marks.ts';
import { badFunction, badIndex, badRank } from './misuse.ts';
import { MAX_INDEX, PRESENT } from './node-layout.ts';
import { Nodes } from './nodes.ts';
import { countRange, nthEntry } from './ranks.ts';
import { lastEntry } from './seek-last.ts';
import { visitLeaves, visitMarked } from './visit.ts';

/** Where an entry lies: an integer 0…2³²−1. */
export type Index = number;
/** What is stored: an integer 1…2³¹−1; 0 is NULL and means that there is no entry. */
export type Entry = number;

/** The calls that change nothing. */
export class Searches extends Nodes implements Iterable<[Index, Entry]> {
  /** Number of entries `find` returns: neither NULL nor reserved. */
  get size(): number {
    return this.held;
  }

  /**
   * Finds the first entry at or after an index.
   *
   * From inside a multi-index entry it finds that entry, and returns `from` itself.
   *
   * @param from First index to look at, 0…2³²−1; 0 unless given.
   * @param max Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: O(height); empty subtrees are skipped.
   * Source: xa_find, lib/xarray.c, v6.19.
   */
  find(from: Index = 0, max: Index = MAX_INDEX, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'find', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'find', max, 'max');
    const kind = bitmapOf(this.owner, 'find', mark);
    let index = this.seek(from, kind);
    // A reserved index is present and may be marked, but is not an entry.
    while (index >= 0 && this.met(index) === 0) index = this.seekAfter(index, kind);
    return index <= max ? index : -1;
  }

  /**
   * Finds the first entry after an index, or after all of the multi-index entry it belongs to.
   *
   * @param from The index before the first to look at, 0…2³²−1.
   * @param max Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_find_after, lib/xarray.c, v6.19.
   */
  findAfter(from: Index, max: Index = MAX_INDEX, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'findAfter', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'findAfter', max, 'max');
    bitmapOf(this.owner, 'findAfter', mark);
    const last = this.multi === 0 ? from : lastOf(this, from);
    return last === MAX_INDEX ? -1 : this.find(last + 1, max, mark);
  }

  /**
   * Finds the last entry at or before an index: `findLast()` is the highest index.
   *
   * In a multi-index entry it finds that entry, and returns the highest of its indices that is not above `from`.
   *
   * @param from First index to look at, going down, 0…2³²−1; 2³²−1 unless given.
   * @param min Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: O(height); empty subtrees are skipped.
   */
  findLast(from: Index = MAX_INDEX, min: Index = 0, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'findLast', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex(this.owner, 'findLast', min, 'min');
    const index = lastEntry(this, from, bitmapOf(this.owner, 'findLast', mark));
    return index >= min ? index : -1;
  }

  /**
   * Finds the last entry before an index, or before all of the multi-index entry it belongs to: its index, or −1.
   *
   * Otherwise as {@link findLast}.
   */
  findBefore(from: Index, min: Index = 0, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'findBefore', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex(this.owner, 'findBefore', min, 'min');
    const kind = bitmapOf(this.owner, 'findBefore', mark);
    const first = firstOf(this, from);
    const index = first === 0 ? -1 : lastEntry(this, first - 1, kind);
    return index >= min ? index : -1;
  }

  /**
   * Counts the entries of a range.
   *
   * A multi-index entry counts where any of its indices is in the range.
   *
   * @param first First index, 0…2³²−1.
   * @param last Last index, 0…2³²−1; none are counted if it is below `first`.
   * @param mark Only entries with this mark, 0…2.
   * @returns How many there are.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: O(height), and a count of 64 bits for every leaf of the range that has both entries and free indices, or with a mark for
   * every leaf that has it. While there are reservations or multi-index entries, O(entries of the range).
   */
  count(first: Index = 0, last: Index = MAX_INDEX, mark?: number): number {
    if (typeof first !== 'number' || first >>> 0 !== first) throw badIndex(this.owner, 'count', first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex(this.owner, 'count', last, 'last');
    const kind = bitmapOf(this.owner, 'count', mark);
    return first === 0 && last === MAX_INDEX && kind === PRESENT ? this.size : countRange(this, first, last, kind);
  }

  /**
   * Counts the entries below an index: `nth(rank(index))` is the first at or after it.
   *
   * A multi-index entry that begins below the index counts.
   *
   * @param index 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns 0…size.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: as {@link count} from 0.
   */
  rank(index: Index, mark?: number): number {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'rank', index);
    const kind = bitmapOf(this.owner, 'rank', mark);
    return index === 0 ? 0 : countRange(this, 0, index - 1, kind);
  }

  /**
   * Finds the entry that has `k` others before it: `nth(0)` is the first.
   *
   * @param k 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its first index, or −1 if there are not so many.
   * @throws RangeError for a bad number or mark.
   *
   * Cost: as {@link count} up to there.
   */
  nth(k: number, mark?: number): number {
    if (typeof k !== 'number' || k >>> 0 !== k) throw badRank(this.owner, 'nth', k);
    const kind = bitmapOf(this.owner, 'nth', mark);
    return k >= this.size ? -1 : nthEntry(this, k, kind);
  }

  /**
   * Iterates over `[index, entry]` of a range, in ascending order; not a snapshot, like {@link forEach}.
   *
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark, when it is called.
   *
   * Cost: O(height) to begin, then mostly O(1) per entry.
   */
  range(from: Index = 0, max: Index = MAX_INDEX, mark?: number): Each<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'range', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'range', max, 'max');
    return ascending(this, from, max, bitmapOf(this.owner, 'range', mark));
  }

  /** Iterates over `[index, entry]` in descending order, from `from` down to `min`; otherwise as {@link range}. */
  reversed(from: Index = MAX_INDEX, min: Index = 0, mark?: number): Each<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'reversed', from, 'from');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex(this.owner, 'reversed', min, 'min');
    return descending(this, from, min, bitmapOf(this.owner, 'reversed', mark));
  }

  /**
   * Calls a function for each entry, in ascending order of index.
   *
   * Not a snapshot: the function may store and erase, at its index or elsewhere, and entries ahead are visited as they are by then.
   *
   * @param fn Gets the entry and its index.
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark, or if `fn` is not a function.
   *
   * Source: xa_for_each_range, xa_for_each_marked, include/linux/xarray.h, v6.19.
   */
  forEach(fn: (entry: Entry, index: Index) => void, from: Index = 0, max: Index = MAX_INDEX, mark?: number): void {
    if (typeof fn !== 'function') throw badFunction(this.owner, 'forEach', fn);
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'forEach', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'forEach', max, 'max');
    const kind = bitmapOf(this.owner, 'forEach', mark);
    let index = this.seek(from, kind);
    while (index >= 0 && index <= max) {
      if (this.multi === 0 && this.levels > 0) {
        index = kind === PRESENT ? visitLeaves(this, fn, index, max) : visitMarked(this, fn, index, max, kind);
      } else {
        const entry = this.met(index);
        if (entry !== 0) fn(entry, index);
        index = this.seekAfter(index, kind);
      }
    }
  }

  /** Iterates over `[index, entry]` in ascending order; not a snapshot, like {@link forEach}. */
  [Symbol.iterator](): Each<[Index, Entry]> {
    return ascending(this, 0, MAX_INDEX, PRESENT);
  }
}
