// Chains of a shared table: how one is followed, under its bucket's lock or without.
//
// A chain has no more entries than there are, so no walk takes more steps, whatever the words say that lead on.
import { readOrdered } from '@idspace/lock';
import { BUCKET_SHIFT, BUCKETS, HANDLE, HEAD, HI, ID, LO, NEXT, NO_ENTRY, SEQUENCE } from './layout.ts';

/** The chain of a bucket without entries. */
const NO_KEYS: readonly number[] = [];
/** Where a walk ends that has met more entries than there are. */
export const NO_END = -1;

/** Follows a chain from `entry` to the key's entry; NO_ENTRY if it is not in it, or NO_END. The words are int32. */
export function walk(words: Int32Array, from: number, lo: number, hi: number, id: number, most: number): number {
  let entry = from;
  for (let left = most; entry !== NO_ENTRY && !holds(words, entry, lo, hi, id); left--) {
    if (left <= 0) return NO_END;
    // What leads out of the memory ends the chain.
    entry = words[entry + NEXT] | 0;
  }
  return entry;
}

/** The same without the bucket's lock: another thread may take out the entry at hand, and use it again. */
export function walkOrdered(words: Int32Array, from: number, lo: number, hi: number, id: number, most: number): number {
  const end = words.length - HANDLE;
  let entry = from;
  for (let left = most; entry !== NO_ENTRY; left--) {
    // Beyond the memory there is no key; Atomics would throw.
    if (entry >>> 0 >= end) return NO_ENTRY;
    if (
      readOrdered(words, entry + LO) === lo &&
      readOrdered(words, entry + HI) === hi &&
      readOrdered(words, entry + ID) === id
    )
      return entry;
    if (left <= 0) return NO_END;
    entry = readOrdered(words, entry + NEXT);
  }
  return NO_ENTRY;
}

/** Whether an entry is the key's; the owner's low word decides most of them. */
export function holds(words: Int32Array, entry: number, lo: number, hi: number, id: number): boolean {
  return words[entry + LO] === lo && words[entry + HI] === hi && words[entry + ID] === id;
}

/** Reads a bucket's chain as it is at one moment: four numbers for each key; null if there are more than `most` keys in it. */
export function readChain(words: Int32Array, number: number, most: number): readonly number[] | null {
  const bucket = BUCKETS + (number << BUCKET_SHIFT);
  if (readOrdered(words, bucket + HEAD) === NO_ENTRY) return NO_KEYS;
  const end = words.length - HANDLE;
  const chain: number[] = [];
  let sequence: number;
  let left: number;
  do {
    sequence = readOrdered(words, bucket + SEQUENCE);
    chain.length = 0;
    left = most;
    for (
      let entry = readOrdered(words, bucket + HEAD);
      entry !== NO_ENTRY && entry >>> 0 < end && words[bucket + SEQUENCE] === sequence && left >= 0;
      entry = readOrdered(words, entry + NEXT)
    ) {
      left--;
      chain.push(
        readOrdered(words, entry + LO) >>> 0,
        readOrdered(words, entry + HI) >>> 0,
        readOrdered(words, entry + ID),
        readOrdered(words, entry + HANDLE),
      );
    }
  } while (words[bucket + SEQUENCE] !== sequence);
  return left < 0 ? null : chain;
}
