// Set operations on two trees of bitmaps: both are walked at the same time, and word by word where both have a leaf.
import { bitCount, lowestBit } from './bits.ts';
import { FULL, NODE_WORDS, NULL_NODE, PARENT, PRESENT, RADIX, SLOTS } from './ida-layout.ts';
import { copyLeaf } from './ida-leaves.ts';
import { emptyNodes, type IdaNodes } from './ida-tree.ts';

/** What becomes of two leaves, and of a leaf that only one of the trees has. */
export interface Operation {
  /** Whether a leaf is kept that only the first tree has, or only the second one. */
  readonly first: boolean;
  readonly second: boolean;
  /** Writes what the operation makes of two leaves; the one at `at` has zeroes before. */
  combine(a: Int32Array, first: number, b: Int32Array, second: number, to: Int32Array, at: number): void;
}

export const UNION: Operation = { first: true, second: true, combine: unite };
export const INTERSECTION: Operation = { first: false, second: false, combine: intersect };
export const DIFFERENCE: Operation = { first: true, second: false, combine: subtract };
export const SYMMETRIC_DIFFERENCE: Operation = { first: true, second: true, combine: exclude };

/** Returns what an operation makes of two trees, as a tree of its own. Cost: O(leaves), and of each the words that are not empty. */
export function combined(a: IdaNodes, b: IdaNodes, operation: Operation): IdaNodes {
  const [x, y] = [rootOf(a), rootOf(b)];
  const levels = Math.max(a.levels, b.levels);
  if (!isKept(operation, x, y)) return emptyNodes();
  const most = nodesFor(a, x, b, y, operation, RADIX * levels);
  const made: IdaNodes = { nodes: new Int32Array((1 + most) * NODE_WORDS), root: NODE_WORDS, levels, top: NODE_WORDS };
  return build(a, x, b, y, operation, RADIX * levels, made) === NULL_NODE ? emptyNodes() : made;
}

/** Whether a node is made of two, of which one may be that of zeroes. */
function isKept({ first, second }: Operation, x: number, y: number): boolean {
  return x === NULL_NODE ? y !== NULL_NODE && second : y !== NULL_NODE || first;
}

/** The slots of two nodes for which the operation makes something, or may. */
function keptSlots({ first, second }: Operation, ofX: number, ofY: number): number {
  return (ofX & ofY) | (first ? ofX : 0) | (second ? ofY : 0);
}

/** Counts the nodes that an operation makes of two subtrees, at most. */
function nodesFor(a: IdaNodes, x: number, b: IdaNodes, y: number, operation: Operation, shift: number): number {
  if (shift === RADIX) return 1;
  const slots = keptSlots(operation, slotsOf(a, x, shift), slotsOf(b, y, shift));
  if (shift === 2 * RADIX) return 1 + bitCount(slots);
  let count = 1;
  for (let left = slots; left !== 0; left &= left - 1) {
    const slot = lowestBit(left);
    count += nodesFor(a, childOf(a, x, slot, shift), b, childOf(b, y, slot, shift), operation, shift - RADIX);
  }
  return count;
}

/** Writes what an operation makes of two subtrees to the end of a tree; returns its handle, NULL_NODE if that is nothing. */
function build(
  a: IdaNodes,
  x: number,
  b: IdaNodes,
  y: number,
  operation: Operation,
  shift: number,
  made: IdaNodes,
): number {
  if (shift === RADIX) return leafOf(a.nodes, x, b.nodes, y, operation, made);
  const { nodes, top: node } = made;
  made.top = node + NODE_WORDS;
  let present = 0;
  let full = 0;
  for (let left = keptSlots(operation, slotsOf(a, x, shift), slotsOf(b, y, shift)); left !== 0; left &= left - 1) {
    const slot = lowestBit(left);
    const ofX = childOf(a, x, slot, shift);
    const ofY = childOf(b, y, slot, shift);
    const child =
      shift === 2 * RADIX
        ? leafOf(a.nodes, ofX, b.nodes, ofY, operation, made)
        : build(a, ofX, b, ofY, operation, shift - RADIX, made);
    if (child === NULL_NODE) continue;
    nodes[node + slot] = child;
    nodes[child + PARENT] = node;
    present |= 1 << slot;
    if (nodes[child + FULL] === -1) full |= 1 << slot;
  }
  if (present === 0) made.top = node;
  nodes[node + PRESENT] = present;
  nodes[node + FULL] = full;
  return present === 0 ? NULL_NODE : node;
}

/** Writes what an operation makes of two leaves to the end of a tree; returns its handle, NULL_NODE if that is nothing. */
function leafOf(a: Int32Array, x: number, b: Int32Array, y: number, operation: Operation, made: IdaNodes): number {
  const { nodes, top: leaf } = made;
  if (y === NULL_NODE) copyLeaf(a, x, nodes, leaf);
  else if (x === NULL_NODE) copyLeaf(b, y, nodes, leaf);
  else operation.combine(a, x, b, y, nodes, leaf);
  // Nothing was written but zeroes: the next leaf goes there.
  if (nodes[leaf + PRESENT] === 0) return NULL_NODE;
  made.top = leaf + NODE_WORDS;
  return leaf;
}

/** Says whether every ID of the first tree is in the second one. */
export function isSubset(a: IdaNodes, b: IdaNodes): boolean {
  return !someWord(a, rootOf(a), b, rootOf(b), RADIX * Math.max(a.levels, b.levels), -1);
}

/** Says whether no ID is in both trees. */
export function isDisjoint(a: IdaNodes, b: IdaNodes): boolean {
  return !someWord(a, rootOf(a), b, rootOf(b), RADIX * Math.max(a.levels, b.levels), 0);
}

/** Says whether x & (y ^ flip) is not 0 for any two words of two subtrees; flip is −1 or 0. */
function someWord(a: IdaNodes, x: number, b: IdaNodes, y: number, shift: number, flip: number): boolean {
  if (x === NULL_NODE) return false;
  // Something is in x, as in every node but that of zeroes.
  if (y === NULL_NODE) return flip === -1;
  const ofX = slotsOf(a, x, shift);
  const ofY = slotsOf(b, y, shift);
  if (flip === -1 && (ofX & ~ofY) !== 0) return true;
  if (shift === RADIX) return someWordOfLeaf(a.nodes, x, b.nodes, y, ofX & ofY, flip);
  for (let left = ofX & ofY; left !== 0; left &= left - 1) {
    const slot = lowestBit(left);
    if (someWord(a, childOf(a, x, slot, shift), b, childOf(b, y, slot, shift), shift - RADIX, flip)) return true;
  }
  return false;
}

/** The same of two leaves: in these of their slots. */
function someWordOfLeaf(a: Int32Array, x: number, b: Int32Array, y: number, slots: number, flip: number): boolean {
  if (slots === -1) {
    for (let i = 0; i < SLOTS; i++) if ((a[x + i] & (b[y + i] ^ flip)) !== 0) return true;
    return false;
  }
  for (let left = slots; left !== 0; left &= left - 1) {
    const i = lowestBit(left);
    if ((a[x + i] & (b[y + i] ^ flip)) !== 0) return true;
  }
  return false;
}

// Two trees are walked as if they were of the same height: above its root, the lower one has nodes with slot 0 alone. Such a node
// goes by the handle of the root.

/** The root, or the node of zeroes if the tree is empty. */
function rootOf({ nodes, root }: IdaNodes): number {
  return nodes[root + PRESENT] === 0 ? NULL_NODE : root;
}

/** The slots of a node that are not empty. */
function slotsOf({ nodes, levels }: IdaNodes, node: number, shift: number): number {
  return shift > RADIX * levels && node !== NULL_NODE ? 1 : nodes[node + PRESENT];
}

/** The child in a slot of a node. */
function childOf({ nodes, levels }: IdaNodes, node: number, slot: number, shift: number): number {
  if (shift <= RADIX * levels) return nodes[node + slot];
  return slot === 0 ? node : NULL_NODE;
}

// The four operations on two leaves. Each looks only at the words that can have something in the result, and finds out by
// looking only what the summaries of the two leaves do not tell: which words of the result are not empty, and which are full.

function unite(a: Int32Array, first: number, b: Int32Array, second: number, to: Int32Array, at: number): void {
  const present = a[first + PRESENT] | b[second + PRESENT];
  let full = a[first + FULL] | b[second + FULL];
  if (present === -1) {
    let odd = false;
    for (let i = 0; i < SLOTS; i += 8) {
      const p = first + i;
      const q = second + i;
      const r = at + i;
      const w0 = a[p] | b[q];
      const w1 = a[p + 1] | b[q + 1];
      const w2 = a[p + 2] | b[q + 2];
      const w3 = a[p + 3] | b[q + 3];
      const w4 = a[p + 4] | b[q + 4];
      const w5 = a[p + 5] | b[q + 5];
      const w6 = a[p + 6] | b[q + 6];
      const w7 = a[p + 7] | b[q + 7];
      to[r] = w0;
      to[r + 1] = w1;
      to[r + 2] = w2;
      to[r + 3] = w3;
      to[r + 4] = w4;
      to[r + 5] = w5;
      to[r + 6] = w6;
      to[r + 7] = w7;
      if (w0 === -1 || w1 === -1 || w2 === -1 || w3 === -1 || w4 === -1 || w5 === -1 || w6 === -1 || w7 === -1)
        odd = true;
    }
    if (odd) {
      for (let i = 0; i < SLOTS; i++) if (to[at + i] === -1) full |= 1 << i;
    }
  } else {
    for (let left = present; left !== 0; left &= left - 1) {
      const i = lowestBit(left);
      const word = a[first + i] | b[second + i];
      to[at + i] = word;
      if (word === -1) full |= 1 << i;
    }
  }
  to[at + PRESENT] = present;
  to[at + FULL] = full;
}

function intersect(a: Int32Array, first: number, b: Int32Array, second: number, to: Int32Array, at: number): void {
  let present = a[first + PRESENT] & b[second + PRESENT];
  if (present === -1) {
    let odd = false;
    for (let i = 0; i < SLOTS; i += 8) {
      const p = first + i;
      const q = second + i;
      const r = at + i;
      const w0 = a[p] & b[q];
      const w1 = a[p + 1] & b[q + 1];
      const w2 = a[p + 2] & b[q + 2];
      const w3 = a[p + 3] & b[q + 3];
      const w4 = a[p + 4] & b[q + 4];
      const w5 = a[p + 5] & b[q + 5];
      const w6 = a[p + 6] & b[q + 6];
      const w7 = a[p + 7] & b[q + 7];
      to[r] = w0;
      to[r + 1] = w1;
      to[r + 2] = w2;
      to[r + 3] = w3;
      to[r + 4] = w4;
      to[r + 5] = w5;
      to[r + 6] = w6;
      to[r + 7] = w7;
      if (w0 === 0 || w1 === 0 || w2 === 0 || w3 === 0 || w4 === 0 || w5 === 0 || w6 === 0 || w7 === 0) odd = true;
    }
    if (odd) {
      for (let i = 0; i < SLOTS; i++) if (to[at + i] === 0) present &= ~(1 << i);
    }
  } else {
    for (let left = present; left !== 0; left &= left - 1) {
      const i = lowestBit(left);
      const word = a[first + i] & b[second + i];
      to[at + i] = word;
      if (word === 0) present &= ~(1 << i);
    }
  }
  to[at + PRESENT] = present;
  to[at + FULL] = a[first + FULL] & b[second + FULL];
}

function subtract(a: Int32Array, first: number, b: Int32Array, second: number, to: Int32Array, at: number): void {
  let present = a[first + PRESENT] & ~b[second + FULL];
  if (present === -1) {
    let odd = false;
    for (let i = 0; i < SLOTS; i += 8) {
      const p = first + i;
      const q = second + i;
      const r = at + i;
      const w0 = a[p] & ~b[q];
      const w1 = a[p + 1] & ~b[q + 1];
      const w2 = a[p + 2] & ~b[q + 2];
      const w3 = a[p + 3] & ~b[q + 3];
      const w4 = a[p + 4] & ~b[q + 4];
      const w5 = a[p + 5] & ~b[q + 5];
      const w6 = a[p + 6] & ~b[q + 6];
      const w7 = a[p + 7] & ~b[q + 7];
      to[r] = w0;
      to[r + 1] = w1;
      to[r + 2] = w2;
      to[r + 3] = w3;
      to[r + 4] = w4;
      to[r + 5] = w5;
      to[r + 6] = w6;
      to[r + 7] = w7;
      if (w0 === 0 || w1 === 0 || w2 === 0 || w3 === 0 || w4 === 0 || w5 === 0 || w6 === 0 || w7 === 0) odd = true;
    }
    if (odd) {
      for (let i = 0; i < SLOTS; i++) if (to[at + i] === 0) present &= ~(1 << i);
    }
  } else {
    for (let left = present; left !== 0; left &= left - 1) {
      const i = lowestBit(left);
      const word = a[first + i] & ~b[second + i];
      to[at + i] = word;
      if (word === 0) present &= ~(1 << i);
    }
  }
  to[at + PRESENT] = present;
  to[at + FULL] = a[first + FULL] & ~b[second + PRESENT];
}

function exclude(a: Int32Array, first: number, b: Int32Array, second: number, to: Int32Array, at: number): void {
  let present = a[first + PRESENT] | b[second + PRESENT];
  let full = 0;
  if (present === -1) {
    let odd = false;
    for (let i = 0; i < SLOTS; i += 8) {
      const p = first + i;
      const q = second + i;
      const r = at + i;
      const w0 = a[p] ^ b[q];
      const w1 = a[p + 1] ^ b[q + 1];
      const w2 = a[p + 2] ^ b[q + 2];
      const w3 = a[p + 3] ^ b[q + 3];
      const w4 = a[p + 4] ^ b[q + 4];
      const w5 = a[p + 5] ^ b[q + 5];
      const w6 = a[p + 6] ^ b[q + 6];
      const w7 = a[p + 7] ^ b[q + 7];
      to[r] = w0;
      to[r + 1] = w1;
      to[r + 2] = w2;
      to[r + 3] = w3;
      to[r + 4] = w4;
      to[r + 5] = w5;
      to[r + 6] = w6;
      to[r + 7] = w7;
      if (w0 === 0 || w1 === 0 || w2 === 0 || w3 === 0 || w4 === 0 || w5 === 0 || w6 === 0 || w7 === 0) odd = true;
      if (w0 === -1 || w1 === -1 || w2 === -1 || w3 === -1 || w4 === -1 || w5 === -1 || w6 === -1 || w7 === -1)
        odd = true;
    }
    if (odd) {
      summarise(to, at);
      return;
    }
  } else {
    for (let left = present; left !== 0; left &= left - 1) {
      const i = lowestBit(left);
      const word = a[first + i] ^ b[second + i];
      to[at + i] = word;
      if (word === 0) present &= ~(1 << i);
      else if (word === -1) full |= 1 << i;
    }
  }
  to[at + PRESENT] = present;
  to[at + FULL] = full;
}

/** Writes which words of a leaf are not empty, and which are full. */
export function summarise(nodes: Int32Array, leaf: number): void {
  let present = 0;
  let full = 0;
  for (let i = 0; i < SLOTS; i++) {
    const word = nodes[leaf + i];
    if (word !== 0) present |= 1 << i;
    if (word === -1) full |= 1 << i;
  }
  nodes[leaf + PRESENT] = present;
  nodes[leaf + FULL] = full;
}
