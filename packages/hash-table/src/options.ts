// The options of a table, and the check of them.
import { GOLDEN_RATIO_32, lookup3 } from './hashes.ts';
import { checkKeys, refused } from './misuse.ts';

/**
 * Returns a number whose low bits choose the bucket; owner words are u32, the ID is u31. Must be pure.
 *
 * The number is not checked. As by JavaScript's bit operators, it is taken as an int32: 99 is bucket 3 of 16, and NaN is bucket 0.
 */
export type HashFunction = (ownerLo: number, ownerHi: number, id: number) => number;

/** What a table is made of. */
export interface HashTableOptions {
  /** Number of chains, a power of two 1…2²⁸; it never changes. Default 512, as in Linux 3.10–6.14. */
  buckets?: number | undefined;
  /** How a key chooses its bucket. Default 'hash32', as in Linux 3.10–6.14; 'jhash2' as in 6.15 and later. */
  hash?: 'hash32' | 'jhash2' | HashFunction | undefined;
  /**
   * A secret, 0…2⁵³−1, for a table whose keys others choose: with it the bucket is chosen by HalfSipHash under the secret,
   * in place of the kernel's hashes, for which others can compute keys that share a bucket. Not beside a function.
   */
  seed?: number | undefined;
  /** Multiplier of 'hash32', u32; the other hashes do not read it. Default GOLDEN_RATIO_32. */
  golden?: number | undefined;
  /** One lock for the table or one for each bucket. Default 'global', as in Linux 3.10–6.14. */
  locking?: 'global' | 'bucket' | undefined;
  /** Entries to make room for at the start, 0…2²⁸; the table doubles beyond them. Default 15. */
  capacity?: number | undefined;
}

/** Which branch of `bucketOf` a table takes: a small integer, so that no call site sees several functions. */
export const HASH32 = 0;
export const JHASH2 = 1;
export const CUSTOM = 2;
export const SEEDED = 3;

/** How a table says which of them it takes. */
export const HASH_NAMES = ['hash32', 'jhash2', 'custom', 'halfsiphash'] as const;
export type HashName = (typeof HASH_NAMES)[number];

/** Checked options in the form the table works with. */
export interface TableGeometry {
  buckets: number;
  /** HASH32, JHASH2, CUSTOM or SEEDED. */
  kind: number;
  /** The seed's words, u32; 0 without one. */
  seedLo: number;
  seedHi: number;
  /** What CUSTOM calls. */
  custom: HashFunction;
  golden: number;
  locking: 'global' | 'bucket';
  capacity: number;
}

/** The keys of {@link HashTableOptions}. */
export const OPTION_KEYS = 'buckets, hash, seed, golden, locking, capacity';
/** Heads and locks of one table stay below 2³¹ bytes each. */
const MAX_BUCKETS = 2 ** 28;
const MAX_CAPACITY = 2 ** 28;
/** Entries a table has room for at first. */
export const DEFAULT_CAPACITY = 15;

/** Checks the options and fills in the defaults. */
export function readOptions(options: HashTableOptions): TableGeometry {
  const call = 'new HashTable';
  return readGeometry(call, checkKeys(call, 'options', options, OPTION_KEYS));
}

/** Checks the options that say what a table is made of. */
export function readGeometry(call: string, options: HashTableOptions): TableGeometry {
  const {
    buckets = 512,
    hash = 'hash32',
    golden = GOLDEN_RATIO_32,
    locking = 'global',
    capacity = DEFAULT_CAPACITY,
    seed,
  } = options;
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > MAX_BUCKETS || (buckets & (buckets - 1)) !== 0) {
    throw refused(call, 'buckets', buckets, 'a power of two 1…268435456');
  }
  if (hash !== 'hash32' && hash !== 'jhash2' && typeof hash !== 'function') {
    throw refused(call, 'hash', hash, "'hash32', 'jhash2' or a function");
  }
  if (typeof golden !== 'number' || golden >>> 0 !== golden)
    throw refused(call, 'golden', golden, 'an integer 0…4294967295');
  if (locking !== 'global' && locking !== 'bucket') throw refused(call, 'locking', locking, "'global' or 'bucket'");
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_CAPACITY) {
    throw refused(call, 'capacity', capacity, 'an integer 0…268435456');
  }
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0)) {
    throw refused(call, 'seed', seed, 'an integer 0…9007199254740991');
  }
  if (seed !== undefined && typeof hash === 'function')
    throw refused(call, 'seed', seed, 'none beside a hash function');
  const named = hash === 'hash32' ? HASH32 : hash === 'jhash2' ? JHASH2 : CUSTOM;
  const kind = seed === undefined ? named : SEEDED;
  const custom = typeof hash === 'function' ? hash : lookup3;
  const [seedLo, seedHi] = [(seed ?? 0) >>> 0, Math.floor((seed ?? 0) / 2 ** 32)];
  return { buckets, kind, seedLo, seedHi, custom, golden, locking, capacity };
}
