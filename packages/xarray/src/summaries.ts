// What nodes know of the nodes below: whether an entry there has a mark. Changes go up as far as they matter.
// Reference: Linux lib/xarray.c (v6.19), xas_set_mark, xas_clear_mark.
//
// Invariant: a slot's bit in a mark's bitmap is set just where the node below has any bit of that mark.
//
// A way up ends after as many steps as a tree has levels, whatever the words say that lead there.
import { ANCHOR, BITMAPS_END, MARKS, MAX_HEIGHT, META_SHIFT, PARENT, PLACE, PLACE_OFFSET } from './node-layout.ts';

/** Sets the bit of a slot in a mark's bitmap, and the OR above it. */
export function markUp(meta: Int32Array, node: number, slot: number, kind: number): void {
  const word = ((node << META_SHIFT) | kind) + (slot >>> 5);
  const bits = meta[word];
  meta[word] = bits | (1 << slot);
  if ((bits | meta[word ^ 1]) === 0) markAbove(meta, node, kind);
}

/** Tells the nodes above one that it has its first mark. */
export function markAbove(meta: Int32Array, from: number, kind: number): void {
  for (let node = from, left = MAX_HEIGHT; node !== ANCHOR && left > 0; left--) {
    const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
    node = meta[(node << META_SHIFT) | PARENT];
    const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
    const bits = meta[word];
    meta[word] = bits | (1 << offset);
    if ((bits | meta[word ^ 1]) !== 0) return;
  }
}

/** Clears the bit of a slot in a mark's bitmap, and the OR above it where nothing else keeps it. */
export function unmarkUp(meta: Int32Array, node: number, slot: number, kind: number): void {
  const word = ((node << META_SHIFT) | kind) + (slot >>> 5);
  const bits = meta[word];
  const left = bits & ~(1 << slot);
  if (left === bits) return;
  meta[word] = left;
  if ((left | meta[word ^ 1]) === 0) unmarkAbove(meta, node, kind);
}

/** Tells the nodes above one that its last mark is gone. */
export function unmarkAbove(meta: Int32Array, from: number, kind: number): void {
  for (let node = from, left = MAX_HEIGHT; node !== ANCHOR && left > 0; left--) {
    const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
    node = meta[(node << META_SHIFT) | PARENT];
    const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
    meta[word] &= ~(1 << offset);
    if ((meta[word] | meta[word ^ 1]) !== 0) return;
  }
}

/** Clears all marks of a slot. */
export function unmarkAll(meta: Int32Array, node: number, slot: number): void {
  for (let kind = MARKS; kind < BITMAPS_END; kind += 2) unmarkUp(meta, node, slot, kind);
}
