// An array as one buffer: a header of 16 words, then the slots, then the meta data, of every handle ever given out.
import { CHUNK_SIZE, FIRST_NODE, MAX_HEIGHT, MAX_NODES, META_SHIFT, NODE_BYTES } from './node-layout.ts';
import type { AllocBase, TreeState } from './nodes.ts';
import { verify } from './verify.ts';
import { XArrayError } from './xarray-error.ts';

/** "XARR" read as a little-endian word: bytes of the other order, or of something else, do not match. */
const MAGIC = 0x52524158;
const VERSION = 1;

/** Words of the header; those not named are zero. */
const HEADER_WORDS = 16;
const AT_MAGIC = 0;
const AT_VERSION = 1;
const AT_ALLOC = 2; // allocBase + 1
const AT_LEVELS = 3;
const AT_TOP = 4;
const AT_FREE_NODE = 5;
const AT_FREE_COUNT = 6;
const AT_COUNT = 7;
const AT_SPARE = 8;
const AT_CHECKSUM = HEADER_WORDS - 1;

/** 2³² / φ, odd: multiplying by it can be undone, so no change of a single word goes unseen. */
const MULTIPLIER = 0x9e3779b1;

/** Writes a snapshot. */
export function encode(state: TreeState, allocBase: AllocBase): Uint8Array {
  const { slots, meta, top } = state;
  const words = new Int32Array(HEADER_WORDS + (top * NODE_BYTES) / 4);
  words[AT_MAGIC] = MAGIC;
  words[AT_VERSION] = VERSION;
  words[AT_ALLOC] = allocBase + 1;
  words[AT_LEVELS] = state.levels;
  words[AT_TOP] = top;
  words[AT_FREE_NODE] = state.freeNode;
  words[AT_FREE_COUNT] = state.freeCount;
  words[AT_COUNT] = state.count;
  words.set(slots.subarray(0, top * CHUNK_SIZE), HEADER_WORDS);
  words.set(meta.subarray(0, top << META_SHIFT), HEADER_WORDS + top * CHUNK_SIZE);
  words[AT_CHECKSUM] = checksum(words);
  return new Uint8Array(words.buffer);
}

/**
 * Reads a snapshot back.
 *
 * @throws XArrayError unless header, checksum and structure are right.
 */
export function decode(bytes: Uint8Array): { state: TreeState; allocBase: AllocBase } {
  if (bytes.length < HEADER_WORDS * 4) {
    throw new XArrayError('LENGTH', bytes.length, 'its length', `at least ${HEADER_WORDS * 4} bytes`, bytes.length);
  }
  // A copy of the header, since `bytes` may begin anywhere in its buffer.
  const header = new Int32Array(new Uint8Array(bytes.subarray(0, HEADER_WORDS * 4)).buffer);
  verifyHeader(header);
  const top = header[AT_TOP];
  const slotsAt = HEADER_WORDS * 4;
  const metaAt = slotsAt + top * CHUNK_SIZE * 4;
  const end = slotsAt + top * NODE_BYTES;
  if (bytes.length !== end) {
    throw new XArrayError('LENGTH', Math.min(end, bytes.length), 'its length', `${end} bytes`, bytes.length);
  }
  const words = new Int32Array(new Uint8Array(bytes).buffer);
  const sum = checksum(words);
  if (sum !== header[AT_CHECKSUM]) {
    throw new XArrayError('CHECKSUM', AT_CHECKSUM * 4, 'the checksum', hex(sum), hex(header[AT_CHECKSUM]));
  }
  const state = {
    slots: words.slice(slotsAt / 4, metaAt / 4),
    meta: words.slice(metaAt / 4),
    levels: header[AT_LEVELS],
    count: header[AT_COUNT],
    top,
    freeNode: header[AT_FREE_NODE],
    freeCount: header[AT_FREE_COUNT],
  };
  verify(state, slotsAt, metaAt);
  return { state, allocBase: (header[AT_ALLOC] - 1) as AllocBase };
}

/** Checks each word of the header against its range. */
function verifyHeader(header: Int32Array): void {
  const magic = header[AT_MAGIC];
  if (magic !== MAGIC) throw new XArrayError('MAGIC', AT_MAGIC * 4, 'the magic number', hex(MAGIC), hex(magic));
  const version = header[AT_VERSION];
  if (version !== VERSION) throw new XArrayError('VERSION', AT_VERSION * 4, 'the version', `${VERSION}`, version);
  const check = (at: number, what: string, low: number, high: number): void => {
    const got = header[at];
    if (got < low || got > high) throw new XArrayError('HEADER', at * 4, what, `${low}…${high}`, got);
  };
  check(AT_ALLOC, 'the kind of allocation', 0, 2);
  check(AT_LEVELS, 'the height', 0, MAX_HEIGHT);
  check(AT_TOP, 'the number of handles', FIRST_NODE, MAX_NODES);
  check(AT_FREE_COUNT, 'the number of free nodes', 0, header[AT_TOP] - FIRST_NODE);
  check(AT_FREE_NODE, 'the first free node', 0, header[AT_TOP] - 1);
  check(AT_COUNT, 'the size', 0, header[AT_TOP] * CHUNK_SIZE);
  for (let at = AT_SPARE; at < AT_CHECKSUM; at++) check(at, 'a spare word', 0, 0);
}

/** Sums up all words but the checksum's own, in four strands so that their multiplications overlap. */
export function checksum(words: Int32Array): number {
  let a = 1;
  let b = 2;
  let c = 3;
  let d = 4;
  // Header and nodes are multiples of four words.
  for (let i = 0; i < words.length; i += 4) {
    a = Math.imul(a ^ words[i], MULTIPLIER);
    b = Math.imul(b ^ words[i + 1], MULTIPLIER);
    c = Math.imul(c ^ words[i + 2], MULTIPLIER);
    d = Math.imul(d ^ (i + 3 === AT_CHECKSUM ? 0 : words[i + 3]), MULTIPLIER);
    // Bring the high bits, where a product mixes best, down to where the next one starts.
    a ^= a >>> 15;
    b ^= b >>> 15;
    c ^= c >>> 15;
    d ^= d >>> 15;
  }
  return Math.imul(Math.imul(Math.imul(a, MULTIPLIER) ^ b, MULTIPLIER) ^ c, MULTIPLIER) ^ d;
}

function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
