// What SharedHashTable is built on: the memory, the attached threads, the locks, and repair after a death.
import { type Alive, holderOf, lockWord, Roster, tryLockWord, unlockWord, writeFenced } from '@idspace/lock';
import type { LockCounts } from '../hash-table.ts';
import { halfSip, lookup3 } from '../hashes.ts';
import { checkInteger, refused } from '../misuse.ts';
import { HASH_NAMES, HASH32, type HashFunction, type HashName, JHASH2, SEEDED } from '../options.ts';
import { UNCLONEABLE } from '../uncloneable.ts';
import { EntryPool } from './entry-pool.ts';
import {
  ACQUIRED,
  BUCKET_SHIFT,
  BUCKETS,
  bucketLocksAt,
  CONTENDED,
  ENTRY_WORDS,
  entriesAt,
  HEAD,
  KEYS,
  LINE_SHIFT,
  LOCKINGS,
  LOCKS,
  locksOf,
  NEXT,
  NO_ENTRY,
  OWNERS,
  ROSTER,
  SEAT_SHIFT,
  SEATS,
  SEQUENCE,
} from './layout.ts';
import {
  type AttachOptions,
  allocate,
  inspectMemory,
  readAttachOptions,
  type SharedHashTableOptions,
} from './options.ts';
import { lockTimeout, SharedHashTableError } from './shared-hash-table-error.ts';

/** How long `bury` waits for a lock, milliseconds: long for a section, short for the thread that is told of all ends. */
const BURIAL_MS = 100;

/** Buckets in shared memory with their locks. What is in their chains, SharedHashTable knows. */
export class LockedBuckets {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  /** Number of this thread among those attached, 1…64. */
  readonly owner: number;
  /** Number of chains, a power of two. */
  readonly buckets: number;
  /** How a key chooses its bucket. */
  readonly hash: HashName;
  /** One lock for the table, one for every 64th bucket, or one for each bucket. */
  readonly locking: 'global' | 'striped' | 'bucket';
  /** Keys it can hold. */
  readonly capacity: number;

  /** Int32Array over all of the shared memory; see layout.ts. */
  protected words: Int32Array;
  /** Float64Array over the same: the lock counts. */
  private counts: Float64Array;
  protected readonly pool: EntryPool;
  private readonly roster: Roster;
  private readonly alive: Alive;
  private readonly timeoutMs: number;
  /** Whether reads take no lock. False once detached: a lock is refused then. */
  protected lockFree: boolean;
  private attached = true;
  /** Offset of this owner's seat. */
  protected readonly seat: number;
  protected readonly kind: number;
  private readonly custom: HashFunction;
  protected readonly golden: number;
  protected readonly seedLo: number;
  protected readonly seedHi: number;
  /** buckets − 1. */
  private readonly mask: number;
  /** 32 − log2(buckets); 32 (one bucket) shifts by 0, which the mask makes right. */
  private readonly shift: number;
  /** Offset of the first entry. */
  private readonly entries: number;
  /** The lock of a bucket is at lockBase + ((bucket & lockMask) << lockShift). */
  private readonly lockBase: number;
  private readonly lockMask: number;
  private readonly lockShift: number;

  /**
   * Makes an empty table and attaches this thread to it.
   *
   * @param options See SharedHashTableOptions.
   * @throws RangeError naming the option, what was got and what is expected, or when there is not so much memory.
   */
  constructor(options?: SharedHashTableOptions);
  /** @internal What `attach` does. */
  constructor(options: AttachOptions, handle: SharedArrayBuffer);
  constructor(options: SharedHashTableOptions & AttachOptions = {}, handle?: SharedArrayBuffer) {
    const { timeoutMs, lockFree } = readAttachOptions(options, handle !== undefined);
    const custom = typeof options.hash === 'function' ? options.hash : undefined;
    this.handle = handle ?? allocate(options);
    const geometry = inspectMemory(this.handle, custom);
    const { buckets, bucketBits, kind, locking, capacity } = geometry;
    this.words = new Int32Array(this.handle);
    this.counts = new Float64Array(this.handle, 0, this.words.length >>> 1);
    this.buckets = buckets;
    this.hash = HASH_NAMES[kind];
    this.locking = LOCKINGS[locking];
    this.capacity = capacity;
    this.kind = kind;
    this.custom = geometry.custom;
    this.golden = geometry.golden;
    this.seedLo = geometry.seedLo;
    this.seedHi = geometry.seedHi;
    this.mask = buckets - 1;
    this.shift = Math.clz32(this.mask);
    this.lockBase = this.locking === 'bucket' ? bucketLocksAt(bucketBits) : LOCKS;
    this.lockShift = this.locking === 'bucket' ? 0 : LINE_SHIFT;
    this.lockMask = locksOf(bucketBits, locking) - 1;
    this.timeoutMs = timeoutMs;
    this.lockFree = lockFree;
    const roster = new Roster(this.words, ROSTER, OWNERS);
    this.roster = roster;
    // A number that no thread can have got into a lock by other means than these calls.
    this.alive = (owner) => (owner > OWNERS ? false : roster.alive(owner));
    this.owner = roster.join(options.owner);
    if (this.owner === 0) throw noSeat(options.owner);
    this.seat = SEATS + ((this.owner - 1) << SEAT_SHIFT);
    this.entries = entriesAt(bucketBits, locking);
    this.pool = new EntryPool(this.words, this.entries, this.owner, timeoutMs, this.alive);
  }

  /** Number of keys in the table; exact while no thread changes it. */
  get size(): number {
    // One thread's number may be older than that of another, which has removed what the first has added.
    return Math.max(this.counted(), 0);
  }

  /** Bytes reserved for the table; the system gives them as they are first used. */
  get byteLength(): number {
    return this.handle.byteLength;
  }

  /** Locks taken, and waited for, by all threads since the table was made; a new object each time. */
  get locks(): LockCounts {
    const sum = { acquired: 0, contended: 0 };
    for (let owner = 0; owner < OWNERS; owner++) {
      sum.acquired += this.counts[(SEATS + (owner << SEAT_SHIFT) + ACQUIRED) >> 1];
      sum.contended += this.counts[(SEATS + (owner << SEAT_SHIFT) + CONTENDED) >> 1];
    }
    return sum;
  }

  /**
   * Says that the worker of an owner has ended without `detach`, and puts in order what it left.
   *
   * The chains are sound at any moment, so nothing is lost: from now on other threads inherit the locks it held; entries it
   * had for itself are free again, and `size` counts what is there. Call it from the worker's `exit` event.
   *
   * That needs all locks. If another thread does not give one back for 100 ms (it may have ended as well), what was left
   * is put in order by the next `bury` that gets them. Until then the number stays taken.
   *
   * @param owner The number of the worker's table object.
   * @returns False if no thread has that number (any more).
   * @throws RangeError for no number 1…64, or this thread's own; SharedHashTableError if this object was detached.
   *
   * Cost: one pass over the buckets and the entries ever used. Lock: all of them.
   */
  bury(owner: number): boolean {
    checkInteger('SharedHashTable.bury', 'owner', owner, 1, OWNERS);
    if (!this.attached) throw detached();
    if (owner === this.owner) throw refused('SharedHashTable.bury', 'owner', owner, 'another than this thread');
    if (!this.roster.bury(owner) && !this.roster.dead(owner)) return false;
    try {
      this.lockAll(() => this.settle(), Math.min(this.timeoutMs, BURIAL_MS));
    } catch (error) {
      if (!(error instanceof SharedHashTableError && error.code === 'lock-timeout')) throw error;
    }
    return true;
  }

  /** Puts in order what all the dead have left, and gives their numbers back. All locks are held. */
  private settle(): void {
    const dead = Array.from({ length: OWNERS }, (_, i) => i + 1).filter((owner) => this.roster.dead(owner));
    const [first] = dead;
    // Another thread may have done it while this one waited.
    if (first === undefined) return;
    this.gather(first);
    for (const owner of dead) this.roster.leave(owner);
  }

  /**
   * Gives this thread's number back. From now on every call that reads or changes keys throws with code 'detached', on all machines;
   * the readonly properties go on answering.
   *
   * A worker that ends should call it; one that cannot must be buried.
   */
  detach(): void {
    if (!this.attached) return;
    this.attached = false;
    this.lockFree = false;
    this.roster.leave(this.owner);
  }

  /** The bucket of a key. */
  protected bucketOf(ownerLo: number, ownerHi: number, id: number): number {
    const { kind, mask } = this;
    if (kind === HASH32) return (Math.imul(ownerLo ^ ownerHi ^ id, this.golden) >>> this.shift) & mask;
    if (kind === JHASH2) return lookup3(ownerLo, ownerHi, id) & mask;
    return this.otherHash(ownerLo, ownerHi, id) & mask;
  }

  private otherHash(ownerLo: number, ownerHi: number, id: number): number {
    if (this.kind === SEEDED) return halfSip(ownerLo, ownerHi, id, this.seedLo, this.seedHi);
    return this.custom(ownerLo >>> 0, ownerHi >>> 0, id);
  }

  /** Takes the lock of a bucket. */
  protected lock(number: number, timeoutMs: number = this.timeoutMs): void {
    const lock = this.lockBase + ((number & this.lockMask) << this.lockShift);
    if (!this.attached) throw detached();
    if (tryLockWord(this.words, lock, this.owner) === false) this.waitFor(lock, timeoutMs);
    this.counts[(this.seat + ACQUIRED) >> 1]++;
  }

  protected unlock(number: number): void {
    unlockWord(this.words, this.lockBase + ((number & this.lockMask) << this.lockShift), this.owner);
  }

  /** Waits for a lock that is held. One whose owner died is as good as any: chains are sound at every moment. */
  private waitFor(lock: number, timeoutMs: number): void {
    const { words, owner, alive } = this;
    this.counts[(this.seat + CONTENDED) >> 1]++;
    // This thread is in no call: an earlier one of its number ended amid one, or the word was written by other means.
    if (holderOf(words, lock) === owner) return;
    if (lockWord(words, lock, owner, timeoutMs, alive) === false) throw lockTimeout(words, lock, timeoutMs);
  }

  /** Takes the lock of a bucket with a free entry at hand. Returns false, and holds nothing, if only others have any. */
  protected lockWithRoom(number: number): boolean {
    // The pool goes by the number, which may be another thread's by now.
    if (!this.attached) throw detached();
    for (;;) {
      if (!this.pool.ready() && !this.pool.refill()) return false;
      this.lock(number);
      if (this.pool.ready()) return true;
      // Another thread has gathered the free entries since.
      this.unlock(number);
    }
  }

  /** Runs `task` with all locks held, the pool's too, and returns what it does. */
  protected lockAll<T>(task: () => T, timeoutMs: number = this.timeoutMs): T {
    let locked = 0;
    try {
      for (; locked <= this.lockMask; locked++) this.lock(locked, timeoutMs);
      this.pool.lock(timeoutMs);
      try {
        return task();
      } finally {
        this.pool.unlock();
      }
    } finally {
      while (locked > 0) this.unlock(--locked);
    }
  }

  /** The sum of what all owners have counted. The counts wrap, and so does it. */
  private counted(): number {
    let size = 0;
    for (let owner = 0; owner < OWNERS; owner++) size += this.words[SEATS + (owner << SEAT_SHIFT) + KEYS];
    return size | 0;
  }

  /** Puts all entries that are in no chain into the pool, ends chains that are none, and counts the keys of an owner that died. All locks are held. */
  protected gather(dead?: number): void {
    const { words, entries } = this;
    const used = new Uint8Array(this.capacity);
    let keys = 0;
    for (let number = 0; number < this.buckets; number++) {
      const bucket = BUCKETS + (number << BUCKET_SHIFT);
      // A thread may have died between taking an entry out and counting.
      writeFenced(words, bucket + SEQUENCE, (words[bucket + SEQUENCE] + 1) | 0);
      let link = bucket + HEAD;
      for (let entry = words[link]; entry !== NO_ENTRY; entry = words[link]) {
        const place = (entry - entries) / ENTRY_WORDS;
        // What is no entry, or in a chain already, was written by other means than these calls: the chain ends before it.
        if (used[place] !== 0) {
          words[link] = NO_ENTRY;
          break;
        }
        used[place] = 1;
        keys++;
        link = entry + NEXT;
      }
    }
    this.pool.rebuild((entry) => used[(entry - entries) / ENTRY_WORDS] === 1);
    if (dead !== undefined) words[SEATS + ((dead - 1) << SEAT_SHIFT) + KEYS] += keys - this.counted();
  }
}

function detached(): SharedHashTableError {
  return new SharedHashTableError('detached', 'this: got an object that was detached, expected an attached one');
}

function noSeat(wanted: number | undefined): SharedHashTableError {
  const what = wanted === undefined ? `all ${OWNERS} taken` : `${wanted}, which is attached already`;
  return new SharedHashTableError(
    'no-free-owner',
    `owner: got ${what}, expected a free one (detach, or bury the dead)`,
  );
}
