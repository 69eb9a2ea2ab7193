// Ranges: all indices from one to another erased, or given an entry each.
import { rangeMask } from './bits.ts';
import { prepare } from './growth.ts';
import { CHUNK_MASK, CHUNK_SHIFT, META_SHIFT, PRESENT } from './node-layout.ts';
import { removeRow } from './spans.ts';
import type { Tree } from './tree.ts';

/** Removes what is in a range; returns how many entries there were. */
export function eraseRow(tree: Tree, first: number, last: number): number {
  if (first > last) return 0;
  const before = tree.held;
  removeRow(tree, first, last);
  return before - tree.held;
}

/** Puts an entry, not 0, at every index of a range, leaf by leaf. Throws before anything has changed. */
export function fillRow(tree: Tree, first: number, last: number, entry: number): void {
  if (first < last) prepare(tree, first, last);
  for (let index = first; index <= last; ) {
    const end = Math.min(last, (index | CHUNK_MASK) >>> 0);
    // The last one makes the leaf: the first may be the head of an array without nodes.
    tree.put(end, entry);
    if (tree.multi === 0) fillLeaf(tree, index, end, entry);
    else for (let at = index; at < end; at++) tree.put(at, entry);
    index = end + 1;
  }
}

/** Puts an entry at `index`…`end`−1, all in the leaf that holds `end`. */
function fillLeaf(tree: Tree, index: number, end: number, entry: number): void {
  if (index === end) return;
  const leaf = tree.leafAt(end);
  const { slots, meta } = tree;
  const base = leaf << CHUNK_SHIFT;
  const from = index & CHUNK_MASK;
  const to = end & CHUNK_MASK;
  let added = 0;
  for (let slot = base | from; slot < (base | to); slot++) {
    if (slots[slot] === 0) added++;
    slots[slot] = entry;
  }
  tree.held += added;
  const word = (leaf << META_SHIFT) | PRESENT;
  const wasFull = (meta[word] & meta[word | 1]) === -1;
  meta[word] |= rangeMask(from, to, 0);
  meta[word | 1] |= rangeMask(from, to, 1);
  if (!wasFull && (meta[word] & meta[word | 1]) === -1) tree.fullUp(leaf);
}
