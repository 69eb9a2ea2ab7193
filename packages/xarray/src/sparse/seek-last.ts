// Searches downwards in the tree of SparseXArray: the last place that has something, at or below an index.
import { highestBit, lastSet } from '../bits.ts';
import {
  BIAS,
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  ENTRIES,
  LEAF_META_SHIFT,
  LEAF_SHIFT,
  PLACE_MASK,
  PRESENT,
  ROOT,
  ROOT_SHIFT,
  SLOT_MASK,
  SPREAD,
} from './layout.ts';
import { lowerBound } from './lower-bound.ts';
import type { SparseTree } from './tree.ts';

/** Finds the last place up to an index that has an entry, or with `kind` other than PRESENT one with that mark; or −1. */
export function seekLast(tree: SparseTree, from: number, kind: number): number {
  const { directory, directoryMeta, leafMeta } = tree;
  let index = from;
  let at = ROOT;
  let shift = ROOT_SHIFT;
  for (;;) {
    const slot = (index >>> shift) & SLOT_MASK;
    const next = lastSet(directoryMeta, (at << DIRECTORY_META_SHIFT) | kind, slot);
    // Below the first slot of a directory: one slot down in the directory above it.
    let step = DIRECTORY_SHIFT;
    if (next >= 0) {
      if (next !== slot) index = (((((index >>> shift) & ~SLOT_MASK) | next) << shift) | ((1 << shift) - 1)) >>> 0;
      const child = directory[(at << DIRECTORY_SHIFT) | next];
      if (child < 0) {
        at = ~child;
        shift -= DIRECTORY_SHIFT;
        continue;
      }
      const found = lastInLeaf(tree, child, index ^ BIAS, kind);
      if (found >= 0) return found;
      step = leafMeta[(child << LEAF_META_SHIFT) | SPREAD];
    }
    // On below what had none, from the root again.
    const size = 2 ** (shift + step);
    index = Math.floor(index / size) * size - 1;
    if (index < 0) return -1;
    at = ROOT;
    shift = ROOT_SHIFT;
  }
}

/** Finds the last place of a leaf whose key is not above one and that has an entry (with that mark), or −1. */
function lastInLeaf({ leaves, leafMeta }: SparseTree, leaf: number, key: number, kind: number): number {
  const first = leaf << LEAF_SHIFT;
  let at = lowerBound(leaves, first, key);
  if (leaves[at] !== key || leaves[at + ENTRIES] === 0) at--;
  if (at < first || kind === PRESENT) return at < first ? -1 : at;
  const bits = leafMeta[(leaf << LEAF_META_SHIFT) + (kind >> 1)] & (-1 >>> (31 - (at & PLACE_MASK)));
  return bits === 0 ? -1 : first | highestBit(bits);
}
