// Ranks: how many entries a range has, and which is the k-th, by the counts of the leaves. Directories know none.
import { bitsSet, lowestBit } from '../bits.ts';
import { MAX_INDEX } from '../node-layout.ts';
import { BIAS, COUNT, LEAF_META_SHIFT, LEAF_SHIFT, PLACE_MASK, PRESENT } from './layout.ts';
import { lowerBound } from './lower-bound.ts';
import type { SparseTree } from './tree.ts';

/** Counts the entries at `first`…`last`, with `kind` other than PRESENT those with that mark. */
export function countRange(tree: SparseTree, first: number, last: number, kind: number): number {
  let count = 0;
  let at = first > last ? -1 : tree.seek(first, kind);
  while (at >= 0) {
    const end = lastPlace(tree, at);
    const top = tree.indexAt(end);
    count += within(tree, at, top <= last ? end : placeUpTo(tree, at, last), kind);
    at = top >= last ? -1 : tree.seek(top + 1, kind);
  }
  return count;
}

/** Finds the place of the entry that has `k` others before it, or −1. */
export function nthPlace(tree: SparseTree, k: number, kind: number): number {
  let left = k;
  for (let at = tree.seek(0, kind); at >= 0; ) {
    const end = lastPlace(tree, at);
    const here = within(tree, at, end, kind);
    if (left < here) return kind === PRESENT ? at + left : nthMarked(tree, at, left, kind);
    left -= here;
    const top = tree.indexAt(end);
    at = top === MAX_INDEX ? -1 : tree.seek(top + 1, kind);
  }
  return -1;
}

/** The place of the last key in the leaf of a place. */
function lastPlace({ leaves }: SparseTree, at: number): number {
  const start = (at >>> LEAF_SHIFT) << LEAF_SHIFT;
  return start + leaves[start | COUNT] - 1;
}

/** The last place whose key is not above an index, in the leaf of a place: maybe the one before it. */
function placeUpTo({ leaves }: SparseTree, at: number, index: number): number {
  const place = lowerBound(leaves, (at >>> LEAF_SHIFT) << LEAF_SHIFT, index ^ BIAS);
  return leaves[place] === (index ^ BIAS) ? place : place - 1;
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
