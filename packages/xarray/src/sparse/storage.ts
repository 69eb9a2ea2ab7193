// The leaves and directories under SparseXArray, in typed arrays: how they are made, recycled and given room.
import { type Guide, guideOver } from './guide.ts';
import {
  BITMAPS_END,
  COUNT,
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  ENTRIES,
  LEAF_META_SHIFT,
  LEAF_ROOM,
  LEAF_SHIFT,
  MAX_DIRECTORIES,
  MAX_LEAVES,
  NO_LEAF,
  PRESENT,
  ROOT,
  SPREAD,
  STOP,
} from './layout.ts';
import { outOfRoom } from './misuse.ts';

/** Leaves and directories the first memory has room for. */
const FIRST_LEAVES = 2;
const FIRST_DIRECTORIES = 1;

/** What makes up an array: what `clear` makes again and `compact` rebuilds. */
export interface SparseState {
  /** Int32Array, shape [leaves × 64]: keys, count and entries. */
  leaves: Int32Array;
  /** Int32Array, shape [leaves × 4]: spread and mark words. */
  leafMeta: Int32Array;
  /** Int32Array, shape [directories × 64]: leaf, ~directory, or 0. */
  directory: Int32Array;
  /** Int32Array, shape [directories × 8]: bitmaps. */
  directoryMeta: Int32Array;
  /** Handles below are in use or on a free list. */
  leafTop: number;
  directoryTop: number;
  /** Number of entries. */
  held: number;
}

/** An array in use: its state, the free lists, and the path that the calls around it have in common. */
export interface Sparse extends SparseState, Guide {
  /** First leaf of the free list, linked through COUNT, and first directory of theirs, linked through slot 0. */
  freeLeaf: number;
  freeDirectory: number;
  /** Goes up whenever entries move: a place found before may hold something else. */
  moves: number;
  /** Int32Array, shape [5]: the slots (`directory << 6 | slot`) passed on the way to the leaf located last. */
  readonly path: Int32Array;
  /** Index in `path` of the slot that leads to that leaf. */
  level: number;
}

/** Makes the state of an empty array with room for so many leaves and directories (one each is always there). */
export function emptyState(leaves: number, directories: number): SparseState {
  return {
    leaves: new Int32Array(leaves << LEAF_SHIFT).fill(STOP, 0, LEAF_ROOM),
    leafMeta: new Int32Array(leaves << LEAF_META_SHIFT),
    directory: new Int32Array(directories << DIRECTORY_SHIFT),
    directoryMeta: new Int32Array(directories << DIRECTORY_META_SHIFT),
    leafTop: NO_LEAF + 1,
    directoryTop: ROOT + 1,
    held: 0,
  };
}

/** What all arrays have that hold nothing: the leaf without keys and a root that leads nowhere, which nothing is ever written to. */
const NOTHING: SparseState = /* @__PURE__ */ emptyState(1, 1);

/** Returns the state of an array that holds nothing; it takes no memory. */
export function noState(): SparseState {
  return NOTHING;
}

/** Says whether an array has no memory of its own. */
export function isRoomless(tree: SparseState): boolean {
  return tree.leaves === NOTHING.leaves;
}

/** Gives an array its first memory. */
function settleIn(tree: Sparse): void {
  const { leaves, leafMeta, directory, directoryMeta } = emptyState(FIRST_LEAVES, FIRST_DIRECTORIES);
  tree.leaves = leaves;
  tree.leafMeta = leafMeta;
  tree.directory = directory;
  tree.directoryMeta = directoryMeta;
}

/** Takes a leaf, for which there must be room, and makes it one without keys. */
export function addLeaf(tree: Sparse): number {
  let leaf = tree.freeLeaf;
  if (leaf !== NO_LEAF) tree.freeLeaf = tree.leaves[(leaf << LEAF_SHIFT) | COUNT];
  else leaf = tree.leafTop++;
  const start = leaf << LEAF_SHIFT;
  const { leaves, leafMeta } = tree;
  for (let key = start; key < start + LEAF_ROOM; key++) {
    leaves[key] = STOP;
    leaves[key + ENTRIES] = 0;
  }
  leaves[start | COUNT] = 0;
  const meta = leaf << LEAF_META_SHIFT;
  for (let word = meta; word < meta + (1 << LEAF_META_SHIFT); word++) leafMeta[word] = 0;
  return leaf;
}

/** Puts a leaf that no slot leads to any more on the free list. */
export function removeLeaf(tree: Sparse, leaf: number): void {
  tree.leaves[(leaf << LEAF_SHIFT) | COUNT] = tree.freeLeaf;
  tree.freeLeaf = leaf;
}

/** Takes a directory, for which there must be room, whose slots all lead to one leaf, with the marks of that leaf. */
export function addDirectory(tree: Sparse, leaf: number): number {
  let at = tree.freeDirectory;
  if (at !== ROOT) tree.freeDirectory = tree.directory[at << DIRECTORY_SHIFT];
  else at = tree.directoryTop++;
  tree.directory.fill(leaf, at << DIRECTORY_SHIFT, (at + 1) << DIRECTORY_SHIFT);
  const meta = at << DIRECTORY_META_SHIFT;
  const marks = leaf << LEAF_META_SHIFT;
  tree.leafMeta[marks | SPREAD] = DIRECTORY_SHIFT;
  tree.directoryMeta.fill(-1, meta | PRESENT, (meta | PRESENT) + 2);
  for (let mark = 1; 2 * mark < BITMAPS_END; mark++) {
    const bits = tree.leafMeta[marks + mark] === 0 ? 0 : -1;
    tree.directoryMeta.fill(bits, meta + 2 * mark, meta + 2 * mark + 2);
  }
  return at;
}

/** Puts a directory that no slot leads to any more on the free list. */
export function removeDirectory(tree: Sparse, at: number): void {
  tree.directory.fill(0, at << DIRECTORY_SHIFT, (at + 1) << DIRECTORY_SHIFT);
  tree.directoryMeta.fill(0, at << DIRECTORY_META_SHIFT, (at + 1) << DIRECTORY_META_SHIFT);
  tree.directory[at << DIRECTORY_SHIFT] = tree.freeDirectory;
  tree.freeDirectory = at;
}

/**
 * Makes sure that a leaf and so many directories can be taken; throws before anything has changed if they cannot.
 *
 * The only place where the arrays are replaced while the array is in use: they double.
 */
export function makeRoom(tree: Sparse, directories: number): void {
  if (isRoomless(tree)) settleIn(tree);
  const { directory } = tree;
  if (tree.freeLeaf === NO_LEAF && tree.leafTop << LEAF_SHIFT === tree.leaves.length) growLeaves(tree);
  let lacking = directories;
  for (let at = tree.freeDirectory; at !== ROOT && lacking > 0; at = directory[at << DIRECTORY_SHIFT]) lacking--;
  const wanted = tree.directoryTop + lacking;
  if (wanted << DIRECTORY_SHIFT > directory.length) growDirectories(tree, wanted);
}

function growLeaves(tree: Sparse): void {
  const room = tree.leafTop * 2;
  if (room > MAX_LEAVES) throw outOfRoom('leaves', MAX_LEAVES);
  const leaves = grown(tree.leaves, room << LEAF_SHIFT);
  const leafMeta = grown(tree.leafMeta, room << LEAF_META_SHIFT);
  const { guide, guideShift } = guideOver(tree, room);
  tree.leaves = leaves;
  tree.leafMeta = leafMeta;
  tree.guide = guide;
  tree.guideShift = guideShift;
}

function growDirectories(tree: Sparse, wanted: number): void {
  let room = tree.directory.length >> DIRECTORY_SHIFT;
  while (room < wanted) room *= 2;
  if (room > MAX_DIRECTORIES) throw outOfRoom('directories', MAX_DIRECTORIES);
  const directory = grown(tree.directory, room << DIRECTORY_SHIFT);
  tree.directoryMeta = grown(tree.directoryMeta, room << DIRECTORY_META_SHIFT);
  tree.directory = directory;
}

function grown(old: Int32Array, length: number): Int32Array {
  const array = new Int32Array(length);
  array.set(old);
  return array;
}
