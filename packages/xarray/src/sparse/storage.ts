// The leaves and directories under SparseXArray, in typed arrays: how they are made, recycled and given room.
import {
  BITMAPS_END,
  COUNT,
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  LEAF_META_SHIFT,
  LEAF_SHIFT,
  MAX_DIRECTORIES,
  MAX_LEAVES,
  NO_LEAF,
  PRESENT,
  ROOT,
  SLOTS,
  STOP,
} from './layout.ts';
import { outOfRoom } from './misuse.ts';

/** What makes up an array: what `clear` makes anew and `compact` rebuilds. */
export interface SparseState {
  /** Int32Array, shape [leaves × 32]: keys in ascending order, then stops. */
  keys: Int32Array;
  /** Int32Array, shape [leaves × 32]: entries beside the keys, then zeros. */
  entries: Int32Array;
  /** Int32Array, shape [leaves × 4]: count and mark words. */
  leafMeta: Int32Array;
  /** Uint8Array, shape [leaves]: a leaf has 2ⁿ slots of its directory, 0…6. */
  spread: Uint8Array;
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
    keys: new Int32Array(leaves << LEAF_SHIFT).fill(STOP),
    entries: new Int32Array(leaves << LEAF_SHIFT),
    leafMeta: new Int32Array(leaves << LEAF_META_SHIFT),
    spread: new Uint8Array(leaves),
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
  declare protected keys: Int32Array;
  declare protected entries: Int32Array;
  declare protected leafMeta: Int32Array;
  declare protected spread: Uint8Array;
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
    const { keys, entries, leafMeta, spread, directory, directoryMeta, leafTop, directoryTop, count } = this;
    return { keys, entries, leafMeta, spread, directory, directoryMeta, leafTop, directoryTop, count };
  }

  /** Takes over another state, which has nothing on a free list. */
  protected adopt(state: SparseState): void {
    this.keys = state.keys;
    this.entries = state.entries;
    this.leafMeta = state.leafMeta;
    this.spread = state.spread;
    this.directory = state.directory;
    this.directoryMeta = state.directoryMeta;
    this.leafTop = state.leafTop;
    this.directoryTop = state.directoryTop;
    this.count = state.count;
    this.freeLeaf = NO_LEAF;
    this.freeDirectory = ROOT;
    this.moves++;
  }

  /** Takes a leaf without keys. */
  protected addLeaf(): number {
    const leaf = this.freeLeaf;
    if (leaf === NO_LEAF) {
      if (this.leafTop === this.spread.length) this.growLeaves();
      return this.leafTop++;
    }
    this.freeLeaf = this.leafMeta[(leaf << LEAF_META_SHIFT) | COUNT];
    this.leafMeta[(leaf << LEAF_META_SHIFT) | COUNT] = 0;
    return leaf;
  }

  /** Puts a leaf that no slot leads to any more on the free list. */
  protected removeLeaf(leaf: number): void {
    const meta = leaf << LEAF_META_SHIFT;
    this.keys.fill(STOP, leaf << LEAF_SHIFT, (leaf + 1) << LEAF_SHIFT);
    this.entries.fill(0, leaf << LEAF_SHIFT, (leaf + 1) << LEAF_SHIFT);
    this.leafMeta.fill(0, meta, meta + (1 << LEAF_META_SHIFT));
    this.leafMeta[meta | COUNT] = this.freeLeaf;
    this.freeLeaf = leaf;
  }

  /** Takes a directory whose slots all lead to one leaf, with the marks of that leaf. */
  protected addDirectory(leaf: number): number {
    let at = this.freeDirectory;
    if (at !== ROOT) this.freeDirectory = this.directory[at << DIRECTORY_SHIFT];
    else {
      if (this.directoryTop << DIRECTORY_SHIFT === this.directory.length) this.growDirectories();
      at = this.directoryTop++;
    }
    this.directory.fill(leaf, at << DIRECTORY_SHIFT, (at + 1) << DIRECTORY_SHIFT);
    this.spread[leaf] = DIRECTORY_SHIFT;
    const meta = at << DIRECTORY_META_SHIFT;
    const marks = leaf << LEAF_META_SHIFT;
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

  /** Doubles the room for leaves. */
  private growLeaves(): void {
    const room = this.spread.length * 2;
    if (room > MAX_LEAVES) throw outOfRoom('leaves', MAX_LEAVES);
    const old = this.keys.length;
    this.keys = grown(this.keys, room << LEAF_SHIFT).fill(STOP, old);
    this.entries = grown(this.entries, room << LEAF_SHIFT);
    this.leafMeta = grown(this.leafMeta, room << LEAF_META_SHIFT);
    const spread = new Uint8Array(room);
    spread.set(this.spread);
    this.spread = spread;
  }

  /** Doubles the room for directories. */
  private growDirectories(): void {
    const room = (this.directory.length / SLOTS) * 2;
    if (room > MAX_DIRECTORIES) throw outOfRoom('directories', MAX_DIRECTORIES);
    this.directory = grown(this.directory, room << DIRECTORY_SHIFT);
    this.directoryMeta = grown(this.directoryMeta, room << DIRECTORY_META_SHIFT);
  }
}

function grown(old: Int32Array, length: number): Int32Array {
  const array = new Int32Array(length);
  array.set(old);
  return array;
}
