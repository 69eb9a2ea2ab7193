// range, takenRanges, freeRanges and count: what is in an IdPool. Functions, as for snapshots: IdPool stays below 2 kB.
import type { Each } from './each.ts';
import type { IdPool } from './id-pool.ts';
import { bitCount, checkPool, checkRange, lowestBit, maskOf, takenBits } from './pool-words.ts';

/** The bits of a word that are searched for. */
type Bits = (pool: IdPool, word: number) => number;

const free: Bits = ({ words }, word) => ~words[word];

/**
 * Iterates over the IDs that are handed out or reserved, ascending; they may be freed and others taken meanwhile.
 *
 * @param pool The pool.
 * @param from Lowest ID to look at. Default: the pool's.
 * @param max Highest ID to look at. Default: the pool's.
 * @throws RangeError for anything but a pool, or a limit out of its range, when it is called.
 *
 * Cost: one pass over the bitmap, 32 IDs at a time, and a step for each ID.
 */
export function range(pool: IdPool, from?: number, max?: number): Each<number> {
  const [first, last] = limits('range', pool, from, max);
  return ids(pool, first, last);
}

/**
 * Iterates over the runs of IDs that are handed out or reserved as `[first, last]`; otherwise as {@link range}.
 *
 * Cost: one pass over the bitmap, 32 IDs at a time.
 */
export function takenRanges(pool: IdPool, from?: number, max?: number): Each<[first: number, last: number]> {
  const [first, last] = limits('takenRanges', pool, from, max);
  return runs(pool, first, last, takenBits, false);
}

/**
 * Iterates over the runs of IDs that could be handed out as `[first, last]`: they are not taken and do not rest. Otherwise as
 * {@link range}.
 *
 * Cost: one pass over the bitmap, 32 IDs at a time.
 */
export function freeRanges(pool: IdPool, from?: number, max?: number): Each<[first: number, last: number]> {
  const [first, last] = limits('freeRanges', pool, from, max);
  return runs(pool, first, last, free, true);
}

/**
 * Counts the IDs of a range that are handed out or reserved; `pool.size` is that of the whole range.
 *
 * Cost: one pass over that part of the bitmap, 32 IDs at a time.
 */
export function count(pool: IdPool, from?: number, max?: number): number {
  const [first, last] = limits('count', pool, from, max);
  let count = 0;
  const end = Math.min(last, pool.leaves * 32 - 1);
  if (first > end) return 0;
  for (let word = first >>> 5; word <= end >>> 5; word++)
    count += bitCount(takenBits(pool, word) & maskOf(word, first, end));
  return count;
}

function limits(call: string, pool: IdPool, from?: number, max?: number): [number, number] {
  return checkRange(
    call,
    checkPool(call, pool),
    from === undefined ? pool.min : from,
    max === undefined ? pool.max : max,
    ['from', 'max'],
  );
}

function* ids(pool: IdPool, from: number, last: number): Generator<number, undefined> {
  for (
    let offset = next(pool, from, last, takenBits);
    offset <= last;
    offset = next(pool, offset + 1, last, takenBits)
  ) {
    yield pool.min + offset;
  }
}

/** Runs of bits that are set in what `bits` returns; behind the bitmap all are as `beyond` says. */
function* runs(
  pool: IdPool,
  from: number,
  last: number,
  bits: Bits,
  beyond: boolean,
): Generator<[number, number], undefined> {
  const others: Bits = (pool, word) => ~bits(pool, word);
  for (let first = from; ; ) {
    first = next(pool, first, last, bits, beyond);
    if (first > last) return;
    const end = next(pool, first + 1, last, others, !beyond) - 1;
    yield [pool.min + first, pool.min + end];
    first = end + 1;
  }
}

/** The first offset from one on whose bit is set in what `bits` returns; last + 1 if there is none. */
function next(pool: IdPool, from: number, last: number, bits: Bits, beyond = false): number {
  if (from > last) return last + 1;
  // A pool may have grown or shrunk since the offset before.
  const { leaves } = pool;
  let word = Math.floor(from / 32);
  if (word < leaves) {
    let found = bits(pool, word) & (-1 << from);
    while (found === 0 && ++word < leaves) found = bits(pool, word);
    if (found !== 0) return Math.min(last + 1, word * 32 + lowestBit(found));
  }
  return beyond ? Math.min(last + 1, Math.max(from, leaves * 32)) : last + 1;
}
