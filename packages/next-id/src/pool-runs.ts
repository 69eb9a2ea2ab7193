// peek, allocateRun, reserveRange, freeRange and compact: what is done to an IdPool now and then. Functions, as for snapshots.
import type { IdPool } from './id-pool.ts';
import { checkInteger } from './misuse.ts';
import { freeRanges } from './pool-ranges.ts';
import { checkPool, checkRange, markFull, maskOf } from './pool-words.ts';

/**
 * Says which ID `allocate` hands out next.
 *
 * @returns The ID, or −1 when none is available.
 * @throws RangeError for anything but a pool.
 *
 * Cost: as `allocate`.
 */
export function peek(pool: IdPool): number {
  const offset = checkPool('peek', pool).seek();
  return offset < 0 ? -1 : pool.min + offset;
}

/**
 * Hands out consecutive IDs: the lowest run that is long enough; in a cyclic pool, the next one behind the ID handed out last.
 *
 * @param length IDs to hand out, 1…2³².
 * @returns The first of them, or −1, and nothing changes, if there is no such run.
 * @throws RangeError for anything but a pool, or a bad length.
 *
 * Cost: one pass over the bitmap up to the run, 32 IDs at a time.
 */
export function allocateRun(pool: IdPool, length: number): number {
  checkPool('allocateRun', pool);
  checkInteger('allocateRun', 'length', length, 1, 2 ** 32);
  const { min, max, start } = pool;
  let first = findRun(pool, length, min + start, max);
  if (first < 0 && pool.cyclic) first = findRun(pool, length, min, max);
  if (first < 0) return -1;
  const end = first - min + length - 1;
  take(pool, first - min, end);
  if (pool.cyclic) pool.start = end === pool.last ? 0 : end + 1;
  return first;
}

/**
 * Takes all IDs of a range, or none; it moves no cursor. To take what is free of a range, reserve each of `freeRanges`.
 *
 * @param first First ID, min…max of the pool.
 * @param last Last ID, min…max of the pool; below `first`, the range is empty and nothing happens.
 * @returns False, and nothing changes, if one of them is taken or rests. True of an empty range.
 * @throws RangeError for anything but a pool, or a limit out of range.
 *
 * Cost: one pass over that part of the bitmap, 32 IDs at a time.
 */
export function reserveRange(pool: IdPool, first: number, last: number): boolean {
  const [from, to] = checkRange('reserveRange', checkPool('reserveRange', pool), first, last);
  if (from > to) return true;
  const end = Math.min(to, pool.leaves * 32 - 1);
  for (let word = from >>> 5; from <= end && word <= end >>> 5; word++) {
    if ((pool.words[word] & maskOf(word, from, end)) !== 0) return false;
  }
  take(pool, from, to);
  return true;
}

/**
 * Gives the IDs of a range back, ascending, as `free` does one by one: with a delay, they rest.
 *
 * @param first First ID, min…max of the pool.
 * @param last Last ID, min…max of the pool; below `first`, the range is empty and nothing happens.
 * @returns How many were taken.
 * @throws RangeError for anything but a pool, or a limit out of range.
 */
export function freeRange(pool: IdPool, first: number, last: number): number {
  const [from, to] = checkRange('freeRange', checkPool('freeRange', pool), first, last);
  let freed = 0;
  for (let offset = from; offset <= to && offset < pool.leaves * 32; offset++) {
    if (pool.free(pool.min + offset)) freed++;
  }
  return freed;
}

/**
 * Gives back the memory that a peak has left: the bitmap then ends at the power of two behind the highest ID that is taken or rests.
 *
 * @throws RangeError for anything but a pool.
 *
 * Cost: one pass over the bitmap.
 */
export function compact(pool: IdPool): void {
  const { words, resting } = checkPool('compact', pool);
  // A cyclic pool searches from its cursor on, so the bitmap reaches up to there.
  const least = Math.max(1, Math.ceil(pool.start / 32));
  let used = pool.leaves;
  while (used > least && words[used - 1] === 0) used--;
  const leaves = used === 1 ? 1 : 2 ** (32 - Math.clz32(used - 1));
  if (leaves >= pool.leaves) return;
  const smaller = new Int32Array(lengthOf(leaves));
  const rest = resting.slice(0, leaves);
  smaller.set(words.subarray(0, leaves));
  pool.words = smaller;
  pool.resting = rest;
  pool.leaves = leaves;
  markFull(pool);
}

/** The first of the lowest run of so many free IDs from `from` to `max`, or −1. */
function findRun(pool: IdPool, length: number, from: number, max: number): number {
  if (length > max - from + 1) return -1;
  for (const [first, last] of freeRanges(pool, from, max)) if (last - first + 1 >= length) return first;
  return -1;
}

/** Takes offsets that are all free. Memory is asked for before anything has changed. */
function take(pool: IdPool, first: number, last: number): void {
  if (last >= pool.leaves * 32) pool.grow(last);
  const { words } = pool;
  for (let word = first >>> 5; word <= last >>> 5; word++) {
    words[word] |= maskOf(word, first, last);
    if (words[word] === -1) fullUp(pool, word);
  }
  pool.taken += last - first + 1;
}

/** Tells the levels above that a word has become full. */
function fullUp({ words, leaves }: IdPool, word: number): void {
  let base = 0;
  let index = word;
  for (let length = leaves; length > 1; length = (length + 31) >>> 5) {
    base += length;
    const at = base + (index >>> 5);
    words[at] |= 1 << index;
    if (words[at] !== -1) return;
    index >>>= 5;
  }
}

/** Words of a bitmap and of the levels above it. */
function lengthOf(leaves: number): number {
  return leaves === 1 ? 1 : leaves + lengthOf((leaves + 31) >>> 5);
}
