// HashTable: a chained hash table keyed by (64-bit owner, ID) in typed arrays, with the locks of its model counted.
// Reference: posix_timers_hashtable, kernel/time/posix-timers.c, Linux 3.10–6.18.
import { type ChainStats, chainStatsOf } from './chain-stats.ts';
import { halfSip, lookup3 } from './hashes.ts';
import { checkHandle, checkKey } from './keys.ts';
import { checkFunction, checkKeys } from './misuse.ts';
import {
  CUSTOM,
  DEFAULT_CAPACITY,
  HASH_NAMES,
  HASH32,
  type HashFunction,
  type HashName,
  type HashTableOptions,
  JHASH2,
  readOptions,
  SEEDED,
} from './options.ts';
import { encode, type FromOptions, restored } from './snapshot.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** "No entry" as an entry number: entry 0 is never used. */
const NULL = 0;
/** Buckets that a table makes right away: as many take no buffer. */
const FEW_BUCKETS = 16;
/** next, ownerLo, ownerHi, ids, handles: five words of four bytes. */
const ENTRY_BYTES = 5 * 4;

/** How often locks were taken, and how often the taker had to wait. Set to 0 to count again. */
export interface LockCounts {
  /** Locks taken: one for each insert and each remove, whatever its outcome. */
  acquired: number;
  /** Takers that found the lock held. */
  contended: number;
}

/**
 * Maps (owner, ID) to a handle, in chains of fixed number.
 *
 * The number of buckets never changes, as in the kernel: chains grow with the entries. New entries go to the head of
 * their chain. Keys can be chosen so that all of them share a bucket: where others choose them, give the table a `seed`.
 *
 * This class belongs to one thread, so its locks are a model: `find` takes none (the kernel reads under
 * RCU), `insert` and `remove` write the lock word of the table or of the bucket and count it, and no thread ever waits.
 *
 * Cost: 20 bytes per entry there is room for, 4 per bucket, 4 per lock. A table of more than 16 buckets that was given neither a
 * capacity nor a function has them in memory from the 16th key on: its first keys lie in one chain. No call but `byteLength` shows it.
 */
export class HashTable {
  /** @internal Before all other fields, of which one may be a function. */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** Number of chains, a power of two. */
  readonly buckets: number;
  /** How a key chooses its bucket. */
  readonly hash: HashName;
  /** One lock for the table or one for each bucket. */
  readonly locking: 'global' | 'bucket';
  /** Locks taken and waited for since the table was made; always the same object. `contended` stays 0 in this class. */
  readonly locks: LockCounts;

  /** Int32Array, shape [entries], the next entry of the chain, or of the free list; 0 ends it. @internal */
  next: Int32Array;
  /** Int32Array, shape [entries], low words of the owners. @internal */
  ownerLo: Int32Array;
  /** Int32Array, shape [entries], high words of the owners. @internal */
  ownerHi: Int32Array;
  /** Int32Array, shape [entries], IDs. @internal */
  ids: Int32Array;
  /** Int32Array, shape [entries], handles; 0 in an entry that is free. @internal */
  handles: Int32Array;
  /** Int32Array, shape [buckets], or [1] while all keys are in one chain: the first entry of each chain. @internal */
  heads: Int32Array;
  /** Int32Array, shape [1 or buckets], 1 while held. */
  private lockWords: Int32Array;

  /** @internal */
  readonly kind: number;
  private readonly custom: HashFunction;
  /** @internal */
  readonly golden: number;
  /** @internal */
  readonly seedLo: number;
  /** @internal */
  readonly seedHi: number;
  /** buckets − 1; 0 while all keys are in one chain. */
  private mask: number;
  /** 32 − log2(buckets); 32 (one bucket) shifts by 0, which the mask makes right. */
  private readonly shift: number;
  /** buckets − 1 with a lock per bucket, 0 with one for all: bucket & lockMask is the lock's index. */
  private lockMask: number;
  private entries = 0;
  /** Entries from here on were never used. Entry 0 is NULL. @internal */
  unused = 1;
  /** Entry freed last, the head of the free list. */
  private freed: number = NULL;

  /**
   * Makes an empty table.
   *
   * @param options See HashTableOptions; by default the table of Linux 3.10–6.14.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options: HashTableOptions = {}) {
    const { buckets, kind, custom, golden, seedLo, seedHi, locking, capacity } = readOptions(options);
    this.buckets = buckets;
    this.hash = HASH_NAMES[kind];
    this.locking = locking;
    this.locks = { acquired: 0, contended: 0 };
    this.kind = kind;
    this.custom = custom;
    this.golden = golden;
    this.seedLo = seedLo;
    this.seedHi = seedHi;
    // A function may be looked at when it is called, so it is called for each key.
    const isOneChain = options.capacity === undefined && kind !== CUSTOM && buckets > FEW_BUCKETS;
    this.mask = isOneChain ? 0 : buckets - 1;
    this.shift = Math.clz32(buckets - 1);
    this.lockMask = locking === 'bucket' ? this.mask : 0;
    [this.next, this.ownerLo, this.ownerHi, this.ids, this.handles] = columnsOf(1 + capacity);
    this.heads = new Int32Array(1 + this.mask);
    this.lockWords = new Int32Array(1 + this.lockMask);
  }

  /** Number of keys in the table. */
  get size(): number {
    return this.entries;
  }

  /** Bytes of all typed arrays, room for future entries included. */
  get byteLength(): number {
    return this.next.length * ENTRY_BYTES + (this.heads.length + this.lockWords.length) * 4;
  }

  /**
   * Looks a key up.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @returns The handle, 1…2³¹−1, or 0 if the key is not there.
   * @throws RangeError if the key is out of range.
   *
   * Cost: the bucket's head, then the next and ownerLo words of each entry passed; ownerHi, id only where ownerLo fits.
   * Lock: none, as the kernel's lookup under RCU.
   */
  find(ownerLo: number, ownerHi: number, id: number): number {
    checkKey('HashTable.find', ownerLo, ownerHi, id);
    const entry = this.walk(this.heads[this.bucketOf(ownerLo, ownerHi, id)], ownerLo | 0, ownerHi | 0, id);
    return entry === NULL ? 0 : this.handles[entry];
  }

  /**
   * Adds a key at the head of its chain, unless it is there.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param handle What `find` is to return, 1…2³¹−1.
   * @returns True if it was added, false if the key was there: its old handle stays.
   * @throws RangeError if the key or the handle is out of range, or memory is.
   *
   * Cost: a walk of the whole chain, seven words written; doubles the entries' arrays when they are full.
   * Lock: the table's or the bucket's, for the walk and the link.
   */
  insert(ownerLo: number, ownerHi: number, id: number, handle: number): boolean {
    const bucket = this.prepare('HashTable.insert', ownerLo, ownerHi, id, handle);
    this.lock(bucket);
    const first = this.heads[bucket];
    const fresh = this.walk(first, ownerLo | 0, ownerHi | 0, id) === NULL;
    if (fresh) this.link(bucket, first, ownerLo, ownerHi, id, handle);
    this.unlock(bucket);
    return fresh;
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
   * @throws RangeError if the key or the handle is out of range, or memory is.
   *
   * Cost: seven words written, however long the chain; doubles the entries' arrays when they are full.
   * Lock: the table's or the bucket's, for the link.
   */
  insertNew(ownerLo: number, ownerHi: number, id: number, handle: number): void {
    const bucket = this.prepare('HashTable.insertNew', ownerLo, ownerHi, id, handle);
    this.lock(bucket);
    this.link(bucket, this.heads[bucket], ownerLo, ownerHi, id, handle);
    this.unlock(bucket);
  }

  /**
   * Takes out every key that `keep` refuses, chain by chain, in one pass over all chains.
   *
   * @param keep Receives the owner's words (u32), the ID and the handle, as for `forEach`; it must not change the table. If
   *   it throws, what was refused before is out.
   * @throws RangeError if `keep` is not a function.
   *
   * Cost: one walk of each chain. Lock: the table's or the bucket's, for the walk of a chain.
   */
  retain(keep: (ownerLo: number, ownerHi: number, id: number, handle: number) => boolean): void {
    checkFunction('HashTable.retain', 'keep', keep);
    this.part();
    const { heads, next, ownerLo, ownerHi, ids, handles } = this;
    for (let bucket = 0; bucket < heads.length; bucket++) {
      if (heads[bucket] === NULL) continue;
      this.lock(bucket);
      try {
        let previous = NULL;
        for (let entry = heads[bucket]; entry !== NULL; ) {
          const after = next[entry];
          if (keep(ownerLo[entry] >>> 0, ownerHi[entry] >>> 0, ids[entry], handles[entry])) previous = entry;
          else {
            if (previous === NULL) heads[bucket] = after;
            else next[previous] = after;
            this.freeEntry(entry);
            this.entries--;
          }
          entry = after;
        }
      } finally {
        this.unlock(bucket);
      }
    }
  }

  /**
   * Gives a key that is there another handle.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param handle What `find` is to return from now on, 1…2³¹−1.
   * @returns The handle it had, 1…2³¹−1, or 0 if the key is not there: then nothing has changed.
   * @throws RangeError if the key or the handle is out of range.
   *
   * Cost: one walk up to the entry, one word written.
   * Lock: the table's or the bucket's, for both.
   */
  replace(ownerLo: number, ownerHi: number, id: number, handle: number): number {
    checkKey('HashTable.replace', ownerLo, ownerHi, id);
    checkHandle('HashTable.replace', handle);
    const bucket = this.bucketOf(ownerLo, ownerHi, id);
    this.lock(bucket);
    const entry = this.walk(this.heads[bucket], ownerLo | 0, ownerHi | 0, id);
    // Entry 0 is never used: its handle is 0, and stays so.
    const old = this.handles[entry];
    if (entry !== NULL) this.handles[entry] = handle;
    this.unlock(bucket);
    return old;
  }

  /**
   * Gives a key another handle if it has the one that is expected.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @param expected The handle that it must have, 1…2³¹−1.
   * @param handle What `find` is to return from then on, 1…2³¹−1.
   * @returns The handle it had, or 0 if the key is not there: it was changed if that is `expected`.
   * @throws RangeError if the key or a handle is out of range.
   *
   * Cost: one walk up to the entry, one word written.
   * Lock: the table's or the bucket's, for both.
   */
  compareExchange(ownerLo: number, ownerHi: number, id: number, expected: number, handle: number): number {
    checkKey('HashTable.compareExchange', ownerLo, ownerHi, id);
    checkHandle('HashTable.compareExchange', expected, 'expected');
    checkHandle('HashTable.compareExchange', handle);
    const bucket = this.bucketOf(ownerLo, ownerHi, id);
    this.lock(bucket);
    const entry = this.walk(this.heads[bucket], ownerLo | 0, ownerHi | 0, id);
    const old = this.handles[entry];
    if (old === expected) this.handles[entry] = handle;
    this.unlock(bucket);
    return old;
  }

  /**
   * Takes a key out.
   *
   * @param ownerLo Low word of the owner: 32 bits, as u32 or as int32.
   * @param ownerHi High word of the owner, in the same range.
   * @param id The ID, 0…2³¹−1.
   * @returns The handle it had, 1…2³¹−1, or 0 if the key was not there.
   * @throws RangeError if the key is out of range.
   *
   * Cost: one walk up to the entry; the entry freed last is the first to be used again.
   * Lock: the table's or the bucket's, for the walk and the unlink.
   */
  remove(ownerLo: number, ownerHi: number, id: number): number {
    checkKey('HashTable.remove', ownerLo, ownerHi, id);
    const lo = ownerLo | 0;
    const hi = ownerHi | 0;
    const bucket = this.bucketOf(ownerLo, ownerHi, id);
    this.lock(bucket);
    const { heads, next } = this;
    let previous = NULL;
    let entry = heads[bucket];
    while (entry !== NULL && !this.holds(entry, lo, hi, id)) {
      previous = entry;
      entry = next[entry];
    }
    let handle = 0;
    if (entry !== NULL) {
      if (previous === NULL) heads[bucket] = next[entry];
      else next[previous] = next[entry];
      handle = this.handles[entry];
      this.freeEntry(entry);
      this.entries--;
    }
    this.unlock(bucket);
    return handle;
  }

  /**
   * Calls `fn` for each key, in storage order: that of insertion until something was removed.
   *
   * `fn` may remove any key; a key it inserts may or may not be visited.
   *
   * @param fn Receives the owner's words (u32), the ID and the handle.
   * @throws RangeError if `fn` is not a function.
   *
   * Cost: one pass over the entries used so far.
   */
  forEach(fn: (ownerLo: number, ownerHi: number, id: number, handle: number) => void): void {
    checkFunction('HashTable.forEach', 'fn', fn);
    for (let entry = 1; entry < this.unused; entry++) {
      const handle = this.handles[entry];
      if (handle !== 0) fn(this.ownerLo[entry] >>> 0, this.ownerHi[entry] >>> 0, this.ids[entry], handle);
    }
  }

  /** Takes all keys out; keeps the memory and the lock counts. */
  clear(): void {
    this.heads.fill(NULL);
    this.handles.fill(0, 1, this.unused);
    this.entries = 0;
    this.unused = 1;
    this.freed = NULL;
  }

  /**
   * Returns the length of each chain, by bucket.
   *
   * Cost: walks every chain.
   */
  chainLengths(): Uint32Array {
    this.part();
    const { heads, next } = this;
    const lengths = new Uint32Array(this.buckets);
    for (let bucket = 0; bucket < lengths.length; bucket++) {
      for (let entry = heads[bucket]; entry !== NULL; entry = next[entry]) lengths[bucket]++;
    }
    return lengths;
  }

  /** Returns mean, maximum, standard deviation of the chain lengths and the number of empty buckets. */
  chainStats(): ChainStats {
    return chainStatsOf(this.chainLengths());
  }

  /**
   * Writes keys, handles, geometry and the order of all chains as bytes.
   *
   * The words have the byte order of the machine; a machine of the other order refuses them. The seed of a table with one is in
   * them: who reads the bytes can compute keys that share a bucket.
   *
   * @returns A snapshot: 64 bytes, 4 for each bucket and 20 for each key; a multiple of 64.
   *
   * Cost: one pass over buckets and entries. Lock: none.
   */
  snapshot(): Uint8Array {
    this.part();
    return encode(this, this);
  }

  /**
   * Reads what {@link snapshot} wrote: the copy finds, visits and goes on as the original would have. Its lock counts begin at 0.
   *
   * @param bytes A whole snapshot, from any source; it is copied.
   * @param options See FromOptions: only for a table that was made with a function.
   * @returns A new table; on a subclass, an object of the subclass, made with the options of the one saved.
   * @throws HashTableError with code and byte offset, if the snapshot is damaged; RangeError for anything but a Uint8Array, or a bad
   *   option.
   *
   * Cost: some passes over the bytes, one hash for each key; memory of three times their length at most.
   */
  static from<T extends HashTable = HashTable>(
    this: (new (options?: HashTableOptions) => T) | undefined,
    bytes: Uint8Array,
    options: FromOptions = {},
  ): T {
    const call = 'HashTable.from';
    const { hash } = checkKeys(call, 'options', options, 'hash');
    const { chains, options: made } = restored(call, bytes, hash);
    const table = new (this ?? HashTable)({ ...made, capacity: Math.max(DEFAULT_CAPACITY, chains.unused - 1) }) as T;
    table.heads = chains.heads;
    for (const field of ['next', 'ownerLo', 'ownerHi', 'ids', 'handles'] as const) table[field].set(chains[field]);
    table.unused = chains.unused;
    table.entries = chains.unused - 1;
    return table;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    const { entries, buckets, hash, locking } = this;
    return `${this.constructor.name}(${entries}) { buckets: ${buckets}, hash: '${hash}', locking: '${locking}' }`;
  }

  /**
   * Shows size and geometry in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** Checks what is to be added and makes room for it. Returns its bucket. */
  private prepare(call: string, ownerLo: number, ownerHi: number, id: number, handle: number): number {
    checkKey(call, ownerLo, ownerHi, id);
    checkHandle(call, handle);
    // Before the lock, as the kernel allocates a timer: a failure leaves nothing held.
    this.makeRoom();
    return this.bucketOf(ownerLo, ownerHi, id);
  }

  /** Puts an entry before the first of its chain. */
  private link(bucket: number, first: number, ownerLo: number, ownerHi: number, id: number, handle: number): void {
    const entry = this.takeEntry();
    this.ownerLo[entry] = ownerLo;
    this.ownerHi[entry] = ownerHi;
    this.ids[entry] = id;
    this.handles[entry] = handle;
    this.next[entry] = first;
    this.heads[bucket] = entry;
    this.entries++;
  }

  /** The bucket of a key. */
  private bucketOf(ownerLo: number, ownerHi: number, id: number): number {
    if (this.kind === JHASH2) return lookup3(ownerLo, ownerHi, id) & this.mask;
    if (this.kind !== HASH32) return this.otherBucket(ownerLo, ownerHi, id);
    return (Math.imul(ownerLo ^ ownerHi ^ id, this.golden) >>> this.shift) & this.mask;
  }

  private otherBucket(ownerLo: number, ownerHi: number, id: number): number {
    if (this.kind === SEEDED) return halfSip(ownerLo, ownerHi, id, this.seedLo, this.seedHi) & this.mask;
    return this.custom(ownerLo >>> 0, ownerHi >>> 0, id) & this.mask;
  }

  /** Follows a chain from `entry` to the key's entry; NULL if it is not in it. The words are int32. */
  private walk(entry: number, lo: number, hi: number, id: number): number {
    const { next } = this;
    while (entry !== NULL && !this.holds(entry, lo, hi, id)) entry = next[entry];
    return entry;
  }

  /** Whether an entry is the key's; the owner's low word decides most of them. */
  private holds(entry: number, lo: number, hi: number, id: number): boolean {
    return this.ownerLo[entry] === lo && this.ownerHi[entry] === hi && this.ids[entry] === id;
  }

  /** Takes the lock of a bucket. No other thread can hold it: the table belongs to one thread. */
  private lock(bucket: number): void {
    this.lockWords[bucket & this.lockMask] = 1;
    this.locks.acquired++;
  }

  private unlock(bucket: number): void {
    this.lockWords[bucket & this.lockMask] = 0;
  }

  /**
   * Makes sure that a key can be added without memory; throws before anything has changed if there is none.
   *
   * @internal For tables that change more than this one with a key.
   */
  makeRoom(): void {
    if (this.freed === NULL && this.unused === this.next.length) this.grow();
  }

  /** Returns an entry to fill: the one freed last, else one never used. `makeRoom` has made sure that there is one. */
  private takeEntry(): number {
    const entry = this.freed;
    if (entry === NULL) return this.unused++;
    this.freed = this.next[entry];
    return entry;
  }

  private freeEntry(entry: number): void {
    this.handles[entry] = 0;
    this.next[entry] = this.freed;
    this.freed = entry;
  }

  /** Parts the one chain into those of the buckets, as if the keys had come to them: the newest is the first of each; all or nothing. */
  private part(): void {
    if (this.heads.length === this.buckets) return;
    const heads = new Int32Array(this.buckets);
    if (this.locking === 'bucket') this.lockWords = new Int32Array(this.buckets);
    this.mask = this.buckets - 1;
    this.lockMask = this.locking === 'bucket' ? this.mask : 0;
    const { next, ownerLo, ownerHi, ids } = this;
    let oldest = NULL;
    for (let entry = this.heads[0]; entry !== NULL; ) {
      const after = next[entry];
      next[entry] = oldest;
      oldest = entry;
      entry = after;
    }
    for (let entry = oldest; entry !== NULL; ) {
      const after = next[entry];
      const bucket = this.bucketOf(ownerLo[entry], ownerHi[entry], ids[entry]);
      next[entry] = heads[bucket];
      heads[bucket] = entry;
      entry = after;
    }
    this.heads = heads;
  }

  /** Doubles the room for entries; all or nothing. */
  private grow(): void {
    this.part();
    const old = [this.next, this.ownerLo, this.ownerHi, this.ids, this.handles];
    [this.next, this.ownerLo, this.ownerHi, this.ids, this.handles] = columnsOf(this.next.length * 2, old);
  }
}

/** The arrays of the words of entries: next, ownerLo, ownerHi, ids, handles. */
type Columns = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

/**
 * Makes the arrays for so many entries, which begin with what the old ones hold.
 *
 * Of 17 to 1,024 entries they share a buffer: to make a buffer takes V8 longer than to fill a small one. Shorter arrays have none, as V8
 * keeps up to 64 bytes in its own heap. Longer ones are better apart: of a power of two, five in a row would be in the same sets of a
 * cache.
 */
function columnsOf(length: number, old: Int32Array[] = []): Columns {
  const room = length > 16 && length <= 1024 && new ArrayBuffer(length * ENTRY_BYTES);
  return [0, 1, 2, 3, 4].map((word) => {
    const column = room ? new Int32Array(room, word * 4 * length, length) : new Int32Array(length);
    column.set(old[word] ?? []);
    return column;
  }) as Columns;
}
