// An Ida's tree as its leaves in ascending order, and a tree made of such leaves: what works on whole bitmaps goes leaf by leaf.
import { bitCount, lowestBit } from './bits.ts';
import { FULL, NODE_WORDS, NULL_NODE, PARENT, PRESENT, RADIX, SLOT_MASK, SLOTS } from './ida-layout.ts';
import { emptyNodes, type IdaNodes } from './ida-tree.ts';

/** Where the leaves of a tree are. */
export interface Leaves {
  /** How many there are; none of them is empty. */
  count: number;
  /** Int32Array, shape [≥ count], ID >>> 10 of each, ascending. */
  keys: Int32Array;
  /** Int32Array, shape [≥ count], their handles. */
  handles: Int32Array;
}

/** Lists the leaves of a tree. Cost: O(nodes). */
export function leavesOf({ nodes, root, levels, top }: IdaNodes): Leaves {
  const most = top / NODE_WORDS;
  const leaves = { count: 0, keys: new Int32Array(most), handles: new Int32Array(most) };
  const list = (node: number, shift: number, key: number): void => {
    let present = nodes[node + PRESENT];
    if (shift === RADIX) {
      if (present === 0) return;
      leaves.keys[leaves.count] = key;
      leaves.handles[leaves.count++] = node;
      return;
    }
    for (; present !== 0; present &= present - 1) {
      const slot = lowestBit(present);
      list(nodes[node + slot], shift - RADIX, (key << RADIX) | slot);
    }
  };
  list(root, RADIX * levels, 0);
  return leaves;
}

/** Nodes of a tree over leaves of these keys, all levels counted. */
function nodesOver(keys: Int32Array, count: number): number {
  let total = count;
  // The highest key tells how many levels there are above the leaves.
  const highest = count === 0 ? 0 : keys[count - 1];
  for (let shift = RADIX; highest >>> (shift - RADIX) !== 0; shift += RADIX) {
    let last = -1;
    for (let i = 0; i < count; i++) {
      const key = keys[i] >>> shift;
      if (key !== last) total++;
      last = key;
    }
  }
  return total;
}

/** Makes room for a tree over leaves of these keys; the first is to be written at handle 35, and so on. */
export function roomFor(keys: Int32Array, count: number): Int32Array {
  return new Int32Array((1 + Math.max(1, nodesOver(keys, count))) * NODE_WORDS);
}

/** Copies a leaf's 32 words and what it says of them. */
export function copyLeaf(from: Int32Array, leaf: number, to: Int32Array, at: number): void {
  for (let i = 0; i <= PRESENT; i++) to[at + i] = from[leaf + i];
}

/**
 * Builds the levels above leaves that lie side by side from handle 35 on, none of them empty.
 *
 * @param nodes From `roomFor`: zeroes behind the leaves.
 * @param keys Int32Array, shape [≥ count], ID >>> 10 of each, ascending; it is overwritten.
 */
export function treeOver(nodes: Int32Array, keys: Int32Array, count: number): IdaNodes {
  if (count === 0) return emptyNodes();
  let first = NODE_WORDS;
  let length = count;
  let top = NODE_WORDS * (1 + count);
  let levels = 1;
  // The nodes of a level lie side by side; their keys move to the front of `keys`.
  for (; length > 1 || keys[0] !== 0; levels++) {
    let parents = 0;
    for (let i = 0; i < length; i++) {
      const node = first + i * NODE_WORDS;
      const slot = keys[i] & SLOT_MASK;
      const key = keys[i] >>> RADIX;
      if (parents === 0 || keys[parents - 1] !== key) keys[parents++] = key;
      const parent = top + (parents - 1) * NODE_WORDS;
      nodes[parent + slot] = node;
      nodes[parent + PRESENT] |= 1 << slot;
      if (nodes[node + FULL] === -1) nodes[parent + FULL] |= 1 << slot;
      nodes[node + PARENT] = parent;
    }
    first = top;
    length = parents;
    top += parents * NODE_WORDS;
  }
  return { nodes, root: first, levels, top };
}

/** Counts the bits that are set below an ID, which may be 2³¹. Cost: O(leaves below it); full subtrees are not entered. */
export function countBelow({ nodes, root, levels }: IdaNodes, id: number): number {
  let shift = RADIX * levels;
  if (id >= 2 ** (shift + RADIX)) return countNode(nodes, root, shift);
  let count = 0;
  let node = root;
  for (; ; shift -= RADIX) {
    const slot = (id >>> shift) & SLOT_MASK;
    count += countSlots(nodes, node, shift, ~(-1 << slot));
    if (shift === RADIX) return count + bitCount(nodes[node + slot] & ~(-1 << id));
    node = nodes[node + slot];
    if (node === NULL_NODE) return count;
  }
}

/** Finds the bit that is set with so many set ones below it; −1 if there are not so many. Cost: as `countBelow`. */
export function nthSet({ nodes, root, levels }: IdaNodes, nth: number): number {
  let left = nth;
  let node = root;
  let id = 0;
  for (let shift = RADIX * levels; ; shift -= RADIX) {
    let slot = 0;
    for (; slot < SLOTS; slot++) {
      const inSlot = countSlots(nodes, node, shift, 1 << slot);
      if (left < inSlot) break;
      left -= inSlot;
    }
    if (slot === SLOTS) return -1;
    id += slot * 2 ** shift;
    if (shift > RADIX) {
      node = nodes[node + slot];
      continue;
    }
    let word = nodes[node + slot];
    for (; left > 0; left--) word &= word - 1;
    return id + lowestBit(word);
  }
}

/** Counts all bits below a node whose slots are `2 ** shift` IDs each. */
function countNode(nodes: Int32Array, node: number, shift: number): number {
  return countSlots(nodes, node, shift, -1);
}

/** Counts the bits in some slots of a node. */
function countSlots(nodes: Int32Array, node: number, shift: number, slots: number): number {
  const full = nodes[node + FULL] & slots;
  if (full === 0 && shift === RADIX && (nodes[node + PRESENT] & slots) === -1) return countWords(nodes, node);
  let count = bitCount(full) * 2 ** shift;
  for (let some = nodes[node + PRESENT] & slots & ~full; some !== 0; some &= some - 1) {
    const child = nodes[node + lowestBit(some)];
    count += shift === RADIX ? bitCount(child) : countNode(nodes, child, shift - RADIX);
  }
  return count;
}

/** Counts the bits of a leaf all of whose words have some. */
function countWords(nodes: Int32Array, leaf: number): number {
  let count = 0;
  for (let i = 0; i < SLOTS; i++) count += bitCount(nodes[leaf + i]);
  return count;
}
