// Where everything lies in the memory of a shared table, counted in Int32 words from its beginning.
//
//   header · pool · roster (a word per owner) · seats (a cache line per owner) · stripe locks (a cache line each)
//   · buckets [sequence, head] · a lock for each, if they have their own · entries [next, lo, hi, id, handle]
//
// The buckets' locks are not in the buckets: readers need none, so that their buckets are twice as dense in the caches.
//
// An entry is known by the offset of its first word; 0 is "no entry". Zeroed memory is an empty table.

/** "SHT" and the version of this layout in the low byte. */
export const MAGIC = 0;
export const MAGIC_NUMBER = 0x5348_5403;
/** Words in all: what the buffer must hold. */
export const WORDS = 1;
export const BUCKET_BITS = 2;
/** HASH32, JHASH2, CUSTOM or SEEDED. */
export const KIND = 3;
export const GOLDEN = 4;
/** Index into LOCKINGS. */
export const LOCKING = 5;
export const CAPACITY = 6;
/** The seed's words. */
export const SEED_LO = 7;
export const SEED_HI = 8;

/** How many locks there are: one, one for every 64th bucket, one for each bucket (or every 4,096th). */
export const LOCKINGS = ['global', 'striped', 'bucket'] as const;
export const STRIPES = 64;
/** Locks of a table that has one for each bucket, at most: as many as matter to 64 threads. Beyond, buckets share them. */
export const MOST_LOCKS = 4096;

/** Guards the four words of the pool. */
export const POOL_LOCK = 16;
/** First of the batches of free entries that belong to no thread, linked through the `lo` word of their first entries. */
export const POOL = 17;
/** The first entry that was never used. */
export const UNUSED = 18;

/** Threads that can be attached at the same time. */
export const OWNERS = 64;
/** Words of the roster. */
export const ROSTER = 32;
/** One line per owner; that of owner n begins at SEATS + 16 × (n − 1). */
export const SEATS: number = ROSTER + OWNERS;
export const SEAT_SHIFT = 4;
/** In a seat: the owner's own free entries, linked through `next`, and their number. */
export const FREE_HEAD = 0;
export const FREE_COUNT = 1;
/** Keys its owners have added less those they have removed; the sum over all seats is the size. It wraps, as does the sum. */
export const KEYS = 2;
/** Two doubles: locks taken, and those that had to be waited for. */
export const ACQUIRED = 4;
export const CONTENDED = 6;

/** A line per stripe. */
export const LOCKS: number = SEATS + (OWNERS << SEAT_SHIFT);
export const LINE_SHIFT = 4;
export const BUCKETS: number = LOCKS + (STRIPES << LINE_SHIFT);

/** In a bucket: counts the entries taken out of its chain, and its first entry. */
export const SEQUENCE = 0;
export const HEAD = 1;
/** Shift that makes a bucket's number its offset from BUCKETS. */
export const BUCKET_SHIFT = 1;

/** "No entry": the offset of none. */
export const NO_ENTRY = 0;
/** In an entry. */
export const NEXT = 0;
export const LO = 1;
export const HI = 2;
export const ID = 3;
export const HANDLE = 4;
export const ENTRY_WORDS = 5;

/** Offset of the lock of the first bucket, if each has its own. */
export function bucketLocksAt(bucketBits: number): number {
  return BUCKETS + 2 ** (bucketBits + BUCKET_SHIFT);
}

/** How many locks a table has. */
export function locksOf(bucketBits: number, locking: number): number {
  const most = LOCKINGS[locking] === 'bucket' ? MOST_LOCKS : LOCKINGS[locking] === 'striped' ? STRIPES : 1;
  return Math.min(most, 2 ** bucketBits);
}

/** Offset of the first entry. */
export function entriesAt(bucketBits: number, locking: number): number {
  return bucketLocksAt(bucketBits) + (LOCKINGS[locking] === 'bucket' ? locksOf(bucketBits, locking) : 0);
}

/** Words of a table in all. */
export function wordsOf(bucketBits: number, locking: number, capacity: number): number {
  return entriesAt(bucketBits, locking) + capacity * ENTRY_WORDS;
}
