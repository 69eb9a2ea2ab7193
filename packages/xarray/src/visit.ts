// How `forEach` visits the leaves of an array in which no entry has more than one index.
import { nextSet } from './bits.ts';
import { CHUNK_MASK, CHUNK_SHIFT, CHUNK_SIZE, MAX_INDEX, META_SHIFT, PARENT, PRESENT } from './node-layout.ts';
import type { Tree } from './tree.ts';

/** Gets an entry and its index. */
export type Visitor = (entry: number, index: number) => void;

/** The last leaf there can be: its index >>> 6. */
const LAST_KEY: number = MAX_INDEX >>> CHUNK_SHIFT;

/**
 * Calls `fn` for the entries from an index that was just sought, through the leaves of one parent, until the version moves.
 *
 * @returns The next index to look at, or −1.
 */
export function visitLeaves(tree: Tree, fn: Visitor, from: number, max: number): number {
  // While the version stays, so do the arrays, and no entry has more than one index.
  const { slots, meta, version } = tree;
  let { leaf, leafKey: key } = tree;
  let offset = from & CHUNK_MASK;
  for (;;) {
    const first = key * CHUNK_SIZE;
    const base = leaf << CHUNK_SHIFT;
    if (max < first) return -1;
    const end = max - first < CHUNK_MASK ? (max - first) | 0 : CHUNK_MASK;
    while (offset <= end) {
      let entry = slots[base | offset];
      if (entry === 0) {
        offset = nextSet(meta, (leaf << META_SHIFT) | PRESENT, offset + 1);
        continue;
      }
      // A loop of its own for what lies side by side, with nothing else in it.
      do {
        fn(entry, first + offset);
        if (tree.version !== version) return tree.seekAfter(first + offset, PRESENT);
        if (++offset > end) break;
        entry = slots[base | offset];
      } while (entry !== 0);
    }
    if (end < CHUNK_MASK || leaf === tree.root) return -1;
    const parent = meta[(leaf << META_SHIFT) | PARENT];
    const next = nextSet(meta, (parent << META_SHIFT) | PRESENT, (key & CHUNK_MASK) + 1);
    if (next === CHUNK_SIZE) return seekBehind(tree, leaf, key, PRESENT);
    leaf = slots[(parent << CHUNK_SHIFT) | next];
    key = (key & ~CHUNK_MASK) | next;
    offset = 0;
  }
}

/** As `visitLeaves`, for the entries with a mark: each is sought in the leaf's bitmap. */
export function visitMarked(tree: Tree, fn: Visitor, from: number, max: number, kind: number): number {
  const { slots, meta, version } = tree;
  let { leaf, leafKey: key } = tree;
  let offset = from & CHUNK_MASK;
  for (;;) {
    const first = key * CHUNK_SIZE;
    const bitmap = (leaf << META_SHIFT) | kind;
    const end = Math.min(max - first, CHUNK_MASK);
    for (; offset <= end; offset = nextSet(meta, bitmap, offset + 1)) {
      const entry = slots[(leaf << CHUNK_SHIFT) | offset];
      if (entry === 0) continue;
      fn(entry, first + offset);
      if (tree.version !== version) return tree.seekAfter(first + offset, kind);
    }
    if (end < CHUNK_MASK || leaf === tree.root) return -1;
    const parent = meta[(leaf << META_SHIFT) | PARENT];
    const next = nextSet(meta, (parent << META_SHIFT) | kind, (key & CHUNK_MASK) + 1);
    if (next === CHUNK_SIZE) return seekBehind(tree, leaf, key, kind);
    leaf = slots[(parent << CHUNK_SHIFT) | next];
    key = (key & ~CHUNK_MASK) | next;
    offset = nextSet(meta, (leaf << META_SHIFT) | kind, 0);
  }
}

/** Goes on behind the last leaf of a parent. */
function seekBehind(tree: Tree, leaf: number, key: number, kind: number): number {
  tree.meet(leaf, key);
  return key === LAST_KEY ? -1 : tree.seek((key + 1) * CHUNK_SIZE, kind);
}
