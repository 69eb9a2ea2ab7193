// Where everything lies under SparseXArray: the words of a leaf and of a directory.
//
// A leaf is 31 keys in ascending order and a stop (`keys[leaf << 5 | place]`), their entries beside them and 4 words of meta
// data: 2 × 32 × 4 + 4 × 4 = 272 bytes. A directory is 64 slots and 8 words: 64 × 4 + 8 × 4 = 288 bytes. Leaves that came of
// splits are about 70 % full: 272 / (0.7 × 31) ≈ 12.5 bytes an entry, and a share of the directories.
//
// Keys are kept as int32 with the top bit flipped (`index ^ BIAS`), so that their order as int32 is that of the indices.

/** Flips the top bit: u32 order becomes int32 order. */
export const BIAS: number = 1 << 31;

/** Places in a leaf are `leaf << LEAF_SHIFT | place`. */
export const LEAF_SHIFT = 5;
/** Turns `leaf << 5 | place` into the place. */
export const PLACE_MASK: number = (1 << LEAF_SHIFT) - 1;
/** Keys a leaf has room for; the place after the last is a stop. */
export const LEAF_ROOM: number = PLACE_MASK;
/** What stands in a key that is not in use: no key is higher, and the entry beside it is 0. */
export const STOP = 0x7fff_ffff;
/** Words of meta data in a leaf: 1 << LEAF_META_SHIFT. */
export const LEAF_META_SHIFT = 2;
/** Keys in use; in a free leaf, the next free leaf. */
export const COUNT = 0;
/** First of the three mark words, a bit per key. */
export const LEAF_MARKS = 1;
/** Leaves are at most so many, so that `(leaf + 1) << 5` is a positive int32. */
export const MAX_LEAVES: number = 1 << (30 - LEAF_SHIFT);

/** Bits of the index a directory resolves; slots are `directory << DIRECTORY_SHIFT | slot`. */
export const DIRECTORY_SHIFT = 6;
/** Slots in a directory. */
export const SLOTS: number = 1 << DIRECTORY_SHIFT;
/** Turns `directory << 6 | slot` into the slot. */
export const SLOT_MASK: number = SLOTS - 1;
/** Words of meta data in a directory: 1 << DIRECTORY_META_SHIFT. */
export const DIRECTORY_META_SHIFT = 3;
/** Bitmap of slots that lead somewhere; the mark bitmaps follow, of slots with that mark below. Pairs of words, low half first. */
export const PRESENT = 0;
/** First of the three mark bitmaps of a directory. */
export const MARKS = 2;
/** First word after the bitmaps. */
export const BITMAPS_END = 8;
/** Directories are at most so many, so that `(directory + 1) << 6` is a positive int32. */
export const MAX_DIRECTORIES: number = 1 << (30 - DIRECTORY_SHIFT);

/** The leaf without keys, where a descent ends up that meets an empty slot. */
export const NO_LEAF = 0;
/** The topmost directory, always there. */
export const ROOT = 0;
/** Lowest bit of the index the root resolves. */
export const ROOT_SHIFT: number = 32 - DIRECTORY_SHIFT;
/** Directories on a path: at shifts 26, 20, 14, 8 and 2. Below are 4 indices, fewer than fill a leaf. */
export const MAX_LEVELS = 5;
