// The guide under SparseXArray: from the upper bits of an index right to its leaf, past the directories.
//
// The indices below a power of two are parted into cells of 2ⁿ. A cell has what all of its indices lead to: a leaf, or NO_LEAF, or
// else a directory. Keys that lie evenly have directories of 64 slots for two or three leaves each: the cells are far fewer than the
// slots, and so are the cache lines that they lie in.
import { nextSet } from '../bits.ts';
import {
  DIRECTORY_META_SHIFT,
  DIRECTORY_SHIFT,
  LEAF_META_SHIFT,
  NO_LEAF,
  PRESENT,
  ROOT,
  ROOT_SHIFT,
  SLOT_MASK,
  SLOTS,
  SPREAD,
} from './layout.ts';

/** Cells for each leaf there is room for: between 2 and 4 for each in use. */
const CELLS_PER_LEAF = 2;
/** With fewer leaves there is no guide: all of their directories lie in the first-level cache. */
const FEWEST_LEAVES = 64;
/** A leaf is in at most 2ⁿ cells. */
const CELLS_OF_LEAF_SHIFT = 3;
/** A directory in a cell is `~(directory << 5 | shift)`: shift is the lowest bit of the index that it resolves. */
export const SHIFT_BITS = 5;
/** Turns the complement of such a cell into the shift. */
export const SHIFT_MASK: number = (1 << SHIFT_BITS) - 1;
/** What stands in a cell of which nothing else is known. */
export const FROM_ROOT: number = ~((ROOT << SHIFT_BITS) | ROOT_SHIFT);

/** What a guide is made from: fields of SparseState. */
interface Directories {
  readonly directory: Int32Array;
  readonly directoryMeta: Int32Array;
  readonly leafMeta: Int32Array;
}

/** The guide of an array. */
export interface Guide {
  /** Int32Array, shape [cells]: a leaf, NO_LEAF, or a directory that all indices of the cell go through. */
  guide: Int32Array;
  /** A cell has 2^guideShift indices. */
  guideShift: number;
}

/** The guide of an array that needs none. */
export const NO_GUIDE: Guide = { guide: /* @__PURE__ */ new Int32Array(0), guideShift: 0 };

/** Makes a guide that reaches to twice the highest index, for as many leaves as there is room for. */
export function guideOver({ directory, directoryMeta, leafMeta }: Directories, room: number): Guide {
  if (room < FEWEST_LEAVES) return NO_GUIDE;
  const bits = Math.min(bitsOfHighest(directory) + 1, 32);
  const cellBits = Math.min(31 - Math.clz32(room * CELLS_PER_LEAF), bits);
  const made = { guide: new Int32Array(1 << cellBits).fill(FROM_ROOT), guideShift: bits - cellBits };
  const enter = (at: number, low: number, shift: number): void => {
    const present = (at << DIRECTORY_META_SHIFT) | PRESENT;
    for (let slot = nextSet(directoryMeta, present, 0); slot < SLOTS; slot = nextSet(directoryMeta, present, slot)) {
      const child = directory[(at << DIRECTORY_SHIFT) | slot];
      const first = low | (slot << shift);
      const spread = child < 0 ? 0 : leafMeta[(child << LEAF_META_SHIFT) | SPREAD];
      if (child < 0 && shift >= made.guideShift) enter(~child, first, shift - DIRECTORY_SHIFT);
      else guideTo(made, at, shift, first, spread, child);
      slot += 1 << spread;
    }
  };
  enter(ROOT, 0, ROOT_SHIFT);
  return made;
}

/**
 * Notes that a block of 2ˢᵖʳᵉᵃᵈ slots of a directory leads to a leaf, or to NO_LEAF.
 *
 * A leaf of more than 8 cells is not entered, so that one key far from all others costs little. A directory that is in a cell has at
 * most 32: a larger block has nothing to take back.
 *
 * @param shift The lowest bit of the index that the directory resolves.
 * @param first The first index of the block.
 */
export function guideTo(
  { guide, guideShift }: Guide,
  directory: number,
  shift: number,
  first: number,
  spread: number,
  leaf: number,
): void {
  const cell = first >>> guideShift;
  const size = shift + spread - guideShift;
  if (cell >= guide.length || size >= DIRECTORY_SHIFT) return;
  if (size < 0) {
    // Where the directory is smaller than the cell too, one above it is there.
    if (shift + DIRECTORY_SHIFT >= guideShift) guide[cell] = ~((directory << SHIFT_BITS) | shift);
    return;
  }
  const entered = size > CELLS_OF_LEAF_SHIFT ? FROM_ROOT : leaf;
  const end = Math.min(cell + (1 << size), guide.length);
  for (let at = cell; at < end; at++) guide[at] = entered;
}

/** The first index that a slot of the path located last, at a level of it, leads to. */
export function firstOf(path: Int32Array, level: number, slot: number): number {
  let index = (slot & SLOT_MASK) << (ROOT_SHIFT - level * DIRECTORY_SHIFT);
  for (let above = 0; above < level; above++) {
    index |= (path[above] & SLOT_MASK) << (ROOT_SHIFT - above * DIRECTORY_SHIFT);
  }
  return index;
}

/** Bits that the highest index with a slot has. */
function bitsOfHighest(directory: Int32Array): number {
  let at = ROOT;
  for (let shift = ROOT_SHIFT; ; shift -= DIRECTORY_SHIFT) {
    let slot = SLOTS - 1;
    while (slot > 0 && directory[(at << DIRECTORY_SHIFT) | slot] === NO_LEAF) slot--;
    const child = directory[(at << DIRECTORY_SHIFT) | slot];
    if (slot > 0 || child >= 0) return shift + 32 - Math.clz32(slot);
    at = ~child;
  }
}
