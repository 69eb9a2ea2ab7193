// An Ida as one buffer: a header of 16 words, the keys of the leaves that have an ID, ascending, then their words, then zeros up
// to a multiple of 64 bytes. A set has one snapshot, byte for byte.
import { LEAF_SHIFT, MAX_ID, NODE_WORDS, PRESENT, SLOTS } from './ida-layout.ts';
import { leavesOf, roomFor, treeOver } from './ida-leaves.ts';
import { summarise } from './ida-sets.ts';
import type { IdaNodes } from './ida-tree.ts';
import { AT_OWN, checkSpare, checkWord, HEADER_WORDS, headerOf, roundedUp, sealed, wordsOf } from './snapshot-frame.ts';
import { XArrayError } from './xarray-error.ts';

const AT_LEAVES: number = AT_OWN;
const AT_SPARE: number = AT_OWN + 1;
/** The key of the leaf of the highest ID. */
const MAX_KEY: number = MAX_ID >>> LEAF_SHIFT;

/** Writes a snapshot. */
export function encodeIda(tree: IdaNodes): Uint8Array {
  const { count, keys, handles } = leavesOf(tree);
  const wordsAt = HEADER_WORDS + count;
  const words = new Int32Array(roundedUp(wordsAt + count * SLOTS));
  words[AT_LEAVES] = count;
  words.set(keys.subarray(0, count), HEADER_WORDS);
  for (let i = 0; i < count; i++) {
    words.set(tree.nodes.subarray(handles[i], handles[i] + SLOTS), wordsAt + i * SLOTS);
  }
  return sealed(words, 'Ida');
}

/**
 * Reads a snapshot back.
 *
 * @throws XArrayError unless header, length, checksum and contents are right; RangeError for anything but a Uint8Array.
 */
export function decodeIda(call: string, bytes: Uint8Array): IdaNodes {
  const header = headerOf(call, bytes, 'Ida');
  checkWord(call, header, AT_LEAVES, 'the number of leaves', 0, MAX_KEY + 1);
  checkSpare(call, header, AT_SPARE);
  const count = header[AT_LEAVES];
  const wordsAt = HEADER_WORDS + count;
  const words = wordsOf(call, bytes, roundedUp(wordsAt + count * SLOTS));
  // Its own array: it is overwritten when the levels above are built.
  const keys = words.slice(HEADER_WORDS, wordsAt);
  verifyKeys(call, keys);
  const nodes = roomFor(keys, count);
  for (let i = 0; i < count; i++) {
    const at = NODE_WORDS * (1 + i);
    const from = wordsAt + i * SLOTS;
    nodes.set(words.subarray(from, from + SLOTS), at);
    summarise(nodes, at);
    if (nodes[at + PRESENT] === 0) throw structure(call, from, 'a leaf', 'one with an ID', 'an empty one');
  }
  for (let at = wordsAt + count * SLOTS; at < words.length; at++) {
    if (words[at] !== 0) throw structure(call, at, 'a word behind the leaves', '0', words[at]);
  }
  return treeOver(nodes, keys, count);
}

/** Checks that keys ascend, and are keys. */
function verifyKeys(call: string, keys: Int32Array): void {
  let least = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (key < least || key > MAX_KEY)
      throw structure(call, HEADER_WORDS + i, 'the key of a leaf', `${least}…${MAX_KEY}`, key);
    least = key + 1;
  }
}

function structure(call: string, at: number, what: string, expected: string, got: string | number): XArrayError {
  return new XArrayError(call, 'bad-structure', at * 4, what, expected, got);
}
