// XArray: an integer-keyed map with marks and ID allocation, in typed arrays.
// Reference: Linux lib/xarray.c, include/linux/xarray.h (v6.19), Documentation/core-api/xarray.rst.
import { compacted } from './compact.ts';
import { Cursor } from './cursor.ts';
import { showEntries } from './inspect.ts';
import { badBytes, badEntry, badIndex, badOption, badOrder, badRange, notAllocating } from './misuse.ts';
import {
  ANCHOR,
  FIRST_NODE,
  HEAD_SLOT,
  MAX_ENTRY,
  MAX_NODES,
  MAX_ORDER,
  META_SHIFT,
  NODE_BYTES,
} from './node-layout.ts';
import { emptyState } from './nodes.ts';
import { type Entry, type Index, markBitmap, Search } from './search.ts';
import { decode, encode } from './snapshot.ts';
import { blockOrder } from './spans.ts';

export type { Entry, Index };

/** Options of {@link XArray}. */
export interface XArrayOptions {
  /** Lets `alloc` hand out indices: from 0 on, or from 1 on (index 0 is never allocated). */
  alloc?: 'from0' | 'from1' | undefined;
  /** Nodes (320 bytes each) to make room for at once; the default is 2, and room doubles when needed. */
  capacity?: number | undefined;
}

/** Options of {@link XArray.from}. */
export interface FromOptions {
  /**
   * Says that `snapshot` wrote these bytes and nobody had a hand in them since, so that header and checksum are enough: they
   * show every accident, but not a forgery, with which calls could answer wrongly or not return.
   */
  trusted?: boolean | undefined;
}

/** Nodes a new array has room for. */
const DEFAULT_CAPACITY = 2;

/**
 * Maps indices to entries in a radix tree of 64-slot nodes, ordered, with three marks per entry and ID allocation.
 *
 * Works best where indices are dense or clustered. A reserved index holds NULL for `load`, `find` and iteration, and is
 * taken for `insert` and `alloc`.
 *
 * Source: `struct xarray`, include/linux/xarray.h, v6.19.
 */
export class XArray extends Search {
  private readonly capacity: number;

  /**
   * Makes an empty array (about 1.3 kB).
   *
   * @throws RangeError for an unknown option value.
   */
  constructor(options: XArrayOptions = {}) {
    const { alloc, capacity = DEFAULT_CAPACITY } = options;
    if (alloc !== undefined && alloc !== 'from0' && alloc !== 'from1') {
      throw badOption('alloc', "'from0' or 'from1'", alloc);
    }
    if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_NODES - FIRST_NODE) {
      throw badOption('capacity', `an integer 0…${MAX_NODES - FIRST_NODE}`, capacity);
    }
    super(alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1, emptyState(capacity));
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
   * An entry of order 6 or more has, beyond these, a node for every full 6 of its order.
   */
  get nodeCount(): number {
    return this.top - FIRST_NODE - this.freeCount - this.fills;
  }

  /** Bytes allocated: 320 for every node there is room for, and two nodes more. */
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
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
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

  /** The arms of `load` for five and six levels, apart so that `load` stays small enough to be inlined (460 bytes of bytecode). */
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
   * Puts an entry at an index, over whatever is there; marks stay. Inside a multi-index entry it replaces all of that.
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
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    return entry === 0 && this.allocBase < 0 ? this.remove(index) : this.put(index, entry);
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
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    return this.remove(index);
  }

  /**
   * Puts an entry where nothing is; 0 reserves the index, in every kind of array.
   *
   * @param index 0…2³²−1.
   * @param entry 0…2³¹−1.
   * @returns False, and nothing changes, if the index is taken, be it by a reservation.
   * @throws RangeError for a bad index or entry.
   *
   * Source: xa_insert, lib/xarray.c, v6.19 (−EBUSY is false here).
   */
  insert(index: Index, entry: Entry): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    if (this.taken(index)) return false;
    this.put(index, entry);
    return true;
  }

  /**
   * Replaces an entry if it is the one expected; to 0 means erase, and frees the index.
   *
   * @param index 0…2³²−1.
   * @param old The entry expected, 0 for nothing there. 0 does not match a reserved index, though 0 is returned for it.
   * @param entry The entry to put, 0…2³¹−1.
   * @returns The entry that was there, or 0: the exchange was made if that is `old`.
   * @throws RangeError for a bad index or entry.
   *
   * Source: xa_cmpxchg, lib/xarray.c, v6.19.
   */
  cmpxchg(index: Index, old: Entry, entry: Entry): Entry {
    const current = this.load(index);
    if (typeof old !== 'number' || (old & MAX_ENTRY) !== old) throw badEntry(old);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    if (current !== old || (old === 0 && this.taken(index))) return current;
    if (entry !== 0) this.put(index, entry);
    else this.remove(index);
    return current;
  }

  /**
   * Takes an index without an entry, so that a later store there needs no memory; one in use stays as it is.
   *
   * @param index 0…2³²−1.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: xa_reserve, include/linux/xarray.h, v6.19.
   */
  reserve(index: Index): void {
    this.insert(index, 0);
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
    if (this.load(index) === 0) this.remove(index);
  }

  /**
   * Puts one entry over the 2^order aligned indices around an index; all of them then read, replace and erase it whole.
   *
   * It takes the place of what was there, and has the marks any of that had. Inside a larger entry it replaces all of that
   * one, which keeps its size ({@link split} makes it smaller). 0 removes what is in the block, in every kind of array.
   *
   * @param index Any index of the block, 0…2³²−1.
   * @param order 0…32: the block is as large as 2^order.
   * @param entry 0…2³¹−1.
   * @returns The first entry that was in the block, or 0 if there was none.
   * @throws RangeError for a bad index, order or entry, or when 2²⁵ nodes are used up.
   *
   * Cost: O(height + nodes it replaces).
   * Source: xas_store, XA_STATE_ORDER, v6.19. (There, the answer is what the first slot held, be it a node.)
   */
  storeOrder(index: Index, order: number, entry: Entry): Entry {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) throw badOrder(order);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    if (order === 0) return entry === 0 ? this.remove(index) : this.put(index, entry);
    return entry === 0 ? this.removeRange(index, order) : this.putSpan(index, order, entry);
  }

  /**
   * Puts an entry over a range of indices, as a row of multi-index entries: the fewest aligned blocks that make it up.
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
    if (typeof first !== 'number' || first >>> 0 !== first) throw badIndex(first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex(last, 'last');
    if (last < first) throw badRange(first, last);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    if (entry !== 0) this.makeRoom(this.rangeNodes(first, last));
    for (let index = first; index <= last; ) {
      const order = blockOrder(index, last);
      this.storeOrder(index, order, entry);
      index += 2 ** order;
    }
  }

  /**
   * Tells over how many indices, as a power of two, the entry at an index goes.
   *
   * @param index 0…2³²−1.
   * @returns 0…32; 0 also where nothing is.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: xa_get_order, lib/xarray.c, v6.19.
   */
  getOrder(index: Index): number {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    return this.multi === 0 ? 0 : this.orderAt(index);
  }

  /**
   * Cuts the entry at an index into pieces of a lower order, each with its entry and marks; one of that order or less stays.
   *
   * @param index 0…2³²−1.
   * @param order Order of the pieces, 0…32.
   * @throws RangeError for a bad index or order, or when the pieces take more nodes than there can be; then nothing has changed.
   *
   * Cost: O(pieces).
   * Source: xas_split, lib/xarray.c, v6.19 (which goes down two levels at most).
   */
  split(index: Index, order: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    if (!Number.isInteger(order) || order < 0 || order > MAX_ORDER) throw badOrder(order);
    this.splitSpan(index, order);
  }

  /**
   * Reads a mark of the entry at an index; the indices of a multi-index entry share its marks.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2.
   * @returns False also where nothing is.
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_get_mark, lib/xarray.c, v6.19.
   */
  getMark(index: Index, mark: number): boolean {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    return this.hasBit(index, markBitmap(mark));
  }

  /**
   * Sets a mark of the entry at an index; does nothing where nothing is. A reservation can be marked, though no search finds it.
   *
   * @param index 0…2³²−1.
   * @param mark 0…2; all three are free for use, in allocating arrays too.
   * @throws RangeError for a bad index or mark.
   *
   * Source: xa_set_mark, lib/xarray.c, v6.19.
   */
  setMark(index: Index, mark: number): void {
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    this.markAt(index, markBitmap(mark));
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
    if (typeof index !== 'number' || index >>> 0 !== index) throw badIndex(index);
    this.unmarkAt(index, markBitmap(mark));
  }

  /**
   * Says whether anything in the array has a mark.
   *
   * @param mark 0…2.
   * @throws RangeError for a bad mark.
   *
   * Cost: O(1).
   * Source: xa_marked, include/linux/xarray.h, v6.19.
   */
  marked(mark: number): boolean {
    return (this.meta[(ANCHOR << META_SHIFT) + markBitmap(mark)] & 1) !== 0;
  }

  /**
   * Puts an entry at the lowest free index; 0 reserves that index.
   *
   * @param entry 0…2³¹−1.
   * @param min Lowest index to give, 0…2³²−1.
   * @param max Highest index to give, 0…2³²−1; 2³¹−1 unless given.
   * @returns The index, or −1 if all of min…max are taken (or min > max).
   * @throws RangeError for a bad entry or limit, and in an array made without the option `alloc`.
   *
   * Cost: O(height), mostly O(1): the place of the lowest free index is remembered.
   * Source: xa_alloc, lib/xarray.c, v6.19 (−EBUSY is −1 here).
   */
  alloc(entry: Entry, min: Index = 0, max: Index = MAX_ENTRY): number {
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry) throw badEntry(entry);
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex(min, 'min');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(max, 'max');
    const base = this.allocBase;
    if (base < 0) throw notAllocating();
    const hole = this.hole >>> 0;
    if (this.hole !== -1 && min <= hole) return this.allocHole(entry, hole, max);
    const lowest = Math.max(this.freeHint >>> 0, base);
    const index = this.putFree(min <= lowest ? lowest : min, max, entry);
    if (index >= 0 && min <= lowest) this.allTaken(index);
    return index;
  }

  /** Puts an entry at the hole, or if a store has filled it at the first free index behind the hint. */
  private allocHole(entry: Entry, hole: Index, max: Index): number {
    const index = this.putFree(hole, max, entry);
    if (index < 0) return -1;
    this.hole = -1;
    if (index !== hole) this.allTaken(index);
    return index;
  }

  /**
   * Puts an entry at the next free index at or after `next`, or failing that at the lowest free one.
   *
   * It wrapped if the index returned is below `next`. The caller keeps `next`: mostly the index returned, plus one.
   *
   * @param entry 0…2³¹−1; 0 reserves.
   * @param next Where to begin, 0…2³²−1.
   * @param min Lowest index to give, 0…2³²−1.
   * @param max Highest index to give, 0…2³²−1; 2³¹−1 unless given.
   * @returns The index, or −1 if all of min…max are taken.
   * @throws RangeError for a bad entry or limit, and in an array made without the option `alloc`.
   *
   * Source: xa_alloc_cyclic, lib/xarray.c, v6.19.
   */
  allocCyclic(entry: Entry, next: Index, min: Index = 0, max: Index = MAX_ENTRY): number {
    if (typeof next !== 'number' || next >>> 0 !== next) throw badIndex(next, 'next');
    if (typeof min !== 'number' || min >>> 0 !== min) throw badIndex(min, 'min');
    const index = this.alloc(entry, Math.max(min, next), max);
    return index < 0 && next > min ? this.alloc(entry, min, max) : index;
  }

  /**
   * Makes a cursor, to go through the array step by step.
   *
   * @param index Where it begins, 0…2³²−1.
   * @throws RangeError for an index that is not a u32.
   *
   * Source: XA_STATE, include/linux/xarray.h, v6.19.
   */
  cursor(index: Index = 0): Cursor {
    return new Cursor(this, index);
  }

  /**
   * Removes everything and gives the memory back.
   *
   * Source: xa_destroy, lib/xarray.c, v6.19.
   */
  clear(): void {
    this.adopt(emptyState(this.capacity));
  }

  /**
   * Moves the nodes into arrays of just their size, in ascending order of index.
   *
   * Cost: O(nodes); old and new arrays are there at once.
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
    return encode(this.state(), this.allocBase);
  }

  /**
   * Reads what {@link snapshot} wrote; header, checksum and every node are verified first.
   *
   * @param bytes A whole snapshot; it is copied.
   * @param options See {@link FromOptions}.
   * @returns A new array of the same kind and content; called on a subclass, one of that, made without arguments but `alloc`.
   * @throws XArrayError with code and byte offset, if anything about it is wrong; RangeError for no Uint8Array or a bad option.
   *
   * Cost: O(nodes); when trusted, close to a copy of the memory.
   */
  static from<T extends XArray = XArray>(
    this: (new (options?: XArrayOptions) => T) | undefined,
    bytes: Uint8Array,
    { trusted = false }: FromOptions = {},
  ): T {
    if (!(bytes instanceof Uint8Array)) throw badBytes(bytes);
    if (typeof trusted !== 'boolean') throw badOption('trusted', 'true or false', trusted);
    const { state, allocBase } = decode(bytes, trusted);
    const options = { alloc: allocBase < 0 ? undefined : allocBase === 0 ? 'from0' : 'from1' } as const;
    const array = new (this ?? XArray)(options) as T;
    if (array.allocBase !== allocBase) array.allocBase = allocBase;
    array.adopt(state);
    return array;
  }

  /**
   * Shows size and the first entries, like a Map.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showEntries('XArray', this.count, this);
  }
}
