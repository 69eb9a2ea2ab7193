// Ranges of an Ida: whole runs of bits set, cleared and found, word by word.
import { bitCount } from './bits.ts';
import { LEAF_SHIFT, PRESENT, RADIX, SLOT_MASK } from './ida-layout.ts';
import type { IdaTree } from './ida-tree.ts';

/** Sets all bits of a range, which are clear. Throws, with nothing set, if there is no memory. */
export function setRange(tree: IdaTree, first: number, last: number): void {
  let id = first;
  try {
    for (;;) {
      const end = Math.min(last, id | ((1 << LEAF_SHIFT) - 1));
      tree.makeLeaf(id);
      setInLeaf(tree, tree.leaf, id, end);
      if (end === last) return;
      id = end + 1;
    }
  } catch (error) {
    if (id > first) clearRange(tree, first, id - 1);
    throw error;
  }
}

/** Sets bits of one leaf. */
function setInLeaf(tree: IdaTree, leaf: number, first: number, last: number): void {
  const { nodes } = tree;
  for (let at = first >>> RADIX; at <= last >>> RADIX; at++) {
    const slot = at & SLOT_MASK;
    const word = nodes[leaf + slot] | maskOf(at, first, last);
    nodes[leaf + slot] = word;
    nodes[leaf + PRESENT] |= 1 << slot;
    if (word === -1) tree.fullUp(leaf, at << RADIX);
  }
}

/** Clears all bits of a range, and frees the nodes that become empty. Returns how many were set. */
export function clearRange(tree: IdaTree, first: number, last: number): number {
  let cleared = 0;
  for (let id = tree.seekTaken(first); id >= 0 && id <= last; ) {
    const leafEnd = id | ((1 << LEAF_SHIFT) - 1);
    cleared += clearInLeaf(tree, tree.leafAt(id), id, Math.min(last, leafEnd));
    id = leafEnd >= last ? -1 : tree.seekTaken(leafEnd + 1);
  }
  return cleared;
}

/** Clears bits of one leaf, of which one at least is set; returns how many were. */
function clearInLeaf(tree: IdaTree, leaf: number, first: number, last: number): number {
  const { nodes } = tree;
  let cleared = 0;
  for (let at = first >>> RADIX; at <= last >>> RADIX; at++) {
    const slot = at & SLOT_MASK;
    const word = nodes[leaf + slot];
    const gone = word & maskOf(at, first, last);
    if (gone === 0) continue;
    cleared += bitCount(gone);
    nodes[leaf + slot] = word & ~gone;
    if (word === -1) tree.unfullUp(leaf, at << RADIX);
    if (word === gone) nodes[leaf + PRESENT] &= ~(1 << slot);
  }
  if (nodes[leaf + PRESENT] === 0) tree.removeNode(leaf, first);
  return cleared;
}

/** The bits of the word of IDs `at << 5` … that lie in a range. */
function maskOf(at: number, first: number, last: number): number {
  const low = at === first >>> RADIX ? -1 << first : -1;
  return at === last >>> RADIX ? low & (-1 >>> (~last & SLOT_MASK)) : low;
}

/** Finds the end of the run of set bits that begins at `first`, up to `max`. */
export function endOfRun(tree: IdaTree, first: number, max: number): number {
  const free = tree.seekFree(first);
  return free < 0 || free > max ? max : free - 1;
}

/** Finds the end of the run of clear bits that begins at `first`, up to `max`. */
export function endOfGap(tree: IdaTree, first: number, max: number): number {
  const taken = tree.seekTaken(first);
  return taken < 0 || taken > max ? max : taken - 1;
}

/** Finds the first run of so many clear bits from `min` to `max`, or −1. Cost: O(runs passed). */
export function findRun(tree: IdaTree, length: number, min: number, max: number): number {
  for (let first = tree.seekFree(min); first >= 0 && first <= max - length + 1; ) {
    const end = endOfGap(tree, first, max);
    if (end - first + 1 >= length) return first;
    if (end === max) break;
    first = tree.seekFree(end + 1);
  }
  return -1;
}
