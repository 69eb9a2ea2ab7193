// An array as one buffer: a header of 16 words, then the slots, then the meta data, of every handle ever given out.
import { seal } from './checksum.ts';
import type { AllocBase } from './free-hint.ts';
import { checkKeys, refused } from './misuse.ts';
import { CHUNK_SIZE, FIRST_NODE, MAX_HEIGHT, MAX_NODES, META_SHIFT, NODE_BYTES } from './node-layout.ts';
import type { FromOptions } from './options.ts';
import type { TreeState } from './tree.ts';
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
const AT_MULTI = 8;
const AT_FILLS = 9;
const AT_SPARE = 10;
const AT_CHECKSUM: number = HEADER_WORDS - 2; // two words

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
  words[AT_MULTI] = state.multi;
  words[AT_FILLS] = state.fills;
  words.set(slots.subarray(0, top * CHUNK_SIZE), HEADER_WORDS);
  words.set(meta.subarray(0, top << META_SHIFT), HEADER_WORDS + top * CHUNK_SIZE);
  seal(words, AT_CHECKSUM);
  return new Uint8Array(words.buffer);
}

/**
 * Reads a snapshot back.
 *
 * @throws XArrayError unless header, checksum and, unless trusted, structure are right; RangeError for other arguments.
 */
export function decode(
  call: string,
  bytes: Uint8Array,
  options: FromOptions = {},
): { state: TreeState; allocBase: AllocBase } {
  if (!(bytes instanceof Uint8Array)) throw refused(call, 'bytes', bytes, 'a snapshot, a Uint8Array');
  const { trusted = false } = checkKeys(call, 'options', options, 'trusted');
  if (typeof trusted !== 'boolean') throw refused(call, 'trusted', trusted, 'true or false');
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
  // The only copy: slots and meta data stay in it, side by side.
  const buffer = new Uint8Array(bytes).buffer;
  verifyChecksum(new Int32Array(buffer));
  const state = {
    slots: new Int32Array(buffer, slotsAt, top * CHUNK_SIZE),
    meta: new Int32Array(buffer, metaAt),
    levels: header[AT_LEVELS],
    count: header[AT_COUNT],
    top,
    freeNode: header[AT_FREE_NODE],
    freeCount: header[AT_FREE_COUNT],
    multi: header[AT_MULTI],
    fills: header[AT_FILLS],
  };
  if (!trusted) verify(state, slotsAt, metaAt);
  return { state, allocBase: (header[AT_ALLOC] - 1) as AllocBase };
}

/** Sums up the words again. */
function verifyChecksum(words: Int32Array): void {
  const low = words[AT_CHECKSUM];
  const high = words[AT_CHECKSUM + 1];
  seal(words, AT_CHECKSUM);
  if (words[AT_CHECKSUM] === low && words[AT_CHECKSUM + 1] === high) return;
  const expected = `${hex(words[AT_CHECKSUM])} ${hex(words[AT_CHECKSUM + 1])}`;
  throw new XArrayError('CHECKSUM', AT_CHECKSUM * 4, 'the checksum', expected, `${hex(low)} ${hex(high)}`);
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
  check(AT_MULTI, 'the number of multi-index entries', 0, header[AT_TOP] * CHUNK_SIZE);
  check(AT_FILLS, 'the number of fill nodes', 0, header[AT_TOP] - FIRST_NODE);
  for (let at = AT_SPARE; at < AT_CHECKSUM; at++) check(at, 'a spare word', 0, 0);
}

function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
