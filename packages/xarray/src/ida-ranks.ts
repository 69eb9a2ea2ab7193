// Ranks: how many bits are set below each leaf of an Ida's tree. Nodes keep no counts, as these would make every ID dearer.
import { bitCount, lowestBit } from './bits.ts';
import { LEAF_SHIFT, RADIX, SLOT_MASK } from './ida-layout.ts';
import { leavesOf } from './ida-leaves.ts';
import type { IdaNodes } from './ida-tree.ts';

/** The counts of a tree, right as long as it does not change. */
export class Ranks {
  private nodes: Int32Array;
  private count: number;
  /** Int32Array, shape [≥ count], ID >>> 10 of each leaf, ascending, and the handles of the leaves. */
  private keys: Int32Array;
  private handles: Int32Array;
  /** Uint32Array, shape [count + 1], bits set below each leaf, and of all. */
  private before: Uint32Array;

  /** Counts them. Cost: O(leaves), 16 bytes for each. */
  constructor(tree: IdaNodes) {
    const { count, keys, handles } = leavesOf(tree);
    this.nodes = tree.nodes;
    this.count = count;
    this.keys = keys;
    this.handles = handles;
    this.before = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) this.before[i + 1] = this.before[i] + this.bitsBelow(handles[i], SLOT_MASK + 1);
  }

  get byteLength(): number {
    return this.keys.byteLength + this.handles.byteLength + this.before.byteLength;
  }

  /** Counts the bits that are set below an ID, which may be 2³¹. Cost: O(log leaves). */
  below(id: number): number {
    const key = id >>> LEAF_SHIFT;
    const at = lastUpTo(this.keys, this.count, key);
    if (at < 0) return 0;
    if (this.keys[at] !== key) return this.before[at + 1];
    const slot = (id >>> RADIX) & SLOT_MASK;
    const leaf = this.handles[at];
    return this.before[at] + this.bitsBelow(leaf, slot) + bitCount(this.nodes[leaf + slot] & ~(-1 << id));
  }

  /** Finds the bit that is set with so many set ones below it; −1 if there are not so many. Cost: O(log leaves). */
  nth(k: number): number {
    const { before, nodes, count } = this;
    if (k >= before[count]) return -1;
    const at = lastUpTo(before, count, k);
    const leaf = this.handles[at];
    let left = k - before[at];
    let slot = 0;
    for (let here = bitCount(nodes[leaf]); left >= here; here = bitCount(nodes[leaf + ++slot])) left -= here;
    let word = nodes[leaf + slot];
    for (; left > 0; left--) word &= word - 1;
    return this.keys[at] * (1 << LEAF_SHIFT) + ((slot << RADIX) | lowestBit(word));
  }

  /** Counts the bits of a leaf's slots below one. */
  private bitsBelow(leaf: number, slot: number): number {
    const { nodes } = this;
    let bits = 0;
    for (let i = 0; i < slot; i++) bits += bitCount(nodes[leaf + i]);
    return bits;
  }
}

/** The last of `count` ascending numbers that is not above one, or −1. */
function lastUpTo(numbers: Int32Array | Uint32Array, count: number, most: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
