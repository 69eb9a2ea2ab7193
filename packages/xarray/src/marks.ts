// The marks of what is at an index.
// Reference: Linux lib/xarray.c (v6.19), xa_get_mark, xa_set_mark, xa_clear_mark.
import { canonical, holder } from './bounds.ts';
import { badMark } from './misuse.ts';
import { ANCHOR, CHUNK_MASK, MARKS, META_SHIFT, PRESENT } from './node-layout.ts';
import { markAbove, markUp, unmarkAbove, unmarkUp } from './summaries.ts';
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
  const { meta } = tree;
  const word = (leaf << META_SHIFT) | ((index >>> 5) & 1);
  const bit = 1 << index;
  if ((meta[word | PRESENT] & bit) === 0) return;
  tree.marksUsed = true;
  if (tree.multi !== 0) {
    setMarkAround(tree, leaf, index, kind);
    return;
  }
  const bits = meta[word | kind];
  meta[word | kind] = bits | bit;
  // Where anything in the leaf had the mark, those above know.
  if ((bits | meta[(word | kind) ^ 1]) === 0) markAbove(meta, leaf, kind);
}

/** Clears a mark of what is at an index. */
export function clearMark(tree: Tree, index: number, kind: number): void {
  const leaf = tree.leafAt(index);
  if (tree.multi !== 0) {
    clearMarkAround(tree, leaf, index, kind);
    return;
  }
  const { meta } = tree;
  const word = (leaf << META_SHIFT) | kind | ((index >>> 5) & 1);
  const bits = meta[word];
  const left = bits & ~(1 << index);
  if (left === bits) return;
  meta[word] = left;
  if ((left | meta[word ^ 1]) === 0) unmarkAbove(meta, leaf, kind);
}

/** Sets a mark of what may have more than one index. */
function setMarkAround(tree: Tree, leaf: number, index: number, kind: number): void {
  const node = holder(tree, leaf);
  markUp(tree.meta, node, canonical(tree, node, index), kind);
}

/** Clears a mark of what may have more than one index. */
function clearMarkAround(tree: Tree, leaf: number, index: number, kind: number): void {
  const node = holder(tree, leaf);
  unmarkUp(tree.meta, node, canonical(tree, node, index), kind);
}

/** Says whether anything in the array has a mark. */
export function isMarked(tree: Tree, kind: number): boolean {
  return (tree.meta[(ANCHOR << META_SHIFT) + kind] & 1) !== 0;
}
