// The iterators over a tree, in both directions. Like forEach they are no snapshots: entries ahead may be stored and erased meanwhile.

import { firstOf } from './bounds.ts';
import type { Each } from './each.ts';
import { Steps } from './iterator-base.ts';
import { CHUNK_MASK, CHUNK_SHIFT, CHUNK_SIZE, MAX_INDEX, PRESENT } from './node-layout.ts';
import { lastEntry } from './seek-last.ts';
import type { Tree } from './tree.ts';

/** What an iterator gives: `[index, entry]`, indices or entries. */
export const PAIRS = 0;
export const INDICES = 1;
export const ENTRIES = 2;

/** What holds the values of entries that are places in it. */
export interface Store<T = unknown> {
  readonly kept: ArrayLike<T | undefined>;
}

/** Where an iterator is: an entry, and the leaf around it as long as the version says that it is the leaf of the index. */
class TreeSteps extends Steps {
  declare protected readonly tree: Tree;
  /** Last index to look at. */
  declare protected readonly limit: number;
  /** Bitmap that is searched. */
  declare protected readonly kind: number;
  /** PAIRS, INDICES or ENTRIES. */
  declare private readonly what: number;
  /** What is taken off an entry; not used where there is a store. */
  declare private readonly less: number;
  /** Where the value of an entry is, at the entry less one; or null, if the entry is the value. */
  declare store: Store | null;
  /** The index visited last, unless a leaf is at hand; before the first one, where to begin. */
  declare protected index: number;
  declare protected begun: boolean;
  declare protected slots: Int32Array;
  declare protected version: number;
  /** Whether a leaf is at hand; its first index and slot, and the offsets between which it is still to be visited. */
  declare protected held: boolean;
  declare protected first: number;
  declare protected base: number;
  declare protected offset: number;
  declare protected end: number;

  constructor(tree: Tree, from: number, limit: number, kind: number, what: number, less: number, store: Store | null) {
    super(tree.owner);
    this.tree = tree;
    this.limit = limit;
    this.kind = kind;
    this.what = what;
    this.less = less;
    this.store = store;
    this.index = from;
    this.begun = false;
    this.slots = tree.slots;
    this.version = tree.version;
    this.held = false;
    this.first = 0;
    this.base = 0;
    this.offset = 0;
    this.end = 0;
  }

  protected item(index: number, entry: number): IteratorResult<unknown> {
    const { store } = this;
    const value = store === null ? entry - this.less : store.kept[entry - 1];
    if (this.what === PAIRS) return { done: false, value: [index, value] };
    return { done: false, value: this.what === INDICES ? index : value };
  }

  /** Ends forever: there is nothing beyond the last index in its direction. */
  protected finish(last: number): IteratorResult<unknown> {
    this.index = last;
    this.begun = true;
    this.held = false;
    this.offset = 0;
    this.end = 0;
    return { done: true, value: undefined };
  }

  /** Takes the leaf of an index that was just met at hand, if each entry in it is to be visited. */
  protected enterLeaf(index: number): boolean {
    const { tree } = this;
    this.index = index;
    this.begun = true;
    this.held = false;
    this.offset = 0;
    this.end = 0;
    if (tree.multi !== 0 || tree.levels === 0 || this.kind !== PRESENT) return false;
    this.slots = tree.slots;
    this.version = tree.version;
    this.first = tree.leafKey * CHUNK_SIZE;
    this.base = tree.leaf << CHUNK_SHIFT;
    this.held = true;
    return true;
  }
}

/** Steps from an index up to another. */
class Ascending extends TreeSteps {
  next(): IteratorResult<unknown> {
    const { offset } = this;
    if (offset < this.end && this.version === this.tree.version) {
      const entry = this.slots[this.base | offset];
      if (entry !== 0) {
        this.offset = offset + 1;
        return this.item(this.first + offset, entry);
      }
    }
    return this.far();
  }

  private far(): IteratorResult<unknown> {
    const { tree, kind, limit } = this;
    const last = this.held ? this.first + this.offset - 1 : this.index;
    let index = this.begun ? tree.seekAfter(last, kind) : tree.seek(last, kind);
    while (index >= 0 && index <= limit && tree.met(index) === 0) index = tree.seekAfter(index, kind);
    if (index < 0 || index > limit) {
      return this.finish(MAX_INDEX);
    }
    if (this.enterLeaf(index)) {
      this.offset = (index & CHUNK_MASK) + 1;
      this.end = Math.min(limit - this.first, CHUNK_MASK) + 1;
    }
    return this.item(index, tree.met(index));
  }
}

/** Steps from an index down to another. */
class Descending extends TreeSteps {
  next(): IteratorResult<unknown> {
    const { offset } = this;
    if (offset > this.end && this.version === this.tree.version) {
      const entry = this.slots[this.base | (offset - 1)];
      if (entry !== 0) {
        this.offset = offset - 1;
        return this.item(this.first + offset - 1, entry);
      }
    }
    return this.far();
  }

  private far(): IteratorResult<unknown> {
    const { tree, kind, limit } = this;
    const last = this.held ? this.first + this.offset : this.index;
    const below = this.begun ? firstOf(tree, last) - 1 : last;
    const index = below < 0 ? -1 : lastEntry(tree, below, kind);
    if (index < limit) {
      return this.finish(0);
    }
    // As Ascending meets it: at its first index, or at the limit.
    const first = Math.max(firstOf(tree, index), limit);
    if (this.enterLeaf(first)) {
      this.offset = first & CHUNK_MASK;
      this.end = Math.max(limit - this.first, 0);
    }
    return this.item(first, tree.met(first));
  }
}

/** Iterates over what the entries with a bit of `kind` give, from an index up to `max`; `less` is taken off each entry. */
export function ascending<T>(
  tree: Tree,
  from: number,
  max: number,
  kind: number,
  what: number = PAIRS,
  less = 0,
  store: Store | null = null,
): Each<T> {
  return new Ascending(tree, from, max, kind, what, less, store) as Each<T>;
}

/** Iterates in the same way from an index down to `min`. */
export function descending<T>(
  tree: Tree,
  from: number,
  min: number,
  kind: number,
  what: number = PAIRS,
  less = 0,
  store: Store | null = null,
): Each<T> {
  return new Descending(tree, from, min, kind, what, less, store) as Each<T>;
}

/** Lets an iterator over `[index, entry]` that was just made give the values of the entries. */
export function withStore<T>(steps: Each<[number, number]>, store: Store<T>): Each<[number, T]> {
  (steps as unknown as TreeSteps).store = store;
  return steps as unknown as Each<[number, T]>;
}
