// The options of a shared table and of attaching to one, and the check of them.
import { checkInteger, checkKeys, type Refusal, refusal, refused, show } from '../misuse.ts';
import {
  CUSTOM,
  HASH_NAMES,
  type HashFunction,
  type HashTableOptions,
  OPTION_KEYS,
  readGeometry,
  type TableGeometry,
} from '../options.ts';
import {
  BUCKET_BITS,
  CAPACITY,
  GOLDEN,
  KIND,
  LOCKING,
  LOCKINGS,
  MAGIC,
  MAGIC_NUMBER,
  OWNERS,
  SEED_HI,
  SEED_LO,
  WORDS,
  wordsOf,
} from './layout.ts';
import { SharedHashTableError } from './shared-hash-table-error.ts';

/** What every thread may choose for itself. */
export interface AttachOptions {
  /** Owner number to take, 1…64, so that the thread that starts a worker knows which to bury. Default: the lowest free one. */
  owner?: number | undefined;
  /** The function the table was made with, if `hash` was a function: functions do not go through postMessage. */
  hash?: HashFunction | undefined;
  /** Milliseconds to wait for a lock before giving up with an error. Default 10,000. */
  timeoutMs?: number | undefined;
  /** False makes `find` take the lock. Default true. */
  lockFreeReads?: boolean | undefined;
}

/** What a shared table is made of. */
export interface SharedHashTableOptions extends Omit<HashTableOptions, 'locking'>, Omit<AttachOptions, 'hash'> {
  /** Number of chains, a power of two 1…2²⁸; it never changes. Default: the least that is not below the capacity. */
  buckets?: number | undefined;
  /** One lock for the table, one for every 64th bucket, or one for each bucket. Default 'bucket'. */
  locking?: 'global' | 'striped' | 'bucket' | undefined;
  /** Keys it can hold, 1…2²⁶; the memory is reserved at the start and taken from the system as it is used. Default 2²⁰. */
  capacity?: number | undefined;
}

/** What is chosen beside a snapshot. */
export interface SharedFromOptions extends AttachOptions {
  /** One lock for the table, one for every 64th bucket, or one for each bucket. Default 'bucket'. */
  locking?: 'global' | 'striped' | 'bucket' | undefined;
  /** Keys it can hold, 1…2²⁶. Default: twice those of the snapshot, at least 1,024. */
  capacity?: number | undefined;
}

const ATTACH_KEYS = 'owner, timeoutMs, lockFreeReads';
export const FROM_KEYS: string = `hash, locking, capacity, ${ATTACH_KEYS}`;
const DEFAULT_CAPACITY = 2 ** 20;
/** With as many, and the most buckets, a table has fewer than 2³⁰ words: each offset is an int32. */
const MAX_CAPACITY = 2 ** 26;
const DEFAULT_TIMEOUT_MS = 10_000;

/** Makes the memory of an empty table. */
export function allocate(options: SharedHashTableOptions): SharedArrayBuffer {
  const { locking = 'bucket', capacity = DEFAULT_CAPACITY, buckets: wanted, hash, golden, seed } = options;
  const call = 'new SharedHashTable';
  const mode = LOCKINGS.indexOf(locking);
  if (mode < 0) throw refused(call, 'locking', locking, "'global', 'striped' or 'bucket'");
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
    throw refused(call, 'capacity', capacity, 'an integer 1…67108864');
  }
  const checked = readGeometry(call, {
    buckets: wanted === undefined ? 2 ** Math.ceil(Math.log2(capacity)) : wanted,
    hash,
    golden,
    seed,
  });
  const { buckets, kind, seedLo, seedHi } = checked;
  const bits = Math.log2(buckets);
  const total = wordsOf(bits, mode, capacity);
  const words = new Int32Array(new SharedArrayBuffer(total * 4));
  words[WORDS] = total;
  words[BUCKET_BITS] = bits;
  words[KIND] = kind;
  words[GOLDEN] = checked.golden;
  words[SEED_LO] = seedLo;
  words[SEED_HI] = seedHi;
  words[LOCKING] = mode;
  words[CAPACITY] = capacity;
  Atomics.store(words, MAGIC, MAGIC_NUMBER);
  return words.buffer as SharedArrayBuffer;
}

/** What the memory says a table is, once it was found sound. */
export interface SharedGeometry extends Omit<TableGeometry, 'locking'> {
  bucketBits: number;
  /** Index into LOCKINGS. */
  locking: number;
}

/** Checks that a buffer is the memory of a table of this version, and reads what it says. */
export function inspectMemory(handle: SharedArrayBuffer, hash: HashFunction | undefined): SharedGeometry {
  if (Object.prototype.toString.call(handle) !== '[object SharedArrayBuffer]') {
    throw new SharedHashTableError(
      'bad-handle',
      `handle: got ${show(handle)}, expected the .handle of a SharedHashTable`,
    );
  }
  const words = new Int32Array(handle, 0, handle.byteLength >>> 2);
  const magic = words.length > SEED_HI ? Atomics.load(words, MAGIC) : 0;
  if (magic >>> 8 !== MAGIC_NUMBER >>> 8) {
    throw new SharedHashTableError(
      'bad-handle',
      `handle: got ${handle.byteLength} bytes that are not a table's, expected the .handle of a SharedHashTable`,
    );
  }
  if (magic !== MAGIC_NUMBER) {
    throw new SharedHashTableError(
      'bad-version',
      `handle: got one of layout version ${magic & 255}, expected ${MAGIC_NUMBER & 255}`,
    );
  }
  const [total, bucketBits, kind, golden, locking, capacity, seedLo, seedHi] = words.subarray(WORDS, SEED_HI + 1);
  const known = kind in HASH_NAMES && locking in LOCKINGS;
  const sound = known && bucketBits >= 0 && bucketBits <= 28 && capacity >= 1 && capacity <= MAX_CAPACITY;
  if (!sound || total !== wordsOf(bucketBits, locking, capacity) || handle.byteLength !== total * 4) {
    throw new SharedHashTableError(
      'bad-size',
      `handle: got ${handle.byteLength} bytes, expected ${total * 4}, as its header says`,
    );
  }
  if (kind === CUSTOM && typeof hash !== 'function') {
    throw refused('SharedHashTable.attach', 'hash', hash, 'the function that the table was made with');
  }
  const custom = hash ?? noHash;
  const seed = { seedLo: seedLo >>> 0, seedHi: seedHi >>> 0 };
  return { buckets: 2 ** bucketBits, bucketBits, kind, ...seed, custom, golden: golden >>> 0, locking, capacity };
}

/** Checks the keys of the options, and what a thread chooses for itself. */
export function readAttachOptions(
  options: AttachOptions,
  isAttached: boolean,
): { timeoutMs: number; lockFree: boolean } {
  const call = isAttached ? 'SharedHashTable.attach' : 'new SharedHashTable';
  const known = isAttached ? `${ATTACH_KEYS}, hash` : `${ATTACH_KEYS}, ${OPTION_KEYS}`;
  const { owner, timeoutMs = DEFAULT_TIMEOUT_MS, lockFreeReads = true } = checkKeys(call, 'options', options, known);
  if (owner !== undefined) checkInteger(call, 'owner', owner, 1, OWNERS);
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0))
    throw refused(call, 'timeoutMs', timeoutMs, 'milliseconds, 0 or more');
  if (typeof lockFreeReads !== 'boolean') throw refused(call, 'lockFreeReads', lockFreeReads, 'true or false');
  return { timeoutMs, lockFree: lockFreeReads };
}

function noHash(): number {
  return 0;
}

/** The error of `from` for an option that the constructor has refused; any other error as it is. */
export function refusedBy(call: string, error: unknown): unknown {
  const { argument, got, expected } = error as Refusal;
  return error instanceof RangeError && argument !== undefined ? refusal(call, argument, got, expected) : error;
}
