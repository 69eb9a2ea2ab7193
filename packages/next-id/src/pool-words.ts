// What functions over an IdPool share: its bitmap word by word, and the levels above it.
import { IdPool } from './id-pool.ts';
import { checkInteger, refused } from './misuse.ts';

/** Returns what was given as a pool, if it is one. */
export function checkPool(call: string, pool: IdPool): IdPool {
  if (!(pool instanceof IdPool)) throw refused(call, 'pool', pool, 'an IdPool');
  return pool;
}

/** Checks two IDs of a pool; returns their offsets. */
export function checkRange(
  call: string,
  { min, max }: IdPool,
  first: number,
  last: number,
  names: readonly [string, string] = ['first', 'last'],
): [first: number, last: number] {
  checkInteger(call, names[0], first, min, max);
  return [first - min, checkInteger(call, names[1], last, min, max) - min];
}

/** The bits of a word that belong to IDs which are handed out or reserved: not those that rest. */
export function takenBits({ words, resting }: IdPool, word: number): number {
  return word < resting.length ? words[word] & ~resting[word] : words[word];
}

/** The bits of word `word` whose offsets lie in a range. */
export function maskOf(word: number, first: number, last: number): number {
  const low = word === first >>> 5 ? -1 << first : -1;
  return word === last >>> 5 ? low & (-1 >>> (31 - (last & 31))) : low;
}

/** Fills the levels above the bitmap, which are zero: a bit for each word below that is full. */
export function markFull({ words, leaves }: IdPool): void {
  let base = 0;
  for (let length = leaves; length > 1; length = (length + 31) >>> 5) {
    const above = base + length;
    for (let i = 0; i < length; i++) if (words[base + i] === -1) words[above + (i >>> 5)] |= 1 << i;
    base = above;
  }
}

/** Counts the set bits of a word. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Position of the lowest 1 bit of a word that is not 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
