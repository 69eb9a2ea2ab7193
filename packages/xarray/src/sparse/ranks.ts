// Ranks: how many entries a range has, and which is the k-th, by the counts of the leaves. Directories know none.
import { bitsSet, lowestBit, nextSet } from '../bits.ts';
import { MAX_INDEX } from '../node-layout.ts';
import {
  BIAS,
  COUNT,
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  LEAF_META_SHIFT,
  LEAF_SHIFT,
  PLACE_MASK,
  PRESENT,
  ROOT,
  ROOT_SHIFT,
  SLOT_MASK,
  SLOTS,
  SPREAD,
} from './layout.ts';
import { lowerBound } from './lower-bound.ts';
import type { SparseTree } from './tree.ts';

/** Counts the entries at `first`…`last`, with `kind` other than PRESENT those with that mark. */
export function countRange(tree: SparseTree, first: number, last: number, kind: number): number {
  return first > last ? 0 : countBelow(tree, ROOT, ROOT_SHIFT, first, last, kind);
}

/** The same of what is below a directory: it takes the counts of leaves, and searches only in those that hold a limit. */
function countBelow(tree: SparseTree, at: number, shift: number, first: number, last: number, kind: number): number {
  const { directory, directoryMeta } = tree;
  const bitmap = (at << DIRECTORY_META_SHIFT) | kind;
  const from = (first >>> shift) & SLOT_MASK;
  const end = (last >>> shift) & SLOT_MASK;
  let count = 0;
  for (let slot = nextSet(directoryMeta, bitmap, from); slot <= end; slot = nextSet(directoryMeta, bitmap, slot)) {
    const child = directory[(at << DIRECTORY_SHIFT) | slot];
    const after = child < 0 ? slot + 1 : slotAfter(tree, child, slot);
    const lowest = slot === from ? first : 0;
    const highest = after > end ? last : MAX_INDEX;
    if (child < 0) count += countBelow(tree, ~child, shift - DIRECTORY_SHIFT, lowest, highest, kind);
    else if (lowest === 0 && highest === MAX_INDEX) count += countLeaf(tree, child, kind);
    else count += within(tree, placeFrom(tree, child, lowest), placeUpTo(tree, child, highest), kind);
    slot = after;
  }
  return count;
}

/** Finds the place of the entry that has `k` others before it, or −1. */
export function nthPlace(tree: SparseTree, k: number, kind: number): number {
  return Math.max(nthBelow(tree, ROOT, k, kind), -1);
}

/** The same of what is below a directory; if there are not so many, the complement (~) of how many there are. */
function nthBelow(tree: SparseTree, at: number, k: number, kind: number): number {
  const { directory, directoryMeta } = tree;
  const bitmap = (at << DIRECTORY_META_SHIFT) | kind;
  let passed = 0;
  for (let slot = nextSet(directoryMeta, bitmap, 0); slot < SLOTS; slot = nextSet(directoryMeta, bitmap, slot)) {
    const child = directory[(at << DIRECTORY_SHIFT) | slot];
    if (child < 0) {
      const found = nthBelow(tree, ~child, k - passed, kind);
      if (found >= 0) return found;
      passed += ~found;
      slot++;
      continue;
    }
    const here = countLeaf(tree, child, kind);
    const start = child << LEAF_SHIFT;
    if (k - passed < here) return kind === PRESENT ? start + k - passed : nthMarked(tree, start, k - passed, kind);
    passed += here;
    slot = slotAfter(tree, child, slot);
  }
  return ~passed;
}

/** The first slot behind those of a leaf that has `slot`. */
function slotAfter({ leafMeta }: SparseTree, leaf: number, slot: number): number {
  return (slot | ((1 << leafMeta[(leaf << LEAF_META_SHIFT) | SPREAD]) - 1)) + 1;
}

/** Counts the entries of a leaf, or those with a mark. */
function countLeaf({ leaves, leafMeta }: SparseTree, leaf: number, kind: number): number {
  if (kind === PRESENT) return leaves[(leaf << LEAF_SHIFT) | COUNT];
  return bitsSet(leafMeta[(leaf << LEAF_META_SHIFT) + (kind >> 1)]);
}

/** The first place of a leaf whose key is not below an index. */
function placeFrom({ leaves }: SparseTree, leaf: number, index: number): number {
  return lowerBound(leaves, leaf << LEAF_SHIFT, index ^ BIAS);
}

/** The last place of a leaf whose key is not above an index: maybe the one before its first. */
function placeUpTo({ leaves }: SparseTree, leaf: number, index: number): number {
  const start = leaf << LEAF_SHIFT;
  const place = lowerBound(leaves, start, index ^ BIAS);
  // Behind the last key there may be one that is not in use, and looks like the highest index.
  return place - start < leaves[start | COUNT] && leaves[place] === (index ^ BIAS) ? place : place - 1;
}

/** Counts the entries, or those with a mark, at the places `from`…`to` of one leaf. */
function within(tree: SparseTree, from: number, to: number, kind: number): number {
  if (to < from) return 0;
  if (kind === PRESENT) return to - from + 1;
  return bitsSet(marksFrom(tree, from, kind) & (-1 >>> (31 - (to & PLACE_MASK))));
}

/** Finds the marked place that has `k` others before it, from a place on. */
function nthMarked(tree: SparseTree, from: number, k: number, kind: number): number {
  let bits = marksFrom(tree, from, kind);
  for (let left = k; left > 0; left--) bits &= bits - 1;
  return ((from >>> LEAF_SHIFT) << LEAF_SHIFT) | lowestBit(bits);
}

/** The word of a mark in the leaf of a place, without the bits before it. */
function marksFrom(tree: SparseTree, at: number, kind: number): number {
  return tree.leafMeta[((at >>> LEAF_SHIFT) << LEAF_META_SHIFT) + (kind >> 1)] & (-1 << at);
}
