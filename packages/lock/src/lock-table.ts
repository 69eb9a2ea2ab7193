// LockTable: one lock for each key in use, in a few shared words, whatever the number of keys.
import { type Hold, makeHold } from './hold.ts';
import { type Blocked, lineFor, makeLine, type Taker } from './line.ts';
import type { LockOptions } from './lock.ts';
import { GUARD, LockSlots, wordsOf } from './lock-slots.ts';
import {
  type Alive,
  buryWord,
  deadlineAfter,
  FREE,
  holderOf,
  type LockOutcome,
  OWNER,
  refuseLiving,
  refuseOwn,
  releaseDead,
  releaseWord,
  WAITERS,
} from './lock-word.ts';
import { checkFunction, checkInteger, checkKeys, checkWords, type Refusal, refusal, refused } from './misuse.ts';
import { patienceOf, type WaitOptions } from './patience.ts';
import { showAs } from './shown.ts';
import { LOOKS_BEFORE_SLEEP, markWord, sleepForWord, sleepUntilChanged, takeOrMark } from './sleep.ts';
import { UNCLONEABLE } from './uncloneable.ts';

const MAX_SLOTS = 0x1_0000;
/** How long `tryLock` waits for the guard, milliseconds: longer than a thread is usually interrupted amid a call. */
const TRY_MS = 5;
/** What `take` says when all slots are held. */
const FULL = 0;
/** This thread's life: tells its locks from those of an earlier thread that had its number. */
const LIFE: number = /* @__PURE__ */ Math.random() * 2 ** 32;

/**
 * One thread's handle on a table of mutexes keyed (owner, ID): one lock per thing, where a word in each thing is too much.
 *
 * A key has a lock while a thread holds it; then its slot may serve another key. Two keys never share a lock, so a thread
 * may hold several (in an order that all threads keep to, or they wait for each other). Zeroed memory is an empty table.
 *
 * Locks are taken under the table's own guard, which is held for some 100 ns. A thread that ends within them leaves a sound
 * table and a guard that is held: with `alive` others inherit it; `bury` frees it; until then `tryLock` and a `lock` with a
 * timeout return false in time, and `guardHolder` says who it is.
 *
 * Cost: 32 × slots + 64 bytes. A lock and unlock is about eight of a Mutex: the table itself is locked for a moment.
 * Source: pthread_mutex_lock(3), PTHREAD_MUTEX_ROBUST: the outcomes.
 */
export class LockTable {
  /** @internal Before all other fields, of which one may be a function. */
  readonly uncloneable: symbol = UNCLONEABLE;
  private readonly words: Int32Array;
  private readonly guard: number;
  private readonly table: LockSlots;
  private readonly slots: number;
  private readonly thread: number;
  private readonly alive: Alive | undefined;
  private readonly life: number = LIFE | 0;
  /** The slot taken last: nearly always the one that is given back next. */
  private last = 0;

  /**
   * Tells how many words a table takes.
   *
   * @param slots Keys that are locked at the same time at most, 1…65,536.
   * @returns 8 × slots + 16.
   * @throws RangeError for another number.
   */
  static wordsFor(slots: number): number {
    return wordsOf(checkInteger('LockTable.wordsFor', 'slots', slots, 1, MAX_SLOTS));
  }

  /**
   * Makes a handle. The first one marks the memory as a table of this layout and of so many slots.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` where the table begins; it takes `wordsFor(slots)`.
   * @param slots As every thread has it: keys that are locked at the same time at most, 1…65,536.
   * @param owner Number of this thread, 1…2³¹−1, unique among the threads that live, such as `threadId + 1`.
   * @param options `alive` makes the locks robust.
   * @throws RangeError naming the argument, what was got and what is expected; also if the memory is a table of another
   *   layout or number of slots.
   */
  constructor(words: Int32Array, index: number, slots: number, owner: number, options: LockOptions = {}) {
    const call = 'new LockTable';
    const { alive } = checkKeys(call, 'options', options, 'alive');
    if (alive !== undefined) checkFunction(call, 'alive', alive);
    this.words = checkWords(call, words);
    const taken = wordsOf(checkInteger(call, 'slots', slots, 1, MAX_SLOTS));
    if (taken > words.length) throw refused(call, 'words.length', words.length, `at least ${taken} for ${slots} slots`);
    this.guard = checkInteger(call, 'index', index, 0, words.length - taken) + GUARD;
    this.thread = checkInteger(call, 'owner', owner, 1, OWNER);
    this.slots = slots;
    this.alive = alive;
    this.table = new LockSlots(words, index, slots);
    showAs(this, () => `slots: ${slots}, held: ${this.holders().length}, owner: ${owner}`);
  }

  /**
   * Takes the lock of a key if it is free, without waiting for it.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @returns True if it is held now; false if it is held already, or if the guard was not free for 5 ms: its holder may
   *   have ended, see `guardHolder`; `'owner-died'` if it is held now because its holder died.
   * @throws RangeError if all slots are held, or for no such key.
   *
   * Lock: the table's guard, for a moment.
   */
  tryLock(ownerLo: number, ownerHi: number, id: number): LockOutcome {
    const [lo, hi, tag] = checkKey('LockTable.tryLock', ownerLo, ownerHi, id);
    for (let dead = 0; ; ) {
      if (!this.entersNow() && !this.enters(performance.now() + TRY_MS)) return false;
      const taken = this.take(lo, hi, tag, 0, dead);
      if (typeof taken !== 'number') return taken;
      if (taken === FULL) throw this.full('LockTable.tryLock');
      dead = this.deadHolder(taken);
      if (dead === 0) return false;
    }
  }

  /**
   * Takes the lock of a key, waiting until it is free.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @param timeoutMs Time to wait at most, for the guard too, milliseconds ≥ 0. Default Infinity.
   * @returns As `tryLock`; false if the time ran out.
   * @throws RangeError if this thread holds it already, if all slots are held, or for no such key or time.
   *
   * Lock: the table's guard, for a moment.
   */
  lock(ownerLo: number, ownerHi: number, id: number, timeoutMs: number = Infinity): LockOutcome {
    return this.lockFor('LockTable.lock', ownerLo, ownerHi, id, timeoutMs);
  }

  /**
   * Takes the lock of a key, waiting without stopping the thread.
   *
   * The tasks of a thread that wait for the same key take it in the order in which they came. Give each task that waits at
   * the same time a handle with a number of its own: to the table, they are threads.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @param wait Time to wait at most, milliseconds ≥ 0 (default Infinity); or `{ timeoutMs, signal }` with an AbortSignal.
   * @returns A promise of what `lock` returns; it rejects where `lock` throws, and with the signal's `reason` if that says stop.
   *
   * Lock: the table's guard, for a moment.
   */
  async lockAsync(
    ownerLo: number,
    ownerHi: number,
    id: number,
    wait: number | WaitOptions = Infinity,
  ): Promise<LockOutcome> {
    const call = 'LockTable.lockAsync';
    const [lo, hi, tag] = checkKey(call, ownerLo, ownerHi, id);
    const patience = patienceOf(call, wait);
    const taker: Taker = { alive: this.alive, take: (mark) => this.takeOrWait(lo, hi, tag, mark) };
    const { words, guard } = this;
    const place = `${words.byteOffset + guard * 4}: ${lo}, ${hi}, ${tag}`;
    const line = lineFor(words, place);
    const taken = line ?? taker.take(0, this.alive);
    if (typeof taken !== 'object') return taken;
    return patience.deadline <= performance.now() ? false : makeLine(words, place).join(taker, patience);
  }

  /**
   * Takes the lock of a key as `lock` does, to be given back at the end of the block: `using held = table.hold(…)`.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
   * @returns What is held; null if the time ran out, which `using` takes too.
   * @throws RangeError where `lock` throws.
   */
  hold(ownerLo: number, ownerHi: number, id: number, timeoutMs: number = Infinity): Hold | null {
    const outcome = this.lockFor('LockTable.hold', ownerLo, ownerHi, id, timeoutMs);
    return outcome === false ? null : makeHold(outcome, () => this.unlock(ownerLo, ownerHi, id));
  }

  /**
   * Gives the lock of a key back. Never waits.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @throws RangeError if this thread does not hold it, or for no such key.
   *
   * Cost: one atomic exchange; a search among the key's slots if it was not the lock taken last.
   */
  unlock(ownerLo: number, ownerHi: number, id: number): void {
    const { words, thread, table } = this;
    const [lo, hi, tag] = checkKey('LockTable.unlock', ownerLo, ownerHi, id);
    let slot = this.last;
    if (slot === 0 || !table.isHeldBy(slot, thread) || !table.serves(slot, lo, hi, tag)) {
      slot = table.findHeld(lo, hi, tag, thread);
    }
    if (slot === 0 || table.lifeOf(slot) !== this.life) {
      throw refusal('LockTable.unlock', 'key', `(${ownerLo}, ${ownerHi}, ${id})`, `one that thread ${thread} holds`);
    }
    releaseWord(words, slot);
    table.gaveBack(slot);
  }

  /**
   * Tells which thread holds the lock of a key at this moment. Never waits.
   *
   * @param ownerLo Low half of the key's owner, u32.
   * @param ownerHi High half, u32.
   * @param id 0…2³¹−1.
   * @returns Its number, or 0 if none does.
   * @throws RangeError for no such key.
   */
  holder(ownerLo: number, ownerHi: number, id: number): number {
    return this.table.holderOf(...checkKey('LockTable.holder', ownerLo, ownerHi, id));
  }

  /**
   * Number of the thread that holds the table's guard at this moment, 0 if none does.
   *
   * One that stays the same while calls return false has ended amid a call: `bury` it once its end is certain.
   */
  get guardHolder(): number {
    return holderOf(this.words, this.guard);
  }

  /**
   * Lists the keys whose locks a thread holds: of one that has ended, what it left. Changes nothing and never waits.
   *
   * Exact for a thread that has ended, or that is this one; of another, what it held at some moment of the call.
   *
   * @param owner A thread number, 1…2³¹−1.
   * @returns The keys, as [ownerLo, ownerHi, id] each.
   * @throws RangeError for no thread number.
   *
   * Cost: a look at every slot. Lock: none.
   */
  heldBy(owner: number): [ownerLo: number, ownerHi: number, id: number][] {
    checkInteger('LockTable.heldBy', 'owner', owner, 1, OWNER);
    const { table } = this;
    return table
      .all()
      .map((slot) => ({ slot, key: table.keyOf(slot) }))
      .filter(({ slot }) => table.isHeldBy(slot, owner))
      .map(({ key }) => key);
  }

  /**
   * Says that a thread has ended: what it held is free, the guard and the locks of all its keys. Never waits.
   *
   * The next taker of each key gets `'owner-died'`. The table remembers that as long as it has other slots to give: in one
   * that is nearly full the slots serve new keys, so repair what the returned keys guard, or let other threads lock them.
   * Call it before `Roster.leave`, after which the number may be another thread's.
   *
   * @param owner Number of the thread that has ended.
   * @returns The keys whose locks it held, as [ownerLo, ownerHi, id] each.
   * @throws RangeError for no thread number, this thread's own, or one that `alive` says lives.
   *
   * Cost: a look at every slot. Lock: none.
   */
  bury(owner: number): [ownerLo: number, ownerHi: number, id: number][] {
    const { words, guard, table, thread, alive } = this;
    refuseLiving('LockTable.bury', owner, thread, alive);
    releaseDead(words, guard, owner, FREE);
    const keys: [number, number, number][] = [];
    for (const slot of table.all()) {
      if (!table.isHeldBy(slot, owner)) continue;
      // While it is held it keeps its key, and the dead do not give it back.
      const key = table.keyOf(slot);
      if (buryWord(words, slot, owner)) keys.push(key);
    }
    return keys;
  }

  /** `lock` for the call that errors name. */
  private lockFor(call: string, ownerLo: number, ownerHi: number, id: number, timeoutMs: number): LockOutcome {
    const [lo, hi, tag] = checkKey(call, ownerLo, ownerHi, id);
    const deadline = deadlineAfter(call, timeoutMs);
    for (let mark = 0, dead = 0; ; ) {
      if (!this.entersNow() && !this.enters(deadline)) return false;
      const taken = this.take(lo, hi, tag, mark, dead);
      if (typeof taken !== 'number') return taken;
      if (taken === FULL) throw this.full(call);
      dead = this.deadHolder(taken);
      if (dead !== 0) continue;
      refuseOwn(call, Atomics.load(this.words, taken), this.thread);
      if (performance.now() >= deadline) return false;
      if (sleepUntilChanged(this.words, taken, deadline)) mark = WAITERS;
    }
  }

  /** Takes the guard if it is free; says whether it did. */
  private entersNow(): boolean {
    return Atomics.compareExchange(this.words, this.guard, FREE, this.thread) === FREE || this.inheritsGuard();
  }

  /** The same, waiting for it. */
  private enters(deadline: number): boolean {
    const { words, guard, thread, alive } = this;
    return sleepForWord('LockTable', words, guard, thread, deadline, alive, LOOKS_BEFORE_SLEEP) !== false;
  }

  /** Whether the guard is held by this thread, which is in no call: an earlier one of its number ended within it. */
  private inheritsGuard(): boolean {
    return holderOf(this.words, this.guard) === this.thread;
  }

  private leave(): void {
    releaseWord(this.words, this.guard);
  }

  /**
   * Finds or makes the key's slot and takes it if it is free. Under the guard, which it gives back.
   *
   * @param mark WAITERS for a thread that slept: others may sleep on.
   * @param dead A holder that is known to have died, 0 for none.
   * @returns How it was taken; else the slot to wait for, or FULL.
   */
  private take(lo: number, hi: number, tag: number, mark: number, dead: number): true | 'owner-died' | number {
    const { table } = this;
    const found = table.find(lo, hi, tag);
    const slot = found === 0 ? table.make(lo, hi, tag) : found;
    const taken = slot === 0 ? FULL : this.takeSlot(slot, mark, dead);
    this.leave();
    return taken;
  }

  private takeSlot(slot: number, mark: number, dead: number): true | 'owner-died' | number {
    const { words, table, thread, life } = this;
    for (;;) {
      const word = Atomics.load(words, slot);
      const holder = word & OWNER;
      // Of the same number, and not this thread: one that ended before this one began.
      const isDead = holder === dead || (holder === thread && table.lifeOf(slot) !== life);
      if (holder !== 0 && !isDead) return slot;
      table.claim(slot, life);
      // Others mark a word that is held, for their sleep, or bury its holder.
      if (Atomics.compareExchange(words, slot, word, thread | mark | (word & WAITERS)) !== word) continue;
      this.last = slot;
      return word === FREE || 'owner-died';
    }
  }

  /** `take` for a task that does not stop its thread: what it must wait for, if it does not take. */
  private takeOrWait(lo: number, hi: number, tag: number, mark: number): true | 'owner-died' | Blocked {
    const { words, guard, thread, alive } = this;
    for (let dead = 0; ; ) {
      if (!this.entersNow()) {
        const value = takeOrMark('LockTable', words, guard, thread, alive, mark);
        if (typeof value === 'number') return { index: guard, value };
      }
      const taken = this.take(lo, hi, tag, mark, dead);
      if (typeof taken !== 'number') return taken;
      if (taken === FULL) throw this.full('LockTable.lockAsync');
      dead = this.deadHolder(taken);
      if (dead !== 0) continue;
      refuseOwn('LockTable.lockAsync', Atomics.load(words, taken), thread);
      const value = markWord(words, taken);
      if (value !== FREE) return { index: taken, value };
    }
  }

  /** The holder of a slot if it has died, 0 if it lives or that is unknown. Without the guard: it asks foreign code. */
  private deadHolder(slot: number): number {
    const holder = holderOf(this.words, slot);
    return holder !== 0 && holder !== this.thread && this.alive?.(holder) === false ? holder : 0;
  }

  /** The threads that hold slots, once for each slot. */
  private holders(): number[] {
    return this.table
      .all()
      .map((slot) => holderOf(this.words, slot))
      .filter((holder) => holder !== 0);
  }

  private full(call: string): Refusal {
    const { slots, alive } = this;
    const dead = [...new Set(this.holders())].filter((holder) => alive?.(holder) === false);
    const cure = dead.length > 0 ? `, or bury(${dead.join('), bury(')})` : '';
    return refusal(call, 'slots', `all ${slots} held`, `fewer keys locked at the same time${cure}`);
  }
}

/** Returns a key as a slot has it: the words as int32, and the ID so that it is never 0, which stands for no key. */
function checkKey(call: string, ownerLo: number, ownerHi: number, id: number): [lo: number, hi: number, tag: number] {
  checkInteger(call, 'ownerLo', ownerLo, 0, 0xffff_ffff);
  checkInteger(call, 'ownerHi', ownerHi, 0, 0xffff_ffff);
  return [ownerLo | 0, ownerHi | 0, ~checkInteger(call, 'id', id, 0, OWNER)];
}
