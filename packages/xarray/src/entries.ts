// Entries: what an array is without marks, ranges and allocation. IntMap keeps its values in one, and XArray is one with more.
// Reference: Linux lib/xarray.c (v6.19), xa_load, xa_store, xa_erase.
import { compacted } from './compact.ts';
import { type AllocBase, hintFor } from './free-hint.ts';
import { badEntry, badIndex, badPut, refused } from './misuse.ts';
import { FIRST_NODE, HEAD_SLOT, MAX_ENTRY, META_SHIFT, NODE_BYTES } from './node-layout.ts';
import { eraseRow, fillRow } from './ranges.ts';
import { type Entry, type Index, Searches } from './searches.ts';
import { encode } from './snapshot.ts';
import { emptyState, isRoomless, isVacant } from './tree.ts';

/** The calls that IntMap and XArray have in common. */
export class Entries extends Searches {
  declare private readonly capacity: number;

  /** Makes an empty array; the arguments are checked by XArray. @param owner The class that users call, for errors. */
  constructor(owner: string, allocBase: AllocBase = -1, capacity = 0) {
    super(hintFor(allocBase), emptyState(capacity), owner);
    this.capacity = capacity;
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

  /** Bytes allocated: none before the first entry, then 320 for every node that there is room for, and for two more. */
  get byteLength(): number {
    return isRoomless(this) && isVacant(this) ? 0 : (this.meta.length >>> META_SHIFT) * NODE_BYTES;
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
   * Removes what is at the indices of a range, reservations and marks included, and frees them.
   *
   * A multi-index entry that reaches into the range is removed whole.
   *
   * @param first First index, 0…2³²−1.
   * @param last Last index, 0…2³²−1; below `first`, the range is empty and nothing happens.
   * @returns How many entries were removed.
   * @throws RangeError for a bad index.
   *
   * Cost: O(height + nodes removed); entries are not visited one by one.
   */
  eraseRange(first: Index, last: Index): number {
    this.checkRange('eraseRange', first, last);
    return eraseRow(this, first, last);
  }

  /**
   * Puts one entry at every index of a range, each as {@link store} does: marks stay.
   *
   * @param first First index, 0…2³²−1.
   * @param last Last index, 0…2³²−1; below `first`, the range is empty and nothing happens.
   * @param entry 1…2³¹−1.
   * @throws RangeError for a bad index or entry, or when 2²⁵ nodes are used up; then nothing has changed.
   *
   * Cost: O(indices of the range), about a nanosecond each.
   */
  fillRange(first: Index, last: Index, entry: Entry): void {
    this.checkRange('fillRange', first, last);
    if (typeof entry !== 'number' || (entry & MAX_ENTRY) !== entry || entry === 0)
      throw refused(`${this.owner}.fillRange`, 'entry', entry, `an integer 1…${MAX_ENTRY}`);
    fillRow(this, first, last, entry);
  }

  /** @internal Refuses limits that are no indices. */
  checkRange(call: string, first: Index, last: Index): void {
    if (typeof first !== 'number' || first >>> 0 !== first) throw badIndex(this.owner, call, first, 'first');
    if (typeof last !== 'number' || last >>> 0 !== last) throw badIndex(this.owner, call, last, 'last');
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
    return encode(this.state(), this.free.base, 'XArray');
  }
}
