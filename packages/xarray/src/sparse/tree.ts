// The paths through the tree under SparseXArray: radix directories above, small sorted leaves below.
// Reference: R. Fagin et al., Extendible Hashing, ACM TODS 4 (1979). Here the bits of the index itself lead, the most
// significant first, so that leaves lie in order; and the directory is a tree, 6 bits a level.
import { lowestBit, nextSet } from '../bits.ts';
import { MAX_INDEX } from '../node-layout.ts';
import { UNCLONEABLE } from '../uncloneable.ts';
import { directoriesToSplit, FEW, flag, flagDown, join, plant, split, vacate } from './blocks.ts';
import { FROM_ROOT, guideOver, NO_GUIDE, SHIFT_BITS, SHIFT_MASK } from './guide.ts';
import {
  BIAS,
  BITMAPS_END,
  COUNT,
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  ENTRIES,
  LEAF_META_SHIFT,
  LEAF_ROOM,
  LEAF_SHIFT,
  MARKS,
  MAX_LEVELS,
  NO_LEAF,
  PLACE_MASK,
  PRESENT,
  ROOT,
  ROOT_SHIFT,
  SLOT_MASK,
  SLOTS,
  SPREAD,
} from './layout.ts';
import { hasMarks, insertAt, removeAt } from './leaves.ts';
import { lowerBound } from './lower-bound.ts';
import { makeRoom, type SparseState } from './storage.ts';

/** Searches, and one entry put, removed or marked, for what trusts its arguments; the calls for users are those of SparseXArray. */
export class SparseTree {
  // `declare`: a field that is first undefined and then a number loses its number representation in V8.
  /** @internal */
  declare leaves: Int32Array;
  /** @internal */
  declare leafMeta: Int32Array;
  /** @internal */
  declare directory: Int32Array;
  /** @internal */
  declare directoryMeta: Int32Array;
  /** @internal */
  declare leafTop: number;
  /** @internal */
  declare directoryTop: number;
  /** @internal */
  declare held: number;
  /** @internal */
  declare guide: Int32Array;
  /** @internal */
  declare guideShift: number;
  /** @internal */
  declare freeLeaf: number;
  /** @internal */
  declare freeDirectory: number;
  /** @internal */
  declare moves: number;
  /** @internal */
  declare readonly path: Int32Array;
  /** @internal */
  declare level: number;

  /** @internal */
  declare readonly uncloneable: symbol;

  constructor(state: SparseState) {
    this.uncloneable = UNCLONEABLE;
    this.leaves = state.leaves;
    this.leafMeta = state.leafMeta;
    this.directory = state.directory;
    this.directoryMeta = state.directoryMeta;
    this.leafTop = state.leafTop;
    this.directoryTop = state.directoryTop;
    this.held = state.held;
    this.guide = NO_GUIDE.guide;
    this.guideShift = NO_GUIDE.guideShift;
    this.freeLeaf = NO_LEAF;
    this.freeDirectory = ROOT;
    this.moves = 0;
    this.path = new Int32Array(MAX_LEVELS);
    this.level = 0;
  }

  /** @internal Shows the state; the arrays are the live ones. */
  state(): SparseState {
    const { leaves, leafMeta, directory, directoryMeta, leafTop, directoryTop, held } = this;
    return { leaves, leafMeta, directory, directoryMeta, leafTop, directoryTop, held };
  }

  /** @internal Takes over another state, which has nothing on a free list. */
  adopt(state: SparseState): void {
    const { guide, guideShift } = guideOver(state, state.leafTop);
    this.guide = guide;
    this.guideShift = guideShift;
    this.leaves = state.leaves;
    this.leafMeta = state.leafMeta;
    this.directory = state.directory;
    this.directoryMeta = state.directoryMeta;
    this.leafTop = state.leafTop;
    this.directoryTop = state.directoryTop;
    this.held = state.held;
    this.freeLeaf = NO_LEAF;
    this.freeDirectory = ROOT;
    this.moves++;
  }

  /** @internal Index at a place. */
  indexAt(at: number): number {
    return (this.leaves[at] ^ BIAS) >>> 0;
  }

  /** @internal Finds the leaf of an index, NO_LEAF where there is none; the path stays that of the index located last. */
  leafOf(index: number): number {
    const { guide, guideShift } = this;
    const cell = index >>> guideShift;
    let child = cell < guide.length ? guide[cell] : FROM_ROOT;
    if (child >= 0) return child;
    const { directory } = this;
    let at = ~child >> SHIFT_BITS;
    for (let shift = ~child & SHIFT_MASK; ; shift = (shift - DIRECTORY_SHIFT) | 0) {
      child = directory[(at << DIRECTORY_SHIFT) | ((index >>> shift) & SLOT_MASK)];
      if (child >= 0) return child;
      at = ~child;
    }
  }

  /** @internal Finds the place of an index, or the one where it would go, and remembers the path; in NO_LEAF where there is no leaf. */
  locate(index: number): number {
    const { directory, path } = this;
    let shift = ROOT_SHIFT;
    let level = 0;
    let slot = index >>> ROOT_SHIFT;
    let child = directory[slot];
    path[0] = slot;
    while (child < 0) {
      shift -= DIRECTORY_SHIFT;
      slot = (~child << DIRECTORY_SHIFT) | ((index >>> shift) & SLOT_MASK);
      path[++level] = slot;
      child = directory[slot];
    }
    this.level = level;
    return lowerBound(this.leaves, child << LEAF_SHIFT, index ^ BIAS);
  }

  /** @internal Finds the first place from an index on that has an entry, or with `kind` other than PRESENT one with that mark; or −1. */
  seek(from: number, kind: number): number {
    if (kind === PRESENT) {
      // Mostly it is in the very leaf of the index.
      const at = lowerBound(this.leaves, this.leafOf(from | 0) << LEAF_SHIFT, from ^ BIAS);
      if (this.leaves[at + ENTRIES] !== 0) return at;
    }
    return this.search(from, kind);
  }

  /** Finds what {@link seek} does, with the bitmaps: past empty slots, and past those without the mark. */
  private search(from: number, kind: number): number {
    const { directory, directoryMeta, leaves } = this;
    let index = from;
    let at = ROOT;
    let shift = ROOT_SHIFT;
    for (;;) {
      let slot = (index >>> shift) & SLOT_MASK;
      const next = nextSet(directoryMeta, (at << DIRECTORY_META_SHIFT) | kind, slot);
      if (next !== slot) index = ((((index >>> shift) & ~SLOT_MASK) | (next & SLOT_MASK)) << shift) >>> 0;
      slot = (at << DIRECTORY_SHIFT) | next;
      // Behind the last slot of a directory: one slot on in the directory above it.
      let step = DIRECTORY_SHIFT;
      if (next < SLOTS) {
        const child = directory[slot];
        if (child < 0) {
          at = ~child;
          shift -= DIRECTORY_SHIFT;
          continue;
        }
        const found = this.kept(lowerBound(leaves, child << LEAF_SHIFT, index ^ BIAS), kind);
        if (found >= 0) return found;
        step = this.leafMeta[(child << LEAF_META_SHIFT) | SPREAD];
      }
      // On behind what had none, from the root again.
      const size = 2 ** (shift + step);
      index = (Math.floor(index / size) + 1) * size;
      if (index > MAX_INDEX) return -1;
      at = ROOT;
      shift = ROOT_SHIFT;
    }
  }

  /** @internal Finds the first place at or behind one, in the same leaf, that has an entry (with that mark), or −1. */
  kept(at: number, kind: number): number {
    if (kind === PRESENT) return this.leaves[at + ENTRIES] !== 0 ? at : -1;
    const bits = this.leafMeta[((at >>> LEAF_SHIFT) << LEAF_META_SHIFT) + (kind >> 1)] & (-1 << at);
    return bits === 0 ? -1 : (at & ~PLACE_MASK) | lowestBit(bits);
  }

  /** @internal Puts an entry other than NULL; returns the one there was. */
  put(index: number, entry: number): number {
    const { leaves } = this;
    const key = index ^ BIAS;
    const leaf = this.leafOf(index | 0);
    const at = lowerBound(leaves, leaf << LEAF_SHIFT, key);
    const old = leaves[at] === key ? leaves[at + ENTRIES] : 0;
    if (old !== 0) leaves[at + ENTRIES] = entry;
    else if (leaf !== NO_LEAF && leaves[(leaf << LEAF_SHIFT) | COUNT] !== LEAF_ROOM) insertAt(this, at, key, entry);
    else this.putAfterSplit(index, entry);
    return old;
  }

  /** Puts an entry at an index that has none, and no leaf with room for one: until there is. */
  private putAfterSplit(index: number, entry: number): void {
    for (;;) {
      const at = this.locate(index);
      const leaf = at >>> LEAF_SHIFT;
      if (leaf === NO_LEAF) plant(this);
      else if (this.leaves[(leaf << LEAF_SHIFT) | COUNT] === LEAF_ROOM) {
        makeRoom(this, directoriesToSplit(this, leaf, index));
        split(this, leaf);
      } else {
        insertAt(this, at, index ^ BIAS, entry);
        return;
      }
    }
  }

  /** @internal Removes an entry and its marks; returns it, or 0. */
  remove(index: number): number {
    const at = this.locate(index);
    const old = this.leaves[at] === (index ^ BIAS) ? this.leaves[at + ENTRIES] : 0;
    if (old === 0) return 0;
    const leaf = at >>> LEAF_SHIFT;
    if (hasMarks(this, leaf)) for (let kind = MARKS; kind < BITMAPS_END; kind += 2) this.unmark(at, kind);
    const left = removeAt(this, at);
    if (left === 0) vacate(this, leaf);
    else if (left <= FEW) join(this, leaf);
    return old;
  }

  /** @internal Sets a mark at the place located last, and the bits above it. */
  mark(at: number, kind: number): void {
    const leaf = at >>> LEAF_SHIFT;
    const word = (leaf << LEAF_META_SHIFT) + (kind >> 1);
    const bits = this.leafMeta[word];
    this.leafMeta[word] = bits | (1 << at);
    if (bits !== 0) return;
    flag(this, this.path[this.level], kind, this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD], true);
    for (let level = this.level - 1; level >= 0; level--) flag(this, this.path[level], kind, 0, true);
  }

  /** @internal Clears a mark at the place located last, and the bits above it that no other keeps. */
  unmark(at: number, kind: number): void {
    const leaf = at >>> LEAF_SHIFT;
    const word = (leaf << LEAF_META_SHIFT) + (kind >> 1);
    const bits = this.leafMeta[word] & ~(1 << at);
    if (bits === this.leafMeta[word]) return;
    this.leafMeta[word] = bits;
    if (bits === 0) flagDown(this, kind, this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD]);
  }
}
