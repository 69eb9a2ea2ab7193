// The nodes under XArray, in two typed arrays: growth and shrink of height, recycling, room.
// Reference: Linux lib/xarray.c (v6.19), xas_expand, xas_create, xas_shrink, xas_delete_node.
//
// Reserved ("zero") entries: the kernel marks them with an internal pointer, and every xa_load compares against it. Here a
// slot is reserved when its PRESENT bit is set and the slot holds 0, so that a load answers NULL without looking.
import { nextSet } from './bits.ts';
import { outOfNodes } from './misuse.ts';
import {
  ANCHOR,
  BITMAPS_END,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  ENTRY,
  FIRST_NODE,
  FULL,
  HEAD_SLOT,
  MARKS,
  MAX_HEIGHT,
  MAX_INDEX,
  MAX_NODES,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
} from './node-layout.ts';

/** What makes up an array, apart from caches: what a snapshot holds and `compact` rebuilds. */
export interface TreeState {
  /** Int32Array, shape [nodes × 64]: entries and child handles. */
  slots: Int32Array;
  /** Int32Array, shape [nodes × 16]: bitmaps, parent and place. */
  meta: Int32Array;
  /** Levels of nodes, 0…6. */
  levels: number;
  /** Entries that are neither NULL nor reserved. */
  count: number;
  /** Handles below are in use or on the free list. */
  top: number;
  /** First node of the free list, linked through PARENT; free nodes are zero but for the link. */
  freeNode: number;
  freeCount: number;
  /** Entries and reservations of more than one index. */
  multi: number;
  /** Fill nodes in use; the kernel has no such nodes. */
  fills: number;
}

/** Which indices `alloc` gives out: none, all, or all but 0. */
export type AllocBase = -1 | 0 | 1;

/** Makes the state of an empty array with room for `nodes` nodes. */
export function emptyState(nodes: number): TreeState {
  return {
    slots: new Int32Array((FIRST_NODE + nodes) * CHUNK_SIZE),
    meta: new Int32Array((FIRST_NODE + nodes) << META_SHIFT),
    levels: 0,
    count: 0,
    top: FIRST_NODE,
    freeNode: NULL_NODE,
    freeCount: 0,
    multi: 0,
    fills: 0,
  };
}

/** Number of levels that have a node of `shift` and reach up to `last`. */
export function heightFor(last: number, shift: number): number {
  let height = shift / CHUNK_SHIFT + 1;
  while (height < MAX_HEIGHT && last >>> (height * CHUNK_SHIFT) !== 0) height++;
  return height;
}

/** Nodes, and how they come and go as the tree grows and shrinks. */
export class Nodes {
  // `declare`: a field that is first undefined and then a number loses its number representation in V8.
  /** Entries and child handles, 64 to a node. */
  declare protected slots: Int32Array;
  /** Bitmaps, parent and place, 16 words to a node. */
  declare protected meta: Int32Array;
  /** Handle of the root node; NULL_NODE while the height is 0. */
  declare protected root: number;
  /** Levels of nodes, 0…6. */
  declare protected levels: number;
  /** Entries that are neither NULL nor reserved. */
  declare protected count: number;
  /** The leaf met last and its index >>> 6, or −1. Never the anchor: it holds one index of the 64 its key would cover. */
  declare protected leaf: number;
  declare protected leafKey: number;
  /** The leaf met before that one, and its index >>> 6, or −1: two places worked on in turn are both found at once. */
  declare protected leaf2: number;
  declare protected leafKey2: number;
  /** No index from `allocBase` to here (u32, kept as int32) is free, but maybe the hole. */
  declare protected freeHint: number;
  /** An index (u32, kept as int32) below the hint that was freed, or −1: most such are allocated again at once. */
  declare protected hole: number;
  /** Handles below are in use or on the free list. */
  declare protected top: number;
  /** First node of the free list, linked through PARENT, and its length. Free nodes are zero but for the link. */
  declare protected freeNode: number;
  declare protected freeCount: number;
  /** Whether anything may have a mark: while nothing ever had, what is removed need not be looked at for any. */
  declare protected marksUsed: boolean;
  /** Entries and reservations of more than one index: while it is 0, nothing needs to look for them. */
  declare protected multi: number;
  declare protected fills: number;
  /**
   * Counts what may part an index from its leaf: nodes made, freed and moved, levels put on; and when an entry of more than
   * one index comes. An int32 that wraps.
   *
   * @internal For Cursor, like all that is public here.
   */
  declare version: number;
  declare protected allocBase: AllocBase;

  constructor(allocBase: AllocBase, state: TreeState) {
    this.slots = state.slots;
    this.meta = state.meta;
    this.root = state.levels === 0 ? NULL_NODE : state.slots[HEAD_SLOT];
    this.levels = state.levels;
    this.count = state.count;
    this.leaf = NULL_NODE;
    this.leafKey = -1;
    this.leaf2 = NULL_NODE;
    this.leafKey2 = -1;
    this.freeHint = 0;
    this.hole = -1;
    this.top = state.top;
    this.freeNode = state.freeNode;
    this.freeCount = state.freeCount;
    this.marksUsed = hasMarks(state.meta);
    this.multi = state.multi;
    this.fills = state.fills;
    this.version = 0;
    this.allocBase = allocBase;
  }

  /** Shows the state; the arrays are the live ones. */
  protected state(): TreeState {
    const { slots, meta, levels, count, top, freeNode, freeCount, multi, fills } = this;
    return { slots, meta, levels, count, top, freeNode, freeCount, multi, fills };
  }

  /** Takes over another state. */
  protected adopt(state: TreeState): void {
    this.slots = state.slots;
    this.meta = state.meta;
    this.root = state.levels === 0 ? NULL_NODE : state.slots[HEAD_SLOT];
    this.levels = state.levels;
    this.count = state.count;
    this.leafKey = -1;
    this.leaf2 = NULL_NODE;
    this.leafKey2 = -1;
    this.freeHint = 0;
    this.hole = -1;
    this.top = state.top;
    this.freeNode = state.freeNode;
    this.freeCount = state.freeCount;
    this.marksUsed = hasMarks(state.meta);
    this.multi = state.multi;
    this.fills = state.fills;
    this.version = (this.version + 1) | 0;
  }

  /**
   * Finds the leaf for `index` and makes what is missing on the way, so that a store there cannot fail.
   * A reserved entry does not become the head of an empty array: the kernel gives it a node.
   */
  protected makeLeaf(index: number, reserved: boolean): number {
    if (this.levels === 0 && index === 0 && !(reserved && this.vacant())) return ANCHOR;
    const leaf = this.makePath(index, index, 0);
    this.meet(leaf, index >>> CHUNK_SHIFT);
    return leaf;
  }

  /** Remembers the leaf that is met, and the one met before. */
  protected meet(leaf: number, key: number): void {
    this.leaf2 = this.leaf;
    this.leafKey2 = this.leafKey;
    this.leaf = leaf;
    this.leafKey = key;
  }

  /** Remembers that no index up to this one is free, but maybe the hole. */
  protected allTaken(last: number): void {
    this.freeHint = last === MAX_INDEX ? -1 : (last + 1) | 0;
  }

  /** Remembers that an index below the hint is free: one as the hole, of two the lower as the hint. */
  protected freed(index: number): void {
    if (index < this.allocBase) return;
    if (this.hole === -1) this.hole = index | 0;
    else this.lowerHint(index);
  }

  /** Makes sure that no index from `first` on is thought taken. */
  protected lowerHint(first: number): void {
    this.freeHint = this.hole === -1 ? first | 0 : Math.min(first, this.hole >>> 0) | 0;
    this.hole = -1;
  }

  /**
   * Finds the node of a shift (a multiple of 6) that holds `first`…`last`, and makes what is missing on the way.
   *
   * Makes room for all of it, and for as many fill nodes as an entry of that shift needs, before it changes anything.
   */
  protected makePath(first: number, last: number, shift: number): number {
    if (!this.covers(last) || this.levels * CHUNK_SHIFT <= shift) this.heighten(last, shift);
    else if (shift > 0) this.makeRoom(shift / CHUNK_SHIFT);
    let node = this.root;
    for (let at = (this.levels - 1) * CHUNK_SHIFT; at > shift; at -= CHUNK_SHIFT) {
      const child = this.slots[(node << CHUNK_SHIFT) | ((first >>> at) & CHUNK_MASK)];
      if (child === NULL_NODE) return this.makeBelow(node, at, first, shift);
      node = child;
    }
    return node;
  }

  /** Makes the nodes from below a node of shift `from` down to shift `to`. */
  private makeBelow(top: number, from: number, index: number, to: number): number {
    this.makeRoom(from / CHUNK_SHIFT);
    this.version = (this.version + 1) | 0;
    let node = top;
    for (let at = from; at > to; at -= CHUNK_SHIFT) {
      node = this.addNode(at - CHUNK_SHIFT, node, (index >>> at) & CHUNK_MASK);
    }
    return node;
  }

  /** Says whether nothing is in the array, not even a reservation. */
  protected vacant(): boolean {
    return (this.meta[(ANCHOR << META_SHIFT) | PRESENT] & 1) === 0;
  }

  /** Says whether the tree is high enough for `index`. */
  protected covers(index: number): boolean {
    return this.levels === MAX_HEIGHT || index >>> (this.levels * CHUNK_SHIFT) === 0;
  }

  /** Makes the tree high enough for `last` and for a node of `shift`. */
  private heighten(last: number, shift: number): void {
    const height = heightFor(last, shift);
    // In an array from 1, index 0 counts as taken: the tree grows level by level around a reserved entry there.
    const fresh = this.vacant() && (this.allocBase !== 1 || last === 0);
    // New levels, and what hangs below the root on the way to `last`: a path, fill nodes, or both, one for each level.
    this.makeRoom((fresh ? 1 : height - this.levels) + height - 1);
    this.version = (this.version + 1) | 0;
    if (fresh) {
      this.levels = height;
      this.root = this.addNode((height - 1) * CHUNK_SHIFT, ANCHOR, 0);
      return;
    }
    this.meta[(ANCHOR << META_SHIFT) | PRESENT] = 1;
    while (this.levels < height) this.addLevel();
  }

  /** Puts a new root above the head of an array that is not empty. */
  private addLevel(): void {
    const head = this.slots[HEAD_SLOT];
    const node = this.addNode(this.levels * CHUNK_SHIFT, ANCHOR, 0);
    const meta = this.meta;
    const above = ANCHOR << META_SHIFT;
    const base = node << META_SHIFT;
    this.slots[node << CHUNK_SHIFT] = head;
    for (let word = 0; word < BITMAPS_END; word += 2) meta[base | word] = meta[above | word];
    meta[above | FULL] = 0;
    if (this.levels > 0) meta[(head << META_SHIFT) | PARENT] = node;
    this.root = node;
    this.levels++;
  }

  /** Takes a zeroed node, for which there must be room, and hangs it below `parent`. */
  protected addNode(shift: number, parent: number, offset: number): number {
    const node = this.takeNode(shift | (offset << PLACE_OFFSET), parent);
    this.meta[(parent << META_SHIFT) | PRESENT | (offset >>> 5)] |= 1 << offset;
    this.slots[(parent << CHUNK_SHIFT) | offset] = node;
    return node;
  }

  /** Takes a node from the free list or the end. */
  protected takeNode(place: number, parent: number): number {
    const meta = this.meta;
    let node = this.freeNode;
    if (node !== NULL_NODE) {
      this.freeNode = meta[(node << META_SHIFT) | PARENT];
      this.freeCount--;
    } else {
      node = this.top++;
    }
    meta[(node << META_SHIFT) | PARENT] = parent;
    meta[(node << META_SHIFT) | PLACE] = place;
    return node;
  }

  /**
   * Makes sure that `need` nodes can be taken; throws before anything has changed if they cannot.
   *
   * The only place where the arrays are replaced while the array is in use: they double.
   */
  protected makeRoom(need: number): void {
    const had = this.meta.length >>> META_SHIFT;
    const wanted = this.top - this.freeCount + need;
    if (wanted <= had) return;
    if (wanted > MAX_NODES) throw outOfNodes();
    const nodes = Math.min(Math.max(had * 2, wanted), MAX_NODES);
    const slots = new Int32Array(nodes * CHUNK_SIZE);
    const meta = new Int32Array(nodes << META_SHIFT);
    slots.set(this.slots);
    meta.set(this.meta);
    this.slots = slots;
    this.meta = meta;
    this.version = (this.version + 1) | 0;
  }

  /**
   * Makes room for the nodes that leaves for all of `first`…`last` lack.
   *
   * @internal
   */
  prepare(first: number, last: number): void {
    const height = Math.max(this.levels, heightFor(last, 0));
    // New levels, for one.
    let need = this.vacant() ? 0 : height - this.levels;
    for (let level = 1; level <= height; level++)
      need += Math.floor(last / 64 ** level) - Math.floor(first / 64 ** level) + 1;
    if (this.levels > 0) need -= this.nodesWithin(this.root, this.levels - 1, first, last);
    this.makeRoom(need);
  }

  /** Counts the nodes that hold any of the indices `first`…`last`, both counted from the beginning of `node`. */
  private nodesWithin(node: number, level: number, first: number, last: number): number {
    if (level === 0) return 1;
    const meta = this.meta;
    const base = node << META_SHIFT;
    const size = 64 ** level;
    const end = Math.min(last / size, CHUNK_MASK);
    let nodes = 1;
    let offset = nextSet(meta, base | PRESENT, Math.min(Math.max(0, Math.floor(first / size)), CHUNK_SIZE));
    while (offset <= end) {
      const child = this.slots[(node << CHUNK_SHIFT) | offset];
      const start = offset * size;
      const entry = (meta[(base | ENTRY) + (offset >>> 5)] & (1 << offset)) !== 0;
      if (!entry) nodes += this.nodesWithin(child, level - 1, first - start, last - start);
      offset = nextSet(meta, base | PRESENT, offset + 1);
    }
    return nodes;
  }

  /** Frees a node that has become empty, and its ancestors as far as they do; then lowers the tree. */
  protected removeNode(empty: number): void {
    const meta = this.meta;
    for (let node = empty; ; ) {
      const parent = meta[(node << META_SHIFT) | PARENT];
      const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
      const word = (parent << META_SHIFT) | PRESENT | (offset >>> 5);
      this.freeOne(node);
      this.slots[(parent << CHUNK_SHIFT) | offset] = NULL_NODE;
      meta[word] &= ~(1 << offset);
      if (parent === ANCHOR) {
        this.root = NULL_NODE;
        this.levels = 0;
        return;
      }
      if ((meta[word] | meta[word ^ 1]) !== 0) {
        if (parent === this.root) this.lower();
        return;
      }
      node = parent;
    }
  }

  /** Drops levels while the root has nothing but slot 0, down to an entry in the head. */
  protected lower(): void {
    const { slots, meta } = this;
    const above = ANCHOR << META_SHIFT;
    while (this.levels > 0) {
      const root = this.root;
      const base = root << META_SHIFT;
      if (meta[base | PRESENT] !== 1 || meta[base | PRESENT | 1] !== 0 || meta[base | ENTRY] !== 0) return;
      const head = slots[root << CHUNK_SHIFT];
      this.levels--;
      this.root = this.levels === 0 ? NULL_NODE : head;
      slots[HEAD_SLOT] = head;
      meta[above | FULL] = meta[base | FULL];
      if (this.levels > 0) meta[(head << META_SHIFT) | PARENT] = ANCHOR;
      this.rootMoved();
      // Marks need no care: those of slot 0 were all the root had, and the anchor has their OR.
      slots[root << CHUNK_SHIFT] = 0;
      for (let word = 0; word < BITMAPS_END; word += 2) meta[base | word] = 0;
      this.freeOne(root);
      if (this.levels === 0 && head === 0 && this.allocBase === 1) meta.fill(0, above, above + BITMAPS_END);
    }
  }

  /** Is called when a root below has taken the place of one that is about to be emptied: for readers without a lock. */
  protected rootMoved(): void {}

  /** Puts a node, zero but for its place, on the free list. */
  protected freeOne(node: number): void {
    this.meta[(node << META_SHIFT) | PARENT] = this.freeNode;
    this.meta[(node << META_SHIFT) | PLACE] = 0;
    this.freeNode = node;
    this.freeCount++;
    this.version = (this.version + 1) | 0;
    if (node === this.leaf) this.leafKey = -1;
    if (node === this.leaf2) this.leafKey2 = -1;
  }
}

/** Tells from the anchor's bitmaps whether anything has a mark. */
export function hasMarks(meta: Int32Array): boolean {
  const anchor = ANCHOR << META_SHIFT;
  return (meta[anchor | MARKS] | meta[anchor | (MARKS + 2)] | meta[anchor | (MARKS + 4)]) !== 0;
}
