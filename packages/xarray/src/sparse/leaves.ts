// What happens inside leaves: keys, entries and marks move together.
import { COUNT, ENTRIES, LEAF_MARKS, LEAF_META_SHIFT, LEAF_ROOM, LEAF_SHIFT, STOP } from './layout.ts';
import { removeLeaf, type Sparse } from './storage.ts';

/** Says whether any key of a leaf is marked. The root is asked first: it is always at hand, and mostly nothing is marked at all. */
export function hasMarks(tree: Sparse, leaf: number): boolean {
  const root = tree.directoryMeta; // words MARKS…BITMAPS_END − 1, without a loop
  if ((root[2] | root[3] | root[4] | root[5] | root[6] | root[7]) === 0) return false;
  const meta = leaf << LEAF_META_SHIFT;
  return (tree.leafMeta[meta + 1] | tree.leafMeta[meta + 2] | tree.leafMeta[meta + 3]) !== 0;
}

/** Puts a key at a place of a leaf that has room. */
export function insertAt(tree: Sparse, at: number, key: number, entry: number): void {
  const { leaves } = tree;
  const leaf = at >>> LEAF_SHIFT;
  const end = (leaf << LEAF_SHIFT) + leaves[(leaf << LEAF_SHIFT) | COUNT]++;
  for (let i = end; i > at; i--) {
    leaves[i] = leaves[i - 1];
    leaves[i + ENTRIES] = leaves[i + ENTRIES - 1];
  }
  leaves[at] = key;
  leaves[at + ENTRIES] = entry;
  tree.held++;
  tree.moves++;
  if (hasMarks(tree, leaf)) shiftMarks(tree, leaf, -1 << at, 1);
}

/** Removes the unmarked key at a place; returns how many are left. */
export function removeAt(tree: Sparse, at: number): number {
  const { leaves } = tree;
  const leaf = at >>> LEAF_SHIFT;
  const left = --leaves[(leaf << LEAF_SHIFT) | COUNT];
  const end = (leaf << LEAF_SHIFT) + left;
  for (let i = at; i < end; i++) {
    leaves[i] = leaves[i + 1];
    leaves[i + ENTRIES] = leaves[i + ENTRIES + 1];
  }
  leaves[end] = STOP;
  leaves[end + ENTRIES] = 0;
  tree.held--;
  tree.moves++;
  if (hasMarks(tree, leaf)) shiftMarks(tree, leaf, -1 << at, -1);
  return left;
}

/** Moves the upper bits of the mark words one place up or down. */
function shiftMarks(tree: Sparse, leaf: number, upper: number, by: 1 | -1): void {
  const { leafMeta } = tree;
  const meta = leaf << LEAF_META_SHIFT;
  for (let word = meta | LEAF_MARKS; word < meta + (1 << LEAF_META_SHIFT); word++) {
    const moved = leafMeta[word] & upper;
    leafMeta[word] = (leafMeta[word] & ~upper) | (by > 0 ? moved << 1 : moved >>> 1);
  }
}

/** Moves the keys of a full leaf from a place on to a leaf without keys. */
export function moveUpper(tree: Sparse, leaf: number, right: number, parting: number): void {
  const { leaves, leafMeta } = tree;
  const from = (leaf << LEAF_SHIFT) + parting;
  const to = right << LEAF_SHIFT;
  const n = LEAF_ROOM - parting;
  for (let i = 0; i < n; i++) {
    leaves[to + i] = leaves[from + i];
    leaves[to + ENTRIES + i] = leaves[from + ENTRIES + i];
    leaves[from + i] = STOP;
    leaves[from + ENTRIES + i] = 0;
  }
  leaves[(leaf << LEAF_SHIFT) | COUNT] = parting;
  leaves[to | COUNT] = n;
  const low = leaf << LEAF_META_SHIFT;
  const high = right << LEAF_META_SHIFT;
  for (let word = LEAF_MARKS; word < 1 << LEAF_META_SHIFT; word++) {
    leafMeta[high | word] = leafMeta[low | word] >>> parting;
    leafMeta[low | word] &= ~(-1 << parting);
  }
}

/** Moves all keys of a leaf behind those of another, which has room, and frees it. */
export function append(tree: Sparse, left: number, right: number): void {
  const { leaves, leafMeta } = tree;
  const from = right << LEAF_SHIFT;
  const start = left << LEAF_SHIFT;
  const n = leaves[start | COUNT];
  const more = leaves[from | COUNT];
  for (let i = 0; i < more; i++) {
    leaves[start + n + i] = leaves[from + i];
    leaves[start + ENTRIES + n + i] = leaves[from + ENTRIES + i];
  }
  leaves[start | COUNT] = n + more;
  const low = left << LEAF_META_SHIFT;
  const high = right << LEAF_META_SHIFT;
  for (let word = LEAF_MARKS; word < 1 << LEAF_META_SHIFT; word++) leafMeta[low | word] |= leafMeta[high | word] << n;
  removeLeaf(tree, right);
}
