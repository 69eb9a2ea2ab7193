// The leaves and directories under SparseXArray, in typed arrays: how they are made, recycled and given room.
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

/** What makes up an array: what `clear` makes anew and `compact` rebuilds. */
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
  count: number;
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
    count: 0,
  };
}

/** Leaves and directories, and how they come and go. */
export class Storage {
  // `declare`: a field that is first undefined and then a number loses its number representation in V8.
  declare protected leaves: Int32Array;
  declare protected leafMeta: Int32Array;
  declare protected directory: Int32Array;
  declare protected directoryMeta: Int32Array;
  declare protected leafTop: number;
  declare protected directoryTop: number;
  declare protected count: number;
  /** First leaf of the free list, linked through COUNT, and first directory of theirs, linked through slot 0. */
  declare protected freeLeaf: number;
  declare protected freeDirectory: number;
  /** Goes up whenever entries move: a place found before may hold something else. */
  declare protected moves: number;

  constructor(state: SparseState) {
    this.moves = 0;
    this.adopt(state);
  }

  /** Shows the state; the arrays are the live ones. */
  protected state(): SparseState {
    const { leaves, leafMeta, directory, directoryMeta, leafTop, directoryTop, count } = this;
    return { leaves, leafMeta, directory, directoryMeta, leafTop, directoryTop, count };
  }

  /** Takes over another state, which has nothing on a free list. */
  protected adopt(state: SparseState): void {
    this.leaves = state.leaves;
    this.leafMeta = state.leafMeta;
    this.directory = state.directory;
    this.directoryMeta = state.directoryMeta;
    this.leafTop = state.leafTop;
    this.directoryTop = state.directoryTop;
    this.count = state.count;
    this.freeLeaf = NO_LEAF;
    this.freeDirectory = ROOT;
    this.moves++;
  }

  /** Takes a leaf, for which there must be room, and makes it one without keys. */
  protected addLeaf(): number {
    let leaf = this.freeLeaf;
    if (leaf !== NO_LEAF) this.freeLeaf = this.leaves[(leaf << LEAF_SHIFT) | COUNT];
    else leaf = this.leafTop++;
    const start = leaf << LEAF_SHIFT;
    const { leaves, leafMeta } = this;
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
  protected removeLeaf(leaf: number): void {
    this.leaves[(leaf << LEAF_SHIFT) | COUNT] = this.freeLeaf;
    this.freeLeaf = leaf;
  }

  /** Takes a directory, for which there must be room, whose slots all lead to one leaf, with the marks of that leaf. */
  protected addDirectory(leaf: number): number {
    let at = this.freeDirectory;
    if (at !== ROOT) this.freeDirectory = this.directory[at << DIRECTORY_SHIFT];
    else at = this.directoryTop++;
    this.directory.fill(leaf, at << DIRECTORY_SHIFT, (at + 1) << DIRECTORY_SHIFT);
    const meta = at << DIRECTORY_META_SHIFT;
    const marks = leaf << LEAF_META_SHIFT;
    this.leafMeta[marks | SPREAD] = DIRECTORY_SHIFT;
    this.directoryMeta.fill(-1, meta | PRESENT, (meta | PRESENT) + 2);
    for (let mark = 1; 2 * mark < BITMAPS_END; mark++) {
      const bits = this.leafMeta[marks + mark] === 0 ? 0 : -1;
      this.directoryMeta.fill(bits, meta + 2 * mark, meta + 2 * mark + 2);
    }
    return at;
  }

  /** Puts a directory that no slot leads to any more on the free list. */
  protected removeDirectory(at: number): void {
    this.directory.fill(0, at << DIRECTORY_SHIFT, (at + 1) << DIRECTORY_SHIFT);
    this.directoryMeta.fill(0, at << DIRECTORY_META_SHIFT, (at + 1) << DIRECTORY_META_SHIFT);
    this.directory[at << DIRECTORY_SHIFT] = this.freeDirectory;
    this.freeDirectory = at;
  }

  /**
   * Makes sure that a leaf and so many directories can be taken; throws before anything has changed if they cannot.
   *
   * The only place where the arrays are replaced while the array is in use: they double.
   */
  protected makeRoom(directories: number): void {
    const { directory } = this;
    if (this.freeLeaf === NO_LEAF && this.leafTop << LEAF_SHIFT === this.leaves.length) this.growLeaves();
    let lacking = directories;
    for (let at = this.freeDirectory; at !== ROOT && lacking > 0; at = directory[at << DIRECTORY_SHIFT]) lacking--;
    const wanted = this.directoryTop + lacking;
    if (wanted << DIRECTORY_SHIFT > directory.length) this.growDirectories(wanted);
  }

  private growLeaves(): void {
    const room = this.leafTop * 2;
    if (room > MAX_LEAVES) throw outOfRoom('leaves', MAX_LEAVES);
    const leaves = grown(this.leaves, room << LEAF_SHIFT);
    this.leafMeta = grown(this.leafMeta, room << LEAF_META_SHIFT);
    this.leaves = leaves;
  }

  private growDirectories(wanted: number): void {
    let room = this.directory.length >> DIRECTORY_SHIFT;
    while (room < wanted) room *= 2;
    if (room > MAX_DIRECTORIES) throw outOfRoom('directories', MAX_DIRECTORIES);
    const directory = grown(this.directory, room << DIRECTORY_SHIFT);
    this.directoryMeta = grown(this.directoryMeta, room << DIRECTORY_META_SHIFT);
    this.directory = directory;
  }
}

function grown(old: Int32Array, length: number): Int32Array {
  const array = new Int32Array(length);
  array.set(old);
  return array;
}
