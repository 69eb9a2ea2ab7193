// The shape of one cache: size = sets × ways × line, with sets and line powers of two, as in cachegrind.

import { refusal, refused } from './misuse.ts';

/** One cache. */
export interface Geometry {
  /** What it is called in statistics and messages: 'L1', 'LL'. */
  name: string;
  /** Bytes it holds, up to 4 GiB. */
  size: number;
  /** Lines in a set; size / (ways × line) must be a power of two. */
  ways: number;
  /** Bytes in a line, a power of two, 8…2³⁰. */
  line: number;
}

/** Largest size: a set number then fits the low half of an address. */
const MAX_SIZE = 2 ** 32;
/** Most lines: 2 GiB in 64-byte lines; their tags take 128 MiB. */
const MAX_LINES = 2 ** 25;
const MIN_LINE = 8;
const MAX_LINE = 2 ** 30;

/**
 * Checks a cache's shape.
 *
 * @returns The number of sets.
 * @throws RangeError naming what was got and what is expected.
 */
export function checkGeometry(call: string, geometry: Geometry): number {
  const { name, size, ways, line } = geometry;
  if (typeof name !== 'string') throw refused(call, "a cache's name", name, 'a string');
  if (!isPowerOfTwo(line) || line < MIN_LINE || line > MAX_LINE) {
    throw refused(call, `${name} line`, line, `a power of two, ${MIN_LINE}…${MAX_LINE} bytes in a line`);
  }
  if (!Number.isSafeInteger(ways) || ways < 1) throw refused(call, `${name} ways`, ways, 'an integer, 1 way or more');
  if (!Number.isSafeInteger(size) || size < 1 || size > MAX_SIZE) {
    throw refused(call, `${name} size`, size, `an integer, 1…${MAX_SIZE} bytes in all`);
  }
  const got = `size ${size}, ways ${ways}, line ${line}`;
  const sets = size / (ways * line);
  if (!isPowerOfTwo(sets))
    throw refusal(call, name, got, `a power of two (size / (ways × line) is ${Number(sets.toPrecision(7))} sets)`);
  if (sets * ways > MAX_LINES) throw refusal(call, name, got, `at most ${MAX_LINES} lines (it holds ${sets * ways})`);
  return sets;
}

/**
 * Reads a shape in cachegrind's words, `size,ways,line`.
 *
 * @param text `32768,8,64`: decimal bytes, ways, decimal bytes.
 * @param name What the cache is to be called.
 * @throws RangeError when the text has another form or the shape is impossible.
 */
export function parseGeometry(text: string, name: string): Geometry {
  if (typeof text !== 'string') throw refused('parseGeometry', 'text', text, 'a string');
  const match = /^(\d{1,15}),(\d{1,15}),(\d{1,15})$/.exec(text);
  if (match === null) {
    throw refused('parseGeometry', name, text, 'size,ways,line, such as 32768,8,64');
  }
  const geometry = { name, size: Number(match[1]), ways: Number(match[2]), line: Number(match[3]) };
  checkGeometry('parseGeometry', geometry);
  return geometry;
}

/** 1, 2, 4… up to 2⁵². */
export function isPowerOfTwo(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 1 && Number.isInteger(Math.log2(n));
}
