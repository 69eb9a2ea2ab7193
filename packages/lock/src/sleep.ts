// Waiting asleep: the taker leaves a mark in the word, and the thread that gives the lock back wakes one sleeper.
import { type Alive, FREE, isLegacy, type LockOutcome, ORPHAN, refuseOwn, WAITERS } from './lock-word.ts';
import { rest, spinForWord } from './spin.ts';

/** Looks at a held word before going to sleep: about as long as it takes to be woken. */
export const LOOKS_BEFORE_SLEEP = 16;
/**
 * A sleeper looks at the word this often by itself, milliseconds: the thread that should have woken it may have been
 * killed, and so may the holder.
 */
export const NAP_MS = 50;
/** Looks at a word by a thread that must not sleep, before it does what a sleeper does after a nap. */
const LOOKS_PER_NAP = 1_000;

/** Waits for the word: looks for a while, then sleeps. Where a thread must not sleep (a page's main thread), it spins. */
export function sleepForWord(
  call: string,
  words: Int32Array,
  index: number,
  owner: number,
  deadline: number,
  alive: Alive | undefined,
  looks: number,
): LockOutcome {
  for (let look = 0; look < looks; look++) {
    rest(look);
    if (Atomics.load(words, index) === FREE && Atomics.compareExchange(words, index, FREE, owner) === FREE) return true;
  }
  if (!maySleep()) return spinForWord(call, words, index, owner, deadline, alive);
  for (let mark = 0; ; mark = WAITERS) {
    const seen = takeOrMark(call, words, index, owner, alive, mark);
    if (typeof seen !== 'number') return seen;
    const left = deadline - performance.now();
    if (!(left > 0)) return false;
    Atomics.wait(words, index, seen, Math.min(left, NAP_MS));
  }
}

/**
 * Waits until a word that was seen held changes, or for a nap, or until the deadline; takes nothing.
 *
 * @returns Whether it slept: others may sleep on, see `mark` of takeOrMark.
 */
export function sleepUntilChanged(words: Int32Array, index: number, deadline: number): boolean {
  const before = Atomics.load(words, index) | WAITERS;
  if (before === ORPHAN) return false;
  const looks = maySleep() ? LOOKS_BEFORE_SLEEP : LOOKS_PER_NAP;
  for (let look = 0; look < looks; look++) {
    rest(look);
    if ((Atomics.load(words, index) | WAITERS) !== before) return false;
  }
  if (!maySleep()) return false;
  const seen = markWord(words, index);
  const left = deadline - performance.now();
  if (seen === FREE || !(left > 0)) return false;
  Atomics.wait(words, index, seen, Math.min(left, NAP_MS));
  return true;
}

/**
 * Takes the word if it is free or its owner died; else marks it for a sleeper.
 *
 * @param mark WAITERS for a taker that slept: others may sleep on, and only a marked word makes the unlock wake them.
 * @returns How it was taken, or the value of the word to sleep on.
 */
export function takeOrMark(
  call: string,
  words: Int32Array,
  index: number,
  owner: number,
  alive: Alive | undefined,
  mark: number,
): true | 'owner-died' | number {
  for (;;) {
    const word = Atomics.load(words, index);
    if (word === FREE) {
      if (Atomics.compareExchange(words, index, FREE, owner | mark) === FREE) return true;
      continue;
    }
    refuseOwn(call, word, owner);
    if (isLegacy(word, alive)) {
      const mine = owner | mark | (word & WAITERS);
      if (Atomics.compareExchange(words, index, word, mine) === word) return 'owner-died';
      continue;
    }
    const marked = word | WAITERS;
    if (word === marked || Atomics.compareExchange(words, index, word, marked) === word) return marked;
  }
}

/** Marks a held word for a sleeper; returns the value to sleep on, or FREE if there is nothing to wait for. */
export function markWord(words: Int32Array, index: number): number {
  for (;;) {
    const word = Atomics.load(words, index);
    if (word === FREE || word === ORPHAN) return FREE;
    const marked = word | WAITERS;
    if (word === marked || Atomics.compareExchange(words, index, word, marked) === word) return marked;
  }
}

let allowed: boolean | undefined;

/** Says whether this thread may sleep; a browser forbids its main thread to. */
export function maySleep(): boolean {
  if (allowed !== undefined) return allowed;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    allowed = true;
  } catch {
    allowed = false;
  }
  return allowed;
}
