// Waiting asleep: the taker leaves a mark in the word, and whoever gives the lock back wakes one sleeper.
import { type Alive, FREE, type LockOutcome, OWNER, refuseOwn, WAITERS } from './lock-word.ts';
import { rest, spinForWord } from './spin.ts';

/** Looks at a held word before going to sleep: about as long as it takes to be woken. */
export const LOOKS_BEFORE_SLEEP = 16;
/**
 * A sleeper looks at the word this often by itself, milliseconds: whoever should have woken it may have been killed, and
 * so may the holder.
 */
const NAP_MS = 50;

/** Waits for the word: looks for a while, then sleeps. Where a thread must not sleep (a page's main thread), it spins. */
export function sleepForWord(
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
  if (!maySleep()) return spinForWord(words, index, owner, deadline, alive);
  for (let mark = 0; ; mark = WAITERS) {
    const seen = takeOrMark(words, index, owner, alive, mark);
    if (typeof seen !== 'number') return seen;
    const left = deadline - performance.now();
    if (!(left > 0)) return false;
    Atomics.wait(words, index, seen, Math.min(left, NAP_MS));
  }
}

/** The same without stopping the thread: resolves with the outcome. */
export async function awaitWord(
  words: Int32Array,
  index: number,
  owner: number,
  deadline: number,
  alive: Alive | undefined,
): Promise<LockOutcome> {
  for (let mark = 0; ; mark = WAITERS) {
    const seen = takeOrMark(words, index, owner, alive, mark);
    if (typeof seen !== 'number') return seen;
    const left = deadline - performance.now();
    if (!(left > 0)) return false;
    await changed(words, index, seen, Math.min(left, NAP_MS));
  }
}

/**
 * Takes the word if it is free or its owner died; else marks it for a sleeper.
 *
 * @param mark WAITERS for a taker that slept: others may sleep on, and only a marked word makes the unlock wake them.
 * @returns How it was taken, or the value of the word to sleep on.
 */
function takeOrMark(
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
    refuseOwn(word, owner);
    if (alive !== undefined && !alive(word & OWNER)) {
      const mine = owner | mark | (word & WAITERS);
      if (Atomics.compareExchange(words, index, word, mine) === word) return 'owner-died';
      continue;
    }
    const marked = word | WAITERS;
    if (word === marked || Atomics.compareExchange(words, index, word, marked) === word) return marked;
  }
}

let allowed: boolean | undefined;

/** Says whether this thread may sleep; a browser forbids its main thread to. */
function maySleep(): boolean {
  if (allowed !== undefined) return allowed;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    allowed = true;
  } catch {
    allowed = false;
  }
  return allowed;
}

/** Atomics.waitAsync, newer than the oldest engines supported. */
type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
  timeoutMs: number,
) => { async: false } | { async: true; value: Promise<string> };

/** Resolves when the word was given back or the time is over, perhaps earlier. */
async function changed(words: Int32Array, index: number, seen: number, timeoutMs: number): Promise<void> {
  const { waitAsync } = Atomics as { waitAsync?: WaitAsync };
  if (waitAsync === undefined) return new Promise((resolve) => setTimeout(resolve, Math.min(timeoutMs, 1)));
  const waiting = waitAsync(words, index, seen, timeoutMs);
  if (!waiting.async) return;
  // A promise alone does not keep Node's event loop alive.
  const alive = setTimeout(() => {}, timeoutMs + 1_000);
  await waiting.value;
  clearTimeout(alive);
}
