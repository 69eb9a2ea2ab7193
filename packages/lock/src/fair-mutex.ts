// FairMutex: a lock that is handed over in the order in which its takers came.
//
// A taker that has to wait publishes a ticket in a word of its own, its seat. The holder that finds the lock marked leaves it PASSED:
// free, but only for the lowest ticket among the living. Each waiter looks for itself whether that is its own, so there is no
// step between being chosen and having the lock at which a thread could end. A waiter sleeps on its own seat; the thread that passes
// the lock on calls the lowest one by a bit there, so that a call that comes before the sleep is not lost.
import type { Taker } from './line.ts';
import { Lock, type LockOptions } from './lock.ts';
import {
  type Alive,
  buryWord,
  FREE,
  isHeldBy,
  isLegacy,
  type LockOutcome,
  notHeld,
  ORPHAN,
  OWNER,
  refuseLiving,
  refuseOwn,
  WAITERS,
} from './lock-word.ts';
import { checkInteger } from './misuse.ts';
import { maySleep, NAP_MS } from './sleep.ts';
import { rest } from './spin.ts';

/** The word of a lock that was given back while others wait: free for the first of them. No owner has this number. */
const PASSED = WAITERS | OWNER;
/** After the word: the last ticket, and a seat for each owner. */
const TICKETS = 1;
const SEATS = 1;
/** In a seat, beside the ticket: there is something to look at. */
const CALLED = 0x4000_0000;
const TICKET = 0x3fff_ffff;
const MOST_OWNERS = 1024;
/** Looks of a thread that must not sleep, between two looks at the clock. */
const LOOKS_PER_CLOCK = 16;

/**
 * One thread's handle on a lock in a SharedArrayBuffer that is handed over in the order in which its takers came.
 *
 * For takers that must not be overtaken: a thread that takes a Mutex again and again can keep others waiting for long. All threads use
 * a FairMutex on these words; zeroed memory is a free one. A waiter whose thread died is passed over if the lock is robust,
 * and after `bury`; until then those behind it wait. Who takes over from a holder that died is the first in the order, too.
 *
 * Where sleeping is forbidden (the main thread of a page), `lock` spins; use `lockAsync`. The tasks of a thread that wait by
 * `lockAsync` are one in the order of threads: the first of them has the ticket.
 *
 * Cost: 4 × (2 + owners) bytes. While no thread waits, as Mutex; each hand-over wakes a thread and looks at every seat,
 * so a contended FairMutex is many times slower.
 */
export class FairMutex extends Lock {
  private readonly owners: number;

  /**
   * Tells how many words a lock takes.
   *
   * @param owners Threads that may use it, 1…1,024.
   * @returns 2 + owners.
   * @throws RangeError for another number.
   */
  static wordsFor(owners: number): number {
    return SEATS + 1 + checkInteger('FairMutex.wordsFor', 'owners', owners, 1, MOST_OWNERS);
  }

  /**
   * Makes a handle; the lock stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` where the lock begins; it takes `wordsFor(owners)`.
   * @param owners Threads that may use it, as every thread has it: 1…1,024.
   * @param owner Number of this thread, 1…owners, unique among the threads.
   * @param options `alive` makes the lock robust.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, index: number, owners: number, owner: number, options: LockOptions = {}) {
    super(words, index, owner, options);
    const call = 'new FairMutex';
    this.owners = checkInteger(call, 'owners', owners, 1, MOST_OWNERS);
    checkInteger(call, 'owner', owner, 1, owners);
    checkInteger(call, 'index', index, 0, words.length - FairMutex.wordsFor(owners));
  }

  override get holder(): number {
    const word = Atomics.load(this.words, this.index);
    return word === PASSED ? 0 : word & OWNER;
  }

  /**
   * Takes the lock if it is free and no thread waits for it, without waiting.
   *
   * @returns As `Lock.tryLock`.
   *
   * Cost: one atomic exchange; a look at every seat if it is not free.
   */
  override tryLock(): LockOutcome {
    const { words, index, owner } = this;
    if (Atomics.compareExchange(words, index, FREE, owner) === FREE) return true;
    if (this.holder === owner || this.firstSeat() !== 0) return false;
    return this.claim(Atomics.load(words, index)) ?? false;
  }

  /** @internal To the first that waits, if any does. */
  override giveBack(call = 'FairMutex.unlock'): void {
    const { words, index, owner } = this;
    if (!isHeldBy(words, index, owner)) throw notHeld(call, words, index, owner);
    if (Atomics.compareExchange(words, index, owner, FREE) === owner) return;
    Atomics.store(words, index, PASSED);
    this.call();
  }

  override bury(owner: number): boolean {
    const { words, index, owners } = this;
    refuseLiving('FairMutex.bury', owner, this.owner, this.alive);
    if (owner <= owners) Atomics.store(words, index + SEATS + owner, 0);
    const held = buryWord(words, index, owner);
    this.call();
    return held;
  }

  protected override kind(): string {
    return 'FairMutex';
  }

  protected override wait(call: string, deadline: number): LockOutcome {
    this.sitDown(call);
    for (let looks = 1; ; looks++) {
      const seen = this.takeInTurn();
      if (typeof seen !== 'number') return seen;
      if (!maySleep()) {
        rest(looks);
        if (looks % LOOKS_PER_CLOCK !== 0) continue;
      }
      const left = deadline - performance.now();
      if (!(left > 0)) {
        this.standUp();
        return false;
      }
      if (maySleep()) Atomics.wait(this.words, this.seat, seen, Math.min(left, NAP_MS));
    }
  }

  protected override taker(call: string): Taker {
    refuseOwn(call, Atomics.load(this.words, this.index), this.owner);
    let isSeated = false;
    return {
      alive: this.alive,
      take: (_, alive) => {
        if (!isSeated) this.sitDown(call);
        isSeated = true;
        const seen = this.takeInTurn(alive);
        return typeof seen === 'number' ? { index: this.seat, value: seen } : seen;
      },
      giveUp: () => {
        if (isSeated) this.standUp();
      },
    };
  }

  private get seat(): number {
    return this.index + SEATS + this.owner;
  }

  /** Publishes a ticket. */
  private sitDown(call: string): void {
    const { words, index, owner } = this;
    refuseOwn(call, Atomics.load(words, index), owner);
    let ticket = 0;
    while (ticket === 0) ticket = (Atomics.add(words, index + TICKETS, 1) + 1) & TICKET;
    Atomics.store(words, this.seat, ticket);
  }

  /** Takes the ticket back. A call that this thread got is for the next. */
  private standUp(): void {
    Atomics.store(this.words, this.seat, 0);
    this.call();
  }

  /** Takes the lock if this is the first that waits; else marks it. Returns how it was taken, or the seat to sleep on. */
  private takeInTurn(alive: Alive | undefined = this.alive): true | 'owner-died' | number {
    const { words, index, seat, owner } = this;
    const ticket = Atomics.and(words, seat, TICKET) & TICKET;
    for (;;) {
      const word = Atomics.load(words, index);
      const isMine = word === FREE || word === PASSED || isLegacy(word, alive);
      if (isMine) {
        if (this.firstSeat(alive) !== owner) return ticket;
        const taken = this.claim(word, alive);
        if (taken === undefined) continue;
        Atomics.store(words, seat, 0);
        return taken;
      }
      if (word < 0 || Atomics.compareExchange(words, index, word, word | WAITERS) === word) return ticket;
    }
  }

  /** Takes a word that no living thread holds; undefined if it has changed. Others may wait: it stays marked. */
  private claim(word: number, alive: Alive | undefined = this.alive): true | 'owner-died' | undefined {
    const { words, index, owner } = this;
    const isFree = word === FREE || word === PASSED;
    if (!isFree && !isLegacy(word, alive)) return undefined;
    return Atomics.compareExchange(words, index, word, owner | WAITERS) === word ? isFree || 'owner-died' : undefined;
  }

  /** The owner with the lowest ticket among those that wait and are not known to have died; 0 if none waits. */
  private firstSeat(alive: Alive | undefined = this.alive): number {
    const { words, index, owner, owners } = this;
    let first = 0;
    let lowest = 0;
    for (let other = 1; other <= owners; other++) {
      const ticket = Atomics.load(words, index + SEATS + other) & TICKET;
      if (ticket === 0 || (first !== 0 && (ticket - lowest) << 2 > 0)) continue;
      if (other !== owner && alive?.(other) === false) continue;
      first = other;
      lowest = ticket;
    }
    return first;
  }

  /** Wakes the first that waits, if the lock is there to be taken; leaves it free if none waits. */
  private call(): void {
    const { words, index } = this;
    for (let isFreed = false; ; ) {
      const word = Atomics.load(words, index);
      if (word === PASSED || word === ORPHAN) {
        const first = this.firstSeat();
        if (first !== 0) {
          Atomics.or(words, index + SEATS + first, CALLED);
          Atomics.notify(words, index + SEATS + first, 1);
          return;
        }
        if (word === ORPHAN) return;
        // One that sits down from here on finds it so, or free. But it may have been taken and passed on since the seats were
        // looked at, while another sat down: that one is not to be left.
        if (Atomics.compareExchange(words, index, PASSED, FREE) !== PASSED) continue;
        isFreed = true;
        if (this.firstSeat() === 0) return;
      } else if (isFreed && word >= 0) {
        Atomics.compareExchange(words, index, word, word === FREE ? PASSED : word | WAITERS);
      } else return;
    }
  }
}
