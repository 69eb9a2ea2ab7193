// Where everything lies in the memory of a shared array, counted in Int32 words from its beginning.
//
//   header · what writers keep (a cache line) · roster (a word per owner) · seats (a cache line per owner)
//   · slots (64 words per node) · meta (16 words per node); nodes as in ../node-layout.ts. What readers go by lies among
//   the slots, in the anchor, which uses its first slot only: so a load needs one array.
//
// Zeroed memory, except for the header, is an empty array.
import { CHUNK_SHIFT, ENTRY, HEAD_SLOT, META_SHIFT } from '../node-layout.ts';

/** "SXA" and the version of this layout in the low byte. */
export const MAGIC = 0;
export const MAGIC_NUMBER = 0x5358_4102;
/** Words in all: what the buffer must hold. */
export const WORDS = 1;
/** alloc option: 0 none, 1 from 0, 2 from 1. */
export const ALLOC = 2;
/** Nodes there is room for, the anchor and the null node included; a power of two. */
export const NODES = 3;
/** The highest owner there has been: seats beyond were never used. */
export const SEATED = 4;

/** The writers' lock; the rest of this line is theirs, and means what the fields of the same names in a Tree do. */
export const LOCK = 32;
/** Without what the seats have in ENTRIES. */
export const COUNT = 33;
/** 0 until the first node is used. */
export const TOP = 34;
export const FREE_NODE = 35;
export const FREE_COUNT = 36;
/** What FreeHint.toWord gives. */
export const FREE_HINT = 37;
/** Counts how often another thread than the last one took the lock. */
export const TURN = 38;
/** 1 while what a dead thread left is not in order. */
export const DAMAGED = 39;

/** Threads that can be attached at the same time. */
export const OWNERS = 64;
export const ROSTER = 48;
/** A cache line per owner: see seatOf. */
export const SEATS: number = ROSTER + OWNERS;
export const SEAT_SHIFT = 4;
/** In a seat: 1 while its owner changes a leaf without the writers' lock. */
export const BUSY = 0;
/** In a seat: entries that were added in that way less those removed. It wraps, as does the sum of all. */
export const ENTRIES = 1;

/** The first word of the slots: on a cache line of its own. */
export const SLOTS: number = SEATS + (OWNERS << SEAT_SHIFT);

/** Among the slots: root's handle << 3 | levels. */
export const ROOT: number = HEAD_SLOT + 1;
export const LEVELS_MASK = 7;
export const ROOT_SHIFT = 3;
/** Counts whatever may lead a reader astray that began before: nodes that may be used again, roots given up. */
export const SEQUENCE: number = HEAD_SLOT + 2;
/** At height 0: the entry at index 0, or HEAD_RESERVED. */
export const HEAD: number = HEAD_SLOT + 3;
export const HEAD_RESERVED = -1;

/**
 * In the meta data of a leaf: 1 while a thread changes it without the writers' lock. Half of a bitmap that is for
 * multi-index entries, which are not shared; on the cache line of the bits that the change needs.
 */
export const LEAF_LOCK: number = ENTRY + 1;

/** Offset of an owner's seat. */
export function seatOf(owner: number): number {
  return SEATS + ((owner - 1) << SEAT_SHIFT);
}

/** Words of an array in all. */
export function wordsOf(nodes: number): number {
  return SLOTS + (nodes << CHUNK_SHIFT) + (nodes << META_SHIFT);
}
