// A table as one buffer: a header of 16 words, the head of each chain, then five words of each entry, in storage order, then zeros up
// to a multiple of 64 bytes. Entries that are free are left out; the others keep their order, in the chains as well.
import { BLOCK_WORDS, seal } from './checksum.ts';
import { HashTableError } from './hash-table-error.ts';
import { halfSip, lookup3 } from './hashes.ts';
import { refused } from './misuse.ts';
import { CUSTOM, type HashFunction, type HashTableOptions, JHASH2, SEEDED } from './options.ts';

/** "HTBL" read as a little-endian word: bytes of the other order, or of something else, do not match. */
const MAGIC = 0x4c425448;
const VERSION = 1;

/** Words of the header; those not named are zero. */
const HEADER_WORDS: number = BLOCK_WORDS;
const HEADER_BYTES: number = HEADER_WORDS * 4;
const AT_MAGIC = 0;
const AT_VERSION = 1;
const AT_BUCKET_BITS = 2; // log2 of the number of chains
const AT_HASH = 3; // index in HASH_NAMES
const AT_LOCKING = 4; // 1: a lock for each bucket
const AT_GOLDEN = 5;
const AT_SEED_LO = 6;
const AT_SEED_HI = 7;
const AT_ENTRIES = 8;
const AT_SPARE = 9;
const AT_CHECKSUM: number = HEADER_WORDS - 2; // two words

const MAX_BUCKET_BITS = 28;
const MAX_ENTRIES: number = 2 ** 28;
/** The arrays of an entry, in the order in which they are written. */
const FIELDS = ['next', 'ownerLo', 'ownerHi', 'ids', 'handles'] as const;

/** The arrays of a table. Entry 0 is none. */
export interface Chains extends Record<(typeof FIELDS)[number], Int32Array> {
  /** Int32Array, shape [buckets], the first entry of each chain; 0 for none. */
  heads: Int32Array;
  /** Entries below may be in use; one that is free has handle 0. */
  unused: number;
}

/** What says which bucket a key has, and how it is locked. */
export interface Geometry {
  buckets: number;
  /** Index in HASH_NAMES. */
  kind: number;
  golden: number;
  seedLo: number;
  seedHi: number;
  locking: 'global' | 'bucket';
}

/** Writes a snapshot. */
export function encode(geometry: Geometry, chains: Chains): Uint8Array {
  const { handles, unused, heads } = chains;
  // The number that each entry in use has in the snapshot.
  const numbers = new Int32Array(unused);
  let entries = 0;
  for (let entry = 1; entry < unused; entry++) if (handles[entry] !== 0) numbers[entry] = ++entries;
  const { buckets } = geometry;
  const words = new Int32Array(roundedUp(HEADER_WORDS + buckets + FIELDS.length * entries));
  words[AT_MAGIC] = MAGIC;
  words[AT_VERSION] = VERSION;
  words[AT_BUCKET_BITS] = Math.log2(buckets);
  words[AT_HASH] = geometry.kind;
  words[AT_LOCKING] = geometry.locking === 'bucket' ? 1 : 0;
  words[AT_GOLDEN] = geometry.golden;
  words[AT_SEED_LO] = geometry.seedLo;
  words[AT_SEED_HI] = geometry.seedHi;
  words[AT_ENTRIES] = entries;
  for (let bucket = 0; bucket < buckets; bucket++) words[HEADER_WORDS + bucket] = numbers[heads[bucket]];
  let at = HEADER_WORDS + buckets;
  for (const field of FIELDS) {
    const array = chains[field];
    for (let entry = 1; entry < unused; entry++) {
      if (numbers[entry] !== 0) words[at++] = field === 'next' ? numbers[array[entry]] : array[entry];
    }
  }
  seal(words, AT_CHECKSUM);
  return new Uint8Array(words.buffer);
}

/** Writes a snapshot of chains by bucket, each as `ownerLo, ownerHi, id, handle` again and again. */
export function encodeChains(
  geometry: Geometry,
  chains: Iterable<readonly [number: number, chain: readonly number[]]>,
): Uint8Array {
  const heads = new Int32Array(geometry.buckets);
  const columns: number[][] = FIELDS.map(() => [0]);
  let unused = 1;
  for (const [number, chain] of chains) {
    if (chain.length > 0) heads[number] = unused;
    for (let i = 0; i < chain.length; i += 4) {
      unused++;
      columns[0].push(i + 4 < chain.length ? unused : 0);
      for (let at = 1; at < FIELDS.length; at++) columns[at].push(chain[i + at - 1]);
    }
  }
  const [next, ownerLo, ownerHi, ids, handles] = columns.map((column) => Int32Array.from(column));
  return encode(geometry, { heads, next, ownerLo, ownerHi, ids, handles, unused });
}

/** Options of `from`. */
export interface FromOptions {
  /** The function that the table was made with, if `hash` was a function: a snapshot cannot hold it. */
  hash?: HashFunction | undefined;
}

/** What a snapshot says a table is made of, as options of it. */
export interface Restored {
  chains: Chains;
  options: Pick<HashTableOptions, 'buckets' | 'hash' | 'golden' | 'seed'> & { locking: 'global' | 'bucket' };
}

/**
 * Reads a snapshot back, and checks all of it. Takes no more memory than three copies of the bytes.
 *
 * @param hash What the caller has given as the function of the table.
 * @throws HashTableError unless header, length, checksum and chains are right; RangeError for anything but a Uint8Array, or a hash
 *   that is missing or too much.
 */
export function restored(call: string, bytes: Uint8Array, hash: HashFunction | undefined): Restored {
  const { geometry, chains } = decode(call, bytes);
  const { buckets, kind, golden, seedLo, seedHi, locking } = geometry;
  if (kind === CUSTOM ? typeof hash !== 'function' : hash !== undefined) {
    const expected =
      kind === CUSTOM ? 'the function that the table was made with' : 'none: the snapshot names its hash';
    throw refused(call, 'hash', hash, expected);
  }
  verifyChains(call, chains, bucketsBy(geometry, hash));
  const named = kind === CUSTOM ? hash : kind === JHASH2 ? 'jhash2' : 'hash32';
  const seed = kind === SEEDED ? seedHi * 2 ** 32 + seedLo : undefined;
  return { chains, options: { buckets, hash: named, golden, seed, locking } };
}

/** Returns the bucket of a key, whose words are int32. */
function bucketsBy(geometry: Geometry, hash: HashFunction | undefined): (lo: number, hi: number, id: number) => number {
  const { buckets, kind, golden, seedLo, seedHi } = geometry;
  const mask = buckets - 1;
  if (hash !== undefined) return (lo, hi, id) => hash(lo >>> 0, hi >>> 0, id) & mask;
  if (kind === JHASH2) return (lo, hi, id) => lookup3(lo, hi, id) & mask;
  if (kind === SEEDED) return (lo, hi, id) => halfSip(lo, hi, id, seedLo, seedHi) & mask;
  const shift = Math.clz32(mask);
  return (lo, hi, id) => (Math.imul(lo ^ hi ^ id, golden) >>> shift) & mask;
}

/** Reads geometry and arrays, the chains unchecked. */
function decode(call: string, bytes: Uint8Array): { geometry: Geometry; chains: Chains } {
  if (!(bytes instanceof Uint8Array)) throw refused(call, 'bytes', bytes, 'a snapshot, a Uint8Array');
  if (bytes.length < HEADER_BYTES) {
    throw new HashTableError(
      call,
      'bad-length',
      bytes.length,
      'its length',
      `at least ${HEADER_BYTES} bytes`,
      bytes.length,
    );
  }
  // A copy of the header, since `bytes` may begin anywhere in its buffer.
  const header = new Uint32Array(new Uint8Array(bytes.subarray(0, HEADER_BYTES)).buffer);
  verifyHeader(call, header);
  const buckets = 2 ** header[AT_BUCKET_BITS];
  const entries = header[AT_ENTRIES];
  const used = HEADER_WORDS + buckets + FIELDS.length * entries;
  const end = roundedUp(used) * 4;
  if (bytes.length !== end) {
    throw new HashTableError(
      call,
      'bad-length',
      Math.min(end, bytes.length),
      'its length',
      `${end} bytes`,
      bytes.length,
    );
  }
  const words = new Int32Array(new Uint8Array(bytes).buffer);
  verifyChecksum(call, words);
  for (let at = used; at < words.length; at++) {
    if (words[at] !== 0)
      throw new HashTableError(call, 'bad-structure', at * 4, 'a word behind the entries', '0', words[at]);
  }
  const field = (n: number): Int32Array => {
    const from = HEADER_WORDS + buckets + n * entries;
    const array = new Int32Array(1 + entries);
    array.set(words.subarray(from, from + entries), 1);
    return array;
  };
  return {
    geometry: {
      buckets,
      kind: header[AT_HASH],
      golden: header[AT_GOLDEN],
      seedLo: header[AT_SEED_LO],
      seedHi: header[AT_SEED_HI],
      locking: header[AT_LOCKING] === 1 ? 'bucket' : 'global',
    },
    chains: {
      heads: words.slice(HEADER_WORDS, HEADER_WORDS + buckets),
      next: field(0),
      ownerLo: field(1),
      ownerHi: field(2),
      ids: field(3),
      handles: field(4),
      unused: 1 + entries,
    },
  };
}

/**
 * Checks that each entry is one, and in one chain once: that of its bucket.
 *
 * @param bucketOf The bucket of a key, whose words are int32.
 * @throws HashTableError with code 'bad-structure'.
 */
function verifyChains(
  call: string,
  { heads, next, ownerLo, ownerHi, ids, handles, unused }: Chains,
  bucketOf: (ownerLo: number, ownerHi: number, id: number) => number,
): void {
  const entries = unused - 1;
  const entriesAt = HEADER_WORDS + heads.length;
  const place = (field: number, entry: number): number => (entriesAt + field * entries + entry - 1) * 4;
  for (let entry = 1; entry <= entries; entry++) {
    if (ids[entry] < 0) throw structure(call, place(3, entry), 'an ID', '0…2147483647', ids[entry]);
    if (handles[entry] < 1) throw structure(call, place(4, entry), 'a handle', '1…2147483647', handles[entry]);
  }
  const met = new Uint8Array(unused);
  let reached = 0;
  for (let bucket = 0; bucket < heads.length; bucket++) {
    let at = (HEADER_WORDS + bucket) * 4;
    for (let entry = heads[bucket]; entry !== 0; entry = next[entry]) {
      if (entry < 0 || entry > entries || met[entry] === 1) {
        throw structure(call, at, 'an entry of a chain', `1…${entries}, and each once`, entry);
      }
      const expected = bucketOf(ownerLo[entry], ownerHi[entry], ids[entry]);
      if (expected !== bucket) throw structure(call, at, 'the bucket of an entry', `${expected}, by its key`, bucket);
      met[entry] = 1;
      reached++;
      at = place(0, entry);
    }
  }
  if (reached !== entries)
    throw structure(call, AT_ENTRIES * 4, 'the number of entries', `${reached}, as the chains have`, entries);
}

function verifyHeader(call: string, header: Uint32Array): void {
  const magic = header[AT_MAGIC];
  if (magic !== MAGIC)
    throw new HashTableError(
      call,
      'bad-magic',
      AT_MAGIC * 4,
      'the magic number',
      `${hex(MAGIC)} (HashTable)`,
      hex(magic),
    );
  const version = header[AT_VERSION];
  if (version !== VERSION)
    throw new HashTableError(call, 'bad-version', AT_VERSION * 4, 'the version', `${VERSION}`, version);
  const check = (at: number, what: string, high: number): void => {
    const got = header[at];
    if (got > high) throw new HashTableError(call, 'bad-header', at * 4, what, `0…${high}`, got);
  };
  check(AT_BUCKET_BITS, 'the bits of a bucket', MAX_BUCKET_BITS);
  check(AT_HASH, 'the hash', SEEDED);
  check(AT_LOCKING, 'the kind of locking', 1);
  if (header[AT_HASH] !== SEEDED) check(AT_SEED_LO, 'a seed', 0);
  check(AT_SEED_HI, 'a seed', header[AT_HASH] === SEEDED ? 2 ** 21 - 1 : 0);
  check(AT_ENTRIES, 'the number of entries', MAX_ENTRIES);
  for (let at = AT_SPARE; at < AT_CHECKSUM; at++) check(at, 'a spare word', 0);
}

/** Sums up the words again. */
function verifyChecksum(call: string, words: Int32Array): void {
  const low = words[AT_CHECKSUM];
  const high = words[AT_CHECKSUM + 1];
  seal(words, AT_CHECKSUM);
  if (words[AT_CHECKSUM] === low && words[AT_CHECKSUM + 1] === high) return;
  const expected = `${hex(words[AT_CHECKSUM])} ${hex(words[AT_CHECKSUM + 1])}`;
  throw new HashTableError(call, 'bad-checksum', AT_CHECKSUM * 4, 'the checksum', expected, `${hex(low)} ${hex(high)}`);
}

/** Words in whole blocks, which the checksum wants. */
function roundedUp(words: number): number {
  return Math.ceil(words / BLOCK_WORDS) * BLOCK_WORDS;
}

function structure(call: string, at: number, what: string, expected: string, got: string | number): HashTableError {
  return new HashTableError(call, 'bad-structure', at, what, expected, got);
}

function hex(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
