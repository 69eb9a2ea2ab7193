// Huffman codes, of the literals in a block. Source: RFC 8878, 4.2.
import { BackBits } from './back-bits.ts';
import { nextState, readTable, startState } from './fse.ts';
import { ZstdError } from './zstd-error.ts';

const MOST_BITS = 11; // of a code
const WEIGHT_LOG = 6; // of the states of a table of weights, at most

/** For all values of the next `bits` bits: the symbol in bits 0–7, the bits of its code above. */
export interface HuffmanTable {
  readonly bits: number;
  readonly codes: Uint16Array;
}

/**
 * Reads a table.
 *
 * @returns The table, and the bytes that it takes.
 * @throws ZstdError where there is none.
 */
export function readHuffman(bytes: Uint8Array): { table: HuffmanTable; length: number } {
  const [head = 0] = bytes;
  const count = head - 127;
  const length = 1 + (head < 128 ? head : (count + 1) >> 1);
  if (length > bytes.length) throw new ZstdError();
  const packed = bytes.subarray(1, length);
  const weights =
    head < 128
      ? packedWeights(packed)
      : Array.from({ length: count }, (_, index) => (packed[index >> 1]! >> (index % 2 === 0 ? 4 : 0)) & 15);
  return { table: tableOfWeights(weights), length };
}

/** Two states take turns, until there are no more bits for the next of one. */
function packedWeights(bytes: Uint8Array): number[] {
  const { table, length } = readTable(bytes, WEIGHT_LOG, 255);
  const bits = new BackBits(bytes.subarray(length));
  const weights: number[] = [];
  let state = startState(table, bits);
  let other = startState(table, bits);
  if (bits.left < 0) throw new ZstdError();
  while (bits.left >= 0) {
    if (weights.length > 253) throw new ZstdError(); // one more follows, and one that is not written
    weights.push(table.states[state]! & 0xff);
    [state, other] = [other, nextState(table, state, bits)];
  }
  weights.push(table.states[state]! & 0xff);
  return weights;
}

/** A code of weight w has 2^(w - 1) of the table's places; the last symbol has those that are left. */
function tableOfWeights(weights: number[]): HuffmanTable {
  let places = 0;
  for (const weight of weights) {
    if (weight > MOST_BITS) throw new ZstdError();
    places += (1 << weight) >> 1;
  }
  const bits = 32 - Math.clz32(places);
  const left = (1 << bits) - places;
  if (places === 0 || bits > MOST_BITS || (left & (left - 1)) !== 0) throw new ZstdError();
  weights.push(32 - Math.clz32(left));
  const longest = weights.filter((weight) => weight === 1).length;
  if (longest < 2 || longest % 2 !== 0) throw new ZstdError();
  const codes = new Uint16Array(1 << bits);
  let at = 0;
  for (let weight = 1; weight <= bits; weight++) {
    for (const [symbol, own] of weights.entries()) {
      if (own === weight) codes.fill(symbol | ((bits + 1 - weight) << 8), at, (at += (1 << weight) >> 1));
    }
  }
  return { bits, codes };
}

/**
 * Decodes one stream, to fill the target.
 *
 * @throws ZstdError where the stream is longer or shorter.
 */
export function decodeStream({ bits: width, codes }: HuffmanTable, bytes: Uint8Array, target: Uint8Array): void {
  const bits = new BackBits(bytes);
  for (let at = 0; at < target.length; at++) {
    const code = codes[bits.peek(width)]!;
    target[at] = code;
    bits.left -= code >> 8;
  }
  if (bits.left !== 0) throw new ZstdError();
}

/** Decodes four streams, the lengths of three of which stand before them. */
export function decodeFourStreams(table: HuffmanTable, bytes: Uint8Array, target: Uint8Array): void {
  const each = (target.length + 3) >> 2;
  if (bytes.length < 6 || each * 3 > target.length) throw new ZstdError();
  let at = 6;
  for (let stream = 0; stream < 4; stream++) {
    const length = bytes[stream * 2]! | (bytes[stream * 2 + 1]! << 8);
    const end = stream === 3 ? bytes.length : at + length;
    if (end > bytes.length) throw new ZstdError();
    const made = target.subarray(each * stream, stream === 3 ? target.length : each * (stream + 1));
    decodeStream(table, bytes.subarray(at, end), made);
    at = end;
  }
}
