// A TypedMap as one buffer: a header of 16 words, the keys, ascending, then from an even word on the values, then zeros up to a
// multiple of 64 bytes. A map has one snapshot, byte for byte.
import { MAX_ENTRY } from './node-layout.ts';
import { checkSpare, checkWord, HEADER_WORDS, headerOf, roundedUp, sealed, wordsOf } from './snapshot-frame.ts';
import { TypedValues, VALUE_TYPES, type ValueType } from './typed-values.ts';
import { XArrayError } from './xarray-error.ts';

const AT_TYPE = 2;
const AT_SIZE = 3;
const AT_SPARE = 4;

/** What a snapshot is made of. */
interface Source extends Iterable<[number, number | bigint]> {
  readonly type: ValueType;
  readonly size: number;
}

/** Where what lies in the words of a snapshot. */
function layout(type: ValueType, size: number): { valuesAt: number; end: number; words: number } {
  const valuesAt = HEADER_WORDS + size + (size & 1);
  const end = valuesAt + size * (type === 'i32' || type === 'u32' ? 1 : 2);
  return { valuesAt, end, words: roundedUp(end) };
}

/** Writes a snapshot. */
export function encodeTyped(map: Source): Uint8Array {
  const { type, size } = map;
  const { valuesAt, words: length } = layout(type, size);
  const words = new Int32Array(length);
  words[AT_TYPE] = VALUE_TYPES.indexOf(type);
  words[AT_SIZE] = size;
  const values = TypedValues.over(type, words.buffer, valuesAt * 4, size);
  let at = 0;
  for (const [key, value] of map) {
    words[HEADER_WORDS + at] = key;
    values[at++] = value;
  }
  return sealed(words, 'TypedMap');
}

/**
 * Reads a snapshot back.
 *
 * @throws XArrayError unless header, length, checksum and keys are right; RangeError for anything but a Uint8Array.
 */
export function decodeTyped(
  call: string,
  bytes: Uint8Array,
): { type: ValueType; entries: Iterable<[number, number | bigint]> } {
  const header = headerOf(call, bytes, 'TypedMap');
  checkWord(call, header, AT_TYPE, 'the kind of values', 0, VALUE_TYPES.length - 1);
  checkWord(call, header, AT_SIZE, 'the size', 0, MAX_ENTRY);
  checkSpare(call, header, AT_SPARE);
  const type = VALUE_TYPES[header[AT_TYPE]]!;
  const size = header[AT_SIZE];
  const { valuesAt, end, words: length } = layout(type, size);
  const words = wordsOf(call, bytes, length);
  const keys = new Uint32Array(words.buffer, HEADER_WORDS * 4, size);
  for (let i = 1; i < size; i++) {
    if (keys[i] <= keys[i - 1]) throw structure(call, HEADER_WORDS + i, 'a key', `one above ${keys[i - 1]}`, keys[i]);
  }
  for (const at of spare(size, valuesAt, end, length)) {
    if (words[at] !== 0) throw structure(call, at, 'a word between and behind the values', '0', words[at]);
  }
  const values = TypedValues.over(type, words.buffer, valuesAt * 4, size);
  return { type, entries: Array.from(keys, (key, i): [number, number | bigint] => [key, values[i]!]) };
}

/** The words that are neither header nor keys nor values. */
function* spare(size: number, valuesAt: number, end: number, length: number): Generator<number, void> {
  for (let at = HEADER_WORDS + size; at < valuesAt; at++) yield at;
  for (let at = end; at < length; at++) yield at;
}

function structure(call: string, at: number, what: string, expected: string, got: number): XArrayError {
  return new XArrayError(call, 'bad-structure', at * 4, what, expected, got);
}
