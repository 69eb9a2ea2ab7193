// Mutex: a lock whose takers look for a moment and then sleep; and the same for locks that have no handle.
import { Lock, type LockOptions } from './lock.ts';
import { type Alive, deadlineAfter, FREE, isTimeout, type LockOutcome } from './lock-word.ts';
import { checkInteger } from './misuse.ts';
import { LOOKS_BEFORE_SLEEP, sleepForWord } from './sleep.ts';

/** The options of a mutex. */
export interface MutexOptions extends LockOptions {
  /** Looks at a held lock before sleeping, 0…2³¹−1: 0 sleeps immediately. Default 16, about 10 µs. */
  readonly looks?: number | undefined;
}

/**
 * One thread's handle on a lock in a SharedArrayBuffer, whose takers look at it for about 10 µs and then sleep.
 *
 * Take this lock unless you have a reason not to: it is as cheap as SpinLock while no thread waits, and right for long sections and for
 * more threads than cores. Where sleeping is forbidden (the main thread of a page), `lock` spins; `lockAsync` does not.
 * Each thread makes its own handle on the same word, with an owner number no other thread uses. There is no fairness.
 *
 * Cost: 4 bytes of shared memory; give locks that are taken at the same time a cache line (16 words) each. An unlock calls the
 * system only where a thread may sleep.
 * Source: pthread_mutex_lock(3), PTHREAD_MUTEX_ROBUST: the outcomes (EOWNERDEAD).
 */
export class Mutex extends Lock {
  private readonly looks: number;

  /**
   * Makes a handle; the lock stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` that is the lock, 0…words.length − 1.
   * @param owner Number of this thread, 1…2³¹−1, unique among the threads, such as `threadId + 1`.
   * @param options `alive` makes the lock robust; `looks` says when a taker goes to sleep.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, index: number, owner: number, options: MutexOptions = {}) {
    super(words, index, owner, options);
    const { looks = LOOKS_BEFORE_SLEEP } = options;
    this.looks = checkInteger('new Mutex', 'looks', looks, 0, 0x7fff_ffff);
  }

  protected override kind(): string {
    return 'Mutex';
  }

  protected override optionKeys(): string {
    return 'alive, looks';
  }

  protected override wait(call: string, deadline: number): LockOutcome {
    const { words, index, owner, alive, looks } = this;
    return sleepForWord(call, words, index, owner, deadline, alive, looks);
  }
}

/**
 * Takes the mutex in a word: Mutex.lock for structures that have too many locks for a handle each.
 *
 * All arguments but the time are trusted: check them once, where the structure is made.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index The lock, an element of `words`.
 * @param owner Number of this thread, 1…2³¹−1.
 * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
 * @param alive Makes the lock robust.
 * @returns True if it is held now; false if the time ran out; `'owner-died'` if it is held now because its owner died.
 * @throws RangeError if this owner holds it already, or for no such time.
 *
 * Cost: one atomic exchange when it is free.
 */
export function lockWord(
  words: Int32Array,
  index: number,
  owner: number,
  timeoutMs: number = Infinity,
  alive?: Alive,
): LockOutcome {
  return (
    (isTimeout(timeoutMs) && Atomics.compareExchange(words, index, FREE, owner) === FREE) ||
    sleepForWord('lockWord', words, index, owner, deadlineAfter('lockWord', timeoutMs), alive, LOOKS_BEFORE_SLEEP)
  );
}
