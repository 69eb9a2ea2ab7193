// The marks of what is at an index.
// Reference: Linux lib/xarray.c (v6.19), xa_get_mark, xa_set_mark, xa_clear_mark.
import { canonical, holder } from './bounds.ts';
import { badMark } from './misuse.ts';
import { ANCHOR, CHUNK_MASK, MARKS, META_SHIFT, PARENT, PLACE, PLACE_OFFSET, PRESENT } from './node-layout.ts';
import { unmarkUp } from './summaries.ts';
import type { Tree } from './tree.ts';

/** Offset of a mark's bitmap in a node's words. */
export function markBitmap(owner: string, call: string, mark: number): number {
  if (mark !== 0 && mark !== 1 && mark !== 2) throw badMark(owner, call, mark);
  return MARKS + 2 * mark;
}

/** Offset of the bitmap to search: a mark's, or that of what is there. */
export function bitmapOf(owner: string, call: string, mark: number | undefined): number {
  return mark === undefined ? PRESENT : markBitmap(owner, call, mark);
}

/** Says whether what is at an index has a mark. */
export function hasMark(tree: Tree, index: number, kind: number): boolean {
  const leaf = tree.leafAt(index);
  const node = tree.multi === 0 ? leaf : holder(tree, leaf);
  const offset = tree.multi === 0 ? index & CHUNK_MASK : canonical(tree, node, index);
  return (tree.meta[((node << META_SHIFT) | kind) + (offset >>> 5)] & (1 << offset)) !== 0;
}

/** Sets a mark of what is at an index, if anything is. */
export function setMark(tree: Tree, index: number, kind: number): void {
  const leaf = tree.leafAt(index);
  const word = (leaf << META_SHIFT) | PRESENT | ((index >>> 5) & 1);
  if ((tree.meta[word] & (1 << index)) === 0) return;
  const { meta } = tree;
  let node = tree.multi === 0 ? leaf : holder(tree, leaf);
  let offset = tree.multi === 0 ? index & CHUNK_MASK : canonical(tree, node, index);
  tree.marksUsed = true;
  // And the OR above it, as far as that is news.
  for (;;) {
    const at = ((node << META_SHIFT) | kind) + (offset >>> 5);
    const bits = meta[at];
    if ((bits & (1 << offset)) !== 0) return;
    meta[at] = bits | (1 << offset);
    if (node === ANCHOR) return;
    offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
    node = meta[(node << META_SHIFT) | PARENT];
  }
}

/** Clears a mark of what is at an index. */
export function clearMark(tree: Tree, index: number, kind: number): void {
  const leaf = tree.leafAt(index);
  const node = tree.multi === 0 ? leaf : holder(tree, leaf);
  unmarkUp(tree, node, tree.multi === 0 ? index & CHUNK_MASK : canonical(tree, node, index), kind);
}

/** Says whether anything in the array has a mark. */
export function isMarked(tree: Tree, kind: number): boolean {
  return (tree.meta[(ANCHOR << META_SHIFT) + kind] & 1) !== 0;
}
