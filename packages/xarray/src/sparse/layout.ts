// Where everything lies under SparseXArray: the words of a leaf and of a directory.
//
// A leaf is 64 words, four cache lines: 31 keys in ascending order, their count, their 31 entries at a distance of 32, and a
// word that is always 0. Beside it are 4 words of meta data: 64 × 4 + 4 × 4 = 272 bytes. A directory is 64 slots and 8 words:
// 64 × 4 + 8 × 4 = 288 bytes. Leaves that came of splits are about 70 % full: 272 / (0.7 × 31) ≈ 12.5 bytes an entry, and a
// share of the directories.
//
// Keys are kept as int32 with the top bit flipped (`index ^ BIAS`), so that their order as int32 is that of the indices.

/** Flips the top bit: u32 order becomes int32 order. */
export const BIAS: number = 1 << 31;

/** Words in a leaf: 1 << LEAF_SHIFT. Places of keys are `leaf << LEAF_SHIFT | place`. */
export const LEAF_SHIFT = 6;
/** Keys a leaf has room for. */
export const LEAF_ROOM = 31;
/** What stands in a key that is not in use: no key is higher, and the entry of it is 0. */
export const STOP = 0x7fff_ffff;
/**
 * Keys in use; in a free leaf, the next free leaf. A search in a full leaf may end at this word and take it for a key: no
 * harm, as it finds 0 for an entry.
 */
export const COUNT = 31;
/** Distance from a key to its entry. */
export const ENTRIES = 32;
/** Turns `leaf << LEAF_SHIFT | place` into the place. */
export const PLACE_MASK: number = ENTRIES - 1;

/** Words of meta data in a leaf: 1 << LEAF_META_SHIFT. */
export const LEAF_META_SHIFT = 2;
/** A leaf has 2ⁿ slots of its directory, 0…6. */
export const SPREAD = 0;
/** First of the three mark words, a bit per key. */
export const LEAF_MARKS = 1;
/** Leaves are at most so many, so that `(leaf + 1) << 6` is a positive int32. */
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
