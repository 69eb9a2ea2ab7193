// The blocks of slots that lead to one leaf: how they are given, halved, doubled and given up.
//
// A leaf serves the 2ⁿ slots of an aligned block of one directory: n is its spread. A full leaf is split by one bit of the
// index; one that has only a slot left first gets a directory below, all of whose slots lead to it.
import {
  BIAS,
  BITMAPS_END,
  COUNT,
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  LEAF_META_SHIFT,
  LEAF_ROOM,
  LEAF_SHIFT,
  MARKS,
  MAX_LEVELS,
  NO_LEAF,
  PRESENT,
  ROOT_SHIFT,
  SPREAD,
} from './layout.ts';
import { Leaves } from './leaves.ts';
import { lowerBound } from './lower-bound.ts';
import type { SparseState } from './storage.ts';

/** A leaf with so few keys is put together with its neighbour, if both together have at most twice as many. */
export const FEW = 10;

/** Ties leaves to directories; all calls concern the path located last. */
export class Blocks extends Leaves {
  /** Int32Array, shape [5]: the slots (`directory << 6 | slot`) passed on the way to the leaf located last. */
  declare protected readonly path: Int32Array;
  /** Index in `path` of the slot that leads to that leaf. */
  declare protected level: number;

  constructor(state: SparseState) {
    super(state);
    this.path = new Int32Array(MAX_LEVELS);
    this.level = 0;
  }

  /** Gives an index without a leaf one: its empty block, as large as can be, goes to a new leaf or to the next one. */
  protected plant(): void {
    const slot = this.path[this.level];
    let spread = 0;
    while (spread < DIRECTORY_SHIFT && this.blank(slot, spread + 1)) spread++;
    const first = slot & (-1 << spread);
    const buddy = spread < DIRECTORY_SHIFT ? this.directory[first ^ (1 << spread)] : NO_LEAF;
    if (
      buddy > NO_LEAF &&
      this.leafMeta[(buddy << LEAF_META_SHIFT) | SPREAD] === spread &&
      this.leaves[(buddy << LEAF_SHIFT) | COUNT] < LEAF_ROOM
    ) {
      this.lead(slot, buddy, spread + 1);
    } else {
      this.makeRoom(0);
      this.lead(slot, this.addLeaf(), spread);
    }
  }

  /**
   * Counts the directories that come between the full leaf located last and an index, until one of them has room for it: down to
   * the first bit in which the index and the keys do not all agree. Further splits of what is left then need none.
   */
  protected directoriesToSplit(leaf: number, index: number): number {
    const start = leaf << LEAF_SHIFT;
    const key = index ^ BIAS;
    const low = Math.min(key, this.leaves[start]);
    const high = Math.max(key, this.leaves[start + LEAF_ROOM - 1]);
    return Math.max(Math.floor(Math.clz32(low ^ high) / DIRECTORY_SHIFT) - this.level, 0);
  }

  /** Splits the full leaf located last, for which there must be room, by one bit of the index; where that parts nothing, its block becomes half as large. */
  protected split(leaf: number): void {
    this.moves++;
    let slot = this.path[this.level];
    if (this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] === 0) {
      const below = this.addDirectory(leaf);
      this.directory[slot] = ~below;
      this.level++;
      slot = below << DIRECTORY_SHIFT;
    }
    const spread = this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] - 1;
    const low = slot & (-1 << (spread + 1));
    const high = low | (1 << spread);
    const bit = ROOT_SHIFT - this.level * DIRECTORY_SHIFT + spread;
    const start = leaf << LEAF_SHIFT;
    const last = this.leaves[start + LEAF_ROOM - 1] ^ BIAS;
    // The bits above are the same in all keys of the leaf: the upper half begins with the last key's, and zeros below.
    const upper = ((last >>> bit) << bit) ^ BIAS;
    const parting = ((last >>> bit) & 1) === 0 ? LEAF_ROOM : lowerBound(this.leaves, start, upper) - start;
    if (parting === 0 || parting === LEAF_ROOM) {
      this.lead(parting === 0 ? low : high, NO_LEAF, spread);
      this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] = spread;
      return;
    }
    const right = this.addLeaf();
    this.moveUpper(leaf, right, parting);
    this.lead(low, leaf, spread);
    this.lead(high, right, spread);
  }

  /** Puts a leaf that has become small together with its neighbours, as long as these are small too or nothing. */
  protected join(small: number): void {
    let leaf = small;
    let level = this.level;
    for (;;) {
      const slot = this.path[level];
      const spread = this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD];
      if (spread === DIRECTORY_SHIFT) {
        if (level === 0) return;
        // All of a directory leads to the leaf: the slot above can do so itself. The bits there say the same of both.
        this.removeDirectory(slot >>> DIRECTORY_SHIFT);
        level--;
        this.directory[this.path[level]] = leaf;
        this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] = 0;
        continue;
      }
      const beside = slot ^ (1 << spread);
      const buddy = this.directory[beside];
      if (buddy === NO_LEAF ? !this.blank(beside, spread) : !this.fits(leaf, buddy)) return;
      if (buddy !== NO_LEAF) {
        const left = beside < slot ? buddy : leaf;
        this.append(left, left === leaf ? buddy : leaf);
        leaf = left;
      }
      this.lead(slot, leaf, spread + 1);
    }
  }

  /** Says whether what the next block leads to is one leaf, small enough to go together with the one given. */
  private fits(leaf: number, buddy: number): boolean {
    if (
      buddy < 0 ||
      this.leafMeta[(buddy << LEAF_META_SHIFT) | SPREAD] !== this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD]
    )
      return false;
    const { leaves } = this;
    return leaves[(leaf << LEAF_SHIFT) | COUNT] + leaves[(buddy << LEAF_SHIFT) | COUNT] <= 2 * FEW;
  }

  /** Gives up the leaf located last, which has no keys left, and the directories that lead nowhere without it. */
  protected vacate(leaf: number): void {
    let spread = this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD];
    this.removeLeaf(leaf);
    for (let level = this.level; ; level--) {
      const slot = this.path[level];
      this.lead(slot, NO_LEAF, spread);
      const directory = slot >>> DIRECTORY_SHIFT;
      const word = (directory << DIRECTORY_META_SHIFT) | PRESENT;
      if (level === 0 || (this.directoryMeta[word] | this.directoryMeta[word + 1]) !== 0) return;
      this.removeDirectory(directory);
      spread = 0;
    }
  }

  /** Lets the block around a slot lead to a leaf with the keys of that block, or to NO_LEAF. */
  protected lead(slot: number, leaf: number, spread: number): void {
    const first = slot & (-1 << spread);
    for (let s = first; s < first + (1 << spread); s++) this.directory[s] = leaf;
    // That of NO_LEAF means nothing.
    this.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] = spread;
    this.flag(slot, PRESENT, spread, leaf !== NO_LEAF);
    const marks = leaf << LEAF_META_SHIFT;
    for (let kind = MARKS; kind < BITMAPS_END; kind += 2) {
      this.flag(slot, kind, spread, this.leafMeta[marks + (kind >> 1)] !== 0);
    }
  }

  /** Clears the bits of the block located last, and those of the slots above it under which none is left. */
  protected flagDown(kind: number, spread: number): void {
    let size = spread;
    for (let level = this.level; level >= 0; level--) {
      const slot = this.path[level];
      this.flag(slot, kind, size, false);
      const word = ((slot >>> DIRECTORY_SHIFT) << DIRECTORY_META_SHIFT) | kind;
      if ((this.directoryMeta[word] | this.directoryMeta[word + 1]) !== 0) return;
      size = 0;
    }
  }

  /** Sets or clears the bits of the block of 2ˢᵖʳᵉᵃᵈ slots around a slot. */
  protected flag(slot: number, kind: number, spread: number, on: boolean): void {
    const meta = this.directoryMeta;
    const word = ((slot >>> DIRECTORY_SHIFT) << DIRECTORY_META_SHIFT) | kind;
    const bits = block(slot, spread);
    const half = word + ((slot >>> 5) & 1);
    meta[half] = on ? meta[half] | bits : meta[half] & ~bits;
    if (spread === DIRECTORY_SHIFT) meta[word] = meta[word + 1] = on ? -1 : 0;
  }

  /** Says whether a block has no slot that leads anywhere. */
  private blank(slot: number, spread: number): boolean {
    const word = ((slot >>> DIRECTORY_SHIFT) << DIRECTORY_META_SHIFT) | PRESENT;
    if (spread === DIRECTORY_SHIFT) return (this.directoryMeta[word] | this.directoryMeta[word + 1]) === 0;
    return (this.directoryMeta[word + ((slot >>> 5) & 1)] & block(slot, spread)) === 0;
  }
}

/** Bits of a block of 2ˢᵖʳᵉᵃᵈ slots, in the half of the bitmap where the slot is. */
function block(slot: number, spread: number): number {
  return spread >= 5 ? -1 : ((1 << (1 << spread)) - 1) << (slot & (-1 << spread));
}
