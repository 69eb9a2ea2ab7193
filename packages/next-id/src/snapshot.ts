// A pool as one buffer: a header of 16 words, the IDs of slots (GenerationalId alone), the ring of resting offsets, the bitmap.
// What can be worked out from these is not written: the levels above the bitmap, the size, where the lowest free ID is.
import { BLOCK_WORDS, seal } from './checksum.ts';
import { refused } from './misuse.ts';
import { INT_MAX, UINT_MAX } from './range.ts';
import { NextIdError } from './snapshot-error.ts';

/** "IDPL" and "GENI" read as little-endian words: bytes of the other order, or of something else, do not match. */
export const POOL_MAGIC = 0x4c504449;
export const GENERATIONAL_MAGIC = 0x494e4547;
const VERSION = 1;

/** Words of the header; those not named are zero. */
const HEADER_WORDS: number = BLOCK_WORDS;
const AT_MAGIC = 0;
const AT_VERSION = 1;
const AT_MIN = 2;
const AT_MAX = 3;
const AT_CYCLIC = 4; // 1: cyclic
const AT_CURSOR = 5; // offset from min where a cyclic pool goes on
const AT_DELAY = 6; // words of the ring
const AT_RESTING = 7; // how many of them are in use
const AT_LEAVES = 8; // words of the bitmap
const AT_SLOT_BITS = 9; // of a GenerationalId
const AT_SLOTS = 10; // words of the IDs of slots
const AT_SPARE = 11;
const AT_CHECKSUM: number = HEADER_WORDS - 2; // two words

/** What is saved of a pool, and of the IDs of its slots. Offsets are from min. */
export interface Image {
  min: number;
  max: number;
  cyclic: boolean;
  /** Where a cyclic pool goes on; 0 in others. */
  cursor: number;
  /** Uint32Array, shape [delay], offsets of the resting IDs, that freed first in front, then zeros. */
  ring: Uint32Array;
  resting: number;
  /** Int32Array, a bit per offset: taken or resting. Words beyond it are zero. */
  bits: Int32Array;
  /** 0 for an IdPool. */
  slotBits: number;
  /** Int32Array, a word per slot, as in GenerationalId. Slots beyond it are free and of generation 0. */
  ids: Int32Array;
}

/** Writes a snapshot; `bits` and `ids` are cut behind what is in use. */
export function encode(image: Image): Uint8Array {
  const { ring, bits, ids } = image;
  const slots = slotsInUse(image);
  const ringAt = HEADER_WORDS + slots;
  const bitsAt = ringAt + ring.length;
  const leaves = leavesInUse(image);
  const words = new Int32Array(roundedUp(bitsAt + leaves));
  words[AT_MAGIC] = image.slotBits > 0 ? GENERATIONAL_MAGIC : POOL_MAGIC;
  words[AT_VERSION] = VERSION;
  words[AT_MIN] = image.min;
  words[AT_MAX] = image.max;
  words[AT_CYCLIC] = Number(image.cyclic);
  words[AT_CURSOR] = image.cursor;
  words[AT_DELAY] = ring.length;
  words[AT_RESTING] = image.resting;
  words[AT_LEAVES] = leaves;
  words[AT_SLOT_BITS] = image.slotBits;
  words[AT_SLOTS] = slots;
  words.set(ids.subarray(0, slots), HEADER_WORDS);
  words.set(ring, ringAt);
  words.set(bits.subarray(0, leaves), bitsAt);
  seal(words, AT_CHECKSUM);
  return new Uint8Array(words.buffer);
}

/**
 * Reads a snapshot back. Takes no more memory than a copy of the bytes and a bit per bit of the bitmap.
 *
 * @throws NextIdError unless header, length, checksum and contents are right; RangeError for anything but a Uint8Array.
 */
export function decode(call: string, bytes: Uint8Array, magic: number): Image {
  if (!(bytes instanceof Uint8Array)) throw refused(call, 'bytes', bytes, 'a snapshot, a Uint8Array');
  if (bytes.length < HEADER_WORDS * 4) {
    throw new NextIdError('LENGTH', bytes.length, 'its length', `at least ${HEADER_WORDS * 4} bytes`, bytes.length);
  }
  // A copy of the header, since `bytes` may begin anywhere in its buffer.
  const header = new Uint32Array(new Uint8Array(bytes.subarray(0, HEADER_WORDS * 4)).buffer);
  verifyHeader(header, magic);
  const ringAt = HEADER_WORDS + header[AT_SLOTS];
  const bitsAt = ringAt + header[AT_DELAY];
  const end = roundedUp(bitsAt + header[AT_LEAVES]) * 4;
  if (bytes.length !== end) {
    throw new NextIdError('LENGTH', Math.min(end, bytes.length), 'its length', `${end} bytes`, bytes.length);
  }
  const { buffer } = new Uint8Array(bytes);
  verifyChecksum(new Int32Array(buffer));
  const image = {
    min: header[AT_MIN],
    max: header[AT_MAX],
    cyclic: header[AT_CYCLIC] === 1,
    cursor: header[AT_CURSOR],
    ring: new Uint32Array(buffer, ringAt * 4, header[AT_DELAY]),
    resting: header[AT_RESTING],
    bits: new Int32Array(buffer, bitsAt * 4),
    slotBits: header[AT_SLOT_BITS],
    ids: new Int32Array(buffer, HEADER_WORDS * 4, header[AT_SLOTS]),
  };
  const resting = verifyRing(image);
  verifyBits(image, header[AT_LEAVES]);
  if (image.slotBits > 0) verifySlots(image, resting);
  return image;
}

/** Words of the bitmap up to the last one in use, or to the cursor: a cyclic pool has been there. */
export function leavesInUse({ bits, cursor }: Image): number {
  let leaves = bits.length;
  const least = Math.ceil(cursor / 32);
  while (leaves > least && bits[leaves - 1] === 0) leaves--;
  return leaves;
}

/** Slots up to the last one that is not as new. */
function slotsInUse({ ids }: Image): number {
  let slots = ids.length;
  while (slots > 0 && ids[slots - 1] === ~(slots - 1)) slots--;
  return slots;
}

/** Words in whole blocks, which the checksum wants. */
function roundedUp(words: number): number {
  return Math.ceil(words / BLOCK_WORDS) * BLOCK_WORDS;
}

/** Checks each word of the header against its range. */
function verifyHeader(header: Uint32Array, expected: number): void {
  const magic = header[AT_MAGIC];
  if (magic !== expected) throw new NextIdError('MAGIC', AT_MAGIC * 4, 'the magic number', hex(expected), hex(magic));
  const version = header[AT_VERSION];
  if (version !== VERSION) throw new NextIdError('VERSION', AT_VERSION * 4, 'the version', `${VERSION}`, version);
  const check = (at: number, what: string, low: number, high: number): void => {
    const got = header[at];
    if (got < low || got > high) throw new NextIdError('HEADER', at * 4, what, `${low}…${high}`, got);
  };
  const isPool = expected === POOL_MAGIC;
  check(AT_SLOT_BITS, 'the number of slot bits', isPool ? 0 : 1, isPool ? 0 : 30);
  const slots = isPool ? 0 : 2 ** header[AT_SLOT_BITS];
  check(AT_SLOTS, 'the number of slots', 0, slots);
  check(AT_MIN, 'the smallest ID', 0, isPool ? UINT_MAX : 0);
  check(AT_MAX, 'the largest ID', isPool ? header[AT_MIN] : slots - 1, isPool ? UINT_MAX : slots - 1);
  const last = header[AT_MAX] - header[AT_MIN];
  check(AT_CYCLIC, 'whether reuse is cyclic', 0, 1);
  const isCyclic = header[AT_CYCLIC] === 1;
  check(AT_LEAVES, 'the words of the bitmap', 0, Math.floor(last / 32) + 1);
  check(AT_CURSOR, 'the cursor', 0, isCyclic ? Math.min(last, header[AT_LEAVES] * 32) : 0);
  check(AT_DELAY, 'the delay', 0, isCyclic ? 0 : last);
  check(AT_RESTING, 'the number of resting IDs', 0, header[AT_DELAY]);
  for (let at = AT_SPARE; at < AT_CHECKSUM; at++) check(at, 'a spare word', 0, 0);
}

/** Sums up the words again. */
function verifyChecksum(words: Int32Array): void {
  const low = words[AT_CHECKSUM];
  const high = words[AT_CHECKSUM + 1];
  seal(words, AT_CHECKSUM);
  if (words[AT_CHECKSUM] === low && words[AT_CHECKSUM + 1] === high) return;
  const expected = `${hex(words[AT_CHECKSUM])} ${hex(words[AT_CHECKSUM + 1])}`;
  throw new NextIdError('CHECKSUM', AT_CHECKSUM * 4, 'the checksum', expected, `${hex(low)} ${hex(high)}`);
}

/** Checks that each resting offset is in the bitmap, and there once. Returns a bit per offset that rests. */
function verifyRing({ ring, resting, bits }: Image): Int32Array {
  const seen = new Int32Array(resting > 0 ? bits.length : 0);
  for (let i = resting; i < ring.length; i++) expectWord(ring, i, 'a word of the ring that is not in use', 0);
  for (let i = 0; i < resting; i++) {
    const offset = ring[i];
    const word = offset >>> 5;
    if (word >= bits.length || (bits[word] & ~seen[word] & (1 << offset)) === 0) {
      throw structure(ring, i, 'a resting ID', 'an offset that the bitmap has, and no two the same', offset);
    }
    seen[word] |= 1 << offset;
  }
  return seen;
}

/** Checks that no bit lies beyond the range, and that the bitmap ends where it should. */
function verifyBits(image: Image, leaves: number): void {
  const { bits, min, max } = image;
  const last = max - min;
  const inRange = -1 >>> (31 - (last & 31));
  const end = last >>> 5;
  if (end < bits.length && (bits[end] & ~inRange) !== 0) {
    throw structure(bits, end, 'the last word of the bitmap', `no bit but of ${hex(inRange)}`, hex(bits[end]));
  }
  for (let at = leaves; at < bits.length; at++) expectWord(bits, at, 'a word behind the bitmap', 0);
  const inUse = leavesInUse(image);
  if (inUse !== leaves) {
    throw new NextIdError(
      'STRUCTURE',
      AT_LEAVES * 4,
      'the words of the bitmap',
      `${inUse}, as they are in use`,
      leaves,
    );
  }
}

/** Checks that each slot holds an ID of its own: one that is in use if its bit says so, else the complement of the next. */
function verifySlots(image: Image, resting: Int32Array): void {
  const { ids, bits, slotBits } = image;
  const mask = 2 ** slotBits - 1;
  const end = Math.max(ids.length, Math.min(bits.length * 32, mask + 1));
  for (let slot = 0; slot < end; slot++) {
    const isTaken = (bits[slot >>> 5] & ~(resting[slot >>> 5] ?? 0) & (1 << slot)) !== 0;
    const word = slot < ids.length ? ids[slot] : ~slot;
    const id = isTaken ? word : ~word;
    if (id >= 0 && (id & mask) === slot) continue;
    if (slot >= ids.length) {
      throw structure(bits, slot >>> 5, 'the slots in use', `slots below ${ids.length}, which have IDs`, slot);
    }
    const expected = `${isTaken ? 'an ID' : '~ an ID'}, 0…${INT_MAX}, of slot ${slot}`;
    throw structure(ids, slot, isTaken ? 'a slot in use' : 'a free slot', expected, word);
  }
  const slots = slotsInUse(image);
  if (slots !== ids.length) {
    throw new NextIdError('STRUCTURE', AT_SLOTS * 4, 'the number of slots', `${slots}, as they are in use`, ids.length);
  }
}

function expectWord(words: Int32Array | Uint32Array, at: number, what: string, expected: number): void {
  if (words[at] !== expected) throw structure(words, at, what, `${expected}`, words[at]);
}

/** The error for a word of a part of the snapshot. */
function structure(
  words: Int32Array | Uint32Array,
  at: number,
  what: string,
  expected: string,
  got: number | string,
): NextIdError {
  return new NextIdError('STRUCTURE', words.byteOffset + at * 4, what, expected, got);
}

function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
