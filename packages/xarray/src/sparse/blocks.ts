// The blocks of slots that lead to one leaf: how they are given, halved, doubled and given up.
//
// A leaf serves the 2ⁿ slots of an aligned block of one directory: n is its spread. A full leaf is split by one bit of the
// index; one that has only a slot left first gets a directory below, all of whose slots lead to it. All that is here concerns the
// path located last.
import { firstOf, guideTo } from './guide.ts';
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
  NO_LEAF,
  PRESENT,
  ROOT_SHIFT,
  SPREAD,
} from './layout.ts';
import { append, moveUpper } from './leaves.ts';
import { lowerBound } from './lower-bound.ts';
import { addDirectory, addLeaf, makeRoom, removeDirectory, removeLeaf, type Sparse } from './storage.ts';

/** A leaf with so few keys is put together with its neighbour, if both together have at most twice as many. */
export const FEW = 10;

/** Gives an index without a leaf one: its empty block, as large as can be, goes to a new leaf or to the next one. */
export function plant(tree: Sparse): void {
  const slot = tree.path[tree.level];
  let spread = 0;
  while (spread < DIRECTORY_SHIFT && blank(tree, slot, spread + 1)) spread++;
  const first = slot & (-1 << spread);
  const buddy = spread < DIRECTORY_SHIFT ? tree.directory[first ^ (1 << spread)] : NO_LEAF;
  if (
    buddy > NO_LEAF &&
    tree.leafMeta[(buddy << LEAF_META_SHIFT) | SPREAD] === spread &&
    tree.leaves[(buddy << LEAF_SHIFT) | COUNT] < LEAF_ROOM
  ) {
    lead(tree, tree.level, slot, buddy, spread + 1);
  } else {
    makeRoom(tree, 0);
    lead(tree, tree.level, slot, addLeaf(tree), spread);
  }
}

/**
 * Counts the directories that come between the full leaf located last and an index, until one of them has room for it: down to
 * the first bit in which the index and the keys do not all agree. Further splits of what is left then need none.
 */
export function directoriesToSplit(tree: Sparse, leaf: number, index: number): number {
  const start = leaf << LEAF_SHIFT;
  const key = index ^ BIAS;
  const low = Math.min(key, tree.leaves[start]);
  const high = Math.max(key, tree.leaves[start + LEAF_ROOM - 1]);
  return Math.max(Math.floor(Math.clz32(low ^ high) / DIRECTORY_SHIFT) - tree.level, 0);
}

/** Splits the full leaf located last, for which there must be room, by one bit of the index; where that parts nothing, its block becomes half as large. */
export function split(tree: Sparse, leaf: number): void {
  tree.moves++;
  let slot = tree.path[tree.level];
  if (tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] === 0) {
    const below = addDirectory(tree, leaf);
    tree.directory[slot] = ~below;
    tree.level++;
    slot = below << DIRECTORY_SHIFT;
  }
  const spread = tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] - 1;
  const low = slot & (-1 << (spread + 1));
  const high = low | (1 << spread);
  const bit = ROOT_SHIFT - tree.level * DIRECTORY_SHIFT + spread;
  const start = leaf << LEAF_SHIFT;
  const last = tree.leaves[start + LEAF_ROOM - 1] ^ BIAS;
  // The bits above are the same in all keys of the leaf: the upper half begins with the last key's, and zeros below.
  const upper = ((last >>> bit) << bit) ^ BIAS;
  const parting = ((last >>> bit) & 1) === 0 ? LEAF_ROOM : lowerBound(tree.leaves, start, upper) - start;
  if (parting === 0 || parting === LEAF_ROOM) {
    lead(tree, tree.level, parting === 0 ? low : high, NO_LEAF, spread);
    tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] = spread;
    return;
  }
  const right = addLeaf(tree);
  moveUpper(tree, leaf, right, parting);
  lead(tree, tree.level, low, leaf, spread);
  lead(tree, tree.level, high, right, spread);
}

/** Puts a leaf that has become small together with its neighbours, as long as these are small too or nothing. */
export function join(tree: Sparse, small: number): void {
  let leaf = small;
  let level = tree.level;
  for (;;) {
    const slot = tree.path[level];
    const spread = tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD];
    if (spread === DIRECTORY_SHIFT) {
      if (level === 0) return;
      // All of a directory leads to the leaf: the slot above can do so itself. The bits there say the same of both.
      removeDirectory(tree, slot >>> DIRECTORY_SHIFT);
      level--;
      tree.directory[tree.path[level]] = leaf;
      tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] = 0;
      continue;
    }
    const beside = slot ^ (1 << spread);
    const buddy = tree.directory[beside];
    if (buddy === NO_LEAF ? !blank(tree, beside, spread) : !fits(tree, leaf, buddy)) return;
    if (buddy !== NO_LEAF) {
      const left = beside < slot ? buddy : leaf;
      append(tree, left, left === leaf ? buddy : leaf);
      leaf = left;
    }
    lead(tree, level, slot, leaf, spread + 1);
  }
}

/** Says whether what the next block leads to is one leaf, small enough to go together with the one given. */
function fits(tree: Sparse, leaf: number, buddy: number): boolean {
  if (
    buddy < 0 ||
    tree.leafMeta[(buddy << LEAF_META_SHIFT) | SPREAD] !== tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD]
  )
    return false;
  const { leaves } = tree;
  return leaves[(leaf << LEAF_SHIFT) | COUNT] + leaves[(buddy << LEAF_SHIFT) | COUNT] <= 2 * FEW;
}

/** Gives up the leaf located last, which has no keys left, and the directories that lead nowhere without it. */
export function vacate(tree: Sparse, leaf: number): void {
  let spread = tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD];
  removeLeaf(tree, leaf);
  for (let level = tree.level; ; level--) {
    const slot = tree.path[level];
    lead(tree, level, slot, NO_LEAF, spread);
    const directory = slot >>> DIRECTORY_SHIFT;
    const word = (directory << DIRECTORY_META_SHIFT) | PRESENT;
    if (level === 0 || (tree.directoryMeta[word] | tree.directoryMeta[word + 1]) !== 0) return;
    removeDirectory(tree, directory);
    spread = 0;
  }
}

/** Lets the block around a slot, at a level of the path located last, lead to a leaf with the keys of that block, or to NO_LEAF. */
function lead(tree: Sparse, level: number, slot: number, leaf: number, spread: number): void {
  const first = slot & (-1 << spread);
  const shift = ROOT_SHIFT - level * DIRECTORY_SHIFT;
  guideTo(tree, slot >>> DIRECTORY_SHIFT, shift, firstOf(tree.path, level, first), spread, leaf);
  for (let s = first; s < first + (1 << spread); s++) tree.directory[s] = leaf;
  // That of NO_LEAF means nothing.
  tree.leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD] = spread;
  flag(tree, slot, PRESENT, spread, leaf !== NO_LEAF);
  const marks = leaf << LEAF_META_SHIFT;
  for (let kind = MARKS; kind < BITMAPS_END; kind += 2) {
    flag(tree, slot, kind, spread, tree.leafMeta[marks + (kind >> 1)] !== 0);
  }
}

/** Clears the bits of the block located last, and those of the slots above it under which none is left. */
export function flagDown(tree: Sparse, kind: number, spread: number): void {
  let size = spread;
  for (let level = tree.level; level >= 0; level--) {
    const slot = tree.path[level];
    flag(tree, slot, kind, size, false);
    const word = ((slot >>> DIRECTORY_SHIFT) << DIRECTORY_META_SHIFT) | kind;
    if ((tree.directoryMeta[word] | tree.directoryMeta[word + 1]) !== 0) return;
    size = 0;
  }
}

/** Sets or clears the bits of the block of 2ˢᵖʳᵉᵃᵈ slots around a slot. */
export function flag(tree: Sparse, slot: number, kind: number, spread: number, on: boolean): void {
  const meta = tree.directoryMeta;
  const word = ((slot >>> DIRECTORY_SHIFT) << DIRECTORY_META_SHIFT) | kind;
  const bits = block(slot, spread);
  const half = word + ((slot >>> 5) & 1);
  meta[half] = on ? meta[half] | bits : meta[half] & ~bits;
  if (spread === DIRECTORY_SHIFT) meta[word] = meta[word + 1] = on ? -1 : 0;
}

/** Says whether a block has no slot that leads anywhere. */
function blank(tree: Sparse, slot: number, spread: number): boolean {
  const word = ((slot >>> DIRECTORY_SHIFT) << DIRECTORY_META_SHIFT) | PRESENT;
  if (spread === DIRECTORY_SHIFT) return (tree.directoryMeta[word] | tree.directoryMeta[word + 1]) === 0;
  return (tree.directoryMeta[word + ((slot >>> 5) & 1)] & block(slot, spread)) === 0;
}

/** Bits of a block of 2ˢᵖʳᵉᵃᵈ slots, in the half of the bitmap where the slot is. */
function block(slot: number, spread: number): number {
  return spread >= 5 ? -1 : ((1 << (1 << spread)) - 1) << (slot & (-1 << spread));
}
