// Where everything lies in Ida's tree of bitmaps. In a module that imports nothing, so that its numbers are put where it is used.
//
// All nodes are alike, 35 words: 32 slots and three words about them. In a leaf a slot is a word of 32 bits, above it is the
// handle of a child. A dense ID costs 35 × 4 / 1024 B in its leaf and 1/31 of that above: 0.141 B.
//
// Handles are offsets in words, so a step down is one addition and one read. Handle 0 is a node of zeroes: where a descent
// ends that meets an empty slot. A node of zeroes is a valid empty node at any level.

/** The highest ID, 2³¹−1. */
export const MAX_ID = 0x7fff_ffff;

/** Bits of the ID one level resolves; the lowest five are those within a word. */
export const RADIX = 5;
/** Slots in a node: 1 << RADIX. */
export const SLOTS: number = 1 << RADIX;
/** Turns an ID, shifted, into a slot. */
export const SLOT_MASK: number = SLOTS - 1;
/** Bits of the ID a leaf resolves: 32 words of 32 bits. */
export const LEAF_SHIFT: number = 2 * RADIX;
/** Word with a bit for each slot that has no free ID. */
export const FULL: number = SLOTS;
/** Word with a bit for each slot that is not zero. */
export const PRESENT: number = SLOTS + 1;
/** Word with the handle of the parent; in a free node, of the next free node. */
export const PARENT: number = SLOTS + 2;
/** Words in a node. */
export const NODE_WORDS: number = SLOTS + 3;
/** Levels that cover 31 bits: ⌈(31 − 5) / 5⌉. The root of the sixth uses two slots. */
export const MAX_LEVELS = 6;

/** The node of zeroes. */
export const NULL_NODE = 0;
