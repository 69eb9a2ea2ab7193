// How a tree grows and shrinks: levels are added and dropped, nodes are linked, freed and recycled.
// Reference: Linux lib/xarray.c (v6.19), xas_expand, xas_create, xas_shrink, xas_delete_node.
import { nextSet } from './bits.ts';
import { outOfNodes } from './misuse.ts';
import {
  ANCHOR,
  BITMAPS_END,
  CHUNK_MASK,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  ENTRY,
  FULL,
  HEAD_SLOT,
  MAX_NODES,
  META_SHIFT,
  NODE_BYTES,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
  SHIFT_MASK,
} from './node-layout.ts';
import { heightFor, isChild, isRoomless, isVacant, type Tree } from './tree.ts';

/** Makes the tree high enough for `last` and for a node of `shift`. */
export function heighten(tree: Tree, last: number, shift: number): void {
  const height = heightFor(last, shift);
  // In an array from 1, index 0 counts as taken: the tree grows level by level around a reserved entry there.
  const fresh = isVacant(tree) && (tree.free.base !== 1 || last === 0);
  // New levels, and what hangs below the root on the way to `last`: a path, fill nodes, or both, one for each level.
  tree.makeRoom((fresh ? 1 : height - tree.levels) + height - 1);
  tree.version = (tree.version + 1) | 0;
  if (fresh) {
    tree.levels = height;
    tree.root = addNode(tree, (height - 1) * CHUNK_SHIFT, ANCHOR, 0);
    return;
  }
  tree.meta[(ANCHOR << META_SHIFT) | PRESENT] = 1;
  while (tree.levels < height) addLevel(tree);
}

/** Puts a new root above the head of an array that is not empty. */
function addLevel(tree: Tree): void {
  const head = tree.levels === 0 ? tree.slots[HEAD_SLOT] : tree.root;
  const node = addNode(tree, tree.levels * CHUNK_SHIFT, ANCHOR, 0);
  const { meta } = tree;
  const above = ANCHOR << META_SHIFT;
  const base = node << META_SHIFT;
  tree.slots[node << CHUNK_SHIFT] = head;
  for (let word = 0; word < BITMAPS_END; word += 2) meta[base | word] = meta[above | word];
  meta[above | FULL] = 0;
  if (tree.levels > 0) meta[(head << META_SHIFT) | PARENT] = node;
  tree.root = node;
  tree.levels++;
}

/** Makes the nodes from below a node of shift `from` down to shift `to`. */
export function makeBelow(tree: Tree, top: number, from: number, index: number, to: number): number {
  if ((tree.meta[(top << META_SHIFT) | PLACE] & SHIFT_MASK) !== from) throw tree.damaged();
  tree.makeRoom(from / CHUNK_SHIFT);
  tree.version = (tree.version + 1) | 0;
  let node = top;
  for (let at = from; at > to; at -= CHUNK_SHIFT) {
    node = addNode(tree, at - CHUNK_SHIFT, node, (index >>> at) & CHUNK_MASK);
  }
  return node;
}

/** Takes a zeroed node, for which there must be room, and hangs it below `parent`. */
export function addNode(tree: Tree, shift: number, parent: number, offset: number): number {
  const node = takeNode(tree, shift | (offset << PLACE_OFFSET), parent);
  tree.meta[(parent << META_SHIFT) | PRESENT | (offset >>> 5)] |= 1 << offset;
  tree.slots[(parent << CHUNK_SHIFT) | offset] = node;
  return node;
}

/** Takes a node from the free list or the end. */
export function takeNode(tree: Tree, place: number, parent: number): number {
  const { meta } = tree;
  let node = tree.freeNode;
  if (node !== NULL_NODE) {
    tree.freeNode = meta[(node << META_SHIFT) | PARENT];
    tree.freeCount--;
  } else {
    node = tree.top++;
  }
  // In a free list that leads in a circle, a node comes again that is in use.
  if (meta[(node << META_SHIFT) | PLACE] !== 0 || meta[(node << META_SHIFT) | PRESENT] !== 0) throw tree.damaged();
  meta[(node << META_SHIFT) | PARENT] = parent;
  meta[(node << META_SHIFT) | PLACE] = place;
  return node;
}

/** Gives a tree arrays for at least `wanted` nodes: they double. The only place where they are replaced while in use. */
export function enlarge(tree: Tree, wanted: number): void {
  if (wanted > MAX_NODES) throw outOfNodes(tree.owner);
  const nodes = Math.min(Math.max((tree.meta.length >>> META_SHIFT) * 2, wanted), MAX_NODES);
  // The first two share a buffer: of a small array, it is the buffers that take time.
  const buffer = isRoomless(tree) ? new ArrayBuffer(nodes * NODE_BYTES) : undefined;
  const size = nodes * CHUNK_SIZE;
  const slots = buffer === undefined ? new Int32Array(size) : new Int32Array(buffer, 0, size);
  const meta = buffer === undefined ? new Int32Array(nodes << META_SHIFT) : new Int32Array(buffer, size * 4);
  slots.set(tree.slots);
  meta.set(tree.meta);
  tree.slots = slots;
  tree.meta = meta;
  tree.version = (tree.version + 1) | 0;
}

/** Makes room for the nodes that leaves for all of `first`…`last` lack, and for the levels above them. */
export function prepare(tree: Tree, first: number, last: number): void {
  const { levels } = tree;
  const height = Math.max(levels, heightFor(last, 0));
  // As `heighten` sees it: what is at index 0 keeps a path of its own.
  const fresh = isVacant(tree) && (tree.free.base !== 1 || last === 0);
  let need = 0;
  for (let level = 1; level <= height; level++) {
    const size = 64 ** level;
    need += Math.floor(last / size) - Math.floor(first / size) + 1;
    if (!fresh && level > levels && first >= size) need++;
  }
  if (levels > 0 && first < 64 ** levels) need -= nodesWithin(tree, tree.root, levels - 1, first, last);
  tree.makeRoom(need);
}

/** Counts the nodes that hold any of the indices `first`…`last`, both counted from the beginning of `node`. */
function nodesWithin(tree: Tree, node: number, level: number, first: number, last: number): number {
  if (level === 0) return 1;
  const { meta } = tree;
  const base = node << META_SHIFT;
  const size = 64 ** level;
  const end = Math.min(last / size, CHUNK_MASK);
  let nodes = 1;
  let offset = nextSet(meta, base | PRESENT, Math.min(Math.max(0, Math.floor(first / size)), CHUNK_SIZE));
  while (offset <= end) {
    const child = tree.slots[(node << CHUNK_SHIFT) | offset];
    const start = offset * size;
    const entry = tree.multi !== 0 && (meta[(base | ENTRY) + (offset >>> 5)] & (1 << offset)) !== 0;
    if (!entry && !isChild(meta, child, node, (level - 1) * CHUNK_SHIFT, offset)) throw tree.damaged();
    if (!entry) nodes += nodesWithin(tree, child, level - 1, first - start, last - start);
    offset = nextSet(meta, base | PRESENT, offset + 1);
  }
  return nodes;
}

/** Frees a node that has become empty, and its ancestors as far as they do; then lowers the tree. */
export function removeNode(tree: Tree, empty: number): void {
  const { meta } = tree;
  for (let node = empty; ; ) {
    const parent = meta[(node << META_SHIFT) | PARENT];
    const offset = meta[(node << META_SHIFT) | PLACE] >>> PLACE_OFFSET;
    const word = (parent << META_SHIFT) | PRESENT | (offset >>> 5);
    if (tree.slots[(parent << CHUNK_SHIFT) | offset] !== node) throw tree.damaged();
    freeNode(tree, node);
    tree.slots[(parent << CHUNK_SHIFT) | offset] = NULL_NODE;
    meta[word] &= ~(1 << offset);
    if (parent === ANCHOR) {
      tree.root = NULL_NODE;
      tree.levels = 0;
      return;
    }
    if ((meta[word] | meta[word ^ 1]) !== 0) {
      if (parent === tree.root) lower(tree);
      return;
    }
    node = parent;
  }
}

/** Drops levels while the root has nothing but slot 0, down to an entry in the head. */
export function lower(tree: Tree): void {
  const { slots, meta } = tree;
  const above = ANCHOR << META_SHIFT;
  while (tree.levels > 0) {
    const { root } = tree;
    const base = root << META_SHIFT;
    if (meta[base | PRESENT] !== 1 || meta[base | PRESENT | 1] !== 0 || meta[base | ENTRY] !== 0) return;
    const head = slots[root << CHUNK_SHIFT];
    if (tree.levels > 1 && !isChild(meta, head, root, (tree.levels - 2) * CHUNK_SHIFT, 0)) throw tree.damaged();
    tree.levels--;
    tree.root = tree.levels === 0 ? NULL_NODE : head;
    slots[HEAD_SLOT] = head;
    meta[above | FULL] = meta[base | FULL];
    if (tree.levels > 0) meta[(head << META_SHIFT) | PARENT] = ANCHOR;
    tree.rootMoved();
    // Marks need no care: those of slot 0 were all the root had, and the anchor has their OR.
    slots[root << CHUNK_SHIFT] = 0;
    for (let word = 0; word < BITMAPS_END; word += 2) meta[base | word] = 0;
    freeNode(tree, root);
    if (tree.levels === 0 && head === 0 && tree.free.base === 1) meta.fill(0, above, above + BITMAPS_END);
  }
}

/** Takes away what is not needed when a leaf has lost an entry: the leaf, and levels above it. */
export function shrink(tree: Tree, leaf: number): void {
  const present = (leaf << META_SHIFT) | PRESENT;
  if ((tree.meta[present] | tree.meta[present | 1]) !== 0) lower(tree);
  else if (leaf !== ANCHOR) removeNode(tree, leaf);
}

/** Puts a node, zero except for its place, on the free list. */
export function freeNode(tree: Tree, node: number): void {
  tree.meta[(node << META_SHIFT) | PARENT] = tree.freeNode;
  tree.meta[(node << META_SHIFT) | PLACE] = 0;
  tree.freeNode = node;
  tree.freeCount++;
  tree.version = (tree.version + 1) | 0;
  if (node === tree.leaf) tree.leafKey = -1;
  if (node === tree.leaf2) tree.leafKey2 = -1;
}
