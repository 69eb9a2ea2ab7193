// Repair: makes a sound tree of one that a thread was changing when it was killed.
//
// What counts is what readers go by: the root, the head at height 0, and the slots. All else follows from them, except for
// two things that the bitmaps of leaves alone tell: reservations and marks. A call that was under way happened or did not;
// an index it was about to free may stay reserved.
//
// Where a thread wrote to the memory outside of these calls, slots may lead anywhere: each node is taken at most once.
import { nextSet } from '../bits.ts';
import {
  ANCHOR,
  BITMAPS_END,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  FIRST_NODE,
  FULL,
  HEAD_SLOT,
  MARKS,
  MAX_HEIGHT,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
} from '../node-layout.ts';
import type { TreeState } from '../tree.ts';
import { HEAD_RESERVED, LEAF_LOCK } from './layout.ts';

/** More nodes than one call takes: as many unused ones may have been begun. */
const MOST_TAKEN = 16;

/** What readers go by, and the arrays. */
export interface Remains {
  slots: Int32Array;
  meta: Int32Array;
  root: number;
  levels: number;
  head: number;
  /** Nodes from here on were unused when the last call ended. */
  top: number;
}

/** Rebuilds bitmaps, parents, counts and the free list in place; returns the state. Cost: O(nodes). */
export function repair(remains: Remains): TreeState {
  const { slots, meta, root, levels, head } = remains;
  const nodes = meta.length >>> META_SHIFT;
  const met = new Set<number>();
  const used = new Set<number>();
  let count = 0;
  slots.fill(0, NULL_NODE, CHUNK_SIZE);
  meta.fill(0, NULL_NODE, 1 << META_SHIFT);
  const top = (): number => Math.min(Math.max(remains.top, lastOf(used)) + MOST_TAKEN, nodes);

  /** Makes a node follow from its slots; returns whether anything is in it. */
  function mend(node: number, shift: number, parent: number, offset: number): boolean {
    if (node < FIRST_NODE || node >= nodes || met.has(node)) return false;
    met.add(node);
    const base = node << META_SHIFT;
    const present = shift === 0 ? mendLeaf(node) : mendInner(node, shift);
    if (!present) return false;
    used.add(node);
    meta[base | PARENT] = parent;
    meta[base | PLACE] = shift | (offset << PLACE_OFFSET);
    return true;
  }

  function mendLeaf(node: number): boolean {
    const base = node << META_SHIFT;
    for (let offset = 0; offset < CHUNK_SIZE; offset++) {
      if (slots[(node << CHUNK_SHIFT) | offset] === 0) continue;
      meta[(base | PRESENT) + (offset >>> 5)] |= 1 << offset;
      count++;
    }
    for (let word = MARKS; word < BITMAPS_END; word++) meta[base | word] &= meta[base | PRESENT | (word & 1)];
    meta.fill(0, base | FULL, (base | FULL) + 2);
    meta[base | LEAF_LOCK] = 0;
    return (meta[base | PRESENT] | meta[base | PRESENT | 1]) !== 0;
  }

  function mendInner(node: number, shift: number): boolean {
    const base = node << META_SHIFT;
    meta.fill(0, base, base + BITMAPS_END);
    for (let offset = 0; offset < CHUNK_SIZE; offset++) {
      const child = slots[(node << CHUNK_SHIFT) | offset];
      if (child === NULL_NODE) continue;
      if (mend(child, shift - CHUNK_SHIFT, node, offset)) summarise(child, shift - CHUNK_SHIFT, base, offset);
      else slots[(node << CHUNK_SHIFT) | offset] = NULL_NODE;
    }
    return nextSet(meta, base | PRESENT, 0) < CHUNK_SIZE;
  }

  /** Hands up what a node at `base` should know of its child. */
  function summarise(child: number, shift: number, base: number, offset: number): void {
    const below = child << META_SHIFT;
    const set = (kind: number): void => {
      meta[(base | kind) + (offset >>> 5)] |= 1 << offset;
    };
    set(PRESENT);
    const full = below | (shift === 0 ? PRESENT : FULL);
    if ((meta[full] & meta[full ^ 1]) === -1) set(FULL);
    for (let kind = MARKS; kind < BITMAPS_END; kind += 2)
      if ((meta[below | kind] | meta[below | kind | 1]) !== 0) set(kind);
  }

  const above = ANCHOR << META_SHIFT;
  if (levels > 0 && levels <= MAX_HEIGHT && mend(root, (levels - 1) * CHUNK_SHIFT, ANCHOR, 0)) {
    meta.fill(0, above, above + BITMAPS_END);
    summarise(root, (levels - 1) * CHUNK_SHIFT, above, 0);
    slots[HEAD_SLOT] = root;
    return { ...freeRest(slots, meta, used, top()), slots, meta, levels, held: count, multi: 0, fills: 0 };
  }
  const held = levels === 0 ? head : 0;
  slots[HEAD_SLOT] = held === HEAD_RESERVED ? 0 : held;
  meta[above | PRESENT] = held === 0 ? 0 : 1;
  meta[above | FULL] = 0;
  for (let word = MARKS; word < BITMAPS_END; word++) meta[above | word] &= meta[above | PRESENT | (word & 1)];
  const lone = held > 0 ? 1 : 0;
  return { ...freeRest(slots, meta, used, top()), slots, meta, levels: 0, held: lone, multi: 0, fills: 0 };
}

/** Zeroes every node that is not used, up to `top`, and links them. */
function freeRest(
  slots: Int32Array,
  meta: Int32Array,
  used: ReadonlySet<number>,
  top: number,
): { top: number; freeNode: number; freeCount: number } {
  let freeNode = NULL_NODE;
  let freeCount = 0;
  for (let node = top - 1; node >= FIRST_NODE; node--) {
    if (used.has(node)) continue;
    slots.fill(0, node << CHUNK_SHIFT, (node + 1) << CHUNK_SHIFT);
    meta.fill(0, node << META_SHIFT, (node + 1) << META_SHIFT);
    meta[(node << META_SHIFT) | PARENT] = freeNode;
    freeNode = node;
    freeCount++;
  }
  return { top, freeNode, freeCount };
}

/** The number after the highest used node, 0 if none is. */
function lastOf(used: ReadonlySet<number>): number {
  let last = 0;
  for (const node of used) last = Math.max(last, node + 1);
  return last;
}
