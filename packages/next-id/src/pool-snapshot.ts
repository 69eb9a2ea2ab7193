// snapshotOf and poolFrom: an IdPool as bytes. Functions rather than methods: a bundler leaves out what is not called, and
// IdPool stays below 2 kB for those who save nothing.
import { IdPool } from './id-pool.ts';
import { refused } from './misuse.ts';
import { decode, encode, type Image, leavesInUse, POOL_MAGIC } from './snapshot.ts';

/**
 * Writes a pool as bytes: IDs taken, options, the cursor of cyclic reuse and the order of the IDs that rest.
 *
 * The words have the byte order of the machine; a machine of the other order refuses them.
 *
 * @param pool It stays as it is.
 * @returns A snapshot: 64 bytes, a bit for each ID up to the highest one taken or the cursor, 4 bytes × delay; a multiple of 64.
 * @throws RangeError for anything but an IdPool.
 *
 * Cost: one pass over the bitmap.
 */
export function snapshotOf(pool: IdPool): Uint8Array {
  if (!(pool instanceof IdPool)) throw refused('snapshotOf', 'pool', pool, 'an IdPool');
  return encode(imageOf(pool));
}

/**
 * Reads what {@link snapshotOf} wrote; the pool goes on as the one saved would have.
 *
 * @param bytes A whole snapshot, from any source; it is copied.
 * @returns A new pool with the options of the one saved.
 * @throws NextIdError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array.
 *
 * Cost: some passes over the bytes; memory of some times their length at most.
 */
export function poolFrom(bytes: Uint8Array): IdPool {
  const image = decode('poolFrom', bytes, POOL_MAGIC);
  const { min, max } = image;
  const pool = new IdPool({ min, max, reuse: reuseOf(image) });
  restore(pool, image);
  return pool;
}

/** The option that makes a pool of an image's kind. */
export function reuseOf({ cyclic, ring }: Image): 'cyclic' | { delay: number } {
  return cyclic ? 'cyclic' : { delay: ring.length };
}

/** What is saved of a pool. */
export function imageOf(pool: IdPool): Image {
  const { min, max, cyclic, queue, queued, oldest, words, leaves } = pool;
  const ring = new Uint32Array(queue.length);
  // Before the ring is full, `oldest` is where it ends, and the front is word 0.
  const front = queued === queue.length ? oldest : 0;
  ring.set(queue.subarray(front, queued));
  ring.set(queue.subarray(0, front), queued - front);
  return {
    min,
    max,
    cyclic,
    cursor: cyclic ? pool.start : 0,
    ring,
    resting: queued,
    bits: words.subarray(0, leaves),
    slotBits: 0,
    ids: new Int32Array(0),
  };
}

/** Fills a new pool of the image's kind. */
export function restore(pool: IdPool, image: Image): void {
  const { ring, resting } = image;
  const used = leavesInUse(image);
  if (used > 1) pool.grow((used - 1) * 32);
  pool.words.set(image.bits.subarray(0, used));
  pool.queue.set(ring);
  for (let i = 0; i < resting; i++) pool.resting[ring[i] >>> 5] |= 1 << ring[i];
  pool.queued = resting;
  pool.oldest = resting === ring.length ? 0 : resting;
  pool.start = image.cursor;
  pool.taken = countBits(image.bits) - resting;
  markFull(pool);
}

/** Fills the levels above the bitmap: a bit for each word below that is full. */
function markFull({ words, leaves }: IdPool): void {
  let base = 0;
  for (let length = leaves; length > 1; length = (length + 31) >>> 5) {
    const above = base + length;
    for (let i = 0; i < length; i++) if (words[base + i] === -1) words[above + (i >>> 5)] |= 1 << i;
    base = above;
  }
}

function countBits(words: Int32Array): number {
  let count = 0;
  for (let word of words) {
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}
