// sharedPoolFrom: a SharedIdPool of what snapshot wrote of an IdPool. A function, as snapshot and poolFrom are.
import { refusal } from '../misuse.ts';
import { lowestBit } from '../pool-words.ts';
import { decode } from '../snapshot.ts';
import { POOL_MAGIC } from '../snapshot-header.ts';
import { SharedIdPool } from './shared-id-pool.ts';

/**
 * Makes a shared pool of what `snapshot` wrote: the IDs that were taken are, and cyclic reuse goes on where it was.
 *
 * @param bytes A whole snapshot of an IdPool, from any source; it is copied.
 * @returns A new pool, to which this thread is attached.
 * @throws NextIdError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array, or a pool in
 *   which IDs rest: a shared one has no delay and no quarantine.
 *
 * Cost: one pass over the bytes, and that of `reserve` for each ID. The memory of the whole range is reserved, and taken from the system as it is used.
 */
export function sharedPoolFrom(bytes: Uint8Array): SharedIdPool {
  const image = decode('sharedPoolFrom', bytes, POOL_MAGIC);
  const { min, max, cyclic, cursor, ring, held, bits } = image;
  if (ring.length > 0 || held.length > 0) {
    throw refusal(
      'sharedPoolFrom',
      'bytes',
      'a pool in which IDs rest',
      "a pool with the reuse 'lowest' or 'cyclic', without quarantine",
    );
  }
  const pool = new SharedIdPool({ min, max, reuse: cyclic ? 'cyclic' : 'lowest' });
  for (let word = 0; word < bits.length; word++) {
    for (let left = bits[word]; left !== 0; left &= left - 1) pool.reserve(min + word * 32 + lowestBit(left));
  }
  pool.goOnAt(cursor);
  return pool;
}
