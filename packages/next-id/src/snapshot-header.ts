// The header of a snapshot: 16 words, each with its range.
import { BLOCK_WORDS } from './checksum.ts';
import { type HandleLayout, INT32_BITS, MAX_BITS, MAX_EPOCH_BITS } from './handles.ts';
import { UINT_MAX } from './range.ts';
import { NextIdError } from './snapshot-error.ts';

/** "IDPL" and "GENI" read as little-endian words: bytes of the other order, or of something else, do not match. */
export const POOL_MAGIC = 0x4c504449;
export const GENERATIONAL_MAGIC = 0x494e4547;
/** The first version; what it has no words for, bits other than 31, epochs, retirement and quarantine, takes the second one. */
export const PLAIN_VERSION = 1;
export const VERSION = 2;

/** Words of the header; those not named are zero. */
export const HEADER_WORDS: number = BLOCK_WORDS;
export const AT_MAGIC = 0;
export const AT_VERSION = 1;
export const AT_MIN = 2;
export const AT_MAX = 3;
export const AT_CYCLIC = 4; // 1: cyclic
export const AT_CURSOR = 5; // offset from min where a cyclic pool goes on
export const AT_DELAY = 6; // words of the ring
export const AT_RESTING = 7; // how many of them are in use
export const AT_LEAVES = 8; // words of the bitmap
export const AT_SLOT_BITS = 9; // of a GenerationalId
export const AT_SLOTS = 10; // words of the IDs of slots
export const AT_BITS = 11; // bits of an ID, epochBits << 8, 1 << 16 if slots retire; from here on in version 2
export const AT_EPOCH = 12;
export const AT_HELD = 13; // IDs in quarantine, two words each
export const AT_CHECKSUM: number = HEADER_WORDS - 2; // two words

/** The layout that an IdPool has in an image. */
export const NO_SLOTS: HandleLayout = { slotBits: 0, bits: 0, epochBits: 0, epoch: 0, retires: false };

/** The word of a layout. */
export function packed({ bits, epochBits, retires }: HandleLayout): number {
  return bits | (epochBits << 8) | (Number(retires) << 16);
}

/** Checks each word of the header against its range. */
export function verifyHeader(header: Uint32Array, expected: number): void {
  const magic = header[AT_MAGIC];
  if (magic !== expected)
    throw new NextIdError('bad-magic', AT_MAGIC * 4, 'the magic number', named(expected), named(magic));
  const version = header[AT_VERSION];
  if (version !== PLAIN_VERSION && version !== VERSION) {
    throw new NextIdError('bad-version', AT_VERSION * 4, 'the version', `${PLAIN_VERSION}…${VERSION}`, version);
  }
  const check = (at: number, what: string, low: number, high: number): void => {
    const got = header[at];
    if (got < low || got > high) throw new NextIdError('bad-header', at * 4, what, `${low}…${high}`, got);
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
  if (version === PLAIN_VERSION) for (let at = AT_BITS; at < AT_CHECKSUM; at++) check(at, 'a spare word', 0, 0);
  check(AT_HELD, 'the number of IDs in quarantine', 0, isPool ? header[AT_LEAVES] * 32 : 0);
  if (isPool) for (const at of [AT_BITS, AT_EPOCH]) check(at, 'a spare word', 0, 0);
}

/** Reads how the IDs of slots are made up. */
export function layoutOf(header: Uint32Array, magic: number): HandleLayout {
  if (magic === POOL_MAGIC) return NO_SLOTS;
  const slotBits = header[AT_SLOT_BITS];
  if (header[AT_VERSION] === PLAIN_VERSION)
    return { slotBits, bits: INT32_BITS, epochBits: 0, epoch: 0, retires: false };
  const word = header[AT_BITS];
  const bits = word & 0xff;
  const epochBits = (word >>> 8) & 0xff;
  const least = slotBits + epochBits + 1;
  if (word >>> 17 !== 0 || epochBits > MAX_EPOCH_BITS || bits < least || bits > MAX_BITS) {
    throw new NextIdError(
      'bad-header',
      AT_BITS * 4,
      'the bits of an ID',
      `${least}…${MAX_BITS}, at most ${MAX_EPOCH_BITS} of an epoch`,
      hex(word),
    );
  }
  const epoch = header[AT_EPOCH];
  if (epoch >= 2 ** epochBits) {
    throw new NextIdError('bad-header', AT_EPOCH * 4, 'the epoch', `0…${2 ** epochBits - 1}`, epoch);
  }
  return { slotBits, bits, epochBits, epoch, retires: word >>> 16 === 1 };
}

/** A magic number, and what has it. */
function named(magic: number): string {
  const of = magic === POOL_MAGIC ? ', of an IdPool' : magic === GENERATIONAL_MAGIC ? ', of a GenerationalId' : '';
  return hex(magic) + of;
}

export function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
