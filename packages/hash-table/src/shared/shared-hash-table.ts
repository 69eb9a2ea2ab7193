// SharedHashTable: HashTable in a SharedArrayBuffer, for worker threads that all read and write it at once.
// Reference: posix_timers_hashtable, kernel/time/posix-timers.c, Linux 3.10–6.18: its readers under RCU, its locks.
//
// Why a reader needs no lock: every change of a chain is one store, and an entry taken out of a chain is used again only
// after the sequence of its bucket was counted up. A reader that finds the sequence as it was before has met, all the
// way, entries of this chain only.
import { type ChainStats, chainStatsOf } from '../chain-stats.ts';
import { jhash2 } from '../hashes.ts';
import { HASH32, JHASH2, refused } from '../options.ts';
import {
  BUCKET_SHIFT,
  BUCKETS,
  HANDLE,
  HEAD,
  HI,
  ID,
  KEYS,
  LO,
  NEXT,
  NO_ENTRY,
  OWNERS,
  SEAT_SHIFT,
  SEATS,
  SEQUENCE,
} from './layout.ts';
import { LockedBuckets } from './locked-buckets.ts';
import type { AttachOptions } from './options.ts';
import { SharedTableError } from './shared-table-error.ts';

/** Largest ID and largest handle: 2³¹ − 1. */
const INT_MAX = 0x7fff_ffff;

/**
 * Maps (owner, ID) to a handle, for all threads that are attached to it, in chains of fixed number.
 *
 * The calls are those of HashTable. Each is atomic: it takes effect at one moment between its begin and its end, for all
 * threads the same. `find` takes no lock and never waits for a writer; `insert` and `remove` take the lock of the table,
 * of the stripe or of the bucket. `forEach`, `chainLengths` and `size` see each bucket at one moment, not all at the same.
 *
 * The memory for `capacity` keys is reserved when the table is made and taken from the system when it is first used, so
 * the table grows without anybody noticing, up to the capacity and no further.
 *
 * A worker that ends while it changes the table leaves it sound. Its end must be told with `bury`: until then those who
 * need a lock it held wait, for `patienceMs` at most.
 *
 * Cost: 20 bytes per key, 8 per bucket (12 with a lock for each), 8.6 kB. Up to 64 threads.
 */
export class SharedHashTable extends LockedBuckets {
  /**
   * Attaches this thread to a table that another one made.
   *
   * @param handle The `handle` of the other's table.
   * @param options See AttachOptions.
   * @throws SharedTableError if it is not the memory of a table of this version, or no seat is free; RangeError for a bad
   *   option.
   */
  static attach(handle: SharedArrayBuffer, options: AttachOptions = {}): SharedHashTable {
    if (handle === undefined || handle === null) {
      throw new SharedTableError('HANDLE', `handle is ${handle}, expected the .handle of a SharedHashTable`);
    }
    return new SharedHashTable(options, handle);
  }

  /**
   * Looks a key up.
   *
   * @param ownerLo Low word of the owner, u32.
   * @param ownerHi High word of the owner, u32.
   * @param id The ID, 0…2³¹−1.
   * @returns The handle, 1…2³¹−1, or 0 if the key is not there: what was true at one moment of the call.
   * @throws RangeError if the key is out of range.
   *
   * Cost: the sequence and the head of the bucket, the entries passed, the sequence again; anew if a key of the same
   * bucket was removed meanwhile.
   * Lock: none, unless `lockFreeReads` is false.
   */
  find(ownerLo: number, ownerHi: number, id: number): number {
    checkKey(ownerLo, ownerHi, id);
    const number = this.bucketOf(ownerLo, ownerHi, id);
    const lo = ownerLo | 0;
    const hi = ownerHi | 0;
    if (!this.lockFree) return this.findLocked(number, lo, hi, id);
    return this.lookUp(number, lo, hi, id);
  }

  /**
   * Adds a key at the head of its chain, unless it is there.
   *
   * @param ownerLo Low word of the owner, u32.
   * @param ownerHi High word of the owner, u32.
   * @param id The ID, 0…2³¹−1.
   * @param handle What `find` is to return, 1…2³¹−1.
   * @returns True if it was added, false if the key was there: its old handle stays.
   * @throws RangeError if the key or the handle is out of range; SharedTableError if the table is full, or a lock was not
   *   given back in time: then nothing has changed.
   *
   * Cost: two walks of the whole chain, eight words written; one walk if the key is there.
   * Lock: the table's, the stripe's or the bucket's, for a walk and the link; none if the key is seen to be there.
   */
  insert(ownerLo: number, ownerHi: number, id: number, handle: number): boolean {
    checkKey(ownerLo, ownerHi, id);
    if ((handle & INT_MAX) !== handle || handle === 0) throw refused('handle', handle, `an integer 1…${INT_MAX}`);
    const { words, pool } = this;
    const number = this.bucketOf(ownerLo, ownerHi, id);
    // What is there already is seen without writing to memory that other threads read.
    if (this.lockFree && this.lookUp(number, ownerLo | 0, ownerHi | 0, id) !== 0) return false;
    const bucket = BUCKETS + (number << BUCKET_SHIFT);
    while (!this.lockWithRoom(number)) if (this.isThere(number, ownerLo | 0, ownerHi | 0, id)) return false;
    const head = words[bucket + HEAD];
    const fresh = walk(words, head, ownerLo | 0, ownerHi | 0, id) === NO_ENTRY;
    if (fresh) {
      const entry = pool.take();
      words[entry + LO] = ownerLo;
      words[entry + HI] = ownerHi;
      words[entry + ID] = id;
      words[entry + HANDLE] = handle;
      words[entry + NEXT] = head;
      // Last: from here on readers meet it.
      words[bucket + HEAD] = entry;
      words[this.seat + KEYS]++;
    }
    this.unlock(number);
    return fresh;
  }

  /**
   * Takes a key out.
   *
   * @param ownerLo Low word of the owner, u32.
   * @param ownerHi High word of the owner, u32.
   * @param id The ID, 0…2³¹−1.
   * @returns The handle it had, 1…2³¹−1, or 0 if the key was not there.
   * @throws RangeError if the key is out of range; SharedTableError if a lock was not given back in time: then nothing
   *   has changed.
   *
   * Cost: two walks up to the entry, one if it is not there; the entry a thread freed last is the first that it uses again.
   * Lock: the table's, the stripe's or the bucket's, for a walk and the unlink; none if the key is seen not to be there.
   */
  remove(ownerLo: number, ownerHi: number, id: number): number {
    checkKey(ownerLo, ownerHi, id);
    const { words, pool } = this;
    const number = this.bucketOf(ownerLo, ownerHi, id);
    if (this.lockFree && this.lookUp(number, ownerLo | 0, ownerHi | 0, id) === 0) return 0;
    const bucket = BUCKETS + (number << BUCKET_SHIFT);
    this.lock(number);
    // The word that leads to the entry: the head, or the `next` of the entry before.
    let link = bucket + HEAD;
    let entry = words[link];
    while (entry !== NO_ENTRY && !holds(words, entry, ownerLo | 0, ownerHi | 0, id)) {
      link = entry + NEXT;
      entry = words[link];
    }
    let handle = 0;
    if (entry !== NO_ENTRY) {
      handle = words[entry + HANDLE];
      words[link] = words[entry + NEXT];
      words[bucket + SEQUENCE] = (words[bucket + SEQUENCE] + 1) | 0;
      words[this.seat + KEYS]--;
      pool.give(entry);
    }
    this.unlock(number);
    pool.trim();
    return handle;
  }

  /**
   * Calls `fn` for each key, bucket by bucket.
   *
   * A key that is there all the time is visited once. `fn` may insert and remove any key.
   *
   * @param fn Receives the owner's words (u32), the ID and the handle.
   *
   * Cost: one pass over buckets and entries.
   */
  forEach(fn: (ownerLo: number, ownerHi: number, id: number, handle: number) => void): void {
    for (let number = 0; number < this.buckets; number++) {
      const chain = this.chainOf(number);
      for (let i = 0; i < chain.length; i += 4) fn(chain[i], chain[i + 1], chain[i + 2], chain[i + 3]);
    }
  }

  /**
   * Takes all keys out at one moment for those that insert and remove; a reader may still find some meanwhile.
   *
   * Cost: one pass over the buckets and the entries ever used. Lock: all of them.
   */
  clear(): void {
    this.lockAll(() => {
      for (let number = 0; number < this.buckets; number++) {
        const bucket = BUCKETS + (number << BUCKET_SHIFT);
        this.words[bucket + HEAD] = NO_ENTRY;
        this.words[bucket + SEQUENCE] = (this.words[bucket + SEQUENCE] + 1) | 0;
      }
      for (let owner = 0; owner < OWNERS; owner++) this.words[SEATS + (owner << SEAT_SHIFT) + KEYS] = 0;
      this.pool.rebuild(() => false);
    });
  }

  /**
   * Returns the length of each chain, by bucket.
   *
   * Cost: walks every chain.
   */
  chainLengths(): Uint32Array {
    const lengths = new Uint32Array(this.buckets);
    for (let number = 0; number < lengths.length; number++) lengths[number] = this.chainOf(number).length / 4;
    return lengths;
  }

  /** Returns mean, maximum, standard deviation of the chain lengths and the number of empty buckets. */
  chainStats(): ChainStats {
    return chainStatsOf(this.chainLengths());
  }

  /**
   * Shows size and geometry in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { size, buckets, hash, locking, owner } = this;
    return `SharedHashTable(${size}) { buckets: ${buckets}, hash: '${hash}', locking: '${locking}', owner: ${owner} }`;
  }

  /** The bucket of a key. */
  private bucketOf(ownerLo: number, ownerHi: number, id: number): number {
    const { kind, mask } = this;
    if (kind === HASH32) return (Math.imul(ownerLo ^ ownerHi ^ id, this.golden) >>> this.shift) & mask;
    if (kind === JHASH2) return jhash2(ownerLo, ownerHi, id) & mask;
    return this.custom(ownerLo, ownerHi, id) & mask;
  }

  /** Finds a key's handle without a lock: anew until nothing was removed from the bucket meanwhile. */
  private lookUp(number: number, lo: number, hi: number, id: number): number {
    const { words } = this;
    const bucket = BUCKETS + (number << BUCKET_SHIFT);
    for (;;) {
      const sequence = words[bucket + SEQUENCE];
      const entry = walk(words, words[bucket + HEAD], lo, hi, id);
      const handle = entry === NO_ENTRY ? 0 : words[entry + HANDLE];
      if (words[bucket + SEQUENCE] === sequence) return handle;
    }
  }

  /** `find` for machines where plain reads may overtake each other. */
  private findLocked(number: number, lo: number, hi: number, id: number): number {
    const { words } = this;
    this.lock(number);
    const entry = walk(words, words[BUCKETS + (number << BUCKET_SHIFT) + HEAD], lo, hi, id);
    const handle = entry === NO_ENTRY ? 0 : words[entry + HANDLE];
    this.unlock(number);
    return handle;
  }

  /** Reads a chain as it is at one moment: four numbers for each key. */
  private chainOf(number: number): number[] {
    const { words } = this;
    const bucket = BUCKETS + (number << BUCKET_SHIFT);
    if (!this.lockFree) this.lock(number);
    const chain: number[] = [];
    let sequence: number;
    do {
      sequence = words[bucket + SEQUENCE];
      chain.length = 0;
      for (
        let entry = words[bucket + HEAD];
        entry !== NO_ENTRY && words[bucket + SEQUENCE] === sequence;
        entry = words[entry + NEXT]
      ) {
        chain.push(words[entry + LO] >>> 0, words[entry + HI] >>> 0, words[entry + ID], words[entry + HANDLE]);
      }
    } while (words[bucket + SEQUENCE] !== sequence);
    if (!this.lockFree) this.unlock(number);
    return chain;
  }

  /**
   * Gets this thread the free entries of the others, for an `insert` that found none, and says whether the key is there.
   *
   * All at one moment: another thread could put the key in or take it out, or be faster to take the entries.
   */
  private isThere(number: number, lo: number, hi: number, id: number): boolean {
    let there = false;
    let room = false;
    this.lockAll(() => {
      there = this.lookUp(number, lo, hi, id) !== 0;
      if (there) return;
      this.gather();
      room = this.pool.fetch();
    });
    if (there || room) return there;
    throw new SharedTableError('FULL', `${this.capacity} keys are all it can hold, expected no more`);
  }
}

/** Follows a chain from `entry` to the key's entry; NO_ENTRY if it is not in it. The words are int32. */
function walk(words: Int32Array, from: number, lo: number, hi: number, id: number): number {
  let entry = from;
  while (entry !== NO_ENTRY && !holds(words, entry, lo, hi, id)) entry = words[entry + NEXT];
  return entry;
}

/** Whether an entry is the key's; the owner's low word decides most of them. */
function holds(words: Int32Array, entry: number, lo: number, hi: number, id: number): boolean {
  return words[entry + LO] === lo && words[entry + HI] === hi && words[entry + ID] === id;
}

/** Refuses a key whose words are not u32 or whose ID is not u31. */
function checkKey(ownerLo: number, ownerHi: number, id: number): void {
  if (ownerLo >>> 0 !== ownerLo) throw refused('ownerLo', ownerLo, 'an integer 0…4294967295');
  if (ownerHi >>> 0 !== ownerHi) throw refused('ownerHi', ownerHi, 'an integer 0…4294967295');
  if ((id & INT_MAX) !== id) throw refused('id', id, `an integer 0…${INT_MAX}`);
}
