// The search for an index that is free: neither an entry nor a reservation is there.
// Reference: Linux lib/xarray.c (v6.19), xas_find_marked for XA_FREE_MARK, which there is set where an index is free.
import { nextClear } from './bits.ts';
import {
  ANCHOR,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  FULL,
  MAX_HEIGHT,
  MAX_INDEX,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PRESENT,
} from './node-layout.ts';
import { covers, isChild, type Tree } from './tree.ts';

/** Finds the first free index from `from` on, in the tree or beyond it, or −1. */
export function seekFree(tree: Tree, from: number): number {
  const { meta } = tree;
  const top = (tree.levels - 1) * CHUNK_SHIFT;
  let index = from;
  let node = tree.leaf;
  let shift = 0;
  if (index >>> CHUNK_SHIFT !== tree.leafKey) {
    if (!covers(tree, index)) return from;
    if (tree.levels === 0) return meta[(ANCHOR << META_SHIFT) | PRESENT] & 1;
    node = tree.root;
    shift = top;
  }
  for (;;) {
    let offset = (index >>> shift) & CHUNK_MASK;
    let next = nextClear(meta, (node << META_SHIFT) | (shift === 0 ? PRESENT : FULL), offset);
    while (next === CHUNK_SIZE) {
      // Beyond a full tree; the highest one ends with the index domain.
      if (shift >= top) return tree.levels < MAX_HEIGHT ? 1 << (tree.levels * CHUNK_SHIFT) : -1;
      node = meta[(node << META_SHIFT) | PARENT];
      shift += CHUNK_SHIFT;
      offset = (index >>> shift) & CHUNK_MASK;
      next = nextClear(meta, (node << META_SHIFT) | FULL, offset + 1);
    }
    // The root of a tree of six levels has 64 slots, and the domain ends with its fourth.
    if (next > MAX_INDEX >>> shift) return -1;
    if (next !== offset) index = (((index >>> shift) & ~CHUNK_MASK) | next) << shift;
    if (shift === 0) break;
    const child = tree.slots[(node << CHUNK_SHIFT) | next];
    if (child === NULL_NODE) return index >>> 0;
    shift -= CHUNK_SHIFT;
    if (!isChild(meta, child, node, shift, next)) throw tree.damaged();
    node = child;
  }
  tree.meet(node, index >>> CHUNK_SHIFT);
  return index >>> 0;
}

/** Finds the first run of `length` free indices from a free one (or −1) on that ends by `max`; returns its first, or −1. */
export function seekGap(tree: Tree, length: number, from: number, max: number): number {
  let index = from;
  while (index >= 0 && index + length - 1 <= max) {
    const next = tree.seek(index, PRESENT);
    if (next < 0 || next - index >= length) return index;
    index = seekFree(tree, next);
  }
  return -1;
}
