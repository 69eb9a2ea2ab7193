// Chains of a shared table: how one is followed, under its bucket's lock or without.
import { readOrdered } from '@idspace/lock';
import { BUCKET_SHIFT, BUCKETS, HANDLE, HEAD, HI, ID, LO, NEXT, NO_ENTRY, SEQUENCE } from './layout.ts';

/** The chain of a bucket without entries. */
const NO_KEYS: readonly number[] = [];

/** Follows a chain from `entry` to the key's entry; NO_ENTRY if it is not in it. The words are int32. */
export function walk(words: Int32Array, from: number, lo: number, hi: number, id: number): number {
  let entry = from;
  while (entry !== NO_ENTRY && !holds(words, entry, lo, hi, id)) entry = words[entry + NEXT];
  return entry;
}

/** The same without the bucket's lock: another thread may take out the entry at hand, and use it again. */
export function walkOrdered(words: Int32Array, from: number, lo: number, hi: number, id: number): number {
  let entry = from;
  while (
    entry !== NO_ENTRY &&
    (readOrdered(words, entry + LO) !== lo ||
      readOrdered(words, entry + HI) !== hi ||
      readOrdered(words, entry + ID) !== id)
  ) {
    entry = readOrdered(words, entry + NEXT);
  }
  return entry;
}

/** Whether an entry is the key's; the owner's low word decides most of them. */
export function holds(words: Int32Array, entry: number, lo: number, hi: number, id: number): boolean {
  return words[entry + LO] === lo && words[entry + HI] === hi && words[entry + ID] === id;
}

/** Reads a bucket's chain as it is at one moment: four numbers for each key. */
export function readChain(words: Int32Array, number: number): readonly number[] {
  const bucket = BUCKETS + (number << BUCKET_SHIFT);
  if (readOrdered(words, bucket + HEAD) === NO_ENTRY) return NO_KEYS;
  const chain: number[] = [];
  let sequence: number;
  do {
    sequence = readOrdered(words, bucket + SEQUENCE);
    chain.length = 0;
    for (
      let entry = readOrdered(words, bucket + HEAD);
      entry !== NO_ENTRY && words[bucket + SEQUENCE] === sequence;
      entry = readOrdered(words, entry + NEXT)
    ) {
      chain.push(
        readOrdered(words, entry + LO) >>> 0,
        readOrdered(words, entry + HI) >>> 0,
        readOrdered(words, entry + ID),
        readOrdered(words, entry + HANDLE),
      );
    }
  } while (words[bucket + SEQUENCE] !== sequence);
  return chain;
}
