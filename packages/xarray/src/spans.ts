// Multi-index entries: one entry over 2^order aligned indices. How they are put, replaced, dissolved and split.
// Reference: Linux lib/xarray.c (v6.19), xas_store, xas_split, xas_init_marks.
//
// An order is a level, ⌊order / 6⌋, and a width, 2^(order mod 6) slots of a node at that level: the canonical slot, which
// alone has the marks, and its siblings. In a leaf each of the slots has the entry. Higher up all of them lead to one chain
// of fill nodes, a node for each level below, whose last has the entry in all its slots: what descends finds it there.
import { lowestBit, nextSet, rangeMask } from './bits.ts';
import { canonical, endSlot, firstOf, holder, orderAt, shiftOf } from './bounds.ts';
import { addNode, freeNode, lower, removeNode, takeNode } from './growth.ts';
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
import { unmarkUp } from './summaries.ts';
import { covers, heightFor, isVacant, type Tree } from './tree.ts';

/** Bitmaps of what a slot can have. */
const SLOT_BITMAPS: readonly number[] = [PRESENT, FULL, MARKS, MARKS + 2, MARKS + 4, SIBLING, ENTRY];

/**
 * Puts an entry, not 0, over the 2^order indices around `index`; over all of a larger one there.
 *
 * @returns The first entry that was there, or 0.
 */
function putSpan(tree: Tree, index: number, order: number, entry: number): number {
  if (orderAt(tree, index) >= order) return replaceSpan(tree, index, entry);
  const { first, last, shift } = spanAround(index, order);
  const old = firstEntry(tree, first, last);
  const node = tree.makePath(first, last, shift);
  const offset = (first >>> shift) & CHUNK_MASK;
  const end = offset + (1 << (order - shift));
  const marks = marksIn(tree, node, offset, end);
  wipe(tree, node, shift, offset, end);
  plant(tree, node, shift, offset, end, order, entry, marks);
  if (isFull(tree, node, shift)) tree.fullUp(node);
  return old;
}

/** Puts an entry, or with 0 a reservation, over the whole multi-index entry that `index` belongs to. */
export function replaceSpan(tree: Tree, index: number, entry: number): number {
  const leaf = tree.leafAt(index);
  const node = holder(tree, leaf);
  const fill = leaf !== node;
  const base = leaf << CHUNK_SHIFT;
  const old = tree.slots[base | (index & CHUNK_MASK)];
  const first = fill ? 0 : canonical(tree, node, index);
  tree.slots.fill(entry, base + first, base + (fill ? CHUNK_SIZE : endSlot(tree, node, index)));
  if (old !== 0) tree.held--;
  if (entry !== 0) tree.held++;
  else tree.reserved = 1;
  return old;
}

/** Removes the whole multi-index entry that `index` belongs to. */
export function removeSpan(tree: Tree, index: number): number {
  const leaf = tree.leafAt(index);
  const node = holder(tree, leaf);
  const old = tree.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)];
  const first = firstOf(tree, index);
  vacate(tree, node, canonical(tree, node, index), endSlot(tree, node, index), first);
  return old;
}

/** Removes what is in a range, block by block, and all of the entries that reach into it. */
export function removeRow(tree: Tree, first: number, last: number): void {
  for (let index = first; index <= last; ) {
    const order = blockOrder(index, last);
    if (order === 0) tree.remove(index);
    else removeRange(tree, index, order);
    index += 2 ** order;
  }
}

/** Removes what is at the 2^order indices (order > 0) around `index`, and all of a larger entry there. */
function removeRange(tree: Tree, index: number, order: number): number {
  if (orderAt(tree, index) >= order) return removeSpan(tree, index);
  const { first, last, shift } = spanAround(index, order);
  const old = firstEntry(tree, first, last);
  let at = tree.levels * CHUNK_SHIFT;
  let node = ANCHOR;
  if (at > shift && !covers(tree, first)) return 0;
  // Down from the anchor, whose only slot leads to the root; a lower tree is covered whole, or not at all.
  if (at <= shift) {
    if (first === 0 && !isVacant(tree)) vacate(tree, ANCHOR, 0, 1, 0);
    return old;
  }
  for (; at > shift; at -= CHUNK_SHIFT) {
    const offset = node === ANCHOR ? 0 : (first >>> at) & CHUNK_MASK;
    node = tree.slots[(node << CHUNK_SHIFT) | offset];
    if (node === NULL_NODE) return 0;
  }
  const offset = (first >>> shift) & CHUNK_MASK;
  vacate(tree, node, offset, offset + (1 << (order - shift)), first);
  return old;
}

/** Cuts the entry at an index, if it is of a higher order, into pieces of `order` with the same entry and marks. */
export function splitSpan(tree: Tree, index: number, order: number): void {
  if (orderAt(tree, index) <= order) return;
  const leaf = tree.leafAt(index);
  const node = holder(tree, leaf);
  const shift = shiftOf(tree, node);
  const entry = tree.slots[(leaf << CHUNK_SHIFT) | (index & CHUNK_MASK)];
  const first = canonical(tree, node, index);
  const end = endSlot(tree, node, index);
  const marks = marksIn(tree, node, first, end);
  tree.makeRoom(nodesToPlant(shift, end - first, order));
  wipe(tree, node, shift, first, end);
  plant(tree, node, shift, first, end, order, entry, marks);
  lower(tree);
}

/**
 * Counts the nodes a range of entries may take at most: new levels, a path to either end, and the fill nodes.
 *
 * Two paths do: between the ends, a block whose node is on neither would be part of a larger block.
 */
function rangeNodes(first: number, last: number): number {
  let nodes = 3 * heightFor(last, 0);
  for (let index = first; index <= last; ) {
    const order = blockOrder(index, last);
    nodes += Math.floor(order / CHUNK_SHIFT);
    index += 2 ** order;
  }
  return nodes;
}

/** Puts an entry over the 2^order indices around `index`, or with 0 removes what is there; returns the first that was, or 0. */
export function storeBlock(tree: Tree, index: number, order: number, entry: number): number {
  if (order === 0) return entry === 0 ? tree.remove(index) : tree.put(index, entry);
  return entry === 0 ? removeRange(tree, index, order) : putSpan(tree, index, order, entry);
}

/** Puts an entry over a range as a row of the largest blocks, or with 0 removes what is there. Throws before anything has changed. */
export function storeRow(tree: Tree, first: number, last: number, entry: number): void {
  if (entry === 0) {
    removeRow(tree, first, last);
    return;
  }
  tree.makeRoom(rangeNodes(first, last));
  for (let index = first; index <= last; ) {
    const order = blockOrder(index, last);
    storeBlock(tree, index, order, entry);
    index += 2 ** order;
  }
}

/** Reads the first entry of a range, or 0. */
function firstEntry(tree: Tree, first: number, last: number): number {
  let index = tree.seek(first, PRESENT);
  while (index >= 0 && index <= last) {
    const entry = tree.met(index);
    if (entry !== 0) return entry;
    index = tree.seekAfter(index, PRESENT);
  }
  return 0;
}

/** Empties slots, `first` being the lowest index that becomes free, and tells those above. */
function vacate(tree: Tree, node: number, from: number, end: number, first: number): void {
  const shift = node === ANCHOR ? tree.levels * CHUNK_SHIFT : shiftOf(tree, node);
  const had = marksIn(tree, node, 0, CHUNK_SIZE);
  const wasFull = node !== ANCHOR && isFull(tree, node, shift);
  wipe(tree, node, shift, from, end);
  tree.free.freedFrom(first);
  if (node === ANCHOR) {
    tree.root = NULL_NODE;
    tree.levels = 0;
    return;
  }
  if (wasFull) tree.unfullUp(node);
  const lost = had & ~marksIn(tree, node, 0, CHUNK_SIZE);
  const { meta } = tree;
  const parent = meta[(node << META_SHIFT) | PARENT];
  for (let mark = 0; lost >>> mark !== 0; mark++) {
    if (((lost >>> mark) & 1) === 0) continue;
    unmarkUp(meta, parent, meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET, MARKS + 2 * mark);
  }
  if ((meta[(node << META_SHIFT) | PRESENT] | meta[(node << META_SHIFT) | PRESENT | 1]) === 0) removeNode(tree, node);
  else if (node === tree.root) lower(tree);
}

/** Empties slots of a node and frees what is below them; those above are the caller's to tell. */
function wipe(tree: Tree, node: number, shift: number, first: number, end: number): void {
  const { slots, meta } = tree;
  const base = node << META_SHIFT;
  let offset = nextSet(meta, base | PRESENT, first);
  while (offset < end) {
    const slot = slots[(node << CHUNK_SHIFT) | offset];
    const next = offset + 1;
    if (shift > 0 && !hasSlot(tree, node, ENTRY, offset)) {
      freeBelow(tree, slot, shift - CHUNK_SHIFT);
    } else if (!hasSlot(tree, node, SIBLING, offset)) {
      const entry = shift === 0 ? slot : freeFill(tree, slot, shift - CHUNK_SHIFT);
      if (entry !== 0) tree.held--;
      if (shift > 0 || (next < CHUNK_SIZE && hasSlot(tree, node, SIBLING, next))) tree.multi--;
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
function freeBelow(tree: Tree, node: number, shift: number): void {
  wipe(tree, node, shift, 0, CHUNK_SIZE);
  freeNode(tree, node);
}

/** Frees a chain of fill nodes and returns the entry it led to. */
function freeFill(tree: Tree, top: number, shift: number): number {
  const { slots, meta } = tree;
  let node = top;
  for (let at = shift; ; at -= CHUNK_SHIFT) {
    const below = slots[node << CHUNK_SHIFT];
    slots.fill(0, node << CHUNK_SHIFT, (node + 1) << CHUNK_SHIFT);
    meta.fill(0, node << META_SHIFT, (node + 1) << META_SHIFT);
    freeNode(tree, node);
    tree.fills--;
    if (at === 0) return below;
    node = below;
  }
}

/** Puts an entry in pieces of `order` into empty slots of a node, making what is needed below; there must be room. */
function plant(
  tree: Tree,
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
      const child = addNode(tree, shift - CHUNK_SHIFT, node, offset);
      plant(tree, child, shift - CHUNK_SHIFT, 0, CHUNK_SIZE, order, entry, marks);
      continue;
    }
    const held = shift === 0 ? entry : addFill(tree, shift - CHUNK_SHIFT, node, offset, entry);
    tree.slots.fill(held, base + offset, base + offset + width);
    setBits(tree, node, SIBLING, offset + 1, offset + width);
    if (entry !== 0) tree.held++;
    if (order > 0) tree.multi++;
  }
  tree.version = (tree.version + 1) | 0;
  setBits(tree, node, PRESENT, first, end);
  if (shift > 0) setBits(tree, node, FULL, first, end);
  if (shift > 0 && shift === level) setBits(tree, node, ENTRY, first, end);
  for (let mark = 0; marks >>> mark !== 0; mark++) {
    if (((marks >>> mark) & 1) === 0) continue;
    for (let offset = first; offset < end; offset += width) setBits(tree, node, MARKS + 2 * mark, offset, offset + 1);
  }
}

/** Makes a chain of fill nodes from a shift down, and returns its first. */
function addFill(tree: Tree, shift: number, parent: number, offset: number, entry: number): number {
  const node = takeNode(tree, shift | FILL | (offset << PLACE_OFFSET), parent);
  tree.meta.fill(-1, (node << META_SHIFT) | PRESENT, ((node << META_SHIFT) | PRESENT) + 2);
  tree.fills++;
  tree.version = (tree.version + 1) | 0;
  const held = shift === 0 ? entry : addFill(tree, shift - CHUNK_SHIFT, node, 0, entry);
  tree.slots.fill(held, node << CHUNK_SHIFT, (node + 1) << CHUNK_SHIFT);
  return node;
}

/** Tells which marks (bit 0…2) any of the slots has. */
function marksIn(tree: Tree, node: number, first: number, end: number): number {
  let marks = 0;
  if (!tree.marksUsed) return marks;
  for (let kind = MARKS; kind < BITMAPS_END; kind += 2) {
    const at = (node << META_SHIFT) | kind;
    const found = (tree.meta[at] & rangeMask(first, end, 0)) | (tree.meta[at + 1] & rangeMask(first, end, 1));
    if (found !== 0) marks |= 1 << ((kind - MARKS) >> 1);
  }
  return marks;
}

function hasSlot(tree: Tree, node: number, kind: number, offset: number): boolean {
  return (tree.meta[((node << META_SHIFT) | kind) + (offset >>> 5)] & (1 << offset)) !== 0;
}

function setBits(tree: Tree, node: number, kind: number, first: number, end: number): void {
  const at = (node << META_SHIFT) | kind;
  tree.meta[at] |= rangeMask(first, end, 0);
  tree.meta[at + 1] |= rangeMask(first, end, 1);
}

function isFull(tree: Tree, node: number, shift: number): boolean {
  const at = (node << META_SHIFT) | (shift === 0 ? PRESENT : FULL);
  return (tree.meta[at] & tree.meta[at + 1]) === -1;
}

/** The order of the largest aligned block that begins at an index and ends by `last`. */
function blockOrder(index: number, last: number): number {
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
