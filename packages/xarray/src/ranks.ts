// Ranks: how many entries a range has, and which is the k-th, from the bitmaps of the nodes.
//
// No node knows how many entries are below it: that would cost every store and erase a write per level. But FULL tells of a child
// without a free index, whose number is known, and of each other leaf one bitmap is counted.
import { bitsSet, lowestBit, nextSet, nthSet, rangeMask } from './bits.ts';
import {
  ANCHOR,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  FULL,
  MAX_INDEX,
  META_SHIFT,
  NULL_NODE,
  PRESENT,
} from './node-layout.ts';
import { covers, isChild, MAYBE, type Tree } from './tree.ts';

/** Counts the entries that have any of the indices `first`…`last`, with `kind` other than PRESENT those with that mark. */
export function countRange(tree: Tree, first: number, last: number, kind: number): number {
  if (first > last || !covers(tree, first)) return 0;
  if (tree.multi !== 0) return walk(tree, first, last, kind, Infinity).passed;
  const { levels } = tree;
  const lone = first === 0 && isReservation(tree, kind) ? 1 : 0;
  if (levels === 0) return (tree.meta[(ANCHOR << META_SHIFT) | kind] & 1) - lone;
  const end = covers(tree, last) ? last : 2 ** (levels * CHUNK_SHIFT) - 1;
  const holes = hasReservations(tree);
  const count = between(tree, tree.root, (levels - 1) * CHUNK_SHIFT, first, end, kind, holes);
  return holes ? count : count - lone;
}

/** Finds the first index of the entry that has `k` others before it, or −1. */
export function nthEntry(tree: Tree, k: number, kind: number): number {
  if (tree.multi !== 0) return walk(tree, 0, MAX_INDEX, kind, k).index;
  if (tree.levels === 0) return k < countRange(tree, 0, 0, kind) ? 0 : -1;
  const holes = hasReservations(tree);
  let node = tree.root;
  let index = 0;
  let left = !holes && isReservation(tree, kind) ? k + 1 : k;
  for (let shift = (tree.levels - 1) * CHUNK_SHIFT; shift > 0; shift -= CHUNK_SHIFT) {
    const bitmap = (node << META_SHIFT) | kind;
    let offset = nextSet(tree.meta, bitmap, 0);
    for (; offset < CHUNK_SIZE; offset = nextSet(tree.meta, bitmap, offset + 1)) {
      const within = below(tree, node, offset, shift, kind, holes);
      if (left < within) break;
      left -= within;
    }
    if (offset === CHUNK_SIZE) return -1;
    index += offset * (1 << shift);
    node = childAt(tree, node, offset, shift);
  }
  const offset = nthInLeaf(tree, node, left, kind, holes);
  return offset === CHUNK_SIZE ? -1 : index + offset;
}

/** Finds the offset of the entry with `k` others before it in its leaf, or 64. */
function nthInLeaf({ meta, slots }: Tree, leaf: number, k: number, kind: number, holes: boolean): number {
  const bitmap = (leaf << META_SHIFT) | kind;
  if (!holes) return nthSet(meta, bitmap, k);
  let left = k;
  for (let offset = nextSet(meta, bitmap, 0); offset < CHUNK_SIZE; offset = nextSet(meta, bitmap, offset + 1)) {
    if (slots[(leaf << CHUNK_SHIFT) | offset] !== 0 && left-- === 0) return offset;
  }
  return CHUNK_SIZE;
}

/** Counts what is below a node of a shift from `first` to `last`, of whose bits only those below the node matter. */
function between(
  tree: Tree,
  node: number,
  shift: number,
  first: number,
  last: number,
  kind: number,
  holes: boolean,
): number {
  if (node === NULL_NODE) return 0;
  const from = (first >>> shift) & CHUNK_MASK;
  const to = (last >>> shift) & CHUNK_MASK;
  if (shift === 0) return inLeaf(tree, node, from, to + 1, kind, holes);
  const down = shift - CHUNK_SHIFT;
  const child = childAt(tree, node, from, shift);
  if (from === to) return between(tree, child, down, first, last, kind, holes);
  return (
    between(tree, child, down, first, MAX_INDEX, kind, holes) +
    children(tree, node, shift, from + 1, to, kind, holes) +
    between(tree, childAt(tree, node, to, shift), down, 0, last, kind, holes)
  );
}

/** Counts what is below the children `from`…`end`−1 of a node. */
function children(
  tree: Tree,
  node: number,
  shift: number,
  from: number,
  end: number,
  kind: number,
  holes: boolean,
): number {
  if (node === NULL_NODE) return 0;
  const { meta } = tree;
  const base = node << META_SHIFT;
  let count = 0;
  for (let half = 0; half < 2; half++) {
    const mask = rangeMask(from, end, half);
    let bits = meta[(base | kind) + half] & mask;
    if (kind === PRESENT && !holes) {
      const full = meta[base | FULL | half] & mask;
      count += bitsSet(full) * (1 << shift);
      bits &= ~full;
    }
    for (; bits !== 0; bits &= bits - 1) {
      count += below(tree, node, 32 * half + lowestBit(bits), shift, kind, holes);
    }
  }
  return count;
}

/** Counts what is below one child of a node. */
function below(tree: Tree, node: number, offset: number, shift: number, kind: number, holes: boolean): number {
  const full = (tree.meta[(node << META_SHIFT) | FULL | (offset >>> 5)] & (1 << offset)) !== 0;
  if (full && kind === PRESENT && !holes) return 1 << shift;
  const child = childAt(tree, node, offset, shift);
  if (shift === CHUNK_SHIFT) return inLeaf(tree, child, 0, CHUNK_SIZE, kind, holes);
  return children(tree, child, shift - CHUNK_SHIFT, 0, CHUNK_SIZE, kind, holes);
}

/** The child in a slot of a node of a shift, or the null node. */
function childAt(tree: Tree, node: number, offset: number, shift: number): number {
  const child = tree.slots[(node << CHUNK_SHIFT) | offset];
  if (child === NULL_NODE || isChild(tree.meta, child, node, shift - CHUNK_SHIFT, offset)) return child;
  throw tree.damaged();
}

/** Counts the entries at `from`…`end`−1 of a leaf: each set bit is one, unless there are reservations. */
function inLeaf(tree: Tree, leaf: number, from: number, end: number, kind: number, holes: boolean): number {
  const { meta, slots } = tree;
  const base = (leaf << META_SHIFT) | kind;
  const low = meta[base] & rangeMask(from, end, 0);
  const high = meta[base + 1] & rangeMask(from, end, 1);
  const set = bitsSet(low) + bitsSet(high);
  if (!holes || set === 0) return set;
  let count = 0;
  for (let offset = nextSet(meta, base, from); offset < end; offset = nextSet(meta, base, offset + 1)) {
    if (slots[(leaf << CHUNK_SHIFT) | offset] !== 0) count++;
  }
  return count;
}

/** Says whether a set bit may be a reservation; after a snapshot was read, the first call counts all bits. */
function hasReservations(tree: Tree): boolean {
  if (tree.reserved === MAYBE) {
    const bits = between(tree, tree.root, (tree.levels - 1) * CHUNK_SHIFT, 0, MAX_INDEX, PRESENT, false);
    tree.reserved = bits - (isReservation(tree, PRESENT) ? 1 : 0) === tree.held ? 0 : 1;
  }
  return tree.reserved !== 0;
}

/** Says whether index 0 has a bit and no entry, as it mostly does in an array from 1. */
function isReservation(tree: Tree, kind: number): boolean {
  const leaf = tree.leafAt(0);
  return (tree.meta[(leaf << META_SHIFT) | kind] & 1) === 1 && tree.slots[leaf << CHUNK_SHIFT] === 0;
}

/** Where entries have more than one index, they are visited one by one: up to the k-th, whose first index is returned. */
function walk(tree: Tree, first: number, last: number, kind: number, k: number): { passed: number; index: number } {
  let passed = 0;
  for (let index = tree.seek(first, kind); index >= 0 && index <= last; index = tree.seekAfter(index, kind)) {
    if (tree.met(index) === 0) continue;
    if (passed === k) return { passed, index };
    passed++;
  }
  return { passed, index: -1 };
}
