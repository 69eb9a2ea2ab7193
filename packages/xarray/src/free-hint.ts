// FreeHint: where `alloc` begins to look for the lowest free index. All code that knows of the hint is in this file.

import { UNCLONEABLE } from './uncloneable.ts';

/** Which indices `alloc` gives out: none, all, or all but 0. */
export type AllocBase = -1 | 0 | 1;

/**
 * Remembers how far all indices are taken.
 *
 * Invariant: every index in [base, next) is taken, except possibly `hole`; and `hole` is one of them, or −1 for none.
 *
 * Whatever frees an index says so by {@link FreeHint.freed}, or {@link FreeHint.freedFrom} for more than one, since the indices
 * that `alloc` passes over are lost to it. What takes an index need not say anything: a hint that is too low costs time alone.
 */
export class FreeHint {
  // `declare`: a field that is first undefined and then a number loses its number representation in V8.
  /** Which indices are given out. */
  declare readonly base: AllocBase;
  /** Every index in [base, next) is taken, except possibly the hole. A u32, kept as int32; base at least. */
  declare private next: number;
  /** An index (a u32, kept as int32) that was freed, or −1: most such indices are allocated again by the next call. */
  declare private hole: number;

  /** @internal Every array has a hint, so this refuses clones of all of them. */
  declare readonly uncloneable: symbol;

  constructor(base: AllocBase) {
    this.base = base;
    this.next = Math.max(base, 0);
    this.hole = -1;
    this.uncloneable = UNCLONEABLE;
  }

  /** Forgets everything: any index may be free. */
  reset(): void {
    this.next = Math.max(this.base, 0);
    this.hole = -1;
  }

  /** Says whether there is a hole from `min` on: then a search for the lowest free index begins there. */
  hasHole(min: number): boolean {
    return this.hole !== -1 && min <= this.hole >>> 0;
  }

  /** The hole, where {@link FreeHint.hasHole} says there is one. */
  get holeIndex(): number {
    return this.hole >>> 0;
  }

  /** Where else to begin that search, unless `min` is higher. */
  get lowest(): number {
    return this.next >>> 0;
  }

  /** Notes that a search from the hole took `index`. If that is another, a store had filled the hole before. */
  tookFromHole(index: number): void {
    const hole = this.hole >>> 0;
    this.hole = -1;
    if (index !== hole) this.tookFromLowest(index);
  }

  /** Notes that a search from {@link FreeHint.lowest} took `index`. */
  tookFromLowest(index: number): void {
    const next = (index + 1) | 0;
    // There is none after the last index: that is left out.
    this.next = next === 0 ? -1 : next;
  }

  /** Notes that an index is free: below `next` one is the hole; of two, the lower is where all is taken up to. */
  freed(index: number): void {
    if (index >= this.next >>> 0 || index < this.base) return;
    if (this.hole === -1) this.hole = index | 0;
    else this.lower(index);
  }

  /** Notes that indices from `first` on may be free. */
  freedFrom(first: number): void {
    if (first < this.next >>> 0) this.lower(Math.max(first, this.base));
  }

  /** The hint in one word, for other threads: no index in [base, word) is free. */
  toWord(): number {
    if (this.hole !== -1) this.lower(this.hole >>> 0);
    return this.next;
  }

  /** Takes over what {@link FreeHint.toWord} gave another thread. */
  fromWord(word: number): void {
    // In zeroed memory it is 0.
    this.next = word === 0 ? Math.max(this.base, 0) : word;
    this.hole = -1;
  }

  private lower(first: number): void {
    this.next = this.hole === -1 ? first | 0 : Math.min(first, this.hole >>> 0) | 0;
    this.hole = -1;
  }
}

/** The hint of all arrays that give nothing out: it has nothing to remember. */
const NONE: FreeHint = /* @__PURE__ */ new FreeHint(-1);

/** Makes the hint of an array. */
export function hintFor(base: AllocBase): FreeHint {
  return base === -1 ? NONE : new FreeHint(base);
}

/** Says whether freeing an index must be told to readers of a word of {@link FreeHint.toWord}. */
export function isBelowHint(index: number, word: number): boolean {
  return index < word >>> 0;
}
