// Where the entry at an index begins and ends; an entry may cover more than one index.
import { lastClear, nextClear } from './bits.ts';
import { CHUNK_MASK, FILL, META_SHIFT, PARENT, PLACE, SHIFT_MASK, SIBLING } from './node-layout.ts';
import type { Tree } from './tree.ts';

/** Finds the node whose slots hold what a leaf shows: the leaf itself, or the first above that is not a fill node. */
export function holder(tree: Tree, leaf: number): number {
  const { meta } = tree;
  let node = leaf;
  while ((meta[(node << META_SHIFT) | PLACE] & FILL) !== 0) node = meta[(node << META_SHIFT) | PARENT];
  return node;
}

/** Tells the shift of a node. */
export function shiftOf(tree: Tree, node: number): number {
  return tree.meta[(node << META_SHIFT) | PLACE] & SHIFT_MASK;
}

/** Finds the canonical slot for an index in its holder. */
export function canonical(tree: Tree, node: number, index: number): number {
  return lastClear(tree.meta, (node << META_SHIFT) | SIBLING, (index >>> shiftOf(tree, node)) & CHUNK_MASK);
}

/** Finds the slot after those of the entry that an index belongs to, in its holder. */
export function endSlot(tree: Tree, node: number, index: number): number {
  return nextClear(tree.meta, (node << META_SHIFT) | SIBLING, ((index >>> shiftOf(tree, node)) & CHUNK_MASK) + 1);
}

/** Tells the order of what is at an index; 0 also if there is no entry. */
export function orderAt(tree: Tree, index: number): number {
  const { meta } = tree;
  const base = holder(tree, tree.leafAt(index)) << META_SHIFT;
  const shift = meta[base | PLACE] & SHIFT_MASK;
  const slot = (index >>> shift) & CHUNK_MASK;
  const width = nextClear(meta, base | SIBLING, slot + 1) - lastClear(meta, base | SIBLING, slot);
  return shift + 31 - Math.clz32(width);
}

/** Finds the first index of what is at an index: itself if there is no entry. */
export function firstOf(tree: Tree, index: number): number {
  if (tree.multi === 0) return index;
  const node = holder(tree, tree.leafAt(index));
  const shift = shiftOf(tree, node);
  return ((((index >>> shift) & ~CHUNK_MASK) | canonical(tree, node, index)) << shift) >>> 0;
}

/** Finds the last index of what is at an index: itself if there is no entry. */
export function lastOf(tree: Tree, index: number): number {
  if (tree.multi === 0) return index;
  const node = holder(tree, tree.leafAt(index));
  const shift = shiftOf(tree, node);
  const slot = ((index >>> shift) & ~CHUNK_MASK) + endSlot(tree, node, index) - 1;
  return ((slot << shift) | ((1 << shift) - 1)) >>> 0;
}
