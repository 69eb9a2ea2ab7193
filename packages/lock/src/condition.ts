// Condition: threads that hold a lock wait until another one says that something has changed.
import { changed } from './line.ts';
import { deadlineAfter, type LockOutcome } from './lock-word.ts';
import type { Locking } from './locking.ts';
import { checkInteger, checkWords, refused } from './misuse.ts';
import { limit, patienceOf, type WaitOptions } from './patience.ts';
import { showAs } from './shown.ts';
import { maySleep, NAP_MS } from './sleep.ts';
import { rest } from './spin.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/**
 * A condition variable in a word of a SharedArrayBuffer: `wait` gives a lock back, sleeps until `notifyOne` or `notifyAll`, and
 * takes the lock again.
 *
 * Look at what you wait for in a loop, `while (empty()) condition.wait(lock)`: others may be faster, and a wait also ends
 * when a notification for another waiter is up to 50 ms old. That way no wait is lost with a thread that dies, be it the one
 * that notifies or the one that it wakes. Zeroed memory is a condition that none waits for.
 *
 * Where sleeping is forbidden (the main thread of a page), `wait` spins; use `waitAsync`.
 *
 * Cost: 4 bytes. A wait is an unlock, a sleep and a lock.
 * Source: pthread_cond_wait(3): the contract.
 */
export class Condition {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  private readonly words: Int32Array;
  private readonly index: number;

  /**
   * Makes a handle; the condition stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` that counts the notifications, 0…words.length − 1.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, index: number) {
    this.words = checkWords('new Condition', words);
    this.index = checkInteger('new Condition', 'index', index, 0, words.length - 1);
    showAs(this, () => `index: ${index}`);
  }

  /**
   * Gives a lock back, waits for a notification and takes the lock again.
   *
   * @param lock One that this thread holds.
   * @param timeoutMs Time to wait for the notification at most, milliseconds ≥ 0. Default Infinity.
   * @returns True if notified, perhaps for another; false if the time ran out; `'owner-died'` if the lock's last owner died holding it.
   *   The lock is held in each case.
   * @throws RangeError if this thread does not hold the lock, or for no such lock or time: then nothing was given back.
   */
  wait(lock: Locking, timeoutMs: number = Infinity): LockOutcome {
    const { words, index } = this;
    const call = 'Condition.wait';
    checkLock(call, lock);
    const deadline = deadlineAfter(call, timeoutMs);
    // Read while the lock is held: what is notified from here on is seen.
    const seen = Atomics.load(words, index);
    lock.giveBack(call);
    let isNotified = false;
    for (let looks = 0; ; looks++) {
      isNotified = Atomics.load(words, index) !== seen;
      const left = deadline - performance.now();
      if (isNotified || !(left > 0)) break;
      if (maySleep()) Atomics.wait(words, index, seen, Math.min(left, NAP_MS));
      else rest(looks);
    }
    return lock.take(Infinity, call) === 'owner-died' ? 'owner-died' : isNotified;
  }

  /**
   * The same, waiting without stopping the thread.
   *
   * @param lock One that this task holds.
   * @param wait Time to wait for the notification at most, milliseconds ≥ 0 (default Infinity); or `{ timeoutMs, signal }` with
   *   an AbortSignal.
   * @returns A promise of what `wait` returns. If the signal says stop, it rejects with its `reason` once the lock is held again.
   */
  async waitAsync(lock: Locking, wait: number | WaitOptions = Infinity): Promise<LockOutcome> {
    const { words, index } = this;
    const call = 'Condition.waitAsync';
    checkLock(call, lock);
    const patience = patienceOf(call, wait);
    const seen = Atomics.load(words, index);
    lock.giveBack(call);
    let isOver = false;
    let release = (): void => {};
    const over = new Promise<void>((resolve) => {
      const end = (): void => {
        isOver = true;
        resolve();
      };
      release = limit(patience, end, end);
    });
    while (Atomics.load(words, index) === seen && !isOver)
      await Promise.race([changed(words, { index, value: seen }, NAP_MS), over]);
    release();
    const isNotified = Atomics.load(words, index) !== seen;
    const taken = await lock.takeAsync(patienceOf(call, Infinity), call);
    if (patience.signal?.aborted === true) throw patience.signal.reason;
    return taken === 'owner-died' ? 'owner-died' : isNotified;
  }

  /** Ends one wait, of the thread that has slept longest. Best called while the lock is held. Cost: two atomic operations. */
  notifyOne(): void {
    Atomics.add(this.words, this.index, 1);
    Atomics.notify(this.words, this.index, 1);
  }

  /** Ends all waits. Best called while the lock is held. Cost: two atomic operations. */
  notifyAll(): void {
    Atomics.add(this.words, this.index, 1);
    Atomics.notify(this.words, this.index);
  }
}

/** Refuses what cannot be given back and taken again; a ReadWriteLock is not a lock, its sides are. */
function checkLock(call: string, lock: Locking): void {
  if (typeof (lock as Locking | null | undefined)?.giveBack !== 'function') throw refused(call, 'lock', lock, 'a lock');
}
