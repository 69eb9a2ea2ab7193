// What an array is made of: the state that XArray's methods and the modules of functions around them share.
import type { FreeHint } from './free-hint.ts';
import {
  ANCHOR,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  FIRST_NODE,
  MARKS,
  MAX_HEIGHT,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
} from './node-layout.ts';

/** Of a state that was taken over, it is not known whether it has reservations. */
export const MAYBE = -1;

/** What makes up an array, apart from caches: what a snapshot holds and `compact` rebuilds. */
export interface TreeState {
  /** Int32Array, shape [nodes × 64]: entries and child handles. */
  slots: Int32Array;
  /** Int32Array, shape [nodes × 16]: bitmaps, parent and place. */
  meta: Int32Array;
  /** Levels of nodes, 0…6. */
  levels: number;
  /** Entries that are neither NULL nor reserved. */
  held: number;
  /** Handles below are in use or on the free list. */
  top: number;
  /** First node of the free list, linked through PARENT; free nodes are zero except for the link. */
  freeNode: number;
  freeCount: number;
  /** Entries and reservations of more than one index: while it is 0, nothing needs to look for them. */
  multi: number;
  /** Fill nodes in use; the kernel has no such nodes. */
  fills: number;
}

/** An array in use: its state, what is remembered to be fast, and the few methods that functions around it call. */
export interface Tree extends TreeState {
  /** Handle of the root node; NULL_NODE while the height is 0. */
  root: number;
  /** The leaf met last and its index >>> 6, or −1. Never the anchor: it holds one index of the 64 its key would cover. */
  leaf: number;
  leafKey: number;
  /** The leaf met before that one, and its index >>> 6, or −1: of two places used in turn, both are found without a descent. */
  leaf2: number;
  leafKey2: number;
  /** Whether anything may have a mark: while nothing ever had, what is removed need not be looked at for any. */
  marksUsed: boolean;
  /**
   * Counts what may part an index from its leaf: nodes made, freed and moved, levels put on; and when an entry of more than
   * one index comes. An int32 that wraps.
   */
  version: number;
  /** Whether a bit of PRESENT may stand for a reservation: 0 no, 1 yes, or MAYBE. The one at index 0 of an array from 1 is not meant. */
  reserved: number;
  /** Where the lowest free index is. */
  free: FreeHint;
  /** The class that users call, for errors. */
  owner: string;

  /** Finds the leaf that shows `index`: NULL_NODE if there is none, the anchor for index 0 at height 0, maybe a fill node. */
  leafAt(index: number): number;
  /** Remembers the leaf that is met, and the one met before. */
  meet(leaf: number, key: number): void;
  /** Finds the first index from `from` on that has something with a bit in the bitmaps of `kind`, or −1. */
  seek(from: number, kind: number): number;
  /** Goes on from an index that `seek` has met to the next one, or −1. */
  seekAfter(index: number, kind: number): number;
  /** Reads the entry at an index a search has just met. */
  met(index: number): number;
  /** Puts an entry, or with 0 a reservation; returns the entry that was there, or 0. */
  put(index: number, entry: number): number;
  /** Removes an entry or a reservation; returns the entry that was there, or 0. */
  remove(index: number): number;
  /** Finds the node of a shift that holds `first`…`last`, and makes what is missing on the way. */
  makePath(first: number, last: number, shift: number): number;
  /** Tells the ancestors of a node that it has become full. */
  fullUp(from: number): void;
  /** Tells the ancestors of a node that it is no longer full. */
  unfullUp(from: number): void;
  /** Makes sure that `need` nodes can be taken; throws before anything has changed if they cannot. */
  makeRoom(need: number): void;
  /** Makes the error for words that are no tree. */
  damaged(): Error;
  /** Is called when a root below has taken the place of one that is about to be emptied: for readers without a lock. */
  rootMoved(): void;
}

/** What all arrays have that hold nothing and have no room for a node: zeroes, which nothing is ever written to. */
const NO_SLOTS: Int32Array = /* @__PURE__ */ new Int32Array(FIRST_NODE * CHUNK_SIZE);
const NO_META: Int32Array = /* @__PURE__ */ new Int32Array(FIRST_NODE << META_SHIFT);

/** Says whether there is no room for a node: then the memory may be that of other arrays too, and only a larger one is written to. */
export function isRoomless(tree: TreeState): boolean {
  return tree.meta.length === FIRST_NODE << META_SHIFT;
}

/** Makes the state of an empty array with room for `nodes` nodes; without any, it takes no memory. */
export function emptyState(nodes: number): TreeState {
  return {
    slots: nodes === 0 ? NO_SLOTS : new Int32Array((FIRST_NODE + nodes) * CHUNK_SIZE),
    meta: nodes === 0 ? NO_META : new Int32Array((FIRST_NODE + nodes) << META_SHIFT),
    levels: 0,
    held: 0,
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

/** Tells from the anchor's bitmaps whether anything has a mark. */
export function hasMarks(meta: Int32Array): boolean {
  const anchor = ANCHOR << META_SHIFT;
  return (meta[anchor | MARKS] | meta[anchor | (MARKS + 2)] | meta[anchor | (MARKS + 4)]) !== 0;
}

/** Says whether nothing is in the array, not even a reservation. */
export function isVacant(tree: TreeState): boolean {
  return (tree.meta[(ANCHOR << META_SHIFT) | PRESENT] & 1) === 0;
}

/**
 * Says whether a node is the one of a shift at an offset of its parent, by its own words.
 *
 * What goes down asks this of each node: so it meets no node in two places, goes in no circle, and leaves the arrays nowhere,
 * whatever the slots say.
 */
export function isChild(meta: Int32Array, node: number, parent: number, shift: number, offset: number): boolean {
  const base = node << META_SHIFT;
  // One branch: this is asked at every level.
  return ((meta[base | PLACE] ^ (shift | (offset << PLACE_OFFSET))) | (meta[base | PARENT] ^ parent)) === 0;
}

/** Says whether the tree is high enough for `index`. */
export function covers(tree: Tree, index: number): boolean {
  return tree.levels === MAX_HEIGHT || index >>> (tree.levels * CHUNK_SHIFT) === 0;
}
