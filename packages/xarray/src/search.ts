// What is where: finding entries and gaps, and going through entries in order.
// Reference: Linux lib/xarray.c (v6.19), xa_find, xa_find_after, xa_extract; include/linux/xarray.h, xa_for_each.
import { nextSet } from './bits.ts';
import { Entries } from './entries.ts';
import { badIndex, badLength, badMark } from './misuse.ts';
import { CHUNK_MASK, CHUNK_SHIFT, CHUNK_SIZE, MARKS, MAX_INDEX, META_SHIFT, PARENT, PRESENT } from './node-layout.ts';

/** Where an entry lies: an integer 0…2³²−1. */
export type Index = number;
/** What is kept: an integer 1…2³¹−1; 0 is NULL, nothing there. */
export type Entry = number;

/** The calls of XArray that search and iterate. */
export class Search extends Entries implements Iterable<[Index, Entry]> {
  /**
   * Finds the first entry at or after an index.
   *
   * From inside a multi-index entry it finds that entry, and answers `from` itself.
   *
   * @param from First index to look at, 0…2³²−1.
   * @param max Last index to look at, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @returns Its index, or −1 if there is none.
   * @throws RangeError for a bad index or mark.
   *
   * Cost: O(height); empty subtrees are skipped.
   * Source: xa_find, lib/xarray.c, v6.19.
   */
  find(from: Index, max: Index = MAX_INDEX, mark?: number): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(max, 'max');
    const kind = bitmapOf(mark);
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
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(from, 'from');
    const last = this.lastOf(from);
    if (last !== MAX_INDEX) return this.find(last + 1, max, mark);
    // Nothing is behind the last index, but what is no limit is refused there, too.
    this.find(last, max, mark);
    return -1;
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
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_for_each_range, xa_for_each_marked, include/linux/xarray.h, v6.19.
   */
  forEach(fn: (entry: Entry, index: Index) => void, from: Index = 0, max: Index = MAX_INDEX, mark?: number): void {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(max, 'max');
    const kind = bitmapOf(mark);
    let index = this.seek(from, kind);
    while (index >= 0 && index <= max) {
      if (this.multi === 0 && this.levels > 0) {
        index = kind === PRESENT ? this.visitLeaves(fn, index, max) : this.visitMarked(fn, index, max, kind);
      } else {
        const entry = this.met(index);
        if (entry !== 0) fn(entry, index);
        index = this.seekAfter(index, kind);
      }
    }
  }

  /** Iterates over `[index, entry]` in ascending order; not a snapshot, like {@link forEach}. */
  *[Symbol.iterator](): IterableIterator<[Index, Entry]> {
    let index = this.seek(0, PRESENT);
    while (index >= 0) {
      const entry = this.met(index);
      if (entry !== 0) yield [index, entry];
      index = this.seekAfter(index, PRESENT);
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
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_extract, lib/xarray.c, v6.19.
   */
  extract(dst: Int32Array, from: Index, max: Index = MAX_INDEX, mark?: number): number {
    let n = 0;
    let index = this.find(from, max, mark);
    while (index >= 0 && n < dst.length) {
      dst[n++] = this.met(index);
      index = this.findAfter(index, max, mark);
    }
    return n;
  }

  /**
   * Finds the first index at which nothing is, not even a reservation; in an array from 1 that may be 0.
   *
   * @param from First index to look at, 0…2³²−1.
   * @param max Last index to look at, 0…2³²−1.
   * @returns The index, or −1 if all of from…max are taken.
   * @throws RangeError for a bad index.
   *
   * Cost: O(height); full subtrees are skipped.
   */
  findAbsent(from: Index, max: Index = MAX_INDEX): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(max, 'max');
    const index = this.seekFree(from);
    return index <= max ? index : -1;
  }

  /**
   * Finds the first run of indices at which nothing is, not even a reservation.
   *
   * @param length Indices in the run, 1…2³².
   * @param from First index to look at, 0…2³²−1.
   * @param max Last index the run may have, 0…2³²−1.
   * @returns The first index of the run, or −1 if there is none that long in from…max.
   * @throws RangeError for a bad length or index.
   *
   * Cost: O(height) for every shorter run passed over.
   */
  findGap(length: number, from: Index = 0, max: Index = MAX_INDEX): number {
    if (!Number.isInteger(length) || length < 1 || length > MAX_INDEX + 1) throw badLength(length);
    let index = this.findAbsent(from, max);
    while (index >= 0 && index + length - 1 <= max) {
      const next = this.seek(index, PRESENT);
      if (next < 0 || next - index >= length) return index;
      index = this.findAbsent(next, max);
    }
    return -1;
  }

  /**
   * Calls `fn` for the entries from an index that was just sought, through the leaves of one parent, until the version moves.
   *
   * @returns The next index to look at, or −1.
   */
  private visitLeaves(fn: (entry: Entry, index: Index) => void, from: number, max: number): number {
    // While the version stays, so do the arrays, and no entry has more than one index.
    const { slots, meta, version } = this;
    let leaf = this.leaf;
    let key = this.leafKey;
    let offset = from & CHUNK_MASK;
    for (;;) {
      const first = key * CHUNK_SIZE;
      const base = leaf << CHUNK_SHIFT;
      if (max < first) return -1;
      const end = max - first < CHUNK_MASK ? (max - first) | 0 : CHUNK_MASK;
      while (offset <= end) {
        let entry = slots[base | offset];
        if (entry === 0) {
          offset = nextSet(meta, (leaf << META_SHIFT) | PRESENT, offset + 1);
          continue;
        }
        // A loop of its own for what lies side by side, with nothing else in it.
        do {
          fn(entry, first + offset);
          if (this.version !== version) return this.seekAfter(first + offset, PRESENT);
          if (++offset > end) break;
          entry = slots[base | offset];
        } while (entry !== 0);
      }
      if (end < CHUNK_MASK || leaf === this.root) return -1;
      const parent = meta[(leaf << META_SHIFT) | PARENT];
      const next = nextSet(meta, (parent << META_SHIFT) | PRESENT, (key & CHUNK_MASK) + 1);
      if (next === CHUNK_SIZE) return this.seekBehind(leaf, key, PRESENT);
      leaf = slots[(parent << CHUNK_SHIFT) | next];
      key = (key & ~CHUNK_MASK) | next;
      offset = 0;
    }
  }

  /** As `visitLeaves`, for the entries with a mark: each is sought in the leaf's bitmap. */
  private visitMarked(fn: (entry: Entry, index: Index) => void, from: number, max: number, kind: number): number {
    const { slots, meta, version } = this;
    let leaf = this.leaf;
    let key = this.leafKey;
    let offset = from & CHUNK_MASK;
    for (;;) {
      const first = key * CHUNK_SIZE;
      const bitmap = (leaf << META_SHIFT) | kind;
      const end = Math.min(max - first, CHUNK_MASK);
      for (; offset <= end; offset = nextSet(meta, bitmap, offset + 1)) {
        const entry = slots[(leaf << CHUNK_SHIFT) | offset];
        if (entry === 0) continue;
        fn(entry, first + offset);
        if (this.version !== version) return this.seekAfter(first + offset, kind);
      }
      if (end < CHUNK_MASK || leaf === this.root) return -1;
      const parent = meta[(leaf << META_SHIFT) | PARENT];
      const next = nextSet(meta, (parent << META_SHIFT) | kind, (key & CHUNK_MASK) + 1);
      if (next === CHUNK_SIZE) return this.seekBehind(leaf, key, kind);
      leaf = slots[(parent << CHUNK_SHIFT) | next];
      key = (key & ~CHUNK_MASK) | next;
      offset = nextSet(meta, (leaf << META_SHIFT) | kind, 0);
    }
  }

  /** Goes on behind the last leaf of a parent. */
  private seekBehind(leaf: number, key: number, kind: number): number {
    this.meet(leaf, key);
    return key === LAST_KEY ? -1 : this.seek((key + 1) * CHUNK_SIZE, kind);
  }
}

/** The last leaf there can be: its index >>> 6. */
const LAST_KEY: number = MAX_INDEX >>> CHUNK_SHIFT;

/** Offset of a mark's bitmap in a node's words. */
export function markBitmap(mark: number): number {
  if (mark !== 0 && mark !== 1 && mark !== 2) throw badMark(mark);
  return MARKS + 2 * mark;
}

/** Offset of the bitmap to search: a mark's, or that of what is there. */
function bitmapOf(mark: number | undefined): number {
  return mark === undefined ? PRESENT : markBitmap(mark);
}
