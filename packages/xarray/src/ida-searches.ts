// What is asked of an Ida: searches up and down, iteration, ranges, and how many IDs there are below one.

import { lowestBit } from './bits.ts';
import type { Each } from './each.ts';
import { badId, checked, IdaAllocator } from './ida-allocator.ts';
import { MAX_ID, RADIX, SLOT_MASK } from './ida-layout.ts';
import { countBelow, nthSet } from './ida-leaves.ts';
import { endOfGap, endOfRun } from './ida-ranges.ts';
import { Ranks } from './ida-ranks.ts';
import type { IdaNodes } from './ida-tree.ts';
import { badFunction } from './misuse.ts';

/** The calls of Ida that change nothing: with `has`, those of a ReadonlySet are among them. */
export class IdaSearches extends IdaAllocator implements Iterable<number> {
  /** Counts of the leaves, and `taken` and `given` of when ranks were asked for last; undefined where that is not known. */
  private ranks: Ranks | undefined;
  private askedTaken: number | undefined;
  private askedGiven: number | undefined;

  /**
   * Finds the lowest taken ID.
   *
   * @param min Lowest ID to look at, 0…2³¹−1.
   * @param max Highest ID to look at, 0…2³¹−1.
   * @returns The ID, or −1 if none of min…max is taken.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(levels); what is empty is skipped.
   * Source: ida_find_first_range, lib/idr.c, v6.19 (−ENOENT is −1 here).
   */
  findFirst(min = 0, max: number = MAX_ID): number {
    if (typeof min !== 'number' || (min & MAX_ID) !== min) throw badId('findFirst', min, 'min');
    if (typeof max !== 'number' || (max & MAX_ID) !== max) throw badId('findFirst', max, 'max');
    return this.first(min, max);
  }

  /** Finds the lowest taken ID from `from` to `max`, or −1: {@link findFirst} by the name it has in the other classes. */
  find(from = 0, max: number = MAX_ID): number {
    return this.first(checked('find', from, 'from'), checked('find', max, 'max'));
  }

  /**
   * Finds the lowest taken ID above one.
   *
   * @param from The ID below the first to look at, 0…2³¹−1.
   * @param max Highest ID to look at, 0…2³¹−1.
   * @returns The ID, or −1 if there is none.
   * @throws RangeError for a bad limit.
   */
  findAfter(from: number, max: number = MAX_ID): number {
    const id = checked('findAfter', from, 'from');
    const end = checked('findAfter', max, 'max');
    return id >= end ? -1 : this.first(id + 1, end);
  }

  /**
   * Finds the highest taken ID at or below one: `findLast()` is the highest of all.
   *
   * @param from Highest ID to look at, 0…2³¹−1.
   * @param min Lowest ID to look at, 0…2³¹−1.
   * @returns The ID, or −1 if there is none.
   * @throws RangeError for a bad limit.
   *
   * Cost: O(levels); what is empty is skipped.
   */
  findLast(from: number = MAX_ID, min = 0): number {
    return this.last('findLast', checked('findLast', from, 'from'), min);
  }

  /** Finds the highest taken ID below one, or −1; otherwise as {@link findLast}. */
  findBefore(from: number, min = 0): number {
    return this.last('findBefore', checked('findBefore', from, 'from') - 1, min);
  }

  /**
   * Iterates over the taken IDs of a range, ascending; they may be freed and others taken meanwhile.
   *
   * @param from Lowest ID, 0…2³¹−1.
   * @param max Highest ID, 0…2³¹−1.
   * @throws RangeError for a bad limit, when it is called.
   */
  range(from = 0, max: number = MAX_ID): Each<number> {
    return this.ascending(checked('range', from, 'from'), checked('range', max, 'max'));
  }

  /**
   * Iterates over the taken IDs, descending; they may be freed and others taken meanwhile.
   *
   * @param from Highest ID, 0…2³¹−1.
   * @param min Lowest ID, 0…2³¹−1.
   * @throws RangeError for a bad limit, when it is called.
   */
  reversed(from: number = MAX_ID, min = 0): Each<number> {
    return this.descending(checked('reversed', from, 'from'), checked('reversed', min, 'min'));
  }

  /**
   * Calls a function for each taken ID of a range, ascending; it may free IDs and take others.
   *
   * @param fn Gets the ID, the ID again, as a Set's function does, and the Ida.
   * @param from Lowest ID, 0…2³¹−1.
   * @param max Highest ID, 0…2³¹−1.
   * @throws RangeError for a bad limit, or if `fn` is not a function.
   */
  forEach(fn: (id: number, again: number, ida: this) => void, from = 0, max: number = MAX_ID): void {
    if (typeof fn !== 'function') throw badFunction('Ida', 'forEach', fn);
    checked('forEach', from, 'from');
    checked('forEach', max, 'max');
    for (
      let id = this.first(from, max);
      id >= 0;
      id = (id | SLOT_MASK) >= max ? -1 : this.first((id | SLOT_MASK) + 1, max)
    ) {
      for (let word = this.wordFrom(id); word !== 0; ) {
        id = (id & ~SLOT_MASK) | lowestBit(word);
        if (id > max) return;
        const { taken, given } = this;
        fn(id, id, this);
        // What the function has changed may be in this word.
        word = taken === this.taken && given === this.given ? word & (word - 1) : this.wordFrom(id) & (-2 << id);
      }
    }
  }

  /**
   * Iterates over the runs of taken IDs as `[first, last]`, ascending; they may be freed and others taken meanwhile.
   *
   * @param from Lowest ID to look at, 0…2³¹−1.
   * @param max Highest ID to look at, 0…2³¹−1.
   * @throws RangeError for a bad limit, when it is called.
   *
   * Cost: O(levels) for each run, however long it is.
   */
  takenRanges(from = 0, max: number = MAX_ID): Each<[first: number, last: number]> {
    return this.runs(checked('takenRanges', from, 'from'), checked('takenRanges', max, 'max'));
  }

  /** Iterates over the runs of free IDs as `[first, last]`; otherwise as {@link takenRanges}. */
  freeRanges(from = 0, max: number = MAX_ID): Each<[first: number, last: number]> {
    return this.gaps(checked('freeRanges', from, 'from'), checked('freeRanges', max, 'max'));
  }

  /**
   * Counts the taken IDs of a range.
   *
   * @param first Lowest ID, 0…2³¹−1.
   * @param last Highest ID, 0…2³¹−1.
   * @throws RangeError for a bad limit.
   *
   * Cost: as twice {@link rank}.
   */
  count(first = 0, last: number = MAX_ID): number {
    checked('count', first, 'first');
    checked('count', last, 'last');
    if (first > last) return 0;
    this.settle();
    return this.below(last + 1) - this.below(first);
  }

  /**
   * Counts the taken IDs below one.
   *
   * @param id 0…2³¹−1.
   * @returns How many there are: of a taken ID the place in ascending order, from 0.
   * @throws RangeError for a bad ID.
   *
   * Cost: O(IDs below / 32) after a change, as nodes keep no counts: these would make `allocate` and `free` slower. Full subtrees are
   *   not entered. A second call counts the leaves, O(IDs / 32), and from then on calls cost O(log leaves) until the next change.
   */
  rank(id: number): number {
    checked('rank', id, 'id');
    this.settle();
    return this.below(id);
  }

  /**
   * Finds the taken ID at a place in ascending order: `nth(rank(id))` is a taken `id`.
   *
   * @param k Its place, 0…2³¹−1.
   * @returns The ID, or −1 if there are not so many.
   * @throws RangeError for a bad place.
   *
   * Cost: as {@link rank}.
   */
  nth(k: number): number {
    checked('nth', k, 'k');
    this.settle();
    return this.ranked()?.nth(k) ?? nthSet(this, k);
  }

  /** Iterates over the taken IDs, ascending; they may be freed and others taken meanwhile. */
  *[Symbol.iterator](): Each<number> {
    for (let id = this.first(0, MAX_ID); id >= 0; id = this.after(id, MAX_ID)) yield id;
  }

  /** Iterates over the taken IDs, ascending, as a Set's `keys`. */
  keys(): Each<number> {
    return this[Symbol.iterator]();
  }

  /** The same, as a Set's `values`. */
  values(): Each<number> {
    return this[Symbol.iterator]();
  }

  /** Iterates over `[id, id]` of the taken IDs, ascending, as a Set's `entries`. */
  *entries(): Each<[number, number]> {
    for (const id of this) yield [id, id];
  }

  /** Goes on with other nodes. @internal */
  override adopt(nodes: IdaNodes): void {
    super.adopt(nodes);
    this.forgetRanks();
  }

  /** Bytes allocated, the counts for ranks included: 16 for each leaf, until an ID changes. */
  override get byteLength(): number {
    return super.byteLength + (this.ranks?.byteLength ?? 0);
  }

  /** Forgets for which IDs ranks were asked: others have the same numbers. @internal */
  forgetRanks(): void {
    this.ranks = undefined;
    this.askedTaken = undefined;
  }

  /** Counts the taken IDs below one, which may be 2³¹. Nothing waits. */
  private below(id: number): number {
    return this.ranked()?.below(id) ?? countBelow(this, id);
  }

  /** The counts of the leaves, if a call before asked about the same IDs: a single call, or one between changes, does not pay for them. */
  private ranked(): Ranks | undefined {
    const { taken, given } = this;
    if (taken === this.askedTaken && given === this.askedGiven) {
      this.ranks ??= new Ranks(this);
    } else {
      this.ranks = undefined;
      this.askedTaken = taken;
      this.askedGiven = given;
    }
    return this.ranks;
  }

  protected first(from: number, max: number): number {
    let id = this.seekTaken(from);
    // Its bit is set, but it is free.
    if (id === this.waiting && id >= 0) id = id === MAX_ID ? -1 : this.seekTaken(id + 1);
    return id <= max ? id : -1;
  }

  /** The word of an ID with the bits of taken IDs from it on. */
  private wordFrom(id: number): number {
    const word = this.nodes[this.leafAt(id) + ((id >>> RADIX) & SLOT_MASK)] & (-1 << id);
    const { waiting } = this;
    return waiting >= 0 && waiting >>> RADIX === id >>> RADIX ? word & ~(1 << waiting) : word;
  }

  /** Finds the lowest taken ID above one, or −1: mostly it is in the same word. */
  private after(id: number, max: number): number {
    const above = this.nodes[this.leafAt(id) + ((id >>> RADIX) & SLOT_MASK)] & (-2 << id);
    const next = (id & ~SLOT_MASK) | lowestBit(above);
    if (above === 0 || next === this.waiting) return id >= max ? -1 : this.first(id + 1, max);
    return next <= max ? next : -1;
  }

  /** Finds the highest taken ID up to one, which may be −1. */
  private last(call: string, from: number, min: number): number {
    checked(call, min, 'min');
    let id = from < 0 ? -1 : this.seekTakenLast(from);
    if (id === this.waiting && id >= 0) id = id === 0 ? -1 : this.seekTakenLast(id - 1);
    return id >= min ? id : -1;
  }

  private *ascending(from: number, max: number): Generator<number, undefined> {
    for (let id = this.first(from, max); id >= 0; id = this.after(id, max)) yield id;
  }

  private *descending(from: number, min: number): Generator<number, undefined> {
    for (let id = this.findLast(from, min); id >= 0; id = this.findBefore(id, min)) yield id;
  }

  private *runs(from: number, max: number): Generator<[number, number], undefined> {
    for (let first = this.first(from, max); first >= 0; ) {
      this.settle();
      const last = endOfRun(this, first, max);
      yield [first, last];
      first = last >= max ? -1 : this.first(last + 1, max);
    }
  }

  private *gaps(from: number, max: number): Generator<[number, number], undefined> {
    for (let next = from; next <= max; ) {
      this.settle();
      const first = this.seekFree(next);
      if (first < 0 || first > max) return;
      const last = endOfGap(this, first, max);
      yield [first, last];
      next = last + 1;
    }
  }
}
