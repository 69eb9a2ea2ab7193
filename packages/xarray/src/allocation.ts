// Allocation: the calls that look for free indices and hand them out.
// Reference: Linux lib/xarray.c (v6.19), xa_alloc, xa_alloc_cyclic.
import { lowestBit } from './bits.ts';
import { Entries } from './entries.ts';
import { badAlloc, badIndex, badLength } from './misuse.ts';
import { CHUNK_MASK, CHUNK_SHIFT, MAX_ENTRY, MAX_INDEX, META_SHIFT, PRESENT } from './node-layout.ts';
import type { Entry, Index } from './searches.ts';
import { seekFree, seekGap } from './seek-free.ts';

/** Entries, and the indices that have none. */
export class Allocation extends Entries {
  /**
   * Finds the first index that has neither an entry nor a reservation; in an array from 1 that may be 0.
   *
   * @param from First index to look at, 0…2³²−1.
   * @param max Last index to look at, 0…2³²−1.
   * @returns The index, or −1 if all of from…max are taken.
   * @throws RangeError for a bad index.
   *
   * Cost: O(height); full subtrees are skipped.
   */
  findAbsent(from: Index, max: Index = MAX_INDEX): number {
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'findAbsent', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'findAbsent', max, 'max');
    const index = seekFree(this, from);
    return index <= max ? index : -1;
  }

  /**
   * Finds the first run of indices that have neither an entry nor a reservation.
   *
   * @param length Indices in the run, 1…2³².
   * @param from First index to look at, 0…2³²−1.
   * @param max Last index the run may have, 0…2³²−1.
   * @returns The first index of the run, or −1 if from…max has no run of that length.
   * @throws RangeError for a bad length or index.
   *
   * Cost: O(height) for every shorter run on the way.
   */
  findGap(length: number, from: Index = 0, max: Index = MAX_INDEX): number {
    if (!Number.isInteger(length) || length < 1 || length > MAX_INDEX + 1)
      throw badLength(this.owner, 'findGap', length);
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex(this.owner, 'findGap', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex(this.owner, 'findGap', max, 'max');
    return seekGap(this, length, this.findAbsent(from, max), max);
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
    const { free } = this;
    if (
      typeof entry !== 'number' ||
      (entry & MAX_ENTRY) !== entry ||
      typeof min !== 'number' ||
      min >>> 0 !== min ||
      typeof max !== 'number' ||
      max >>> 0 !== max ||
      free.base < 0
    ) {
      throw badAlloc(this.owner, 'alloc', entry, min, max);
    }
    if (free.hasHole(min)) return this.allocHole(entry, max);
    const { lowest } = free;
    const index = this.putFree(min <= lowest ? lowest : min, max, entry);
    if (index >= 0 && min <= lowest) free.tookFromLowest(index);
    return index;
  }

  /** Puts an entry at the hole, or if a store has filled it at the first free index behind. */
  private allocHole(entry: Entry, max: Index): number {
    const index = this.putFree(this.free.holeIndex, max, entry);
    if (index >= 0) this.free.tookFromHole(index);
    return index;
  }

  /**
   * Puts an entry at the next free index at or after `next`, or if there is none, at the lowest free one.
   *
   * A result below `next` means that it wrapped. The caller keeps `next`: usually the result plus one.
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
    if (typeof next !== 'number' || next >>> 0 !== next) throw badIndex(this.owner, 'allocCyclic', next, 'next');
    if (
      typeof entry !== 'number' ||
      (entry & MAX_ENTRY) !== entry ||
      typeof min !== 'number' ||
      min >>> 0 !== min ||
      typeof max !== 'number' ||
      max >>> 0 !== max ||
      this.free.base < 0
    ) {
      throw badAlloc(this.owner, 'allocCyclic', entry, min, max);
    }
    const from = next > min ? next : min;
    // −0 is the index 0.
    if (from <= max && from >= this.free.base && this.putAt(from, entry)) return from >>> 0;
    const index = this.alloc(entry, from, max);
    return index < 0 && next > min ? this.alloc(entry, min, max) : index;
  }

  /** Puts an entry, or with 0 a reservation, at an index that is free in a leaf met last; the hint need not know. */
  private putAt(index: number, entry: number): boolean {
    const key = index >>> CHUNK_SHIFT;
    if (key !== this.leafKey && key !== this.leafKey2) return false;
    const leaf = key === this.leafKey ? this.leaf : this.leaf2;
    const { meta } = this;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const taken = meta[word];
    const bits = taken | (1 << index);
    if (bits === taken) return false;
    // The slot first: of a thread that ends in between, a bit alone would be a reservation that none knows.
    this.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)] = entry;
    meta[word] = bits;
    if (entry !== 0) this.held++;
    else this.reserved = 1;
    if (bits === -1 && meta[word ^ 1] === -1) this.fullUp(leaf);
    return true;
  }

  /**
   * Puts an entry, or with 0 a reservation, at the first free index from `from` on: mostly in the same word of a leaf met last.
   *
   * @returns The index, or −1, and nothing is put, if it would be above `max`.
   */
  private putFree(from: number, max: number, entry: number): number {
    const key = from >>> CHUNK_SHIFT;
    if (key !== this.leafKey && key !== this.leafKey2) return this.putFar(from, max, entry);
    // The one that is met goes first: what is erased between two calls may meet another leaf each time.
    if (key !== this.leafKey) this.meet(this.leaf2, key);
    const { leaf } = this;
    const meta = this.meta;
    const word = (leaf << META_SHIFT) | PRESENT | ((from >>> 5) & 1);
    const taken = meta[word];
    let index = from;
    // Mostly `from` itself: a branch that is foreseen does not wait for what the call before has written.
    if ((taken & (1 << from)) !== 0) {
      const free = ~taken & (-1 << from);
      if (free === 0) return this.putFar(from, max, entry);
      index = ((from & ~31) | lowestBit(free)) >>> 0;
    }
    if (index > max) return -1;
    const bits = taken | (1 << index);
    // The slot first: see `putAt`.
    this.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)] = entry;
    meta[word] = bits;
    if (entry !== 0) this.held++;
    else this.reserved = 1;
    if (bits === -1 && meta[word ^ 1] === -1) this.fullUp(leaf);
    return index;
  }

  /** As `putFree`, by way of the tree. */
  private putFar(from: number, max: number, entry: number): number {
    const index = seekFree(this, from);
    if (index < 0 || index > max) return -1;
    this.put(index, entry);
    return index;
  }
}
