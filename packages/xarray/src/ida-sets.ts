// Set operations on two trees of bitmaps: leaf by leaf in ascending order, and word by word where both have one.
import { FULL, NODE_WORDS, NULL_NODE, PRESENT, SLOTS } from './ida-layout.ts';
import { copyLeaf, type Leaves, leavesOf, roomFor, treeOver } from './ida-leaves.ts';
import type { IdaNodes } from './ida-tree.ts';

/**
 * An operation as three masks: of words x and y it makes (x & first) ^ (y & second) ^ (x & y & both). Hence `first` and `second` say
 * too whether a leaf that only that tree has is kept.
 */
export interface Operation {
  readonly first: number;
  readonly second: number;
  readonly both: number;
}

export const UNION: Operation = { first: -1, second: -1, both: -1 };
export const INTERSECTION: Operation = { first: 0, second: 0, both: -1 };
export const DIFFERENCE: Operation = { first: -1, second: 0, both: -1 };
export const SYMMETRIC_DIFFERENCE: Operation = { first: -1, second: -1, both: 0 };

/** Leaves of two trees, side by side. */
interface Pairs {
  count: number;
  keys: Int32Array;
  /** Handles; 0, the node of zeroes, where a tree has no such leaf. */
  first: Int32Array;
  second: Int32Array;
}

/** Returns what an operation makes of two trees, as a tree of its own. Cost: O(leaves), 32 words each. */
export function combined(a: IdaNodes, b: IdaNodes, operation: Operation): IdaNodes {
  const { count, keys, first, second } = pairsOf(leavesOf(a), leavesOf(b), operation);
  const nodes = roomFor(keys, count);
  let made = 0;
  for (let i = 0; i < count; i++) {
    const at = NODE_WORDS * (1 + made);
    if (second[i] === NULL_NODE) copyLeaf(a.nodes, first[i], nodes, at);
    else if (first[i] === NULL_NODE) copyLeaf(b.nodes, second[i], nodes, at);
    else {
      combineLeaves(a.nodes, first[i], b.nodes, second[i], nodes, at, operation);
      // Nothing was written but zeroes: the next leaf goes there.
      if (nodes[at + PRESENT] === 0) continue;
    }
    keys[made++] = keys[i];
  }
  return treeOver(nodes, keys, made);
}

/** Says whether every ID of the first tree is in the second one. */
export function isSubset(a: IdaNodes, b: IdaNodes): boolean {
  const { count, first, second } = pairsOf(leavesOf(a), leavesOf(b), DIFFERENCE);
  for (let i = 0; i < count; i++) {
    // A leaf has at least one ID, and the node of zeroes has none.
    if (someWord(a.nodes, first[i], b.nodes, second[i], -1)) return false;
  }
  return true;
}

/** Says whether no ID is in both trees. */
export function isDisjoint(a: IdaNodes, b: IdaNodes): boolean {
  const { count, first, second } = pairsOf(leavesOf(a), leavesOf(b), INTERSECTION);
  for (let i = 0; i < count; i++) {
    if (someWord(a.nodes, first[i], b.nodes, second[i], 0)) return false;
  }
  return true;
}

/** Says whether x & (y ^ flip) is not 0 for any two words of two leaves. */
function someWord(a: Int32Array, first: number, b: Int32Array, second: number, flip: number): boolean {
  for (let i = 0; i < SLOTS; i++) if ((a[first + i] & (b[second + i] ^ flip)) !== 0) return true;
  return false;
}

/** Merges the leaves of two trees by key: those in both, and of the others what the operation keeps. */
function pairsOf(a: Leaves, b: Leaves, operation: Operation): Pairs {
  const most = a.count + b.count;
  const [keys, first, second] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.count || j < b.count) {
    const order = i === a.count ? 1 : j === b.count ? -1 : a.keys[i] - b.keys[j];
    const kept = order < 0 ? operation.first : order > 0 ? operation.second : -1;
    if (kept !== 0) {
      keys[count] = order > 0 ? b.keys[j] : a.keys[i];
      first[count] = order > 0 ? NULL_NODE : a.handles[i];
      second[count++] = order < 0 ? NULL_NODE : b.handles[j];
    }
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return { count, keys, first, second };
}

/** Writes a leaf that an operation makes of two, and which of its words are not empty, and which are full. */
function combineLeaves(
  a: Int32Array,
  first: number,
  b: Int32Array,
  second: number,
  to: Int32Array,
  at: number,
  operation: Operation,
): void {
  const { first: ofFirst, second: ofSecond, both } = operation;
  let present = 0;
  let full = 0;
  let bit = 1;
  for (let i = 0; i < SLOTS; i++) {
    const x = a[first + i];
    const y = b[second + i];
    const word = (x & ofFirst) ^ (y & ofSecond) ^ (x & y & both);
    to[at + i] = word;
    present |= word === 0 ? 0 : bit;
    full |= word === -1 ? bit : 0;
    bit <<= 1;
  }
  to[at + PRESENT] = present;
  to[at + FULL] = full;
}

/** Writes which words of a leaf are not empty, and which are full. */
export function summarise(nodes: Int32Array, leaf: number): void {
  // The leaf and itself: nothing changes but the summary.
  combineLeaves(nodes, leaf, nodes, leaf, nodes, leaf, INTERSECTION);
}
