// Nodes: the tree under XArray and IntMap, in two typed arrays, and one entry found, put or removed in it.
// Reference: Linux lib/xarray.c (v6.19), xas_load, xas_store, xas_find, xas_find_marked.
//
// Reserved ("zero") entries: the kernel marks them with an internal pointer, and every xa_load compares against it. Here a
// slot is reserved when its PRESENT bit is set and the slot holds 0, so that a load answers NULL without looking.
import { nextSet } from './bits.ts';
import { lastOf, orderAt } from './bounds.ts';
import type { FreeHint } from './free-hint.ts';
import { enlarge, heighten, makeBelow, shrink } from './growth.ts';
import { hasMark } from './marks.ts';
import { unsound } from './misuse.ts';
import {
  ANCHOR,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  ENTRY,
  FILL,
  FULL,
  HEAD_SLOT,
  MAX_HEIGHT,
  MAX_INDEX,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
} from './node-layout.ts';
import { removeSpan, replaceSpan } from './spans.ts';
import { unmarkAll } from './summaries.ts';
import { hasMarks, isChild, isRoomless, isVacant, MAYBE, type TreeState } from './tree.ts';

/**
 * The tree, for what trusts its arguments; the calls for users are those of Entries and XArray.
 *
 * What is called for every entry is a method here, because V8 inlines it better; all else is in functions over a Tree, which says
 * what the fields mean. None of it is in the declarations that users see.
 */
export class Nodes {
  // `declare`: a field that is first undefined and then a number loses its number representation in V8.
  /** @internal */
  declare slots: Int32Array;
  /** @internal */
  declare meta: Int32Array;
  /** @internal */
  declare root: number;
  /** @internal */
  declare levels: number;
  /** @internal */
  declare held: number;
  /** @internal */
  declare leaf: number;
  /** @internal */
  declare leafKey: number;
  /** @internal */
  declare leaf2: number;
  /** @internal */
  declare leafKey2: number;
  /** @internal */
  declare top: number;
  /** @internal */
  declare freeNode: number;
  /** @internal */
  declare freeCount: number;
  /** @internal */
  declare marksUsed: boolean;
  /** @internal */
  declare reserved: number;
  /** @internal */
  declare multi: number;
  /** @internal */
  declare fills: number;
  /** @internal */
  declare version: number;
  /** @internal */
  declare free: FreeHint;
  /** @internal */
  declare owner: string;

  constructor(free: FreeHint, state: TreeState, owner: string) {
    // Every field here, not by way of `adopt`: V8 makes room in the object for as many as a constructor assigns.
    this.slots = state.slots;
    this.meta = state.meta;
    this.root = state.levels === 0 ? NULL_NODE : state.slots[HEAD_SLOT];
    this.levels = state.levels;
    this.held = state.held;
    this.leaf = NULL_NODE;
    this.leafKey = -1;
    this.leaf2 = NULL_NODE;
    this.leafKey2 = -1;
    this.free = free;
    this.owner = owner;
    this.top = state.top;
    this.freeNode = state.freeNode;
    this.freeCount = state.freeCount;
    this.marksUsed = hasMarks(state.meta);
    this.reserved = isVacant(state) ? 0 : MAYBE;
    this.multi = state.multi;
    this.fills = state.fills;
    this.version = 0;
  }

  /** @internal Shows the state; the arrays are the live ones. */
  state(): TreeState {
    const { slots, meta, levels, held, top, freeNode, freeCount, multi, fills } = this;
    return { slots, meta, levels, held, top, freeNode, freeCount, multi, fills };
  }

  /** @internal Takes over another state. */
  adopt(state: TreeState): void {
    this.slots = state.slots;
    this.meta = state.meta;
    this.root = state.levels === 0 ? NULL_NODE : state.slots[HEAD_SLOT];
    this.levels = state.levels;
    this.held = state.held;
    this.leafKey = -1;
    this.leaf2 = NULL_NODE;
    this.leafKey2 = -1;
    this.top = state.top;
    this.freeNode = state.freeNode;
    this.freeCount = state.freeCount;
    this.marksUsed = hasMarks(state.meta);
    this.reserved = isVacant(state) ? 0 : MAYBE;
    this.multi = state.multi;
    this.fills = state.fills;
    this.version = (this.version + 1) | 0;
    this.free.reset();
  }

  /** @internal */
  leafAt(index: number): number {
    const key = index >>> CHUNK_SHIFT;
    if (key === this.leafKey) return this.leaf;
    return key === this.leafKey2 ? this.leaf2 : this.leafFar(index);
  }

  /**
   * Descends to a leaf, and meets it. One straight arm for each height that most have.
   *
   * @internal
   */
  leafFar(index: number): number {
    const s = this.slots;
    const root = this.root << 6;
    let node = NULL_NODE;
    switch (this.levels) {
      case 2:
        if (index >>> 12 === 0) node = s[root | (index >>> 6)];
        break;
      case 3:
        if (index >>> 18 === 0) node = s[(s[root | (index >>> 12)] << 6) | ((index >>> 6) & 63)];
        break;
      case 4:
        if (index >>> 24 === 0) {
          node = s[(s[(s[root | (index >>> 18)] << 6) | ((index >>> 12) & 63)] << 6) | ((index >>> 6) & 63)];
        }
        break;
      default:
        node = this.leafDeep(index);
    }
    // Not the anchor, and not a fill node: its indices are not its own to change.
    if (node > ANCHOR && (this.multi === 0 || (this.meta[(node << META_SHIFT) | PLACE] & FILL) === 0)) {
      this.meet(node, index >>> CHUNK_SHIFT);
    }
    return node;
  }

  /** The arm of `leafFar` for all other heights. */
  private leafDeep(index: number): number {
    if (!this.covers(index)) return NULL_NODE;
    if (this.levels === 0) return ANCHOR;
    const slots = this.slots;
    let node = this.root;
    for (let shift = (this.levels - 1) * CHUNK_SHIFT; shift > 0; shift -= CHUNK_SHIFT) {
      node = slots[(node << CHUNK_SHIFT) | ((index >>> shift) & CHUNK_MASK)];
    }
    return node;
  }

  /** @internal Makes the error for words that are no tree, as a forged snapshot has that was trusted. */
  damaged(): Error {
    return unsound(this.owner);
  }

  /** Says whether the tree is high enough for `index`. */
  private covers(index: number): boolean {
    return this.levels === MAX_HEIGHT || index >>> (this.levels * CHUNK_SHIFT) === 0;
  }

  /** @internal */
  meet(leaf: number, key: number): void {
    this.leaf2 = this.leaf;
    this.leafKey2 = this.leafKey;
    this.leaf = leaf;
    this.leafKey = key;
  }

  /**
   * Puts an entry, or with 0 a reservation, over all of a multi-index entry there.
   *
   * @internal
   */
  put(index: number, entry: number): number {
    if (this.multi !== 0 && orderAt(this, index) !== 0) return replaceSpan(this, index, entry);
    const leaf = index >>> CHUNK_SHIFT === this.leafKey ? this.leaf : this.leafToPut(index, entry === 0);
    const slots = this.slots;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    const old = slots[slot];
    slots[slot] = entry;
    if (old !== 0) {
      if (entry === 0) this.reservedOver();
      return old;
    }
    if (entry !== 0) this.held++;
    else this.reserved = 1;
    const meta = this.meta;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bits = meta[word] | (1 << index);
    meta[word] = bits;
    if (bits === -1 && meta[word ^ 1] === -1) this.fullUp(leaf);
    return 0;
  }

  /** Notes that a reservation has taken the place of an entry. */
  private reservedOver(): void {
    this.held--;
    this.reserved = 1;
  }

  /** Finds the leaf for an index that is in no multi-index entry and not in the leaf met last, or makes it. */
  private leafToPut(index: number, reserved: boolean): number {
    if (index >>> CHUNK_SHIFT === this.leafKey2) return this.leaf2;
    const leaf = this.leafFar(index);
    return leaf > ANCHOR ? leaf : this.makeLeaf(index, reserved);
  }

  /**
   * Finds the leaf for `index` and makes what is missing on the way, so that a store there cannot fail.
   * A reserved entry does not become the head of an empty array: the kernel gives it a node.
   */
  private makeLeaf(index: number, reserved: boolean): number {
    if (this.levels === 0 && index === 0 && !(reserved && isVacant(this))) {
      if (isRoomless(this)) this.makeRoom(1);
      return ANCHOR;
    }
    const leaf = this.makePath(index, index, 0);
    this.meet(leaf, index >>> CHUNK_SHIFT);
    return leaf;
  }

  /**
   * Makes room for all of it, and for as many fill nodes as an entry of that shift needs, before it changes anything.
   *
   * @internal
   */
  makePath(first: number, last: number, shift: number): number {
    const height = this.levels * CHUNK_SHIFT;
    if (height <= shift || (height < 32 && last >>> height !== 0)) heighten(this, last, shift);
    else if (shift > 0) this.makeRoom(shift / CHUNK_SHIFT);
    let parent = ANCHOR;
    let node = this.root;
    for (let at = (this.levels - 1) * CHUNK_SHIFT; at > shift; at -= CHUNK_SHIFT) {
      const child = this.slots[(node << CHUNK_SHIFT) | ((first >>> at) & CHUNK_MASK)];
      if (child === NULL_NODE) return makeBelow(this, node, at, first, shift);
      parent = node;
      node = child;
    }
    const offset = (first >>> (shift + CHUNK_SHIFT)) & CHUNK_MASK;
    if (parent !== ANCHOR && !isChild(this.meta, node, parent, shift, offset)) throw this.damaged();
    return node;
  }

  /** @internal */
  makeRoom(need: number): void {
    const wanted = this.top - this.freeCount + need;
    if (wanted > this.meta.length >>> META_SHIFT) enlarge(this, wanted);
  }

  /** @internal */
  rootMoved(): void {}

  /**
   * Removes an entry or a reservation, its marks, and the nodes that become empty.
   *
   * @internal
   */
  remove(index: number): number {
    if (this.multi !== 0 && orderAt(this, index) !== 0) return removeSpan(this, index);
    const leaf = this.leafAt(index);
    const { slots, meta } = this;
    const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    const bits = meta[word];
    const bit = 1 << index;
    if ((bits & bit) === 0) return 0;
    const slot = (leaf << CHUNK_SHIFT) | (index & CHUNK_MASK);
    const old = slots[slot];
    slots[slot] = 0;
    const left = bits & ~bit;
    meta[word] = left;
    if (old !== 0) this.held--;
    this.free.freed(index);
    const half = meta[word ^ 1];
    if ((bits & half) === -1) this.unfullUp(leaf);
    if (this.marksUsed) unmarkAll(meta, leaf, index & CHUNK_MASK);
    if ((left | half) === 0 || leaf === this.root) shrink(this, leaf);
    return old;
  }

  /**
   * Finds the first index from `from` on that belongs to something with a bit in the bitmaps of `kind` (PRESENT or a mark),
   * or −1: `from` itself, or where that something begins.
   *
   * @internal
   */
  seek(from: number, kind: number): number {
    if (this.multi === 0 || kind === PRESENT) return this.seekBit(from, kind);
    // Siblings are present, but only canonical slots are marked.
    return hasMark(this, from, kind) ? from : this.seekAfter(from, kind);
  }

  /** @internal */
  seekAfter(index: number, kind: number): number {
    const last = this.multi === 0 ? index : lastOf(this, index);
    return last === MAX_INDEX ? -1 : this.seekBit(last + 1, kind);
  }

  /** Finds the first index from `from` on whose own slot has a bit set, or −1. */
  private seekBit(from: number, kind: number): number {
    const meta = this.meta;
    const top = (this.levels - 1) * CHUNK_SHIFT;
    let node = this.leaf;
    let shift = 0;
    let offset = from - this.leafKey * CHUNK_SIZE;
    // An index below the node at hand: heights and offsets follow from it, not from words that could lead in a circle.
    let index = offset === CHUNK_SIZE ? from - 1 : from;
    // In the leaf met last, or just behind it, where its parent tells what comes next.
    if (offset < 0 || offset > CHUNK_SIZE || this.leafKey < 0) {
      index = from;
      if (!this.covers(from)) return -1;
      if (this.levels === 0) return (meta[(ANCHOR << META_SHIFT) | kind] & 1) - 1;
      node = this.root;
      shift = top;
      offset = (from >>> shift) & CHUNK_MASK;
    }
    for (;;) {
      let next = nextSet(meta, (node << META_SHIFT) | kind, offset);
      while (next === CHUNK_SIZE) {
        if (shift >= top) return -1;
        node = meta[(node << META_SHIFT) | PARENT];
        shift += CHUNK_SHIFT;
        offset = (index >>> shift) & CHUNK_MASK;
        next = nextSet(meta, (node << META_SHIFT) | kind, offset + 1);
      }
      if (next !== offset) index = (((index >>> shift) & ~CHUNK_MASK) | next) << shift;
      if (shift === 0) break;
      if (this.multi !== 0 && (meta[(node << META_SHIFT) | ENTRY | (next >>> 5)] & (1 << next)) !== 0)
        return index >>> 0;
      const child = this.slots[(node << CHUNK_SHIFT) | next];
      shift -= CHUNK_SHIFT;
      if (!isChild(meta, child, node, shift, next)) throw this.damaged();
      node = child;
      offset = (index >>> shift) & CHUNK_MASK;
    }
    this.meet(node, index >>> CHUNK_SHIFT);
    return index >>> 0;
  }

  /** @internal */
  met(index: number): number {
    return this.slots[(this.leafAt(index) << CHUNK_SHIFT) | (index & CHUNK_MASK)];
  }

  /** @internal Says whether an entry or a reservation is at an index. */
  taken(index: number): boolean {
    const word = (this.leafAt(index) << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
    return (this.meta[word] & (1 << index)) !== 0;
  }

  /** @internal */
  fullUp(from: number): void {
    const meta = this.meta;
    for (let node = from, left = MAX_HEIGHT; node !== ANCHOR && left > 0; left--) {
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
      const word = (node << META_SHIFT) | FULL | (offset >>> 5);
      meta[word] |= 1 << offset;
      if ((meta[word] & meta[word ^ 1]) !== -1) return;
    }
  }

  /** @internal */
  unfullUp(from: number): void {
    const meta = this.meta;
    for (let node = from, left = MAX_HEIGHT; node !== ANCHOR && left > 0; left--) {
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      node = meta[(node << META_SHIFT) | PARENT];
      const word = (node << META_SHIFT) | FULL | (offset >>> 5);
      const wasFull = (meta[word] & meta[word ^ 1]) === -1;
      meta[word] &= ~(1 << offset);
      if (!wasFull) return;
    }
  }
}
