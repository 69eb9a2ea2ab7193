// The ways through the tree under XArray: descents, searches, where entries begin and end, summaries handed up.
// Reference: Linux lib/xarray.c (v6.19), xas_load, xas_find, xas_find_marked, xas_set_mark.
import { lastClear, nextClear, nextSet } from './bits.ts';
import {
  ANCHOR,
  BITMAPS_END,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  ENTRY,
  FILL,
  FULL,
  MARKS,
  MAX_HEIGHT,
  MAX_INDEX,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
  SHIFT_MASK,
  SIBLING,
} from './node-layout.ts';
import { Nodes } from './nodes.ts';

/** Nodes and the ways through them. What the caller may ask is XArray's business. */
export class Tree extends Nodes {
  /** Finds the leaf that shows `index`: NULL_NODE if there is none, the anchor for index 0 at height 0, maybe a fill node. */
  protected leafAt(index: number): number {
    const key = index >>> CHUNK_SHIFT;
    if (key === this.leafKey) return this.leaf;
    if (key === this.leafKey2) return this.leaf2;
    if (!this.covers(index)) return NULL_NODE;
    if (this.levels === 0) return ANCHOR;
    const slots = this.slots;
    let node = this.root;
    for (let shift = (this.levels - 1) * CHUNK_SHIFT; shift > 0; shift -= CHUNK_SHIFT) {
      node = slots[(node << CHUNK_SHIFT) | ((index >>> shift) & CHUNK_MASK)];
    }
    // Not a fill node: its indices are not its own to change.
    if (node !== NULL_NODE && (this.multi === 0 || (this.meta[(node << META_SHIFT) | PLACE] & FILL) === 0)) {
      this.meet(node, key);
    }
    return node;
  }

  /**
   * Finds where the 64 slots begin that show an index and its neighbours, all zero if none do; while the version stays.
   *
   * @internal
   */
  leafBase(index: number): number {
    return this.leafAt(index) << CHUNK_SHIFT;
  }

  /**
   * Reads a slot.
   *
   * @internal
   */
  peek(slot: number): number {
    return this.slots[slot];
  }

  /** Finds the node whose slots hold what a leaf shows: the leaf itself, or the first above that is no fill node. */
  protected holder(leaf: number): number {
    const meta = this.meta;
    let node = leaf;
    while ((meta[(node << META_SHIFT) | PLACE] & FILL) !== 0) node = meta[(node << META_SHIFT) | PARENT];
    return node;
  }

  /** Tells the shift of a node. */
  protected shiftOf(node: number): number {
    return this.meta[(node << META_SHIFT) | PLACE] & SHIFT_MASK;
  }

  /** Finds the canonical slot for an index in its holder. */
  protected canonical(node: number, index: number): number {
    return lastClear(this.meta, (node << META_SHIFT) | SIBLING, (index >>> this.shiftOf(node)) & CHUNK_MASK);
  }

  /** Finds the slot after those of the entry that an index belongs to, in its holder. */
  protected endSlot(node: number, index: number): number {
    return nextClear(this.meta, (node << META_SHIFT) | SIBLING, ((index >>> this.shiftOf(node)) & CHUNK_MASK) + 1);
  }

  /** Tells the order of what is at an index; 0 also where nothing is. */
  protected orderAt(index: number): number {
    const node = this.holder(this.leafAt(index));
    const width = this.endSlot(node, index) - this.canonical(node, index);
    return this.shiftOf(node) + 31 - Math.clz32(width);
  }

  /**
   * Finds the first index of what is at an index: itself where nothing is.
   *
   * @internal
   */
  firstOf(index: number): number {
    if (this.multi === 0) return index;
    const node = this.holder(this.leafAt(index));
    const shift = this.shiftOf(node);
    return ((((index >>> shift) & ~CHUNK_MASK) | this.canonical(node, index)) << shift) >>> 0;
  }

  /**
   * Finds the last index of what is at an index: itself where nothing is.
   *
   * @internal
   */
  lastOf(index: number): number {
    if (this.multi === 0) return index;
    const node = this.holder(this.leafAt(index));
    const shift = this.shiftOf(node);
    const slot = ((index >>> shift) & ~CHUNK_MASK) + this.endSlot(node, index) - 1;
    return ((slot << shift) | ((1 << shift) - 1)) >>> 0;
  }

  /** Sets the bit of a slot in a mark's bitmap, and the OR above it. */
  protected markUp(from: number, slot: number, kind: number): void {
    const meta = this.meta;
    this.marksUsed = true;
    for (let node = from, offset = slot; ; ) {
      const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
      const bits = meta[word];
      if ((bits & (1 << offset)) !== 0) return;
      meta[word] = bits | (1 << offset);
      if (node === ANCHOR) return;
      offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
    }
  }

  /** Clears the bit of a slot in a mark's bitmap, and the OR above it where nothing else keeps it. */
  protected unmarkUp(from: number, slot: number, kind: number): void {
    const meta = this.meta;
    for (let node = from, offset = slot; ; ) {
      const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
      const bits = meta[word];
      if ((bits & (1 << offset)) === 0) return;
      meta[word] = bits & ~(1 << offset);
      if (node === ANCHOR || (meta[word] | meta[word ^ 1]) !== 0) return;
      offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
    }
  }

  /** Clears all marks of a slot. */
  protected unmarkAll(node: number, slot: number): void {
    for (let kind = MARKS; kind < BITMAPS_END; kind += 2) this.unmarkUp(node, slot, kind);
  }

  /** Tells the ancestors of a node that it has become full. */
  protected fullUp(from: number): void {
    const meta = this.meta;
    for (let node = from; node !== ANCHOR; ) {
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
      const word = (node << META_SHIFT) | FULL | (offset >>> 5);
      meta[word] |= 1 << offset;
      if ((meta[word] & meta[word ^ 1]) !== -1) return;
    }
  }

  /** Tells the ancestors of a node that it is no longer full. */
  protected unfullUp(from: number): void {
    const meta = this.meta;
    for (let node = from; node !== ANCHOR; ) {
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
      const word = (node << META_SHIFT) | FULL | (offset >>> 5);
      const wasFull = (meta[word] & meta[word ^ 1]) === -1;
      meta[word] &= ~(1 << offset);
      if (!wasFull) return;
    }
  }

  /**
   * Finds the first index from `from` on that belongs to something with a bit in the bitmaps of `kind` (PRESENT or a mark),
   * or −1: `from` itself, or where that something begins.
   */
  protected seek(from: number, kind: number): number {
    if (this.multi === 0 || kind === PRESENT) return this.seekBit(from, kind);
    // Siblings are present, but only canonical slots are marked.
    return this.hasBit(from, kind) ? from : this.seekAfter(from, kind);
  }

  /** Goes on from an index that `seek` has met to the next thing with a bit in the bitmaps of `kind`, or −1. */
  protected seekAfter(index: number, kind: number): number {
    const last = this.lastOf(index);
    return last === MAX_INDEX ? -1 : this.seekBit(last + 1, kind);
  }

  /** Finds the first index from `from` on whose own slot has a bit set, or −1. */
  private seekBit(from: number, kind: number): number {
    const meta = this.meta;
    let node = this.leaf;
    let shift = 0;
    let offset = from - this.leafKey * CHUNK_SIZE;
    // In the leaf met last, or just behind it, where its parent tells what comes next.
    if (offset < 0 || offset > CHUNK_SIZE || this.leafKey < 0) {
      if (!this.covers(from)) return -1;
      if (this.levels === 0) return (meta[(ANCHOR << META_SHIFT) | kind] & 1) - 1;
      node = this.root;
      shift = (this.levels - 1) * CHUNK_SHIFT;
      offset = (from >>> shift) & CHUNK_MASK;
    }
    let index = from;
    for (;;) {
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
      if ((meta[(node << META_SHIFT) | ENTRY | (next >>> 5)] & (1 << next)) !== 0) return index >>> 0;
      node = this.slots[(node << CHUNK_SHIFT) | next];
      shift -= CHUNK_SHIFT;
      offset = (index >>> shift) & CHUNK_MASK;
    }
    this.meet(node, index >>> CHUNK_SHIFT);
    return index >>> 0;
  }

  /** Finds the first free index from `from` on, in the tree or beyond it, or −1. */
  protected seekFree(from: number): number {
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
    this.meet(node, index >>> CHUNK_SHIFT);
    return index >>> 0;
  }

  /** Reads the entry at an index a search has just met: mostly in the leaf met last. */
  protected met(index: number): number {
    return this.slots[(this.leafAt(index) << CHUNK_SHIFT) | (index & CHUNK_MASK)];
  }

  /** Says whether an entry or a reservation is at an index. */
  protected taken(index: number): boolean {
    const word = (this.leafAt(index) << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    return (this.meta[word] & (1 << index)) !== 0;
  }

  /** Says whether what is at an index has a mark. */
  protected hasBit(index: number, kind: number): boolean {
    const leaf = this.leafAt(index);
    const node = this.multi === 0 ? leaf : this.holder(leaf);
    const offset = this.multi === 0 ? index & CHUNK_MASK : this.canonical(node, index);
    return (this.meta[((node << META_SHIFT) | kind) + (offset >>> 5)] & (1 << offset)) !== 0;
  }

  /** Sets a mark of what is at an index, if anything is. */
  protected markAt(index: number, kind: number): void {
    const leaf = this.leafAt(index);
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    if ((this.meta[word] & (1 << index)) === 0) return;
    const node = this.multi === 0 ? leaf : this.holder(leaf);
    this.markUp(node, this.multi === 0 ? index & CHUNK_MASK : this.canonical(node, index), kind);
  }

  /** Clears a mark of what is at an index. */
  protected unmarkAt(index: number, kind: number): void {
    const leaf = this.leafAt(index);
    const node = this.multi === 0 ? leaf : this.holder(leaf);
    this.unmarkUp(node, this.multi === 0 ? index & CHUNK_MASK : this.canonical(node, index), kind);
  }
}
