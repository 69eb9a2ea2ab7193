// A pool as one buffer: a header of 16 words, the IDs of slots (GenerationalId alone), the ring of resting offsets, the IDs in
// quarantine, the bitmap.
// What can be worked out from these is not written: the levels above the bitmap, the size, where the lowest free ID is.
import { BLOCK_WORDS, seal } from './checksum.ts';
import { type HandleLayout, INT32_BITS } from './handles.ts';
import { refused } from './misuse.ts';
import { INT_MAX } from './range.ts';
import { NextIdError } from './snapshot-error.ts';
import {
  AT_BITS,
  AT_CHECKSUM,
  AT_CURSOR,
  AT_CYCLIC,
  AT_DELAY,
  AT_EPOCH,
  AT_HELD,
  AT_LEAVES,
  AT_MAGIC,
  AT_MAX,
  AT_MIN,
  AT_RESTING,
  AT_SLOT_BITS,
  AT_SLOTS,
  AT_VERSION,
  GENERATIONAL_MAGIC,
  HEADER_WORDS,
  hex,
  layoutOf,
  PLAIN_VERSION,
  POOL_MAGIC,
  packed,
  VERSION,
  verifyHeader,
} from './snapshot-header.ts';

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
  /** Uint32Array, shape [quarantine × 2], each with its offset, ascending, and the frees left, 0 until `unquarantine`. */
  held: Uint32Array;
  /** Int32Array, a bit per offset: taken or resting. Words beyond it are zero. */
  bits: Int32Array;
  /** How the IDs of slots are made up; NO_SLOTS for an IdPool. */
  slots: HandleLayout;
  /** Shape [slots], as in GenerationalId. Slots beyond it are free and of generation 0. */
  ids: Int32Array | Float64Array;
}

/** Writes a snapshot; `bits` and `ids` are cut behind what is in use. */
export function encode(image: Image): Uint8Array {
  const { ring, held, bits, slots } = image;
  const ids = image.ids.subarray(0, slotsInUse(image));
  const parts = placesOf(ids.length * wordsPerId(slots), ring.length, held.length, leavesInUse(image));
  const words = new Int32Array(parts.end);
  words[AT_MAGIC] = slots.slotBits > 0 ? GENERATIONAL_MAGIC : POOL_MAGIC;
  words[AT_VERSION] = versionOf(image);
  words[AT_MIN] = image.min;
  words[AT_MAX] = image.max;
  words[AT_CYCLIC] = Number(image.cyclic);
  words[AT_CURSOR] = image.cursor;
  words[AT_DELAY] = ring.length;
  words[AT_RESTING] = image.resting;
  words[AT_LEAVES] = parts.leaves;
  words[AT_SLOT_BITS] = slots.slotBits;
  words[AT_SLOTS] = ids.length;
  if (words[AT_VERSION] === VERSION) {
    words[AT_BITS] = packed(slots);
    words[AT_EPOCH] = slots.epoch;
    words[AT_HELD] = held.length / 2;
  }
  if (ids instanceof Int32Array) words.set(ids, HEADER_WORDS);
  else for (let slot = 0; slot < ids.length; slot++) writeWide(words, HEADER_WORDS + 2 * slot, ids[slot]);
  words.set(ring, parts.ring);
  words.set(held, parts.held);
  words.set(bits.subarray(0, parts.leaves), parts.bits);
  seal(words, AT_CHECKSUM);
  return new Uint8Array(words.buffer);
}

/** Where the parts behind the slots begin, in words. */
function placesOf(
  ids: number,
  ring: number,
  held: number,
  leaves: number,
): Record<'ring' | 'held' | 'bits' | 'leaves' | 'end', number> {
  const ringAt = HEADER_WORDS + ids;
  const heldAt = ringAt + ring;
  const bitsAt = heldAt + held;
  return { ring: ringAt, held: heldAt, bits: bitsAt, leaves, end: roundedUp(bitsAt + leaves) };
}

/** The first version that has words for all of an image: each state has one snapshot. */
function versionOf({ held, slots }: Image): number {
  const { slotBits, bits, epochBits, retires } = slots;
  const isPlain = slotBits === 0 || (bits === INT32_BITS && epochBits === 0 && !retires);
  return isPlain && held.length === 0 ? PLAIN_VERSION : VERSION;
}

/** Words of the ID of a slot. */
function wordsPerId({ bits }: HandleLayout): number {
  return bits > INT32_BITS ? 2 : 1;
}

/** Writes an ID of more than 31 bits, low word first; the highest bit tells a free slot. */
function writeWide(words: Int32Array, at: number, id: number): void {
  const value = id < 0 ? -1 - id : id;
  words[at] = value;
  words[at + 1] = Math.floor(value / 2 ** 32) | (id < 0 ? 1 << 31 : 0);
}

function readWide(words: Int32Array, at: number): number {
  const value = (words[at + 1] & INT_MAX) * 2 ** 32 + (words[at] >>> 0);
  return words[at + 1] < 0 ? -1 - value : value;
}

/**
 * Reads a snapshot back. Takes no more memory than two copies of the bytes and a bit per bit of the bitmap.
 *
 * @throws NextIdError unless header, length, checksum and contents are right; RangeError for anything but a Uint8Array.
 */
export function decode(call: string, bytes: Uint8Array, magic: number): Image {
  if (!(bytes instanceof Uint8Array)) throw refused(call, 'bytes', bytes, 'a snapshot, a Uint8Array');
  try {
    return read(bytes, magic);
  } catch (error) {
    if (!(error instanceof NextIdError)) throw error;
    // The checks do not know for which call they are made.
    const { code, offset, what, expected, got } = error;
    throw new NextIdError(code, offset, what, expected, got, call);
  }
}

function read(bytes: Uint8Array, magic: number): Image {
  if (bytes.length < HEADER_WORDS * 4) {
    throw new NextIdError('bad-length', bytes.length, 'its length', `at least ${HEADER_WORDS * 4} bytes`, bytes.length);
  }
  // A copy of the header, since `bytes` may begin anywhere in its buffer.
  const header = new Uint32Array(new Uint8Array(bytes.subarray(0, HEADER_WORDS * 4)).buffer);
  verifyHeader(header, magic);
  const slots = layoutOf(header, magic);
  const slotWords = header[AT_SLOTS] * wordsPerId(slots);
  const parts = placesOf(slotWords, header[AT_DELAY], 2 * header[AT_HELD], header[AT_LEAVES]);
  const end = parts.end * 4;
  if (bytes.length !== end) {
    throw new NextIdError('bad-length', Math.min(end, bytes.length), 'its length', `${end} bytes`, bytes.length);
  }
  const { buffer } = new Uint8Array(bytes);
  verifyChecksum(new Int32Array(buffer));
  const image = {
    min: header[AT_MIN],
    max: header[AT_MAX],
    cyclic: header[AT_CYCLIC] === 1,
    cursor: header[AT_CURSOR],
    ring: new Uint32Array(buffer, parts.ring * 4, header[AT_DELAY]),
    resting: header[AT_RESTING],
    held: new Uint32Array(buffer, parts.held * 4, 2 * header[AT_HELD]),
    bits: new Int32Array(buffer, parts.bits * 4),
    slots,
    ids: readIds(new Int32Array(buffer, HEADER_WORDS * 4, slotWords), slots),
  };
  const resting = verifyRing(image);
  verifyHeld(image, resting);
  verifyBits(image, header[AT_LEAVES]);
  if (slots.slotBits > 0) verifySlots(image, resting);
  const version = versionOf(image);
  if (header[AT_VERSION] !== version) {
    throw new NextIdError(
      'bad-version',
      AT_VERSION * 4,
      'the version',
      `${version}, which has words for all of it`,
      VERSION,
    );
  }
  return image;
}

function readIds(words: Int32Array, slots: HandleLayout): Int32Array | Float64Array {
  if (wordsPerId(slots) === 1) return words;
  return Float64Array.from({ length: words.length / 2 }, (_, slot) => readWide(words, 2 * slot));
}

/** Words of the bitmap up to the last one in use, or to the cursor: a cyclic pool has been there. */
export function leavesInUse({ bits, cursor }: Image): number {
  let leaves = bits.length;
  const least = Math.ceil(cursor / 32);
  while (leaves > least && bits[leaves - 1] === 0) leaves--;
  return leaves;
}

/** Slots up to the last one that is not as new. */
function slotsInUse({ ids, slots }: Image): number {
  const base = slots.epoch * 2 ** (slots.bits - slots.epochBits);
  let length = ids.length;
  while (length > 0 && ids[length - 1] === -length - base) length--;
  return length;
}

/** Words in whole blocks, which the checksum wants. */
function roundedUp(words: number): number {
  return Math.ceil(words / BLOCK_WORDS) * BLOCK_WORDS;
}

/** Sums up the words again. */
function verifyChecksum(words: Int32Array): void {
  const low = words[AT_CHECKSUM];
  const high = words[AT_CHECKSUM + 1];
  seal(words, AT_CHECKSUM);
  if (words[AT_CHECKSUM] === low && words[AT_CHECKSUM + 1] === high) return;
  const expected = `${hex(words[AT_CHECKSUM])} ${hex(words[AT_CHECKSUM + 1])}`;
  throw new NextIdError('bad-checksum', AT_CHECKSUM * 4, 'the checksum', expected, `${hex(low)} ${hex(high)}`);
}

/** Checks that each resting offset is in the bitmap, and there once. Returns a bit per offset that rests. */
function verifyRing({ ring, resting, bits, held }: Image): Int32Array {
  const seen = new Int32Array(resting + held.length > 0 ? bits.length : 0);
  for (let i = resting; i < ring.length; i++) expectWord(ring, i, 'a word of the ring that is not in use', 0);
  for (let i = 0; i < resting; i++) verifyResting(ring, i, bits, seen);
  return seen;
}

/** Checks that IDs in quarantine ascend, are in the bitmap, and do not rest in the ring. Adds them to those that rest. */
function verifyHeld({ held, bits }: Image, seen: Int32Array): void {
  for (let i = 0; i < held.length; i += 2) {
    verifyResting(held, i, bits, seen);
    if (i > 0 && held[i] <= held[i - 2]) {
      throw structure(held, i, 'an ID in quarantine', `an offset above ${held[i - 2]}`, held[i]);
    }
    if (held[i + 1] > INT_MAX) throw structure(held, i + 1, 'the frees left', `0…${INT_MAX}`, held[i + 1]);
  }
}

/** Checks that an offset is in the bitmap and was not seen resting; it is now. */
function verifyResting(offsets: Uint32Array, at: number, bits: Int32Array, seen: Int32Array): void {
  const offset = offsets[at];
  const word = offset >>> 5;
  if (word >= bits.length || (bits[word] & ~seen[word] & (1 << offset)) === 0) {
    throw structure(offsets, at, 'a resting ID', 'an offset that the bitmap has, and no two the same', offset);
  }
  seen[word] |= 1 << offset;
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
      'bad-structure',
      AT_LEAVES * 4,
      'the words of the bitmap',
      `${inUse}, as they are in use`,
      leaves,
    );
  }
}

/**
 * Checks that each slot holds an ID of its own: one that is in use if its bit says so, else the complement of the next. Where slots
 * retire, a taken one may hold the complement of the last ID that it can have.
 */
function verifySlots(image: Image, resting: Int32Array): void {
  const { ids, bits, slots } = image;
  const mask = 2 ** slots.slotBits - 1;
  const span = 2 ** (slots.bits - slots.epochBits);
  const base = slots.epoch * span;
  const end = Math.max(ids.length, Math.min(bits.length * 32, mask + 1));
  for (let slot = 0; slot < end; slot++) {
    const isTaken = (bits[slot >>> 5] & ~(resting[slot >>> 5] ?? 0) & (1 << slot)) !== 0;
    const word = slot < ids.length ? ids[slot] : -1 - slot - base;
    const id = word < 0 ? -1 - word : word;
    const isLast = id % span >= span - 2 ** slots.slotBits;
    const isInPlace = word < 0 ? (isTaken ? slots.retires && isLast : id - (id % span) === base) : isTaken;
    if (isInPlace && (id & mask) === slot && id < 2 ** slots.bits) continue;
    if (slot >= ids.length) {
      throw structure(bits, slot >>> 5, 'the slots in use', `slots below ${ids.length}, which have IDs`, slot);
    }
    const at = HEADER_WORDS + slot * wordsPerId(slots);
    const expected = `${isTaken ? 'an ID' : '~ an ID'}, 0…${2 ** slots.bits - 1}, of slot ${slot}`;
    throw new NextIdError('bad-structure', at * 4, isTaken ? 'a slot in use' : 'a free slot', expected, word);
  }
  const used = slotsInUse(image);
  if (used !== ids.length) {
    throw new NextIdError(
      'bad-structure',
      AT_SLOTS * 4,
      'the number of slots',
      `${used}, as they are in use`,
      ids.length,
    );
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
  return new NextIdError('bad-structure', words.byteOffset + at * 4, what, expected, got);
}
