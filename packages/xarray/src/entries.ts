// Entries: what an array is without marks, ranges and allocation. IntMap keeps its values in one, and XArray is one with more.
// Reference: Linux lib/xarray.c (v6.19), xa_load, xa_store, xa_erase, xa_find; include/linux/xarray.h, xa_for_each.
import { firstOf, lastOf } from './bounds.ts';
import { compacted } from './compact.ts';
import { type AllocBase, FreeHint } from './free-hint.ts';
import { bitmapOf } from './marks.ts';
import { badEntry, badFunction, badIndex, badPut } from './misuse.ts';
import { FIRST_NODE, HEAD_SLOT, MAX_ENTRY, MAX_INDEX, META_SHIFT, NODE_BYTES, PRESENT } from './node-layout.ts';
import { Nodes } from './nodes.ts';
import { DEFAULT_CAPACITY } from './options.ts';
import { ascending, descending, lastEntry } from './seek-last.ts';
import { encode } from './snapshot.ts';
import { emptyState } from './tree.ts';
import { visitLeaves, visitMarked } from './visit.ts';

/** Where an entry lies: an integer 0…2³²−1. */
export type Index = number;
/** What is stored: an integer 1…2³¹−1; 0 is NULL and means that there is no entry. */
export type Entry = number;

/** The calls that IntMap and XArray have in common. */
export class Entries extends Nodes implements Iterable<[Index, Entry]> {
  declare private readonly capacity: number;

  /** Makes an empty array; the arguments are checked by XArray. @param owner The class that users call, for errors. */
  constructor(owner: string, allocBase: AllocBase = -1, capacity: number = DEFAULT_CAPACITY) {
    super(new FreeHint(allocBase), emptyState(capacity), owner);
    this.capacity = capacity;
  }

  /** Number of entries `find` returns: neither NULL nor reserved. */
  get size(): number {
    return this.count;
  }

  /** Levels of nodes: 0 (empty, or a lone entry at index 0) … 6. */
  get height(): number {
    return this.levels;
  }

  /**
   * Nodes in use, as many as the kernel has xa_nodes for the same content.
   *
   * An entry of order 6 or more has one more node for every full 6 of its order, which is not counted.
   */
  get nodeCount(): number {
    return this.top - FIRST_NODE - this.freeCount - this.fills;
  }

  /** Bytes allocated: 320 for every node that there is room for, and for two more. */
  get byteLength(): number {
    return (this.meta.length >>> META_SHIFT) * NODE_BYTES;
  }

  /**
   * Reads the entry at an index.
   *
   * @param index 0…2³²−1.
   * @returns The entry, or 0 where there is none or only a reservation.
   * @throws RangeError for an index that is not a u32.
   *
   * Cost: one slot per level; nothing else is read.
   * Source: xa_load, lib/xarray.c, v6.19.
   */
  load(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'load', index);
    // An int32 from here on: it keeps the index out of floating point.
    const i = index | 0;
    const s = this.slots;
    const root = this.root << 6;
    switch (this.levels) {
      case 0:
        return i === 0 ? s[HEAD_SLOT] : 0;
      case 1:
        return i >>> 6 === 0 ? s[root | i] : 0;
      case 2:
        return i >>> 12 === 0 ? s[(s[root | (i >>> 6)] << 6) | (i & 63)] : 0;
      case 3:
        return i >>> 18 === 0 ? s[(s[(s[root | (i >>> 12)] << 6) | ((i >>> 6) & 63)] << 6) | (i & 63)] : 0;
      case 4:
        return i >>> 24 === 0
          ? s[(s[(s[(s[root | (i >>> 18)] << 6) | ((i >>> 12) & 63)] << 6) | ((i >>> 6) & 63)] << 6) | (i & 63)]
          : 0;
      default:
        return this.loadDeep(index);
    }
  }

  /** The branches of `load` for five and six levels, in a function of their own so that `load` stays small enough to be inlined (460 bytes of bytecode). */
  private loadDeep(index: number): number {
    const s = this.slots;
    let node = this.root;
    if (this.levels === 5) {
      if (index >= 1 << 30) return 0;
    } else {
      node = s[(node << 6) | (index >>> 30)];
    }
    const middle = s[(s[(node << 6) | ((index >>> 24) & 63)] << 6) | ((index >>> 18) & 63)];
    const leaf = s[(s[(middle << 6) | ((index >>> 12) & 63)] << 6) | ((index >>> 6) & 63)];
    return s[(leaf << 6) | (index & 63)];
  }

  /**
   * Puts an entry at an index and replaces what is there; marks stay. Inside a multi-index entry it replaces all of that.
   *
   * Storing 0 erases; in an allocating array it keeps the index taken (reserved) instead, as in the kernel.
   *
   * @param index 0…2³²−1.
   * @param entry 0…2³¹−1.
   * @returns The entry that was there, or 0.
   * @throws RangeError for a bad index or entry, or when 2²⁵ nodes are used up.
   *
   * Cost: O(height), or O(1) in the leaf met last.
   * Source: xa_store, lib/xarray.c, v6.19.
   */
  store(index: Index, entry: Entry): Entry {
    if (
      typeof index !== 'number' ||
      index >>> 0 !== index ||
      typeof entry !== 'number' ||
      (entry & MAX_ENTRY) !== entry
    ) {
      throw badPut(this.owner, 'store', index, entry);
    }
    return entry === 0 && this.free.base < 0 ? this.remove(index) : this.put(index, entry);
  }

  /**
   * Removes what is at an index, reservation and marks included, and frees the index, or all indices of a multi-index entry.
   *
   * @param index 0…2³²−1.
   * @returns The entry that was there, or 0.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: xa_erase, lib/xarray.c, v6.19.
   */
  erase(index: Index): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'erase', index);
    return this.remove(index);
  }

  /**
   * Puts an entry at an index that has none; 0 reserves the index, in every kind of array.
   *
   * @param index 0…2³²−1.
   * @param entry 0…2³¹−1.
   * @returns False, and nothing changes, if the index is taken, also by a reservation.
   * @throws RangeError for a bad index or entry.
   *
   * Source: xa_insert, lib/xarray.c, v6.19 (−EBUSY is false here).
   */
  insert(index: Index, entry: Entry): boolean {
    if (
      typeof index !== 'number' ||
      index >>> 0 !== index ||
      typeof entry !== 'number' ||
      (entry & MAX_ENTRY) !== entry
    ) {
      throw badPut(this.owner, 'insert', index, entry);
    }
    if (this.taken(index)) return false;
    this.put(index, entry);
    return true;
  }

  /**
   * Replaces an entry if it is the expected one; 0 as the new entry erases it and frees the index.
   *
   * @param index 0…2³²−1.
   * @param old The expected entry, 0 for none. 0 does not match a reserved index, though 0 is returned for it.
   * @param entry The entry to put, 0…2³¹−1.
   * @returns The entry that was there, or 0: the exchange was made if that is `old`.
   * @throws RangeError for a bad index or entry.
   *
   * Source: xa_cmpxchg, lib/xarray.c, v6.19.
   */
  cmpxchg(index: Index, old: Entry, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'cmpxchg', index);
    if (typeof old !== 'number' || (old & MAX_ENTRY) !== old) throw badEntry(this.owner, 'cmpxchg', old, 'old');
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(this.owner, 'cmpxchg', entry);
    const current = this.load(index);
    if (current !== old || (old === 0 && this.taken(index))) return current;
    if (entry !== 0) this.put(index, entry);
    else this.remove(index);
    return current;
  }

  /**
   * Takes an index without an entry, so that a later store there needs no memory; an index in use stays as it is.
   *
   * @param index 0…2³²−1.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: xa_reserve, include/linux/xarray.h, v6.19.
   */
  reserve(index: Index): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'reserve', index);
    if (!this.taken(index)) this.put(index, 0);
  }

  /**
   * Undoes a reservation that was not used; an entry stays.
   *
   * @param index 0…2³²−1.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: xa_release, include/linux/xarray.h, v6.19.
   */
  release(index: Index): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(this.owner, 'release', index);
    if (this.load(index) === 0) this.remove(index);
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
   * Iterates over `[index, entry]` of a range, in ascending order; not a snapshot, like {@link forEach}.
   *
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark, when it is called.
   *
   * Cost: O(height) to begin, then mostly O(1) per entry.
   */
  range(from: Index = 0, max: Index = MAX_INDEX, mark?: number): IterableIterator<[Index, Entry]> {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'range', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'range', max, 'max');
    return ascending(this, from, max, bitmapOf(this.owner, 'range', mark));
  }

  /** Iterates over `[index, entry]` in descending order, from `from` down to `min`; otherwise as {@link range}. */
  reversed(from: Index = MAX_INDEX, min: Index = 0, mark?: number): IterableIterator<[Index, Entry]> {
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
  *[Symbol.iterator](): IterableIterator<[Index, Entry]> {
    let index = this.seek(0, PRESENT);
    while (index >= 0) {
      const entry = this.met(index);
      if (entry !== 0) yield [index, entry];
      index = this.seekAfter(index, PRESENT);
    }
  }

  /**
   * Removes everything and frees the memory.
   *
   * Source: xa_destroy, lib/xarray.c, v6.19.
   */
  clear(): void {
    this.adopt(emptyState(this.capacity));
  }

  /**
   * Moves the nodes into arrays of just their size, in ascending order of index.
   *
   * Cost: O(nodes); old and new arrays exist at the same time.
   */
  compact(): void {
    this.adopt(compacted(this.state()));
  }

  /**
   * Writes the array into one buffer, to be read by {@link XArray.from}.
   *
   * @returns 64 bytes and 320 for every node, little-endian on every machine Node runs on.
   *
   * Cost: O(nodes), close to a copy of the memory.
   */
  snapshot(): Uint8Array {
    return encode(this.state(), this.free.base);
  }
}
