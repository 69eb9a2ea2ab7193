// A lock in one word of shared memory: what its values mean, and the steps that change them.
// Reference: the robust futex of Linux (owner, waiters bit, EOWNERDEAD); U. Drepper, "Futexes Are Tricky", 2011.
import { checkInteger, type Refusal, refusal, refused } from './misuse.ts';

/** The word of a free lock: zeroed memory is a free lock. Held, it is the owner's number. */
export const FREE = 0;
/** Sign bit of a held lock: a thread may be asleep until it is given back. */
export const WAITERS: number = -0x8000_0000;
/** The bits of the owner, and the largest owner there is: 2³¹−1. */
export const OWNER: number = 0x7fff_ffff;
/** The word of a lock whose holder died and was buried: no owner holds it, and its next taker is told of the death. */
export const ORPHAN: number = WAITERS;

/**
 * Says whether the thread behind an owner number still runs.
 *
 * Called now and then by a taker that waits. It must not answer false while that thread can still touch the lock, and an
 * owner number that was declared dead must not come again while it holds anything. Only `false` means dead: what answers
 * nothing, as `Roster.alive` does of a number it does not know, leaves the lock with its holder.
 */
export type Alive = (owner: number) => boolean | undefined;

/**
 * What became of an attempt to take a lock: `true`, held now; `false`, not held; `'owner-died'`, held now, but its last
 * owner died holding it, so what it guards may be half-written.
 */
export type LockOutcome = boolean | 'owner-died';

/**
 * Takes the lock in a word if it is free, or if its owner died, without waiting. The arguments are trusted.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index The lock, an element of `words`.
 * @param owner Number of this thread, 1…2³¹−1.
 * @param alive Makes the lock robust.
 * @returns As `Lock.tryLock`.
 *
 * Cost: one atomic exchange.
 */
export function tryLockWord(words: Int32Array, index: number, owner: number, alive?: Alive): LockOutcome {
  if (Atomics.compareExchange(words, index, FREE, owner) === FREE) return true;
  return inheritWord(words, index, owner, alive) ? 'owner-died' : false;
}

/**
 * Gives the lock in a word back and wakes one sleeper if there may be any. The arguments are trusted.
 *
 * The word is written before a thread is woken: a thread that is killed in between leaves a free lock, and sleepers that
 * look at it by themselves before long.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index The lock, an element of `words`.
 * @param owner Number of this thread, 1…2³¹−1.
 * @throws RangeError naming holder and caller if another owner holds it, or none.
 *
 * Cost: one plain read, one atomic exchange; no call to the system where no thread sleeps.
 */
export function unlockWord(words: Int32Array, index: number, owner: number): void {
  if (!isHeldBy(words, index, owner)) throw notHeld('unlockWord', words, index, owner);
  releaseWord(words, index);
}

/** Whether the caller holds the word; `owner` is its own number. */
export function isHeldBy(words: Int32Array, index: number, owner: number): boolean {
  // A plain read will do: it shows this owner's number only while this thread, which alone writes it, holds the lock.
  return (words[index] & OWNER) === owner;
}

/** Gives back a word that the caller holds. */
export function releaseWord(words: Int32Array, index: number): void {
  if (Atomics.exchange(words, index, FREE) < 0) Atomics.notify(words, index, 1);
}

/**
 * Takes a word away from an owner that died: its next taker gets `'owner-died'`, robust or not, and nothing is held under
 * the owner's number any more. See `Lock.bury`; nothing is checked.
 *
 * @returns False if that owner did not hold it.
 */
export function buryWord(words: Int32Array, index: number, owner: number): boolean {
  return releaseDead(words, index, owner, ORPHAN);
}

/** Puts `left` in the place of an owner that died; returns false if it did not hold the word. Wakes one sleeper. */
export function releaseDead(words: Int32Array, index: number, owner: number, left: number): boolean {
  for (;;) {
    const word = Atomics.load(words, index);
    if ((word & OWNER) !== owner) return false;
    if (Atomics.compareExchange(words, index, word, left) !== word) continue;
    if (word < 0) Atomics.notify(words, index, 1);
    return true;
  }
}

/**
 * Tells which owner holds the lock in a word at this moment. The arguments are trusted.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index The lock, an element of `words`.
 * @returns Its number, or 0 if none does.
 */
export function holderOf(words: Int32Array, index: number): number {
  return Atomics.load(words, index) & OWNER;
}

/** Takes the word over from an owner that died; says whether it did. A mark for sleepers stays. */
export function inheritWord(words: Int32Array, index: number, owner: number, alive: Alive | undefined): boolean {
  const word = Atomics.load(words, index);
  if (!isLegacy(word, alive)) return false;
  // The dead write nothing: if the word has changed, another taker was faster.
  return Atomics.compareExchange(words, index, word, owner | (word & WAITERS)) === word;
}

/** Whether a word was left by an owner that died. */
export function isLegacy(word: number, alive: Alive | undefined): boolean {
  if (word === FREE) return false;
  return word === ORPHAN || (alive !== undefined && alive(word & OWNER) === false);
}

/** Refuses to wait for oneself. */
export function refuseOwn(call: string, word: number, owner: number): void {
  if ((word & OWNER) !== owner) return;
  throw refusal(call, 'owner', `${owner}, which holds the lock`, 'one that does not hold it');
}

/** Refuses to bury a thread that lives, or oneself. */
export function refuseLiving(call: string, dead: number, owner: number, alive: Alive | undefined): void {
  checkInteger(call, 'owner', dead, 1, OWNER);
  if (dead === owner) throw refused(call, 'owner', dead, 'another than this thread');
  if (alive?.(dead) === true) throw refused(call, 'owner', dead, 'one that has ended: `alive` says that it lives');
}

/** Whether a value is a time to wait. */
export function isTimeout(timeoutMs: number): boolean {
  return typeof timeoutMs === 'number' && timeoutMs >= 0;
}

/** Returns when a wait that begins now ends, by performance.now(). @throws RangeError for no such time. */
export function deadlineAfter(call: string, timeoutMs: number): number {
  if (!isTimeout(timeoutMs)) throw refused(call, 'timeoutMs', timeoutMs, 'milliseconds, 0 or more');
  return timeoutMs === Infinity ? Infinity : performance.now() + timeoutMs;
}

/** Makes the error for giving back a lock that the caller does not hold. */
export function notHeld(call: string, words: Int32Array, index: number, owner: number): Refusal {
  const holder = holderOf(words, index);
  const state = holder === FREE ? 'that is free' : `that owner ${holder} holds`;
  return refusal(call, 'lock', `one ${state}`, `one that owner ${owner} holds`);
}
