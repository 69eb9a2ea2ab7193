// EntryPool: the free entries of a shared table. Each owner has some of its own, so that adding and removing keys
// touches no memory that others write; they go to and come from the pool of all in batches.
import { type Alive, holderOf, lockWord, tryLockWord, unlockWord } from '@idspace/lock';
import {
  CAPACITY,
  ENTRY_WORDS,
  FREE_COUNT,
  FREE_HEAD,
  HANDLE,
  HI,
  LO,
  NEXT,
  OWNERS,
  POOL,
  POOL_LOCK,
  SEAT_SHIFT,
  SEATS,
  UNUSED,
} from './layout.ts';
import { lockTimeout } from './shared-hash-table-error.ts';

/** Entries that go to or come from the pool in one batch; an owner keeps less than twice as many. */
const BATCH = 32;

/** One owner's way to the free entries. */
export class EntryPool {
  private readonly words: Int32Array;
  /** Offset of the first entry, and the one after the last. */
  private readonly first: number;
  private readonly end: number;
  private readonly owner: number;
  private readonly seat: number;
  private readonly timeoutMs: number;
  private readonly alive: Alive;

  constructor(words: Int32Array, first: number, owner: number, timeoutMs: number, alive: Alive) {
    this.words = words;
    this.first = first;
    this.end = first + words[CAPACITY] * ENTRY_WORDS;
    this.owner = owner;
    this.seat = SEATS + ((owner - 1) << SEAT_SHIFT);
    this.timeoutMs = timeoutMs;
    this.alive = alive;
  }

  /** Says whether `take` will find an entry. */
  ready(): boolean {
    return this.isEntry(this.words[this.seat + FREE_HEAD]);
  }

  /** Whether an offset is one among the entries. What is 0 is none, as is what was written by other means than these calls. */
  private isEntry(offset: number): boolean {
    return (offset - this.first) >>> 0 < this.end - this.first;
  }

  /** Takes one of the owner's free entries; `ready` has said that there is one. */
  take(): number {
    const { words, seat } = this;
    const entry = words[seat + FREE_HEAD];
    words[seat + FREE_HEAD] = words[entry + NEXT];
    words[seat + FREE_COUNT]--;
    return entry;
  }

  /** Gives an entry back that no chain leads to any more, and that no reader that began before can still trust. */
  give(entry: number): void {
    const { words, seat } = this;
    words[entry + HANDLE] = 0;
    words[entry + NEXT] = words[seat + FREE_HEAD];
    words[seat + FREE_HEAD] = entry;
    words[seat + FREE_COUNT]++;
  }

  /** Moves a batch to the pool if the owner has two, and if no other thread is working in it. Not to be called with a lock held. */
  trim(): void {
    if (this.words[this.seat + FREE_COUNT] >= 2 * BATCH) this.spill();
  }

  /** Gets the owner a batch of free entries. Returns false if neither the pool nor unused memory has any. */
  refill(): boolean {
    this.lock();
    const found = this.fetch();
    this.unlock();
    return found;
  }

  /** The same, for a thread that holds the pool's lock. */
  fetch(): boolean {
    const { words, seat } = this;
    const batch = words[POOL];
    const unused = this.unused();
    if (this.isEntry(batch)) {
      words[POOL] = words[batch + LO];
      words[seat + FREE_COUNT] = words[batch + HI];
      words[seat + FREE_HEAD] = batch;
    } else if (unused < this.end) {
      const end = Math.min(unused + BATCH * ENTRY_WORDS, this.end);
      words[UNUSED] = end;
      words[seat + FREE_COUNT] = this.link(unused, end);
      words[seat + FREE_HEAD] = unused;
    }
    return this.ready();
  }

  /** Takes the lock of the pool: for a table that puts its free entries in order. */
  lock(timeoutMs: number = this.timeoutMs): void {
    // Held under this thread's own number, which is in no call here.
    if (holderOf(this.words, POOL_LOCK) === this.owner) return;
    // Who died here may have left the pool without a batch; recovery finds it again.
    if (lockWord(this.words, POOL_LOCK, this.owner, timeoutMs, this.alive) === false) {
      throw lockTimeout(this.words, POOL_LOCK, timeoutMs);
    }
  }

  /** Gives the lock of the pool back. */
  unlock(): void {
    unlockWord(this.words, POOL_LOCK, this.owner);
  }

  /**
   * Makes one list of all entries for which `used` is false, and leaves every owner without any of its own.
   *
   * The caller holds the pool's lock and all locks of the table: no thread is working on an entry.
   */
  rebuild(used: (entry: number) => boolean): void {
    const { words, first } = this;
    const end = this.unused();
    words[UNUSED] = end;
    for (let owner = 0; owner < OWNERS; owner++) {
      words[SEATS + (owner << SEAT_SHIFT) + FREE_HEAD] = 0;
      words[SEATS + (owner << SEAT_SHIFT) + FREE_COUNT] = 0;
    }
    words[POOL] = 0;
    let batch = 0;
    for (let entry = end - ENTRY_WORDS; entry >= first; entry -= ENTRY_WORDS) {
      if (used(entry)) continue;
      const length = batch === 0 || words[batch + HI] === BATCH ? 1 : words[batch + HI] + 1;
      words[entry + HANDLE] = 0;
      words[entry + NEXT] = length === 1 ? 0 : batch;
      words[entry + LO] = length === 1 ? words[POOL] : words[batch + LO];
      words[entry + HI] = length;
      words[POOL] = entry;
      batch = entry;
    }
  }

  /** Moves a batch from the owner's free entries to the pool. */
  private spill(): void {
    const { words, seat } = this;
    if (tryLockWord(words, POOL_LOCK, this.owner, this.alive) === false) return;
    const batch = words[seat + FREE_HEAD];
    let last = batch;
    for (let i = 1; i < BATCH && this.isEntry(last); i++) last = words[last + NEXT];
    if (!this.isEntry(last)) {
      // A list that is shorter than its count says: what is left of it is the owner's.
      words[seat + FREE_COUNT] = 0;
      this.unlock();
      return;
    }
    words[seat + FREE_HEAD] = words[last + NEXT];
    words[seat + FREE_COUNT] -= BATCH;
    words[last + NEXT] = 0;
    words[batch + LO] = words[POOL];
    words[batch + HI] = BATCH;
    words[POOL] = batch;
    this.unlock();
  }

  /** The first entry that was never used; where the word is none, all count as used. */
  private unused(): number {
    const { first, end } = this;
    const unused = this.words[UNUSED];
    if (unused === 0) return first;
    return unused >= first && unused <= end && (unused - first) % ENTRY_WORDS === 0 ? unused : end;
  }

  /** Links entries that were never used, up to `end`; returns how many. */
  private link(from: number, end: number): number {
    for (let entry = from; entry < end; entry += ENTRY_WORDS) {
      this.words[entry + NEXT] = entry + ENTRY_WORDS < end ? entry + ENTRY_WORDS : 0;
    }
    return (end - from) / ENTRY_WORDS;
  }
}
