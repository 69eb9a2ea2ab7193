// A SparseXArray as one buffer: a header of 16 words, the indices in ascending order, their entries, a bit each for the three marks,
// then zeros up to a multiple of 64 bytes. A content has one snapshot, byte for byte.
import { MAX_ENTRY } from '../node-layout.ts';
import {
  AT_OWN,
  checkSpare,
  checkWord,
  HEADER_WORDS,
  headerOf,
  roundedUp,
  sealed,
  wordsOf,
} from '../snapshot-frame.ts';
import { XArrayError } from '../xarray-error.ts';

const AT_SIZE: number = AT_OWN;
const AT_SPARE: number = AT_OWN + 1;
/** As many entries as have leaves: 2²⁴ of 31. */
const MAX_SIZE: number = 2 ** 24 * 31;
const MARKS = 3;

/** What is asked of an array. */
interface Marked extends Iterable<[number, number]> {
  readonly size: number;
  getMark(index: number, mark: number): boolean;
  marked(mark: number): boolean;
}

/** What is done to an empty one. */
interface Fresh {
  store(index: number, entry: number): unknown;
  setMark(index: number, mark: number): void;
}

/** Where the parts begin, in words. */
function placesOf(size: number): { entries: number; marks: number; perMark: number; end: number } {
  const entries = HEADER_WORDS + size;
  const marks = entries + size;
  const perMark = Math.ceil(size / 32);
  return { entries, marks, perMark, end: marks + MARKS * perMark };
}

/** Writes a snapshot. */
export function encodeSparse(array: Marked): Uint8Array {
  const { size } = array;
  const places = placesOf(size);
  const words = new Int32Array(roundedUp(places.end));
  words[AT_SIZE] = size;
  const used = [0, 1, 2].filter((mark) => array.marked(mark));
  let at = 0;
  for (const [index, entry] of array) {
    words[HEADER_WORDS + at] = index;
    words[places.entries + at] = entry;
    for (const mark of used) {
      if (array.getMark(index, mark)) words[places.marks + mark * places.perMark + (at >>> 5)] |= 1 << at;
    }
    at++;
  }
  return sealed(words, 'SparseXArray');
}

/**
 * Reads a snapshot back into an empty array, once all of it was found right.
 *
 * @throws XArrayError unless header, length, checksum and contents are right; RangeError for anything but a Uint8Array.
 */
export function decodeSparse<T extends Fresh>(call: string, bytes: Uint8Array, make: () => T): T {
  const header = headerOf(call, bytes, 'SparseXArray');
  checkWord(call, header, AT_SIZE, 'the size', 0, MAX_SIZE);
  checkSpare(call, header, AT_SPARE);
  const size = header[AT_SIZE];
  const places = placesOf(size);
  const words = wordsOf(call, bytes, roundedUp(places.end));
  verify(call, words, size, places);
  const array = make();
  for (let at = 0; at < size; at++) {
    const index = words[HEADER_WORDS + at] >>> 0;
    array.store(index, words[places.entries + at]);
    for (let mark = 0; mark < MARKS; mark++) {
      if ((words[places.marks + mark * places.perMark + (at >>> 5)] & (1 << at)) !== 0) array.setMark(index, mark);
    }
  }
  return array;
}

/** Checks that indices ascend, entries are entries, and all other bits are zero. */
function verify(
  call: string,
  words: Int32Array,
  size: number,
  { entries, marks, perMark, end }: ReturnType<typeof placesOf>,
): void {
  let least = 0;
  for (let at = 0; at < size; at++) {
    const index = words[HEADER_WORDS + at] >>> 0;
    if (index < least) throw structure(call, HEADER_WORDS + at, 'an index', `one above ${least - 1}`, index);
    least = index + 1;
    const entry = words[entries + at];
    if (entry < 1) throw structure(call, entries + at, 'an entry', `1…${MAX_ENTRY}`, entry);
  }
  for (let mark = 1; mark <= MARKS && size % 32 !== 0; mark++) {
    const last = marks + mark * perMark - 1;
    if ((words[last] & (-1 << size)) !== 0)
      throw structure(call, last, 'marks', 'no bit behind the last entry', words[last]);
  }
  for (let at = end; at < words.length; at++) {
    if (words[at] !== 0) throw structure(call, at, 'a word behind the marks', '0', words[at]);
  }
}

function structure(call: string, at: number, what: string, expected: string, got: string | number): XArrayError {
  return new XArrayError(call, 'bad-structure', at * 4, what, expected, got);
}
