// An XArrayOf as one buffer: a header of 16 words, the snapshot of an XArray whose entries number the values, 1 upwards in ascending
// order of index, and the values as JSON in UTF-8, then zeros up to a multiple of 64 bytes.
import type { AllocBase } from './free-hint.ts';
import { decode } from './snapshot.ts';
import { AT_OWN, checkSpare, checkWord, HEADER_WORDS, headerOf, roundedUp, sealed, wordsOf } from './snapshot-frame.ts';
import type { TreeState } from './tree.ts';
import type { XArray } from './xarray.ts';
import { XArrayError } from './xarray-error.ts';

const AT_TREE: number = AT_OWN; // words of the inner snapshot
const AT_TEXT: number = AT_OWN + 1; // bytes of the text
const AT_SPARE: number = AT_OWN + 2;
const MAX_WORDS = 2 ** 29;
const MAX_TEXT: number = 2 ** 31 - 1;

/** What is read: the state of an XArray, and as many values as it has entries. */
export interface Numbered {
  state: TreeState;
  allocBase: AllocBase;
  values: unknown[];
}

/** Writes a snapshot. @param tree Snapshot of the XArray. @param text The values as JSON. */
export function encodeNumbered(tree: Uint8Array, text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const words = new Int32Array(roundedUp(HEADER_WORDS + tree.length / 4 + Math.ceil(json.length / 4)));
  words[AT_TREE] = tree.length / 4;
  words[AT_TEXT] = json.length;
  const bytes = new Uint8Array(words.buffer);
  bytes.set(tree, HEADER_WORDS * 4);
  bytes.set(json, HEADER_WORDS * 4 + tree.length);
  return sealed(words, 'XArrayOf');
}

/**
 * Reads a snapshot back.
 *
 * @throws XArrayError unless header, length, checksum, the tree and the text are right and fit; RangeError for anything but a
 *   Uint8Array.
 */
export function decodeNumbered(call: string, bytes: Uint8Array): Numbered {
  const header = headerOf(call, bytes, 'XArrayOf');
  checkWord(call, header, AT_TREE, 'the words of the tree', HEADER_WORDS, MAX_WORDS);
  checkWord(call, header, AT_TEXT, 'the bytes of the text', 0, MAX_TEXT);
  checkSpare(call, header, AT_SPARE);
  const textAt = (HEADER_WORDS + header[AT_TREE]) * 4;
  const words = wordsOf(call, bytes, roundedUp(textAt / 4 + Math.ceil(header[AT_TEXT] / 4)));
  const all = new Uint8Array(words.buffer);
  const textEnd = textAt + header[AT_TEXT];
  for (let at = textEnd; at < all.length; at++) {
    if (all[at] !== 0) throw structure(call, at, 'a byte behind the text', '0', all[at]);
  }
  const { state, allocBase } = treeOf(call, all.subarray(HEADER_WORDS * 4, textAt));
  const values = valuesOf(call, all.subarray(textAt, textEnd), textAt);
  if (values.length !== state.held) {
    throw structure(call, textAt, 'the number of values', `${state.held}, as the tree has entries`, values.length);
  }
  return { state, allocBase, values };
}

/** Checks that the entries of an array are 1, 2, 3, … in ascending order of index. */
export function verifyNumbers(call: string, array: XArray): void {
  let next = 1;
  array.forEach((entry, index) => {
    if (entry !== next)
      throw structure(call, HEADER_WORDS * 4, `the entry at ${index}`, `${next}, as they are numbered`, entry);
    next++;
  });
}

/** Reads the tree. */
function treeOf(call: string, bytes: Uint8Array): { state: TreeState; allocBase: AllocBase } {
  try {
    const read = decode(call, bytes, 'XArray');
    if (read.state.multi === 0) return read;
  } catch (error) {
    if (!(error instanceof XArrayError)) throw error;
    // Its own errors count bytes from where the tree begins.
    throw structure(
      call,
      HEADER_WORDS * 4 + error.offset,
      'the tree',
      'a sound snapshot of an XArray',
      `"${error.message}"`,
    );
  }
  throw structure(call, HEADER_WORDS * 4, 'the tree', 'one without multi-index entries', 'one that has some');
}

/** Reads the text. */
function valuesOf(call: string, bytes: Uint8Array, at: number): unknown[] {
  try {
    const values: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    if (Array.isArray(values)) return values;
  } catch {
    // Refused below: what the parser says of it names no byte.
  }
  throw structure(call, at, 'the text', 'an array of values in JSON', `${bytes.length} bytes of something else`);
}

function structure(call: string, at: number, what: string, expected: string, got: string | number): XArrayError {
  return new XArrayError(call, 'bad-structure', at, what, expected, got);
}
