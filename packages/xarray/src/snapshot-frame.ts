// What all snapshots of this package have in common: a header of 16 words with magic number, version and checksum, and what is
// checked of it before anything is allocated.
import { BLOCK_WORDS, seal } from './checksum.ts';
import { refused } from './misuse.ts';
import { XArrayError } from './xarray-error.ts';

/** Words of the header; those that a kind of snapshot does not name are zero. */
export const HEADER_WORDS: number = BLOCK_WORDS;
const HEADER_BYTES: number = HEADER_WORDS * 4;
const AT_MAGIC = 0;
const AT_VERSION = 1;
/** The first word that each kind has for itself. */
export const AT_OWN = 2;
/** Two words; those before it are the kind's. */
export const AT_CHECKSUM: number = HEADER_WORDS - 2;
/** The only one so far, of all kinds. */
const VERSION = 1;

/** Words in whole blocks, which the checksum wants. */
export function roundedUp(words: number): number {
  return Math.ceil(words / BLOCK_WORDS) * BLOCK_WORDS;
}

/** The classes that have snapshots of their own, and the magic number of each: four letters as a little-endian word. */
const MAGICS = {
  XArray: 0x52524158, // "XARR"
  IntMap: 0x50414d49, // "IMAP": an entry is a value plus one
  XArrayOf: 0x464f4158, // "XAOF"
  SparseXArray: 0x58525053, // "SPRX"
  TypedMap: 0x50414d54, // "TMAP"
  Ida: 0x53414449, // "IDAS"
} as const;
export type Kind = keyof typeof MAGICS;

/** Fills in magic number, version and checksum; returns the bytes. */
export function sealed(words: Int32Array, kind: Kind): Uint8Array {
  words[AT_MAGIC] = MAGICS[kind];
  words[AT_VERSION] = VERSION;
  seal(words, AT_CHECKSUM);
  return new Uint8Array(words.buffer);
}

/**
 * Reads the header, and checks magic number and version.
 *
 * @throws XArrayError; RangeError for anything but a Uint8Array.
 */
export function headerOf(call: string, bytes: Uint8Array, kind: Kind): Int32Array {
  if (!(bytes instanceof Uint8Array)) throw refused(call, 'bytes', bytes, 'a snapshot, a Uint8Array');
  if (bytes.length < HEADER_BYTES) {
    const expected = `at least ${HEADER_BYTES} bytes`;
    throw new XArrayError(call, 'bad-length', bytes.length, 'its length', expected, bytes.length);
  }
  // A copy of the header, since `bytes` may begin anywhere in its buffer.
  const header = new Int32Array(new Uint8Array(bytes.subarray(0, HEADER_BYTES)).buffer);
  const magic = header[AT_MAGIC];
  if (magic !== MAGICS[kind]) {
    const other = Object.entries(MAGICS).find(([, its]) => its === magic);
    const got = hex(magic) + (other === undefined ? '' : ` (${other[0]})`);
    throw new XArrayError(call, 'bad-magic', AT_MAGIC * 4, 'the magic number', `${hex(MAGICS[kind])} (${kind})`, got);
  }
  const version = header[AT_VERSION];
  if (version !== VERSION) {
    throw new XArrayError(call, 'bad-version', AT_VERSION * 4, 'the version', `${VERSION}`, version);
  }
  return header;
}

/** Checks a word of the header against its range. */
export function checkWord(call: string, header: Int32Array, at: number, what: string, low: number, high: number): void {
  const got = header[at];
  if (got < low || got > high) throw new XArrayError(call, 'bad-header', at * 4, what, `${low}…${high}`, got);
}

/** Checks that the words of the header from one on, which have no meaning, are zero. */
export function checkSpare(call: string, header: Int32Array, from: number): void {
  for (let at = from; at < AT_CHECKSUM; at++) checkWord(call, header, at, 'a spare word', 0, 0);
}

/** Checks length and checksum; returns a copy of the bytes, as words. */
export function wordsOf(call: string, bytes: Uint8Array, words: number): Int32Array {
  const end = words * 4;
  if (bytes.length !== end) {
    throw new XArrayError(call, 'bad-length', Math.min(end, bytes.length), 'its length', `${end} bytes`, bytes.length);
  }
  const copy = new Int32Array(new Uint8Array(bytes).buffer);
  verifyChecksum(call, copy);
  return copy;
}

/** Sums up the words again. */
function verifyChecksum(call: string, words: Int32Array): void {
  const low = words[AT_CHECKSUM];
  const high = words[AT_CHECKSUM + 1];
  seal(words, AT_CHECKSUM);
  if (words[AT_CHECKSUM] === low && words[AT_CHECKSUM + 1] === high) return;
  const expected = `${hex(words[AT_CHECKSUM])} ${hex(words[AT_CHECKSUM + 1])}`;
  throw new XArrayError(call, 'bad-checksum', AT_CHECKSUM * 4, 'the checksum', expected, `${hex(low)} ${hex(high)}`);
}

export function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
