// An array as one buffer: a header of 16 words, then the slots, then the meta data, of every handle ever given out.
import type { AllocBase } from './free-hint.ts';
import { checkKeys, refused } from './misuse.ts';
import { CHUNK_SIZE, FIRST_NODE, MAX_HEIGHT, MAX_NODES, META_SHIFT, NODE_BYTES } from './node-layout.ts';
import type { FromOptions } from './options.ts';
import { checkSpare, checkWord, HEADER_WORDS, headerOf, sealed, wordsOf } from './snapshot-frame.ts';
import type { TreeState } from './tree.ts';
import { verify } from './verify.ts';

const AT_ALLOC = 2; // allocBase + 1
const AT_LEVELS = 3;
const AT_TOP = 4;
const AT_FREE_NODE = 5;
const AT_FREE_COUNT = 6;
const AT_COUNT = 7;
const AT_MULTI = 8;
const AT_FILLS = 9;
const AT_SPARE = 10;

/** A class whose snapshot is its tree. */
export type TreeKind = 'XArray' | 'IntMap';

/** Writes a snapshot. */
export function encode(state: TreeState, allocBase: AllocBase, kind: TreeKind): Uint8Array {
  const { slots, meta, top } = state;
  const words = new Int32Array(HEADER_WORDS + (top * NODE_BYTES) / 4);
  words[AT_ALLOC] = allocBase + 1;
  words[AT_LEVELS] = state.levels;
  words[AT_TOP] = top;
  words[AT_FREE_NODE] = state.freeNode;
  words[AT_FREE_COUNT] = state.freeCount;
  words[AT_COUNT] = state.held;
  words[AT_MULTI] = state.multi;
  words[AT_FILLS] = state.fills;
  words.set(slots.subarray(0, top * CHUNK_SIZE), HEADER_WORDS);
  words.set(meta.subarray(0, top << META_SHIFT), HEADER_WORDS + top * CHUNK_SIZE);
  return sealed(words, kind);
}

/**
 * Reads a snapshot back.
 *
 * @throws XArrayError unless header, checksum and, unless trusted, structure are right; RangeError for other arguments.
 */
export function decode(
  call: string,
  bytes: Uint8Array,
  kind: TreeKind,
  options: FromOptions = {},
): { state: TreeState; allocBase: AllocBase } {
  const header = headerOf(call, bytes, kind);
  const { trusted = false } = checkKeys(call, 'options', options, 'trusted');
  if (typeof trusted !== 'boolean') throw refused(call, 'trusted', trusted, 'true or false');
  verifyHeader(call, header, kind);
  const top = header[AT_TOP];
  const slotsAt = HEADER_WORDS * 4;
  const metaAt = slotsAt + top * CHUNK_SIZE * 4;
  // The only copy: slots and meta data stay in it, side by side.
  const { buffer } = wordsOf(call, bytes, HEADER_WORDS + (top * NODE_BYTES) / 4);
  const state = {
    slots: new Int32Array(buffer, slotsAt, top * CHUNK_SIZE),
    meta: new Int32Array(buffer, metaAt),
    levels: header[AT_LEVELS],
    held: header[AT_COUNT],
    top,
    freeNode: header[AT_FREE_NODE],
    freeCount: header[AT_FREE_COUNT],
    multi: header[AT_MULTI],
    fills: header[AT_FILLS],
  };
  if (!trusted) verify(call, state, slotsAt, metaAt, kind === 'XArray');
  return { state, allocBase: (header[AT_ALLOC] - 1) as AllocBase };
}

/** Checks each word of the header against its range. */
/** A map allocates nothing and has no multi-index entries. */
function verifyHeader(call: string, header: Int32Array, kind: TreeKind): void {
  const isArray = kind === 'XArray';
  const nodes = header[AT_TOP] - FIRST_NODE;
  const slots = header[AT_TOP] * CHUNK_SIZE;
  checkWord(call, header, AT_ALLOC, 'the kind of allocation', 0, isArray ? 2 : 0);
  checkWord(call, header, AT_LEVELS, 'the height', 0, MAX_HEIGHT);
  checkWord(call, header, AT_TOP, 'the number of handles', FIRST_NODE, MAX_NODES);
  checkWord(call, header, AT_FREE_COUNT, 'the number of free nodes', 0, nodes);
  checkWord(call, header, AT_FREE_NODE, 'the first free node', 0, header[AT_TOP] - 1);
  checkWord(call, header, AT_COUNT, 'the size', 0, slots);
  checkWord(call, header, AT_MULTI, 'the number of multi-index entries', 0, isArray ? slots : 0);
  checkWord(call, header, AT_FILLS, 'the number of fill nodes', 0, nodes);
  checkSpare(call, header, AT_SPARE);
}
