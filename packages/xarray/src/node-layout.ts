// The layout of nodes: the words of a node, and the two nodes that are always there.
//
// A node is 64 slots (`slots[node << 6 | offset]`) and 16 words of meta data (`meta[node << 4 | word]`, one cache line):
// 64 × 4 + 16 × 4 = 320 bytes. At 64 entries a leaf and 64 children an inner node, a dense entry costs 5 B + 5 B / 63 = 5.08 B.
//
// Bitmaps are pairs of words, low half first; `word ^ 1` is always the other half.

/** Bits of the index one level resolves, as XA_CHUNK_SHIFT. Source: include/linux/xarray.h (v5.17). */
export const CHUNK_SHIFT = 6;
/** Slots in a node. */
export const CHUNK_SIZE: number = 1 << CHUNK_SHIFT;
/** Turns an index into an offset. */
export const CHUNK_MASK: number = CHUNK_SIZE - 1;
/** Words of meta data in a node: 1 << META_SHIFT. */
export const META_SHIFT = 4;
/** Bytes in a node: 64 slots and 16 words. */
export const NODE_BYTES: number = (CHUNK_SIZE + (1 << META_SHIFT)) * 4;

/** Slots that are not NULL: entries, reserved entries, children. */
export const PRESENT = 0;
/** Inner nodes: children without a free index below. Zero in leaves, whose PRESENT says the same. */
export const FULL = 2;
/** First of the three mark bitmaps; in an inner node a bit is the OR of the child's. */
export const MARKS = 4;
/** Number of marks: XA_MARK_0…2. */
export const MARK_COUNT = 3;
/** First word after the bitmaps an entry can have bits in. */
export const BITMAPS_END: number = MARKS + 2 * MARK_COUNT;
/** Slots that repeat the one before them: all but the first (canonical) slot of a multi-index entry. */
export const SIBLING = 10;
/** Handle of the parent; in a free node, the next free node. */
export const PARENT = 12;
/** The node's shift, the flag FILL, and from bit PLACE_OFFSET its offset in the parent. */
export const PLACE = 13;
/** Inner nodes: slots that are an entry of order 6 or more, not a child. Zero in leaves. */
export const ENTRY = 14;
/** What of PLACE is the shift. */
export const SHIFT_MASK = 31;
/**
 * Flag in PLACE: the node stands for 64 of the indices of one entry. Its slots are all alike, another fill node's handle or in
 * a leaf the entry, so that a load descends through it without noticing; PRESENT is all set, nothing else.
 */
export const FILL: number = 1 << 7;
/** Where the offset begins in PLACE. */
export const PLACE_OFFSET = 8;

/** The all-zero node: where a descent ends up that meets an empty slot, so that no step needs a check. */
export const NULL_NODE = 0;
/** The anchor (`struct xarray`): its slot 0 is the head, bit 0 of its bitmaps speaks of the whole array. */
export const ANCHOR = 1;
/** The head: the entry at index 0 while the height is 0, else the root's handle. */
export const HEAD_SLOT: number = ANCHOR << CHUNK_SHIFT;
/** The first handle that is given out. */
export const FIRST_NODE = 2;
/** Handles stay below, so that `node << 6 | offset` is a positive int32. */
export const MAX_NODES: number = 1 << (31 - CHUNK_SHIFT);

/** Levels that cover 32 bits: ⌈32 / 6⌉. */
export const MAX_HEIGHT = 6;
/** The highest index, 2³²−1. */
export const MAX_INDEX = 0xffff_ffff;
/** The highest entry, 2³¹−1. */
export const MAX_ENTRY = 0x7fff_ffff;
/** The order of an entry over all 2³² indices. */
export const MAX_ORDER = 32;
