// What nodes know of the nodes below: whether an entry there has a mark. Changes go up as far as they matter.
// Reference: Linux lib/xarray.c (v6.19), xas_set_mark, xas_clear_mark.
import { ANCHOR, BITMAPS_END, MARKS, META_SHIFT, PARENT, PLACE, PLACE_OFFSET } from './node-layout.ts';
import type { Tree } from './tree.ts';

/** Clears the bit of a slot in a mark's bitmap, and the OR above it where nothing else keeps it. */
export function unmarkUp(tree: Tree, from: number, slot: number, kind: number): void {
  const { meta } = tree;
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
export function unmarkAll(tree: Tree, node: number, slot: number): void {
  for (let kind = MARKS; kind < BITMAPS_END; kind += 2) unmarkUp(tree, node, slot, kind);
}
