// LockTable: one lock for each key in use, in a few shared words, whatever the number of keys.
import type { LockOptions } from './lock.ts';
import {
  type Alive,
  deadlineAfter,
  FREE,
  type LockOutcome,
  OWNER,
  refuseOwn,
  tryLockWord,
  unlockWord,
} from './lock-word.ts';
import { lockWord } from './mutex.ts';
import { integer, refused, sharedWords } from './refused.ts';
import { LOOKS_BEFORE_SLEEP, sleepForWord } from './sleep.ts';

// The table's words: guard, reach, 14 unused ones up to the next cache line, then the slots.
const GUARD = 0;
/** The farthest that a key ever lay behind its first place, slots. */
const REACH = 1;
const SLOTS = 16;
/** A slot's words: the lock, and the key it is for: owner (two), ~ID. */
const [LOCK, LO, HI, TAG] = [0, 1, 2, 3];
const SLOT = 4;
const MAX_SLOTS = 0x1_0000;
/** How long a taker waits for a slot before it asks again whether the slot is still for its key, milliseconds. */
const ASK_MS = 50;

/**
 * One thread's handle on a table of mutexes keyed (owner, ID): one lock per thing, where a word in each thing is too much.
 *
 * A key has a lock while somebody holds it; then its slot may serve another key. Two keys never share a lock, so a thread
 * may hold several (in an order that all threads keep to, or they wait for each other). Zeroed memory is an empty table.
 *
 * Cost: 16 × slots + 64 bytes. A lock and unlock is about eight of a Mutex: the table itself is locked for a moment.
 * Source: pthread_mutex_lock(3), PTHREAD_MUTEX_ROBUST: the outcomes.
 */
export class LockTable {
  private readonly words: Int32Array;
  private readonly first: number;
  private readonly slots: number;
  private readonly thread: number;
  private readonly alive: Alive | undefined;

  /**
   * Tells how many words a table takes.
   *
   * @param slots Keys that are locked at once at most, 1…65,536; four times as many as expected keeps it fast.
   */
  static wordsFor(slots: number): number {
    return SLOTS + SLOT * integer('slots', slots, 1, MAX_SLOTS);
  }

  /**
   * Makes a handle; the table stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param first Element of `words` where the table begins; it takes `wordsFor(slots)`.
   * @param slots As every thread has it: keys that are locked at once at most, 1…65,536.
   * @param thread Number of this thread, 1…2³¹−1, unique among the threads, such as `threadId + 1`.
   * @param options `alive` makes the locks robust.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, first: number, slots: number, thread: number, options: LockOptions = {}) {
    const { alive } = options;
    if (alive !== undefined && typeof alive !== 'function') throw refused('alive', alive, 'a function');
    this.words = sharedWords(words);
    const taken = LockTable.wordsFor(slots);
    if (taken > words.length) throw refused('words.length', words.length, `at least ${taken} for ${slots} slots`);
    this.first = integer('first', first, 0, words.length - taken);
    this.slots = slots;
    this.thread = integer('thread', thread, 1, OWNER);
    this.alive = alive;
  }

  /**
   * Takes the lock of a key if it is free, without waiting for it.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @returns True if it is held now; false if it is held already; `'owner-died'` if it is held now because its holder died.
   * @throws RangeError if all slots are held, or for no such key.
   *
   * Lock: the table's, for a moment.
   */
  tryLock(ownerLo: number, ownerHi: number, id: number): LockOutcome {
    const slot = this.claim(checked('ownerLo', ownerLo) | 0, checked('ownerHi', ownerHi) | 0, tagOf(id));
    return typeof slot === 'number' ? false : slot;
  }

  /**
   * Takes the lock of a key, waiting until it is free.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
   * @returns As `tryLock`; false if the time ran out.
   * @throws RangeError if this thread holds it already, if all slots are held, or for no such key or time.
   *
   * Lock: the table's, for a moment.
   */
  lock(ownerLo: number, ownerHi: number, id: number, timeoutMs: number = Infinity): LockOutcome {
    const lo = checked('ownerLo', ownerLo) | 0;
    const hi = checked('ownerHi', ownerHi) | 0;
    const tag = tagOf(id);
    const { words, thread } = this;
    let deadline = -1;
    for (;;) {
      const slot = this.claim(lo, hi, tag);
      if (typeof slot !== 'number') return slot;
      refuseOwn(Atomics.load(words, slot), thread);
      if (deadline < 0) deadline = deadlineAfter(timeoutMs);
      // Not robust itself: the slot may serve another key by now, whose holder's death is not for us to inherit.
      const until = Math.min(deadline, performance.now() + ASK_MS);
      if (sleepForWord(words, slot, thread, until, undefined, LOOKS_BEFORE_SLEEP) === true) {
        if (this.serves(slot, lo, hi, tag)) return true;
        unlockWord(words, slot, thread);
      } else if (performance.now() >= deadline) return false;
    }
  }

  /**
   * Gives the lock of a key back.
   *
   * @throws RangeError if this thread does not hold it.
   *
   * Cost: a search among the table's slots near the key's place, one atomic exchange.
   */
  unlock(ownerLo: number, ownerHi: number, id: number): void {
    const { words, thread } = this;
    const slot = this.search(ownerLo | 0, ownerHi | 0, ~id, thread);
    if (slot < 0) {
      throw new RangeError(`lock: thread ${thread} unlocks (${ownerLo}, ${ownerHi}, ${id}), expected a lock it holds`);
    }
    unlockWord(words, slot, thread);
  }

  /** Number of the thread that holds the lock of a key at this moment, 0 if nobody does. */
  holder(ownerLo: number, ownerHi: number, id: number): number {
    const slot = this.search(ownerLo | 0, ownerHi | 0, ~id, 0);
    return slot < 0 ? 0 : Atomics.load(this.words, slot) & OWNER;
  }

  /** Finds or makes the key's slot and takes it if it is free: how, or else the slot to wait for. */
  private claim(lo: number, hi: number, tag: number): true | 'owner-died' | number {
    const { words, first, thread, alive } = this;
    const guard = first + GUARD;
    if (lockWord(words, guard, thread, Infinity, alive) === 'owner-died') this.repair();
    const slot = this.search(lo, hi, tag, 0);
    if (slot < 0) {
      const made = this.make(lo, hi, tag);
      unlockWord(words, guard, thread);
      if (made) return true;
      throw new RangeError(`lock: all ${this.slots} slots are held, expected fewer keys locked at once`);
    }
    // Within the guard: a held slot keeps its key, so that a death is inherited by the key it concerns.
    const taken = tryLockWord(words, slot, thread, alive);
    unlockWord(words, guard, thread);
    return taken === false ? slot : taken;
  }

  /** Takes a free slot for a key that has none. Under the guard. */
  private make(lo: number, hi: number, tag: number): boolean {
    const { words, first, slots, thread } = this;
    const home = this.homeOf(lo, hi, tag);
    for (let distance = 0; distance < slots; distance++) {
      const slot = this.slotAt(home + distance);
      if (Atomics.compareExchange(words, slot + LOCK, FREE, thread) !== FREE) continue;
      // A maker that dies on the way leaves no key: `repair` frees the slot.
      Atomics.store(words, slot + TAG, 0);
      words[slot + LO] = lo;
      words[slot + HI] = hi;
      if (distance > words[first + REACH]) Atomics.store(words, first + REACH, distance);
      Atomics.store(words, slot + TAG, tag);
      return true;
    }
    return false;
  }

  /** Frees slots whose maker died before they had a key. Under the guard. */
  private repair(): void {
    const { words, slots, alive } = this;
    for (let i = 0; i < slots; i++) {
      const slot = this.slotAt(i);
      const holder = Atomics.load(words, slot + LOCK) & OWNER;
      if (holder !== FREE && words[slot + TAG] === 0 && !alive!(holder)) Atomics.store(words, slot + LOCK, FREE);
    }
  }

  /** The slot that serves a key, −1 if none does. @param holder Only a slot that this thread holds; 0 for any. */
  private search(lo: number, hi: number, tag: number, holder: number): number {
    const { words, first } = this;
    const home = this.homeOf(lo, hi, tag);
    const reach = Atomics.load(words, first + REACH);
    for (let distance = 0; distance <= reach; distance++) {
      const slot = this.slotAt(home + distance);
      if (!this.serves(slot, lo, hi, tag)) continue;
      if (holder === 0 || (Atomics.load(words, slot + LOCK) & OWNER) === holder) return slot;
    }
    return -1;
  }

  private serves(slot: number, lo: number, hi: number, tag: number): boolean {
    const { words } = this;
    return Atomics.load(words, slot + TAG) === tag && words[slot + LO] === lo && words[slot + HI] === hi;
  }

  private homeOf(lo: number, hi: number, tag: number): number {
    const mixed = Math.imul(lo ^ Math.imul(hi, 0x85eb_ca6b) ^ Math.imul(tag, 0x61c8_8647), 0xc2b2_ae35);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % this.slots;
  }

  private slotAt(place: number): number {
    return this.first + SLOTS + SLOT * (place % this.slots);
  }
}

function checked(name: string, value: number): number {
  return integer(name, value, 0, 0xffff_ffff);
}

/** How a slot holds an ID: never 0, which stands for no key. */
function tagOf(id: number): number {
  return ~integer('id', id, 0, OWNER);
}
