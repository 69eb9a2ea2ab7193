// The ways through the tree under XArray: descents, searches, summaries handed up, and one entry put or removed.
// Reference: Linux lib/xarray.c (v6.19), xas_load, xas_find, xas_find_marked, xas_set_mark, xas_store.
import { lowestBit, nextClear, nextSet } from './bits.ts';
import {
  ANCHOR,
  BITMAPS_END,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  FULL,
  HEAD_SLOT,
  MARKS,
  MAX_HEIGHT,
  MAX_INDEX,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
} from './node-layout.ts';
import { Nodes } from './nodes.ts';

/** Nodes and the ways through them. What the caller may ask is XArray's business. */
export class Tree extends Nodes {
  /** Finds the leaf that holds `index`: NULL_NODE if there is none, the anchor for index 0 at height 0. */
  protected leafAt(index: number): number {
    const key = index >>> CHUNK_SHIFT;
    if (key === this.leafKey) return this.leaf;
    if (!this.covers(index)) return NULL_NODE;
    if (this.levels === 0) return ANCHOR;
    const slots = this.slots;
    let node = this.root;
    for (let shift = (this.levels - 1) * CHUNK_SHIFT; shift > 0; shift -= CHUNK_SHIFT) {
      node = slots[(node << CHUNK_SHIFT) | ((index >>> shift) & CHUNK_MASK)];
    }
    if (node !== NULL_NODE) {
      this.leaf = node;
      this.leafKey = key;
    }
    return node;
  }

  /** Sets a bit of a mark, and the OR above it. */
  protected markUp(leaf: number, index: number, kind: number): void {
    const meta = this.meta;
    for (let node = leaf, offset = index & CHUNK_MASK; ; ) {
      const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
      const bits = meta[word];
      if ((bits & (1 << offset)) !== 0) return;
      meta[word] = bits | (1 << offset);
      if (node === ANCHOR) return;
      offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
    }
  }

  /** Clears a bit of a mark, and the OR above it where nothing else keeps it. */
  protected unmarkUp(leaf: number, index: number, kind: number): void {
    const meta = this.meta;
    for (let node = leaf, offset = index & CHUNK_MASK; ; ) {
      const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
      const bits = meta[word];
      if ((bits & (1 << offset)) === 0) return;
      meta[word] = bits & ~(1 << offset);
      if (node === ANCHOR || (meta[word] | meta[word ^ 1]) !== 0) return;
      offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
    }
  }

  /** Tells the ancestors of a leaf that it has become full. */
  protected fullUp(leaf: number): void {
    const meta = this.meta;
    for (let node = leaf; node !== ANCHOR; ) {
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
      const word = (node << META_SHIFT) | FULL | (offset >>> 5);
      meta[word] |= 1 << offset;
      if ((meta[word] & meta[word ^ 1]) !== -1) return;
    }
  }

  /** Tells the ancestors of a leaf that it is no longer full. */
  protected unfullUp(leaf: number): void {
    const meta = this.meta;
    for (let node = leaf; node !== ANCHOR; ) {
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
      const word = (node << META_SHIFT) | FULL | (offset >>> 5);
      const wasFull = (meta[word] & meta[word ^ 1]) === -1;
      meta[word] &= ~(1 << offset);
      if (!wasFull) return;
    }
  }

  /** Finds the first index from `from` on whose bit is set in the bitmaps of `kind` (PRESENT or a mark), or −1. */
  protected seek(from: number, kind: number): number {
    const meta = this.meta;
    let index = from;
    let node = this.leaf;
    let shift = 0;
    if (index >>> CHUNK_SHIFT !== this.leafKey) {
      if (!this.covers(index)) return -1;
      if (this.levels === 0) return (meta[(ANCHOR << META_SHIFT) | kind] & 1) - 1;
      node = this.root;
      shift = (this.levels - 1) * CHUNK_SHIFT;
    }
    for (;;) {
      let offset = (index >>> shift) & CHUNK_MASK;
      let next = nextSet(meta, (node << META_SHIFT) | kind, offset);
      while (next === CHUNK_SIZE) {
        if (node === this.root) return -1;
        offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
        node = meta[(node << META_SHIFT) | PARENT];
        shift += CHUNK_SHIFT;
        next = nextSet(meta, (node << META_SHIFT) | kind, offset + 1);
      }
      if (next !== offset) index = (((index >>> shift) & ~CHUNK_MASK) | next) << shift;
      if (shift === 0) break;
      node = this.slots[(node << CHUNK_SHIFT) | next];
      shift -= CHUNK_SHIFT;
    }
    this.leaf = node;
    this.leafKey = index >>> CHUNK_SHIFT;
    return index >>> 0;
  }

  /** Finds the first free index from `from` on, in the tree or beyond it, or −1. */
  private seekFree(from: number): number {
    const meta = this.meta;
    let index = from;
    let node = this.leaf;
    let shift = 0;
    if (index >>> CHUNK_SHIFT !== this.leafKey) {
      if (!this.covers(index)) return from;
      if (this.levels === 0) return meta[(ANCHOR << META_SHIFT) | PRESENT] & 1;
      node = this.root;
      shift = (this.levels - 1) * CHUNK_SHIFT;
    }
    for (;;) {
      let offset = (index >>> shift) & CHUNK_MASK;
      let next = nextClear(meta, (node << META_SHIFT) | (shift === 0 ? PRESENT : FULL), offset);
      while (next === CHUNK_SIZE) {
        // Beyond a full tree; the highest one ends with the index domain.
        if (node === this.root) return this.levels < MAX_HEIGHT ? 1 << (this.levels * CHUNK_SHIFT) : -1;
        offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
        node = meta[(node << META_SHIFT) | PARENT];
        shift += CHUNK_SHIFT;
        next = nextClear(meta, (node << META_SHIFT) | FULL, offset + 1);
      }
      // The root of a tree of six levels has 64 slots, and the domain ends with its fourth.
      if (next > MAX_INDEX >>> shift) return -1;
      if (next !== offset) index = (((index >>> shift) & ~CHUNK_MASK) | next) << shift;
      if (shift === 0) break;
      node = this.slots[(node << CHUNK_SHIFT) | next];
      if (node === NULL_NODE) return index >>> 0;
      shift -= CHUNK_SHIFT;
    }
    this.leaf = node;
    this.leafKey = index >>> CHUNK_SHIFT;
    return index >>> 0;
  }

  /** Finds the first free index from `from` on, mostly in the same word of the leaf met last. */
  protected freeFrom(from: number): number {
    if (from >>> CHUNK_SHIFT === this.leafKey) {
      const free = ~this.meta[(this.leaf << META_SHIFT) | PRESENT | ((from >>> 5) & 1)] & (-1 << from);
      if (free !== 0) return ((from & ~31) | lowestBit(free)) >>> 0;
    }
    return this.seekFree(from);
  }

  /** Entry at an index a search has just met: in the leaf met last, or in the head. */
  protected met(index: number): number {
    const slot = index >>> CHUNK_SHIFT === this.leafKey ? (this.leaf << CHUNK_SHIFT) | (index & CHUNK_MASK) : HEAD_SLOT;
    return this.slots[slot];
  }

  /** Says whether an entry or a reservation is at an index. */
  protected taken(index: number): boolean {
    const word = (this.leafAt(index) << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    return (this.meta[word] & (1 << index)) !== 0;
  }

  /** Puts an entry, or with 0 a reservation. */
  protected put(index: number, entry: number): number {
    const leaf = index >>> CHUNK_SHIFT === this.leafKey ? this.leaf : this.makeLeaf(index, entry === 0);
    const { slots, meta } = this;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    const old = slots[slot];
    slots[slot] = entry;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bits = meta[word];
    const now = bits | (1 << index);
    if (now !== bits) {
      meta[word] = now;
      if ((now & meta[word ^ 1]) === -1) this.fullUp(leaf);
    }
    if (old === 0) {
      if (entry !== 0) this.count++;
    } else if (entry === 0) {
      this.count--;
    }
    return old;
  }

  /** Removes an entry or a reservation, its marks, and the nodes that become empty. */
  protected remove(index: number): number {
    const leaf = this.leafAt(index);
    const { slots, meta } = this;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bits = meta[word];
    const bit = 1 << index;
    if ((bits & bit) === 0) return 0;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    const old = slots[slot];
    slots[slot] = 0;
    meta[word] = bits & ~bit;
    if (old !== 0) this.count--;
    if (index < this.freeHint >>> 0) this.freeHint = index | 0;
    if ((bits & meta[word ^ 1]) === -1) this.unfullUp(leaf);
    for (let kind = MARKS; kind < BITMAPS_END; kind += 2) {
      if ((meta[word + kind] & bit) !== 0) this.unmarkUp(leaf, index, kind);
    }
    if ((meta[word] | meta[word ^ 1]) === 0) {
      if (leaf !== ANCHOR) this.removeNode(leaf);
    } else if (leaf === this.root) {
      this.lower();
    }
    return old;
  }
}
