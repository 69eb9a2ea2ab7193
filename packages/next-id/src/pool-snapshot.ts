// snapshot and poolFrom: an IdPool as bytes. Functions rather than methods: a bundler leaves out what is not called, and
// IdPool stays below 2 kB for those who save nothing.
import { IdPool } from './id-pool.ts';
import { bitCount, checkPool, markFull } from './pool-words.ts';
import { type Keeper, keeperOf } from './quarantine.ts';
import { decode, encode, type Image, leavesInUse } from './snapshot.ts';
import { NO_SLOTS, POOL_MAGIC } from './snapshot-header.ts';

/**
 * Writes a pool as bytes: IDs taken, options, the cursor of cyclic reuse, the order of the IDs that rest, and those in quarantine.
 *
 * The words have the byte order of the machine; a machine of the other order refuses them.
 *
 * @param pool It stays as it is.
 * @returns A snapshot: 64 bytes, a bit for each ID up to the highest one taken or the cursor, 4 bytes × delay, 8 for each ID in
 *   quarantine; a multiple of 64.
 * @throws RangeError for anything but an IdPool.
 *
 * Cost: one pass over the bitmap.
 */
export function snapshot(pool: IdPool): Uint8Array {
  return encode(imageOf(checkPool('snapshot', pool)));
}

/**
 * Reads what {@link snapshot} wrote; the pool goes on as the one saved would have.
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
    held: heldIn(pool),
    bits: words.subarray(0, leaves),
    slots: NO_SLOTS,
    ids: new Int32Array(0),
  };
}

/** Fills a new pool of the image's kind. */
export function restore(pool: IdPool, image: Image): void {
  const { ring, resting, held } = image;
  const used = leavesInUse(image);
  if (used > 1) pool.grow((used - 1) * 32);
  pool.words.set(image.bits.subarray(0, used));
  pool.queue.set(ring);
  for (let i = 0; i < resting; i++) pool.resting[ring[i] >>> 5] |= 1 << ring[i];
  pool.queued = resting;
  pool.oldest = resting === ring.length ? 0 : resting;
  pool.start = image.cursor;
  pool.taken = 0 - resting; // not -resting: that is -0 for none
  for (const word of image.bits) pool.taken += bitCount(word);
  if (held.length > 0) {
    if (pool.resting.length === 0) pool.resting = new Int32Array(pool.leaves);
    const keeper = keeperOf(pool);
    for (let i = 0; i < held.length; i += 2)
      keeper.keep(held[i], held[i + 1] === 0 ? Number.POSITIVE_INFINITY : held[i + 1]);
    pool.taken -= pool.held;
  }
  markFull(pool);
}

/** Pairs of offset and frees left, 0 for "until `unquarantine`", by offset. */
function heldIn({ keeper }: IdPool): Uint32Array {
  if (keeper === undefined) return new Uint32Array(0);
  const { until } = keeper as Keeper;
  const pairs = [...until].sort(([a], [b]) => a - b);
  return Uint32Array.from(
    pairs.flatMap(([offset, at]) => [offset, at === Number.POSITIVE_INFINITY ? 0 : (keeper as Keeper).left(at)]),
  );
}
