// Searches downwards: the last index that has something, at or below another. The mirror image of Nodes.seek.
// The kernel has none: xas_prev steps from index to index.
import { lastSet } from './bits.ts';
import { firstOf, lastOf } from './bounds.ts';
import { hasMark } from './marks.ts';
import { ANCHOR, CHUNK_MASK, CHUNK_SHIFT, CHUNK_SIZE, ENTRY, META_SHIFT, PARENT, PRESENT } from './node-layout.ts';
import { covers, isChild, type Tree } from './tree.ts';

/** Finds the last index up to `at` that belongs to something with a bit in the bitmaps of `kind`, or −1. */
export function seekLast(tree: Tree, at: number, kind: number): number {
  // −0 is the index 0.
  const from = at >>> 0;
  if (tree.multi === 0 || kind === PRESENT) return seekLastBit(tree, from, kind);
  // Only canonical slots are marked; what is found below an unmarked entry ends below it.
  if (hasMark(tree, from, kind)) return from;
  const slot = seekLastBit(tree, from, kind);
  return slot < 0 ? -1 : lastOf(tree, slot);
}

/** Goes on from an index that `seekLast` has met to the one before, below all of a multi-index entry, or −1. */
export function seekBefore(tree: Tree, index: number, kind: number): number {
  const first = firstOf(tree, index);
  return first === 0 ? -1 : seekLast(tree, first - 1, kind);
}

/** Finds the last index up to `from` that has an entry, which a reservation is not, or −1. */
export function lastEntry(tree: Tree, from: number, kind: number): number {
  let index = seekLast(tree, from, kind);
  while (index >= 0 && tree.met(index) === 0) index = seekBefore(tree, index, kind);
  return index;
}

/** Finds the last index up to `from` whose own slot has a bit set, or −1. */
function seekLastBit(tree: Tree, from: number, kind: number): number {
  const { meta, slots } = tree;
  const top = (tree.levels - 1) * CHUNK_SHIFT;
  let node = tree.leaf;
  let shift = 0;
  let offset = from - tree.leafKey * CHUNK_SIZE;
  // An index below the node at hand, as in Nodes.seek.
  let index = offset === -1 ? from + 1 : from;
  // In the leaf met last, or just below it, where its parent tells what comes before.
  if (offset < -1 || offset > CHUNK_MASK || tree.leafKey < 0) {
    if (tree.levels === 0) return (meta[(ANCHOR << META_SHIFT) | kind] & 1) - 1;
    index = covers(tree, from) ? from : 2 ** (tree.levels * CHUNK_SHIFT) - 1;
    node = tree.root;
    shift = top;
    offset = (index >>> shift) & CHUNK_MASK;
  }
  for (;;) {
    let next = lastSet(meta, (node << META_SHIFT) | kind, offset);
    while (next < 0) {
      if (shift >= top) return -1;
      node = meta[(node << META_SHIFT) | PARENT];
      shift += CHUNK_SHIFT;
      offset = (index >>> shift) & CHUNK_MASK;
      next = lastSet(meta, (node << META_SHIFT) | kind, offset - 1);
    }
    // The last index below that slot.
    if (next !== offset) index = (((((index >>> shift) & ~CHUNK_MASK) | next) << shift) | ((1 << shift) - 1)) >>> 0;
    if (shift === 0) break;
    if (tree.multi !== 0 && (meta[(node << META_SHIFT) | ENTRY | (next >>> 5)] & (1 << next)) !== 0) return index;
    const child = slots[(node << CHUNK_SHIFT) | next];
    shift -= CHUNK_SHIFT;
    if (!isChild(meta, child, node, shift, next)) throw tree.damaged();
    node = child;
    offset = (index >>> shift) & CHUNK_MASK;
  }
  tree.meet(node, index >>> CHUNK_SHIFT);
  return index;
}
