// SharedHashTable: HashTable in a SharedArrayBuffer, for worker threads that all read and write it at the same time.
// Reference: posix_timers_hashtable, kernel/time/posix-timers.c, Linux 3.10–6.18: its readers under RCU, its locks.
//
// Why a reader needs no lock: every change of a chain is one store, and an entry taken out of a chain is used again only
// after the sequence of its bucket was counted up. A reader that finds the sequence as it was before has met, all the
// way, entries of this chain only. It reads in order, and sequences are written with a fence: what is in an entry that is used
// again is seen only after them.
import { readOrdered, writeFenced, writeOrdered } from '@idspace/lock';
import { type ChainStats, chainStatsOf } from '../chain-stats.ts';
import { checkHandle, checkKey } from '../keys.ts';
import { checkFunction, checkKeys } from '../misuse.ts';
import { encodeChains, restored } from '../snapshot.ts';
import { holds, NO_END, readChain, walk, walkOrdered } from './chain.ts';
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
import {
  type AttachOptions,
  FROM_KEYS,
  refusedBy,
  type SharedFromOptions,
  type SharedHashTableOptions,
} from './options.ts';
import { damaged, full, SharedHashTableError } from './shared-hash-table-error.ts';

/**
 * Maps (owner, ID) to a handle, for all threads that are attached to it, in chains of fixed number.
 *
 * The calls are those of HashTable. Each is atomic: it takes effect at one moment between its begin
 * and its end, for all threads the same. `find` takes no lock and never waits for a writer; what changes a key takes the lock
 * of the table, of the stripe or of the bucket. `forEach`, `retain`, `snapshot`, `chainLengths` and `size` see each bucket at one moment,
 * not all at the same.
 *
 * Keys can be chosen so that all of them share a bucket: where others choose them, give the table a `seed`.
 *
 * The memory for `capacity` keys is reserved when the table is made and taken from the system when it is first used, so
 * the table grows without other threads noticing, up to the capacity and no further.
 *
 * A worker that ends while it changes the table leaves it sound. Its end must be told with `bury`: until then threads that
 * need a lock it held wait, for `timeoutMs` at most.
 *
 * Cost: 20 bytes per key, 8 per bucket, 4 for each of up to 4,096 locks, 8.6 kB. Up to 64 threads.
 */
export class SharedHashTable extends LockedBuckets {
  /**
   * Attaches this thread to a table that another one made.
   *
   * @param handle The `handle` of the other's table.
   * @param options See AttachOptions.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws SharedHashTableError if it is not the memory of a table of this version, or no seat is free; RangeError for a bad
   *   option.
   */
  static attach<T extends SharedHashTable = SharedHashTable>(
    this: (new (options?: SharedHashTableOptions) => T) | undefined,
    handle: SharedArrayBuffer,
    options: AttachOptions = {},
  ): T {
    if (handle === undefined || handle === null) {
      throw new SharedHashTableError('bad-handle', `handle: got ${handle}, expected the .handle of a SharedHashTable`);
    }
    const make = (this ?? SharedHashTable) as new (options: AttachOptions, handle: SharedArrayBuffer) => T;
    const table = new make(options, handle);
    if (table.handle === handle) return table;
    table.detach();
    throw new SharedHashTableError('bad-handle', 'the constructor of the subclass must hand on all its arguments');
  }

  /**
   * Makes a shared table of what `HashTable.snapshot` wrote, and attaches this thread to it.
   *
   * @param bytes A whole snapshot; it is copied.
   * @param options As for a new one, but what the snapshot says: buckets, golden and seed. `hash` is the function of a table that was
   *   made with one. Default capacity: twice the keys, at least 1,024.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws HashTableError with code and byte offset, if the snapshot is damaged; SharedHashTableError if the capacity is too low;
   *   RangeError for a bad option or anything but a Uint8Array.
   *
   * Cost: that of insertNew for each key.
   */
  static from<T extends SharedHashTable = SharedHashTable>(
    this: (new (options?: SharedHashTableOptions) => T) | undefined,
    bytes: Uint8Array,
    options: SharedFromOptions = {},
  ): T {
    const call = 'SharedHashTable.from';
    const { hash } = checkKeys(call, 'options', options, FROM_KEYS);
    const { chains, options: made } = restored(call, bytes, hash);
    const { heads, next, ownerLo, ownerHi, ids, handles, unused } = chains;
    const capacity = options.capacity === undefined ? Math.max(1024, 2 * unused) : options.capacity;
    let table: T | undefined;
    try {
      table = new (this ?? SharedHashTable)({
        ...made,
        locking: undefined,
        ...options,
        hash: made.hash,
        capacity,
      }) as T;
      for (const head of heads) {
        // The last of a chain goes in first: each new one goes to the head.
        const chain: number[] = [];
        for (let entry = head; entry !== 0; entry = next[entry]) chain.push(entry);
        for (const entry of chain.reverse())
          table.insertNew(ownerLo[entry], ownerHi[entry], ids[entry], handles[entry]);
      }
    } catch (error) {
      table?.detach();
      throw refusedBy(call, error);
    }
    return table;
  }

  /**
   * Looks a key up.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @returns The handle, 1…2³¹−1, or 0 if the key is not there: what was true at one moment of the call.
   * @throws RangeError if the key is out of range.
   *
   * Cost: the sequence and the head of the bucket, the entries passed, the sequence again; all that again if a key of the same
   * bucket was removed meanwhile.
   * Lock: none, unless `lockFreeReads` is false.
   */
  find(ownerLo: number, ownerHi: number, id: number): number {
    checkKey('SharedHashTable.find', ownerLo, ownerHi, id);
    const number = this.bucketOf(ownerLo, ownerHi, id);
    const lo = ownerLo | 0;
    const hi = ownerHi | 0;
    if (!this.lockFree) return this.findLocked(number, lo, hi, id);
    return this.lookUp(number, lo, hi, id);
  }

  /**
   * Adds a key at the head of its chain, unless it is there.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param handle What `find` is to return, 1…2³¹−1.
   * @returns True if it was added, false if the key was there: its old handle stays.
   * @throws RangeError if the key or the handle is out of range; SharedHashTableError if the table is full, or a lock was not
   *   given back in time: then nothing has changed.
   *
   * Cost: two walks of the whole chain, eight words written; one walk if the key is there.
   * Lock: the table's, the stripe's or the bucket's, for a walk and the link; none if the key is seen to be there.
   */
  insert(ownerLo: number, ownerHi: number, id: number, handle: number): boolean {
    checkKey('SharedHashTable.insert', ownerLo, ownerHi, id);
    checkHandle('SharedHashTable.insert', handle);
    const number = this.bucketOf(ownerLo, ownerHi, id);
    // What is there already is seen without writing to memory that other threads read.
    if (this.lockFree && this.lookUp(number, ownerLo | 0, ownerHi | 0, id) !== 0) return false;
    return this.add(number, ownerLo | 0, ownerHi | 0, id, handle, false);
  }

  /**
   * Adds a key that is known not to be there, at the head of its chain: no walk.
   *
   * A key that is there all the same is then there twice, and `find` returns the newer handle.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param handle What `find` is to return, 1…2³¹−1.
   * @throws RangeError if the key or the handle is out of range; SharedHashTableError if the table is full, or a lock was not
   *   given back in time: then nothing has changed.
   *
   * Cost: eight words written, however long the chain.
   * Lock: the table's, the stripe's or the bucket's, for the link.
   */
  insertNew(ownerLo: number, ownerHi: number, id: number, handle: number): void {
    checkKey('SharedHashTable.insertNew', ownerLo, ownerHi, id);
    checkHandle('SharedHashTable.insertNew', handle);
    const number = this.bucketOf(ownerLo, ownerHi, id);
    this.add(number, ownerLo | 0, ownerHi | 0, id, handle, true);
  }

  /**
   * Gives a key that is there another handle: other threads find the old one or the new one, and nothing in between.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param handle What `find` is to return from now on, 1…2³¹−1.
   * @returns The handle it had, 1…2³¹−1, or 0 if the key is not there: then nothing has changed.
   * @throws RangeError if the key or the handle is out of range; SharedHashTableError if a lock was not given back in time: then
   *   nothing has changed.
   *
   * Cost: two walks up to the entry, one word written; one walk if the key is not there.
   * Lock: the table's, the stripe's or the bucket's, for a walk and the word; none if the key is seen not to be there.
   */
  replace(ownerLo: number, ownerHi: number, id: number, handle: number): number {
    checkKey('SharedHashTable.replace', ownerLo, ownerHi, id);
    checkHandle('SharedHashTable.replace', handle);
    return this.exchange(ownerLo, ownerHi, id, 0, handle);
  }

  /**
   * Gives a key another handle if it has the one that is expected: of several threads that expect the same, one succeeds.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param expected The handle that it must have, 1…2³¹−1.
   * @param handle What `find` is to return from then on, 1…2³¹−1.
   * @returns The handle it had, or 0 if the key is not there: it was changed if that is `expected`.
   * @throws RangeError if the key or a handle is out of range; SharedHashTableError if a lock was not given back in time: then
   *   nothing has changed.
   *
   * Cost: two walks up to the entry, one word written; one walk if the key is not there, or has another handle.
   * Lock: the table's, the stripe's or the bucket's, for a walk and the word; none if another handle is seen.
   */
  compareExchange(ownerLo: number, ownerHi: number, id: number, expected: number, handle: number): number {
    checkKey('SharedHashTable.compareExchange', ownerLo, ownerHi, id);
    checkHandle('SharedHashTable.compareExchange', expected, 'expected');
    checkHandle('SharedHashTable.compareExchange', handle);
    return this.exchange(ownerLo, ownerHi, id, expected, handle);
  }

  /**
   * Takes a key out.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @returns The handle it had, 1…2³¹−1, or 0 if the key was not there.
   * @throws RangeError if the key is out of range; SharedHashTableError if a lock was not given back in time: then nothing
   *   has changed.
   *
   * Cost: two walks up to the entry, one if it is not there; the entry a thread freed last is the first that it uses again.
   * Lock: the table's, the stripe's or the bucket's, for a walk and the unlink; none if the key is seen not to be there.
   */
  remove(ownerLo: number, ownerHi: number, id: number): number {
    checkKey('SharedHashTable.remove', ownerLo, ownerHi, id);
    const number = this.bucketOf(ownerLo, ownerHi, id);
    if (this.lockFree && this.lookUp(number, ownerLo | 0, ownerHi | 0, id) === 0) return 0;
    return this.unlink(number, ownerLo | 0, ownerHi | 0, id, 0);
  }

  /**
   * Takes out every key that `keep` refuses, bucket by bucket.
   *
   * No lock is held while `keep` runs: it may insert and remove any key, and a key whose handle is another one by the time
   * that it was refused stays. Of a thread that ends amid the call, some of the keys are out.
   *
   * @param keep Receives the owner's words (u32), the ID and the handle, as for `forEach`. If it throws, what was refused
   *   before is out.
   * @throws SharedHashTableError if a lock was not given back in time: then what was refused before is out; RangeError if `keep`
   *   is not a function.
   *
   * Cost: one pass over buckets and entries, and a `remove` for each key refused.
   * Lock: the table's, the stripe's or the bucket's, for each key refused.
   */
  retain(keep: (ownerLo: number, ownerHi: number, id: number, handle: number) => boolean): void {
    checkFunction('SharedHashTable.retain', 'keep', keep);
    for (const [number, chain] of this.chains()) {
      for (let i = 0; i < chain.length; i += 4) {
        const [lo, hi, id, handle] = [chain[i], chain[i + 1], chain[i + 2], chain[i + 3]];
        if (!keep(lo, hi, id, handle)) this.unlink(number, lo | 0, hi | 0, id, handle);
      }
    }
  }

  /**
   * Calls `fn` for each key, bucket by bucket.
   *
   * A key that is there all the time is visited once. `fn` may insert and remove any key.
   *
   * @param fn Receives the owner's words (u32), the ID and the handle.
   * @throws RangeError if `fn` is not a function.
   *
   * Cost: one pass over buckets and entries.
   */
  forEach(fn: (ownerLo: number, ownerHi: number, id: number, handle: number) => void): void {
    checkFunction('SharedHashTable.forEach', 'fn', fn);
    for (const [, chain] of this.chains()) {
      for (let i = 0; i < chain.length; i += 4) fn(chain[i], chain[i + 1], chain[i + 2], chain[i + 3]);
    }
  }

  /**
   * Writes keys, handles and the geometry into one buffer, for {@link SharedHashTable.from} or `HashTable.from`.
   *
   * Each bucket is as it is at one moment, but not all at the same: to save a state, let no other thread change the table meanwhile.
   * The bytes are as those of `HashTable.snapshot`. Locks of stripes become locks of buckets.
   *
   * @returns A snapshot: 64 bytes, 4 for each bucket and 20 for each key; a multiple of 64.
   *
   * Cost: one pass over buckets and entries.
   */
  snapshot(): Uint8Array {
    const { buckets, kind, golden, seedLo, seedHi } = this;
    const locking = this.locking === 'global' ? 'global' : 'bucket';
    return encodeChains({ buckets, kind, golden, seedLo, seedHi, locking }, this.chains());
  }

  /**
   * Takes all keys out at one moment for those that insert and remove; a reader may still find some meanwhile. Of a thread that
   * ends amid the call, some buckets are empty and the others as they were.
   *
   * Cost: one pass over the buckets and the entries ever used. Lock: all of them.
   */
  clear(): void {
    this.lockAll(() => {
      for (let number = 0; number < this.buckets; number++) {
        const bucket = BUCKETS + (number << BUCKET_SHIFT);
        this.words[bucket + HEAD] = NO_ENTRY;
        writeFenced(this.words, bucket + SEQUENCE, (this.words[bucket + SEQUENCE] + 1) | 0);
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
    for (const [number, chain] of this.chains()) lengths[number] = chain.length / 4;
    return lengths;
  }

  /** Returns mean, maximum, standard deviation of the chain lengths and the number of empty buckets. */
  chainStats(): ChainStats {
    return chainStatsOf(this.chainLengths());
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    const { size, buckets, hash, locking, owner } = this;
    return `${this.constructor.name}(${size}) { buckets: ${buckets}, hash: '${hash}', locking: '${locking}', owner: ${owner} }`;
  }

  /**
   * Shows size and geometry in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** Gives a key another handle if it has the one that is expected; whichever it has if that is 0. Returns what it had, or 0. */
  private exchange(ownerLo: number, ownerHi: number, id: number, expected: number, handle: number): number {
    const { words } = this;
    const [lo, hi] = [ownerLo | 0, ownerHi | 0];
    const number = this.bucketOf(ownerLo, ownerHi, id);
    if (this.lockFree) {
      const seen = this.lookUp(number, lo, hi, id);
      if (seen === 0 || (expected !== 0 && seen !== expected)) return seen;
    }
    this.lock(number);
    const entry = this.entryOf(number, lo, hi, id);
    const isThere = entry !== NO_ENTRY && entry !== NO_END;
    const old = isThere ? words[entry + HANDLE] : 0;
    if (isThere && (expected === 0 || old === expected)) words[entry + HANDLE] = handle;
    this.unlock(number);
    if (entry === NO_END) throw this.mended(number);
    return old;
  }

  /** Adds a key under its bucket's lock, unless it is there; `isNew` knows that it is not. Returns whether it did. */
  private add(number: number, lo: number, hi: number, id: number, handle: number, isNew: boolean): boolean {
    if (!this.lockWithRoom(number)) return this.addLast(number, lo, hi, id, handle, isNew);
    const there = isNew ? NO_ENTRY : this.entryOf(number, lo, hi, id);
    if (there === NO_ENTRY) this.link(number, lo, hi, id, handle);
    this.unlock(number);
    if (there === NO_END) throw this.mended(number);
    return there === NO_ENTRY;
  }

  /**
   * The same for a thread that found no free entry: it takes all locks, and with them the free entries of the others.
   *
   * It adds the key before it gives the locks back. Two threads that only fetched entries could take them from each other forever.
   */
  private addLast(number: number, lo: number, hi: number, id: number, handle: number, isNew: boolean): boolean {
    return this.lockAll(() => {
      if (!isNew && this.entryOf(number, lo, hi, id) > 0) return false;
      this.gather();
      if (!this.pool.fetch()) throw full(this.capacity);
      this.link(number, lo, hi, id, handle);
      return true;
    });
  }

  /** The entry of a key whose bucket's lock is held; NO_ENTRY, or NO_END. */
  private entryOf(number: number, lo: number, hi: number, id: number): number {
    return walk(this.words, this.words[BUCKETS + (number << BUCKET_SHIFT) + HEAD], lo, hi, id, this.capacity);
  }

  /** Puts a key into one of the free entries of this thread, at the head of its chain. The bucket's lock is held. */
  private link(number: number, lo: number, hi: number, id: number, handle: number): void {
    const { words } = this;
    const head = BUCKETS + (number << BUCKET_SHIFT) + HEAD;
    const entry = this.pool.take();
    words[entry + LO] = lo;
    words[entry + HI] = hi;
    words[entry + ID] = id;
    words[entry + HANDLE] = handle;
    words[entry + NEXT] = words[head];
    // Last: from here on readers meet it.
    writeOrdered(words, head, entry);
    words[this.seat + KEYS]++;
  }

  /** Takes a key out under its bucket's lock, if it has that handle; whichever it has if that is 0. Returns its handle, or 0. */
  private unlink(number: number, lo: number, hi: number, id: number, wanted: number): number {
    const { words, pool } = this;
    const bucket = BUCKETS + (number << BUCKET_SHIFT);
    this.lock(number);
    // The word that leads to the entry: the head, or the `next` of the entry before.
    let link = bucket + HEAD;
    let entry = words[link];
    let left = this.capacity;
    while (
      entry !== NO_ENTRY &&
      left >= 0 &&
      !(holds(words, entry, lo, hi, id) && (wanted === 0 || words[entry + HANDLE] === wanted))
    ) {
      link = entry + NEXT;
      entry = words[link];
      left--;
    }
    let handle = 0;
    if (entry !== NO_ENTRY && left >= 0) {
      handle = words[entry + HANDLE];
      words[link] = words[entry + NEXT];
      writeFenced(words, bucket + SEQUENCE, (words[bucket + SEQUENCE] + 1) | 0);
      words[this.seat + KEYS]--;
      pool.give(entry);
    }
    this.unlock(number);
    if (left < 0) throw this.mended(number);
    pool.trim();
    return handle;
  }

  /** Finds a key's handle without a lock: tries again until nothing was removed from the bucket meanwhile. */
  private lookUp(number: number, lo: number, hi: number, id: number): number {
    const { words } = this;
    const bucket = BUCKETS + (number << BUCKET_SHIFT);
    for (;;) {
      const sequence = readOrdered(words, bucket + SEQUENCE);
      const entry = walkOrdered(words, readOrdered(words, bucket + HEAD), lo, hi, id, this.capacity);
      const handle = entry === NO_ENTRY || entry === NO_END ? 0 : readOrdered(words, entry + HANDLE);
      if (words[bucket + SEQUENCE] !== sequence) continue;
      if (entry === NO_END) throw this.mended(number);
      return handle;
    }
  }

  /** `find` where every call is to lock. */
  private findLocked(number: number, lo: number, hi: number, id: number): number {
    const { words } = this;
    this.lock(number);
    const entry = this.entryOf(number, lo, hi, id);
    const handle = entry === NO_ENTRY || entry === NO_END ? 0 : words[entry + HANDLE];
    this.unlock(number);
    if (entry === NO_END) throw this.mended(number);
    return handle;
  }

  /** The chains of all buckets, each as it is at one moment. */
  private *chains(): Generator<[number: number, chain: readonly number[]], undefined> {
    let keys = 0;
    for (let number = 0; number < this.buckets; number++) {
      const chain = this.chainOf(number);
      keys += chain.length / 4;
      // More than there can be at one moment: some came meanwhile, or chains lead into each other.
      if (keys > this.capacity && !this.areOf(number, chain)) throw this.mended(number);
      yield [number, chain];
    }
    return undefined;
  }

  /** Whether all keys of a chain are those of its bucket. */
  private areOf(number: number, chain: readonly number[]): boolean {
    for (let i = 0; i < chain.length; i += 4)
      if (this.bucketOf(chain[i], chain[i + 1], chain[i + 2]) !== number) return false;
    return true;
  }

  /** Reads a chain as it is at one moment. */
  private chainOf(number: number): readonly number[] {
    const chain = this.lockFree ? readChain(this.words, number, this.capacity) : this.chainLocked(number);
    if (chain === null) throw this.mended(number);
    return chain;
  }

  /** The same where every call is to lock. */
  private chainLocked(number: number): readonly number[] | null {
    this.lock(number);
    try {
      return readChain(this.words, number, this.capacity);
    } finally {
      this.unlock(number);
    }
  }

  /** Makes the error for a chain that is none, after all of them were ended where they lead astray. No lock is held. */
  private mended(number: number): SharedHashTableError {
    this.lockAll(() => this.gather());
    return damaged(number);
  }
}
