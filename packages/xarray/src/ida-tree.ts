// The tree of bitmaps under Ida: one bit per ID, 1 for taken, in nodes that come and go with their IDs.
// Reference: Linux lib/idr.c (v6.19), where an XArray holds bitmaps of 1024 bits.
import { highestBit, lowestBit } from './bits.ts';
import {
  FULL,
  LEAF_SHIFT,
  MAX_ID,
  MAX_LEVELS,
  NODE_WORDS,
  NULL_NODE,
  PARENT,
  PRESENT,
  RADIX,
  SLOT_MASK,
  SLOTS,
} from './ida-layout.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** A tree as plain data, with no node on the free list. */
export interface IdaNodes {
  /** Int32Array, shape [nodes × 35]. */
  nodes: Int32Array;
  /** Handle of the root. */
  root: number;
  /** Levels of nodes, 1…6. */
  levels: number;
  /** Handles below are in use. */
  top: number;
}

/** What all trees have that hold nothing: two empty nodes, which nothing is ever written to, and a word that tells them by. */
const NO_NODES: Int32Array = /* @__PURE__ */ new Int32Array(2 * NODE_WORDS + 1);

/** Returns a tree without an ID, which takes no memory. */
export function emptyNodes(): IdaNodes {
  return { nodes: NO_NODES, root: NODE_WORDS, levels: 1, top: 2 * NODE_WORDS };
}

/** Nodes, the ways through them, and one bit set or cleared. What the caller may ask is Ida's business. */
export class IdaTree {
  /** Int32Array, shape [nodes × 35]. @internal */
  nodes: Int32Array = NO_NODES;
  /** Handle of the root, which is always there. @internal */
  root: number = NODE_WORDS;
  /** Levels of nodes, 1…6. @internal */
  levels = 1;
  /** Handles below are in use or on the free list. @internal */
  top: number = 2 * NODE_WORDS;
  /** First node of the free list, linked through PARENT; free nodes are zero except for the link. */
  private freeNode: number = NULL_NODE;
  /** The leaf a bit was set in last and its ID >>> 10, or −1. @internal */
  leaf: number = NULL_NODE;
  protected leafKey = -1;
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;

  /** Bytes allocated: none while it has never held an ID. */
  get byteLength(): number {
    return this.nodes.length === NO_NODES.length ? 0 : this.nodes.byteLength;
  }

  /** Gives the memory back. */
  protected clearTree(): void {
    this.adopt(emptyNodes());
  }

  /** Goes on with other nodes, which may have more levels than it takes. @internal */
  adopt({ nodes, root, levels, top }: IdaNodes): void {
    this.nodes = nodes;
    this.root = root;
    this.levels = levels;
    this.top = top;
    this.freeNode = NULL_NODE;
    this.leafKey = -1;
    this.lower();
  }

  /** Finds the leaf for an ID, NULL_NODE if there is none. One straight arm for each height a million IDs can have. @internal */
  leafAt(id: number): number {
    const nodes = this.nodes;
    const root = this.root;
    switch (this.levels) {
      case 1:
        return id >>> 10 === 0 ? root : NULL_NODE;
      case 2:
        return id >>> 15 === 0 ? nodes[root + (id >>> 10)] : NULL_NODE;
      case 3:
        return id >>> 20 === 0 ? nodes[nodes[root + (id >>> 15)] + ((id >>> 10) & SLOT_MASK)] : NULL_NODE;
      default:
        return this.leafDeep(id);
    }
  }

  /** The arm of `leafAt` for four to six levels. */
  private leafDeep(id: number): number {
    if (!this.covers(id)) return NULL_NODE;
    const nodes = this.nodes;
    let node = this.root;
    for (let shift = RADIX * this.levels; shift > RADIX; shift -= RADIX) {
      node = nodes[node + ((id >>> shift) & SLOT_MASK)];
    }
    return node;
  }

  /** Finds the first free ID at or after `from`, in the tree or beyond it, or −1. @internal */
  seekFree(from: number): number {
    if (!this.covers(from)) return from;
    const nodes = this.nodes;
    let id = from;
    let node = this.root;
    let shift = RADIX * this.levels;
    for (;;) {
      const slot = (id >>> shift) & SLOT_MASK;
      let free = ~nodes[node + FULL] & (-1 << slot);
      while (free === 0) {
        // Beyond a full tree; the highest one ends with the IDs.
        if (node === this.root) return this.levels < MAX_LEVELS ? 1 << (RADIX * (this.levels + 1)) : -1;
        node = nodes[node + PARENT];
        shift += RADIX;
        // −2 << n leaves what is above bit n, and nothing if that is the highest.
        free = ~nodes[node + FULL] & (-2 << (id >>> shift));
      }
      const next = lowestBit(free);
      if (next > MAX_ID >>> shift) return -1;
      if (next !== ((id >>> shift) & SLOT_MASK)) id = (((id >>> shift) & ~SLOT_MASK) | next) << shift;
      if (shift === RADIX) return this.freeInWord(node + next, node, id);
      node = nodes[node + next];
      if (node === NULL_NODE) return id;
      shift -= RADIX;
    }
  }

  /** Ends a search in a word that is not full, though it may be so from `id` on. */
  private freeInWord(word: number, leaf: number, id: number): number {
    const free = ~this.nodes[word] & (-1 << id);
    if (free === 0) return id > MAX_ID - SLOTS ? -1 : this.seekFree((id | SLOT_MASK) + 1);
    // A leaf that is met is written to: not the root that all empty trees share.
    if (this.nodes.length === NO_NODES.length) return id;
    this.leaf = leaf;
    this.leafKey = id >>> LEAF_SHIFT;
    return (id & ~SLOT_MASK) | lowestBit(free);
  }

  /** Finds the first ID at or after `from` whose bit is set, or −1. @internal */
  seekTaken(from: number): number {
    if (!this.covers(from)) return -1;
    const nodes = this.nodes;
    let id = from;
    let node = this.root;
    let shift = RADIX * this.levels;
    for (;;) {
      const slot = (id >>> shift) & SLOT_MASK;
      let present = nodes[node + PRESENT] & (-1 << slot);
      while (present === 0) {
        if (node === this.root) return -1;
        node = nodes[node + PARENT];
        shift += RADIX;
        present = nodes[node + PRESENT] & (-2 << (id >>> shift));
      }
      const next = lowestBit(present);
      if (next !== ((id >>> shift) & SLOT_MASK)) id = (((id >>> shift) & ~SLOT_MASK) | next) << shift;
      if (shift === RADIX) {
        const taken = nodes[node + next] & (-1 << id);
        if (taken !== 0) return (id & ~SLOT_MASK) | lowestBit(taken);
        return id > MAX_ID - SLOTS ? -1 : this.seekTaken((id | SLOT_MASK) + 1);
      }
      node = nodes[node + next];
      shift -= RADIX;
    }
  }

  /** Finds the last ID at or before `from` whose bit is set, or −1. */
  protected seekTakenLast(from: number): number {
    const nodes = this.nodes;
    let id = this.covers(from) ? from : (1 << (RADIX * (this.levels + 1))) - 1;
    let node = this.root;
    let shift = RADIX * this.levels;
    for (;;) {
      let present = nodes[node + PRESENT] & upTo(id >>> shift);
      while (present === 0) {
        if (node === this.root) return -1;
        node = nodes[node + PARENT];
        shift += RADIX;
        present = nodes[node + PRESENT] & (upTo(id >>> shift) >>> 1);
      }
      const next = highestBit(present);
      if (next !== ((id >>> shift) & SLOT_MASK)) {
        id = ((((id >>> shift) & ~SLOT_MASK) | next) << shift) | ((1 << shift) - 1);
      }
      if (shift === RADIX) {
        const taken = nodes[node + next] & upTo(id);
        if (taken !== 0) return (id & ~SLOT_MASK) | highestBit(taken);
        return id < SLOTS ? -1 : this.seekTakenLast((id & ~SLOT_MASK) - 1);
      }
      node = nodes[node + next];
      shift -= RADIX;
    }
  }

  /** Takes an ID if it is free and lies in the leaf where one was taken last, as most do. */
  protected takeNear(id: number): boolean {
    if (id >>> LEAF_SHIFT !== this.leafKey) return false;
    const nodes = this.nodes;
    const word = this.leaf + ((id >>> RADIX) & SLOT_MASK);
    const bits = nodes[word];
    const now = bits | (1 << id);
    if (now === bits) return false;
    nodes[word] = now;
    if (bits === 0 || now === -1) this.summarise(this.leaf, id, now);
    return true;
  }

  /** Takes the first free ID from `from` to `max`, or returns −1. */
  protected takeFrom(from: number, max: number): number {
    const id = this.seekFree(from);
    if (id < 0 || id > max) return -1;
    if (id >>> LEAF_SHIFT !== this.leafKey) this.makeLeaf(id);
    this.takeNear(id);
    return id;
  }

  /** Tells a leaf that the first or the last bit of a word was set. */
  private summarise(leaf: number, id: number, now: number): void {
    this.nodes[leaf + PRESENT] |= 1 << (id >>> RADIX);
    if (now === -1) this.fullUp(leaf, id);
  }

  /** Clears the bit of a taken ID, and frees the nodes that become empty. */
  protected release(leaf: number, id: number): void {
    const nodes = this.nodes;
    const slot = (id >>> RADIX) & SLOT_MASK;
    const bits = nodes[leaf + slot];
    const now = bits & ~(1 << id);
    nodes[leaf + slot] = now;
    if (bits === -1) this.unfullUp(leaf, id);
    if (now !== 0) return;
    nodes[leaf + PRESENT] &= ~(1 << slot);
    if (nodes[leaf + PRESENT] === 0) this.removeNode(leaf, id);
  }

  /** Tells a leaf and its ancestors that the word of `id` has become full. @internal */
  fullUp(leaf: number, id: number): void {
    const nodes = this.nodes;
    for (let node = leaf, shift = RADIX; ; shift += RADIX) {
      nodes[node + FULL] |= 1 << (id >>> shift);
      if (nodes[node + FULL] !== -1 || node === this.root) return;
      node = nodes[node + PARENT];
    }
  }

  /** Tells a leaf and its ancestors that the word of `id` is no longer full. @internal */
  unfullUp(leaf: number, id: number): void {
    const nodes = this.nodes;
    for (let node = leaf, shift = RADIX; ; shift += RADIX) {
      const full = nodes[node + FULL];
      nodes[node + FULL] = full & ~(1 << (id >>> shift));
      if (full !== -1 || node === this.root) return;
      node = nodes[node + PARENT];
    }
  }

  /** Says whether the tree is high enough for an ID. */
  private covers(id: number): boolean {
    return this.levels === MAX_LEVELS || id >>> (RADIX * (this.levels + 1)) === 0;
  }

  /** Makes the leaf for an ID, with what is missing on the way, the one met last. Throws before anything has changed. @internal */
  makeLeaf(id: number): void {
    this.makeRoom(this.missingNodes(id));
    while (!this.covers(id)) this.addLevel();
    let node = this.root;
    for (let shift = RADIX * this.levels; shift > RADIX; shift -= RADIX) {
      const slot = (id >>> shift) & SLOT_MASK;
      const child = this.nodes[node + slot];
      node = child === NULL_NODE ? this.addNode(node, slot) : child;
    }
    this.leaf = node;
    this.leafKey = id >>> LEAF_SHIFT;
  }

  /** Counts the nodes that there must be for an ID, and are not. */
  private missingNodes(id: number): number {
    const nodes = this.nodes;
    if (!this.covers(id)) {
      let levels = this.levels;
      while (levels < MAX_LEVELS && id >>> (RADIX * (levels + 1)) !== 0) levels++;
      // Levels above a root that has something, and below the topmost one a way of their number.
      return (nodes[this.root + PRESENT] === 0 ? 0 : levels - this.levels) + levels - 1;
    }
    let node = this.root;
    for (let shift = RADIX * this.levels; shift > RADIX; shift -= RADIX) {
      node = nodes[node + ((id >>> shift) & SLOT_MASK)];
      if (node === NULL_NODE) return shift / RADIX - 1;
    }
    return 0;
  }

  /** Makes sure that so many nodes can be taken. The only place where memory is asked for while IDs are there. */
  private makeRoom(need: number): void {
    const nodes = this.nodes;
    let lacking = need;
    for (let node = this.freeNode; node !== NULL_NODE && lacking > 0; node = nodes[node + PARENT]) lacking--;
    let length = nodes.length === NO_NODES.length ? 2 * NODE_WORDS : nodes.length;
    while (length - this.top < lacking * NODE_WORDS) length *= 2;
    if (length === nodes.length) return;
    this.nodes = new Int32Array(length);
    this.nodes.set(nodes.subarray(0, this.top));
  }

  /** Makes the tree higher: puts a new root above, unless the one there is empty and so fits any level. */
  private addLevel(): void {
    this.levels++;
    const old = this.root;
    if (this.nodes[old + PRESENT] === 0) return;
    const root = this.newNode();
    const nodes = this.nodes;
    nodes[root] = old;
    nodes[root + PRESENT] = 1;
    nodes[root + FULL] = nodes[old + FULL] === -1 ? 1 : 0;
    nodes[old + PARENT] = root;
    this.root = root;
  }

  /** Hangs an empty node below another. */
  private addNode(parent: number, slot: number): number {
    const node = this.newNode();
    const nodes = this.nodes;
    nodes[node + PARENT] = parent;
    nodes[parent + slot] = node;
    nodes[parent + PRESENT] |= 1 << slot;
    return node;
  }

  /** Takes a node of zeroes from the free list or the end, where there is one. */
  private newNode(): number {
    const node = this.freeNode;
    if (node !== NULL_NODE) {
      this.freeNode = this.nodes[node + PARENT];
      this.nodes[node + PARENT] = 0;
      return node;
    }
    this.top += NODE_WORDS;
    return this.top - NODE_WORDS;
  }

  /** Frees a leaf that has become empty, and its ancestors as far as they do; then lowers the tree. @internal */
  removeNode(leaf: number, id: number): void {
    const nodes = this.nodes;
    let node = leaf;
    for (let shift = LEAF_SHIFT; node !== this.root && nodes[node + PRESENT] === 0; shift += RADIX) {
      const parent = nodes[node + PARENT];
      const slot = (id >>> shift) & SLOT_MASK;
      this.freeOne(node);
      nodes[parent + slot] = NULL_NODE;
      nodes[parent + PRESENT] &= ~(1 << slot);
      node = parent;
    }
    if (node === this.root) this.lower();
  }

  /** Drops levels while the root has nothing but slot 0, or nothing at all. */
  private lower(): void {
    const nodes = this.nodes;
    let root = this.root;
    while (this.levels > 1 && nodes[root + PRESENT] === 1) {
      const child = nodes[root];
      nodes[root] = NULL_NODE;
      nodes[root + FULL] = 0;
      nodes[root + PRESENT] = 0;
      nodes[child + PARENT] = NULL_NODE;
      this.freeOne(root);
      root = child;
      this.levels--;
    }
    if (nodes[root + PRESENT] === 0) this.levels = 1;
    this.root = root;
  }

  /** Puts a node of zeroes on the free list. */
  private freeOne(node: number): void {
    this.nodes[node + PARENT] = this.freeNode;
    this.freeNode = node;
    if (node === this.leaf) this.leafKey = -1;
  }
}

/** The bits up to that of an ID's lowest five bits. */
function upTo(id: number): number {
  return -1 >>> (~id & SLOT_MASK);
}
