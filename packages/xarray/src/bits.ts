// Searches in 64-bit bitmaps kept as two int32 words, low half first.

/** Returns the number of the lowest set bit of a non-zero word. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Returns the number of the highest set bit of a non-zero word. */
export function highestBit(word: number): number {
  return 31 - Math.clz32(word);
}

/** Returns the first set bit at or after `from` (0…64) of the bitmap at `words[at]`, or 64. */
export function nextSet(words: Int32Array, at: number, from: number): number {
  if (from < 32) {
    const low = words[at] & (-1 << from);
    if (low !== 0) return lowestBit(low);
    const high = words[at + 1];
    return high === 0 ? 64 : 32 + lowestBit(high);
  }
  // A shift takes its count modulo 32, which is just what the high half needs.
  const high = from > 63 ? 0 : words[at + 1] & (-1 << from);
  return high === 0 ? 64 : 32 + lowestBit(high);
}

/** Returns the first clear bit at or after `from` (0…64) of the bitmap at `words[at]`, or 64. */
export function nextClear(words: Int32Array, at: number, from: number): number {
  if (from < 32) {
    const low = ~words[at] & (-1 << from);
    if (low !== 0) return lowestBit(low);
    const high = ~words[at + 1];
    return high === 0 ? 64 : 32 + lowestBit(high);
  }
  const high = from > 63 ? 0 : ~words[at + 1] & (-1 << from);
  return high === 0 ? 64 : 32 + lowestBit(high);
}

/** Returns the last set bit at or before `from` (−1…63) of the bitmap at `words[at]`, or −1. */
export function lastSet(words: Int32Array, at: number, from: number): number {
  if (from > 31) {
    const high = words[at + 1] & (-1 >>> (63 - from));
    if (high !== 0) return 63 - Math.clz32(high);
  }
  // Shifted twice: for −1 by 32 bits, which a single shift would take for 0.
  return 31 - Math.clz32(words[at] & (from > 30 ? -1 : (-1 >>> (30 - from)) >>> 1));
}

/** Returns the last clear bit at or before `from` (0…63) of the bitmap at `words[at]`, or −1. */
export function lastClear(words: Int32Array, at: number, from: number): number {
  if (from > 31) {
    const high = ~words[at + 1] & (-1 >>> (63 - from));
    if (high !== 0) return 63 - Math.clz32(high);
  }
  return 31 - Math.clz32(~words[at] & (from > 31 ? -1 : -1 >>> (31 - from)));
}

/** Counts the set bits of a word. */
export function bitsSet(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Returns the set bit before which `k` others are in the bitmap at `words[at]`, or 64. */
export function nthSet(words: Int32Array, at: number, k: number): number {
  const low = bitsSet(words[at]);
  const half = k < low ? 0 : 1;
  let bits = words[at + half];
  for (let left = k - half * low; left > 0 && bits !== 0; left--) bits &= bits - 1;
  return bits === 0 ? 64 : 32 * half + lowestBit(bits);
}

/** Returns those of the bits `first`…`end`−1 (0…64) of a bitmap that are in its half 0 or 1. */
export function rangeMask(first: number, end: number, half: number): number {
  const low = Math.max(first - 32 * half, 0);
  const high = Math.min(end - 32 * half, 32);
  return high <= low ? 0 : (-1 >>> (32 - high + low)) << low;
}

/** Counts the set bits of a word. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
