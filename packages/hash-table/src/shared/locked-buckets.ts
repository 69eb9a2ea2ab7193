// What is under SharedHashTable: the memory, who is attached to it, the locks, and order after a death.
import { type Alive, lockWord, Roster, tryLockWord, unlockWord } from '@idspace/lock';
import type { LockCounts } from '../hash-table.ts';
import { HASH32, type HashFunction, JHASH2, refused } from '../options.ts';
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
  NEXT,
  NO_ENTRY,
  OWNERS,
  ROSTER,
  SEAT_SHIFT,
  SEATS,
  SEQUENCE,
  STRIPES,
} from './layout.ts';
import {
  type AttachOptions,
  allocate,
  inspectMemory,
  readAttachOptions,
  type SharedHashTableOptions,
} from './options.ts';
import { lockTimeout, SharedTableError } from './shared-table-error.ts';

/** Buckets in shared memory with their locks. What is in their chains is SharedHashTable's business. */
export class LockedBuckets {
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  /** Number of this thread among those attached, 1…64. */
  readonly owner: number;
  /** Number of chains, a power of two. */
  readonly buckets: number;
  /** How a key chooses its bucket. */
  readonly hash: 'hash32' | 'jhash2' | 'custom';
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
  private readonly patienceMs: number;
  protected readonly lockFree: boolean;
  private attached = true;
  /** Offset of this owner's seat. */
  protected readonly seat: number;
  protected readonly kind: number;
  protected readonly custom: HashFunction;
  protected readonly golden: number;
  /** buckets − 1. */
  protected readonly mask: number;
  /** 32 − log2(buckets); 32 (one bucket) shifts by 0, which the mask makes right. */
  protected readonly shift: number;
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
    const { patienceMs, lockFree } = readAttachOptions(options);
    const custom = typeof options.hash === 'function' ? options.hash : undefined;
    this.handle = handle ?? allocate(options);
    const geometry = inspectMemory(this.handle, custom);
    const { buckets, bucketBits, kind, locking, capacity } = geometry;
    this.words = new Int32Array(this.handle);
    this.counts = new Float64Array(this.handle, 0, this.words.length >>> 1);
    this.buckets = buckets;
    this.hash = kind === HASH32 ? 'hash32' : kind === JHASH2 ? 'jhash2' : 'custom';
    this.locking = LOCKINGS[locking];
    this.capacity = capacity;
    this.kind = kind;
    this.custom = geometry.custom;
    this.golden = geometry.golden;
    this.mask = buckets - 1;
    this.shift = Math.clz32(this.mask);
    this.lockBase = this.locking === 'bucket' ? bucketLocksAt(bucketBits) : LOCKS;
    this.lockShift = this.locking === 'bucket' ? 0 : LINE_SHIFT;
    const locks = this.locking === 'bucket' ? buckets : this.locking === 'striped' ? Math.min(STRIPES, buckets) : 1;
    this.lockMask = locks - 1;
    this.patienceMs = patienceMs;
    this.lockFree = lockFree;
    const roster = new Roster(this.words, ROSTER, OWNERS);
    this.roster = roster;
    this.alive = (owner) => roster.alive(owner);
    this.owner = roster.join(options.owner);
    if (this.owner === 0) throw noSeat(options.owner);
    this.seat = SEATS + ((this.owner - 1) << SEAT_SHIFT);
    this.entries = entriesAt(bucketBits, locking);
    this.pool = new EntryPool(this.words, this.entries, this.owner, patienceMs, this.alive);
  }

  /** Number of keys in the table; exact while nobody changes it. */
  get size(): number {
    let size = 0;
    for (let owner = 0; owner < OWNERS; owner++) size += this.words[SEATS + (owner << SEAT_SHIFT) + KEYS];
    return size;
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
   * The chains are sound at any moment, so nothing is lost: locks it held are given back, entries it had for itself are
   * free again, and `size` counts what is there. Call it from the worker's `exit` event. Its number may be taken anew.
   *
   * @param owner The number of the worker's table object.
   * @returns False if nobody has that number (any more).
   * @throws RangeError for no number 1…64, or this thread's own; SharedTableError if a living thread holds a lock too long.
   *
   * Cost: one pass over the buckets and the entries ever used. Lock: all of them.
   */
  bury(owner: number): boolean {
    if (owner === this.owner && this.roster.alive(owner)) throw refused('owner', owner, 'another than this thread');
    if (!this.roster.bury(owner) && !this.roster.dead(owner)) return false;
    let buried = false;
    this.lockAll(() => {
      // Somebody else may have buried it while this thread waited.
      if (!this.roster.dead(owner)) return;
      this.gather(owner);
      this.roster.leave(owner);
      buried = true;
    });
    return buried;
  }

  /**
   * Gives this thread's number back; `find` still works, anything that takes a lock throws.
   *
   * A worker that ends should call it; one that cannot must be buried.
   */
  detach(): void {
    if (!this.attached) return;
    this.attached = false;
    this.roster.leave(this.owner);
  }

  /** Takes the lock of a bucket. */
  protected lock(number: number): void {
    this.lockAt(this.lockBase + ((number & this.lockMask) << this.lockShift));
  }

  protected unlock(number: number): void {
    unlockWord(this.words, this.lockBase + ((number & this.lockMask) << this.lockShift), this.owner);
  }

  private lockAt(lock: number): void {
    if (!this.attached) throw new SharedTableError('DETACHED', 'this object was detached, expected an attached one');
    if (tryLockWord(this.words, lock, this.owner) === false) this.waitFor(lock);
    this.counts[(this.seat + ACQUIRED) >> 1]++;
  }

  /** Waits for a lock that is held. One whose owner died is as good as any: chains are sound at every moment. */
  private waitFor(lock: number): void {
    const { words, owner, patienceMs, alive } = this;
    this.counts[(this.seat + CONTENDED) >> 1]++;
    if (lockWord(words, lock, owner, patienceMs, alive) === false) throw lockTimeout(words, lock, patienceMs);
  }

  /** Takes the lock of a bucket with a free entry at hand. Returns false, and holds nothing, if only others have any. */
  protected lockWithRoom(number: number): boolean {
    for (;;) {
      if (!this.pool.ready() && !this.pool.refill()) return false;
      this.lock(number);
      if (this.pool.ready()) return true;
      // Another thread has gathered the free entries since.
      this.unlock(number);
    }
  }

  /** Runs `task` with all locks held, the pool's too. */
  protected lockAll(task: () => void): void {
    let locked = 0;
    try {
      for (; locked <= this.lockMask; locked++) this.lock(locked);
      this.pool.lock();
      try {
        task();
      } finally {
        this.pool.unlock();
      }
    } finally {
      while (locked > 0) this.unlock(--locked);
    }
  }

  /** Puts all entries that are in no chain into the pool, and counts the keys of an owner that died. All locks are held. */
  protected gather(dead?: number): void {
    const { words, entries } = this;
    const used = new Uint8Array(this.capacity);
    let keys = 0;
    for (let number = 0; number < this.buckets; number++) {
      const bucket = BUCKETS + (number << BUCKET_SHIFT);
      // Somebody may have died between taking an entry out and counting.
      words[bucket + SEQUENCE] = (words[bucket + SEQUENCE] + 1) | 0;
      for (let entry = words[bucket + HEAD]; entry !== NO_ENTRY; entry = words[entry + NEXT]) {
        used[(entry - entries) / ENTRY_WORDS] = 1;
        keys++;
      }
    }
    this.pool.rebuild((entry) => used[(entry - entries) / ENTRY_WORDS] === 1);
    if (dead !== undefined) words[SEATS + ((dead - 1) << SEAT_SHIFT) + KEYS] += keys - this.size;
  }
}

function noSeat(wanted: number | undefined): SharedTableError {
  const what = wanted === undefined ? `all ${OWNERS} seats are taken` : `owner ${wanted} is attached already`;
  return new SharedTableError('OWNERS', `${what}, expected a free one (detach, or bury the dead)`);
}
