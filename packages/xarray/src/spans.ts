// Multi-index entries: one entry over 2^order aligned indices. How they are put, replaced, dissolved and split.
// Reference: Linux lib/xarray.c (v6.19), xas_store, xas_split, xas_init_marks.
//
// An order is a level, ⌊order / 6⌋, and a width, 2^(order mod 6) slots of a node at that level: the canonical slot, which
// alone has the marks, and its siblings. In a leaf each of the slots has the entry. Higher up all of them lead to one chain
// of fill nodes, a node for each level below, whose last has the entry in all its slots: what descends finds it there.
import { lowestBit, nextSet, rangeMask } from './bits.ts';
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
  MAX_INDEX,
  MAX_ORDER,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
  SIBLING,
} from './node-layout.ts';
import { heightFor } from './nodes.ts';
import { Tree } from './tree.ts';

/** Bitmaps of what a slot can have. */
const SLOT_BITMAPS: readonly number[] = [PRESENT, FULL, MARKS, MARKS + 2, MARKS + 4, SIBLING, ENTRY];

/** The tree with entries of more than one index. */
export class Spans extends Tree {
  /**
   * Puts an entry, not 0, over the 2^order indices around `index`; over all of a larger one there.
   *
   * @returns The first entry that was there, or 0.
   */
  protected putSpan(index: number, order: number, entry: number): number {
    if (this.orderAt(index) >= order) return this.replaceSpan(index, entry);
    const { first, last, shift } = spanAround(index, order);
    const old = this.firstEntry(first, last);
    const node = this.makePath(first, last, shift);
    const offset = (first >>> shift) & CHUNK_MASK;
    const end = offset + (1 << (order - shift));
    const marks = this.marksIn(node, offset, end);
    this.wipe(node, shift, offset, end);
    this.plant(node, shift, offset, end, order, entry, marks);
    if (this.isFull(node, shift)) this.fullUp(node);
    return old;
  }

  /** Puts an entry, or with 0 a reservation, over the whole multi-index entry that `index` belongs to. */
  protected replaceSpan(index: number, entry: number): number {
    const leaf = this.leafAt(index);
    const node = this.holder(leaf);
    const fill = leaf !== node;
    const base = leaf << CHUNK_SHIFT;
    const old = this.slots[base | (index & CHUNK_MASK)];
    const first = fill ? 0 : this.canonical(node, index);
    this.slots.fill(entry, base + first, base + (fill ? CHUNK_SIZE : this.endSlot(node, index)));
    if (old !== 0) this.count--;
    if (entry !== 0) this.count++;
    return old;
  }

  /** Removes the whole multi-index entry that `index` belongs to. */
  protected removeSpan(index: number): number {
    const leaf = this.leafAt(index);
    const node = this.holder(leaf);
    const old = this.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)];
    const first = this.firstOf(index);
    this.vacate(node, this.canonical(node, index), this.endSlot(node, index), first);
    return old;
  }

  /** Removes what is at the 2^order indices (order > 0) around `index`, and all of a larger entry there. */
  protected removeRange(index: number, order: number): number {
    if (this.orderAt(index) >= order) return this.removeSpan(index);
    const { first, last, shift } = spanAround(index, order);
    const old = this.firstEntry(first, last);
    let at = this.levels * CHUNK_SHIFT;
    let node = ANCHOR;
    if (at > shift && !this.covers(first)) return 0;
    // Down from the anchor, whose only slot leads to the root; a lower tree is covered whole, or not at all.
    if (at <= shift) {
      if (first === 0 && !this.vacant()) this.vacate(ANCHOR, 0, 1, 0);
      return old;
    }
    for (; at > shift; at -= CHUNK_SHIFT) {
      const offset = node === ANCHOR ? 0 : (first >>> at) & CHUNK_MASK;
      node = this.slots[(node << CHUNK_SHIFT) | offset];
      if (node === NULL_NODE) return 0;
    }
    const offset = (first >>> shift) & CHUNK_MASK;
    this.vacate(node, offset, offset + (1 << (order - shift)), first);
    return old;
  }

  /** Cuts the entry at an index, if it is of a higher order, into pieces of `order` with the same entry and marks. */
  protected splitSpan(index: number, order: number): void {
    if (this.orderAt(index) <= order) return;
    const leaf = this.leafAt(index);
    const node = this.holder(leaf);
    const shift = this.shiftOf(node);
    const entry = this.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)];
    const first = this.canonical(node, index);
    const end = this.endSlot(node, index);
    const marks = this.marksIn(node, first, end);
    this.makeRoom(nodesToPlant(shift, end - first, order));
    this.wipe(node, shift, first, end);
    this.plant(node, shift, first, end, order, entry, marks);
    this.lower();
  }

  /**
   * Counts the nodes a range of entries may take at most: new levels, a path to either end, and the fill nodes.
   *
   * Two paths do: between the ends, a block whose node is on neither would be part of a larger block.
   */
  protected rangeNodes(first: number, last: number): number {
    let nodes = 3 * heightFor(last, 0);
    for (let index = first; index <= last; ) {
      const order = blockOrder(index, last);
      nodes += Math.floor(order / CHUNK_SHIFT);
      index += 2 ** order;
    }
    return nodes;
  }

  /** Reads the first entry of a range, or 0. */
  private firstEntry(first: number, last: number): number {
    let index = this.seek(first, PRESENT);
    while (index >= 0 && index <= last) {
      const entry = this.met(index);
      if (entry !== 0) return entry;
      index = this.seekAfter(index, PRESENT);
    }
    return 0;
  }

  /** Empties slots, `first` being the lowest index that becomes free, and tells those above. */
  private vacate(node: number, from: number, end: number, first: number): void {
    const shift = node === ANCHOR ? this.levels * CHUNK_SHIFT : this.shiftOf(node);
    const had = this.marksIn(node, 0, CHUNK_SIZE);
    const wasFull = node !== ANCHOR && this.isFull(node, shift);
    this.wipe(node, shift, from, end);
    if (first < this.freeHint >>> 0) this.lowerHint(first);
    if (node === ANCHOR) {
      this.root = NULL_NODE;
      this.levels = 0;
      return;
    }
    if (wasFull) this.unfullUp(node);
    const lost = had & ~this.marksIn(node, 0, CHUNK_SIZE);
    const { meta } = this;
    const parent = meta[(node << META_SHIFT) | PARENT];
    for (let mark = 0; lost >>> mark !== 0; mark++) {
      if (((lost >>> mark) & 1) === 0) continue;
      this.unmarkUp(parent, meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET, MARKS + 2 * mark);
    }
    if ((meta[(node << META_SHIFT) | PRESENT] | meta[(node << META_SHIFT) | PRESENT | 1]) === 0) this.removeNode(node);
    else if (node === this.root) this.lower();
  }

  /** Empties slots of a node and frees what is below them; those above are the caller's to tell. */
  private wipe(node: number, shift: number, first: number, end: number): void {
    const { slots, meta } = this;
    const base = node << META_SHIFT;
    let offset = nextSet(meta, base | PRESENT, first);
    while (offset < end) {
      const slot = slots[(node << CHUNK_SHIFT) | offset];
      const next = offset + 1;
      if (shift > 0 && !this.hasSlot(node, ENTRY, offset)) {
        this.freeBelow(slot, shift - CHUNK_SHIFT);
      } else if (!this.hasSlot(node, SIBLING, offset)) {
        const entry = shift === 0 ? slot : this.freeFill(slot, shift - CHUNK_SHIFT);
        if (entry !== 0) this.count--;
        if (shift > 0 || (next < CHUNK_SIZE && this.hasSlot(node, SIBLING, next))) this.multi--;
      }
      offset = nextSet(meta, base | PRESENT, next);
    }
    slots.fill(0, (node << CHUNK_SHIFT) + first, (node << CHUNK_SHIFT) + end);
    for (let half = 0; half < 2; half++) {
      const kept = ~rangeMask(first, end, half);
      for (const kind of SLOT_BITMAPS) meta[base | kind | half] &= kept;
    }
  }

  /** Frees a node and all below it. */
  private freeBelow(node: number, shift: number): void {
    this.wipe(node, shift, 0, CHUNK_SIZE);
    this.freeOne(node);
  }

  /** Frees a chain of fill nodes and returns the entry it led to. */
  private freeFill(top: number, shift: number): number {
    const { slots, meta } = this;
    let node = top;
    for (let at = shift; ; at -= CHUNK_SHIFT) {
      const below = slots[node << CHUNK_SHIFT];
      slots.fill(0, node << CHUNK_SHIFT, (node + 1) << CHUNK_SHIFT);
      meta.fill(0, node << META_SHIFT, (node + 1) << META_SHIFT);
      this.freeOne(node);
      this.fills--;
      if (at === 0) return below;
      node = below;
    }
  }

  /** Puts an entry in pieces of `order` into empty slots of a node, making what is needed below; there must be room. */
  private plant(
    node: number,
    shift: number,
    first: number,
    end: number,
    order: number,
    entry: number,
    marks: number,
  ): void {
    const level = order - (order % CHUNK_SHIFT);
    const base = node << CHUNK_SHIFT;
    const width = shift === level ? 1 << (order - level) : 1;
    for (let offset = first; offset < end; offset += width) {
      if (shift > level) {
        const child = this.addNode(shift - CHUNK_SHIFT, node, offset);
        this.plant(child, shift - CHUNK_SHIFT, 0, CHUNK_SIZE, order, entry, marks);
        continue;
      }
      const held = shift === 0 ? entry : this.addFill(shift - CHUNK_SHIFT, node, offset, entry);
      this.slots.fill(held, base + offset, base + offset + width);
      this.setBits(node, SIBLING, offset + 1, offset + width);
      if (entry !== 0) this.count++;
      if (order > 0) this.multi++;
    }
    this.version = (this.version + 1) | 0;
    this.setBits(node, PRESENT, first, end);
    if (shift > 0) this.setBits(node, FULL, first, end);
    if (shift > 0 && shift === level) this.setBits(node, ENTRY, first, end);
    for (let mark = 0; marks >>> mark !== 0; mark++) {
      if (((marks >>> mark) & 1) === 0) continue;
      for (let offset = first; offset < end; offset += width) this.setBits(node, MARKS + 2 * mark, offset, offset + 1);
    }
  }

  /** Makes a chain of fill nodes from a shift down, and returns its first. */
  private addFill(shift: number, parent: number, offset: number, entry: number): number {
    const node = this.takeNode(shift | FILL | (offset << PLACE_OFFSET), parent);
    this.meta.fill(-1, (node << META_SHIFT) | PRESENT, ((node << META_SHIFT) | PRESENT) + 2);
    this.fills++;
    this.version = (this.version + 1) | 0;
    const held = shift === 0 ? entry : this.addFill(shift - CHUNK_SHIFT, node, 0, entry);
    this.slots.fill(held, node << CHUNK_SHIFT, (node + 1) << CHUNK_SHIFT);
    return node;
  }

  /** Tells which marks (bit 0…2) any of the slots has. */
  private marksIn(node: number, first: number, end: number): number {
    let marks = 0;
    for (let kind = MARKS; kind < BITMAPS_END; kind += 2) {
      const at = (node << META_SHIFT) | kind;
      const found = (this.meta[at] & rangeMask(first, end, 0)) | (this.meta[at + 1] & rangeMask(first, end, 1));
      if (found !== 0) marks |= 1 << ((kind - MARKS) >> 1);
    }
    return marks;
  }

  private hasSlot(node: number, kind: number, offset: number): boolean {
    return (this.meta[((node << META_SHIFT) | kind) + (offset >>> 5)] & (1 << offset)) !== 0;
  }

  private setBits(node: number, kind: number, first: number, end: number): void {
    const at = (node << META_SHIFT) | kind;
    this.meta[at] |= rangeMask(first, end, 0);
    this.meta[at + 1] |= rangeMask(first, end, 1);
  }

  private isFull(node: number, shift: number): boolean {
    const at = (node << META_SHIFT) | (shift === 0 ? PRESENT : FULL);
    return (this.meta[at] & this.meta[at + 1]) === -1;
  }
}

/** The order of the largest aligned block that begins at an index and ends by `last`. */
export function blockOrder(index: number, last: number): number {
  const aligned = index === 0 ? MAX_ORDER : lowestBit(index | 0);
  const length = last - index + 1;
  return Math.min(aligned, length > MAX_INDEX ? MAX_ORDER : 31 - Math.clz32(length));
}

/** The aligned block of 2^order indices around an index, and the shift of the node that holds it. */
export function spanAround(index: number, order: number): { first: number; last: number; shift: number } {
  // A shift by 32 would shift by 0.
  const inside = order === 32 ? -1 : (1 << order) - 1;
  return { first: (index & ~inside) >>> 0, last: (index | inside) >>> 0, shift: order - (order % CHUNK_SHIFT) };
}

/** Counts the nodes, fill nodes included, that `plant` takes for slots of a node. */
function nodesToPlant(shift: number, width: number, order: number): number {
  const level = order - (order % CHUNK_SHIFT);
  if (shift === level) return (width >> (order - level)) * (level / CHUNK_SHIFT);
  return width * (1 + nodesToPlant(shift - CHUNK_SHIFT, CHUNK_SIZE, order));
}
