// Lock: one thread's handle on a lock in a word of shared memory; its subclasses differ in how they wait.
import { lineFor, makeLine, type Taker, wordTaker } from './line.ts';
import {
  type Alive,
  buryWord,
  deadlineAfter,
  FREE,
  holderOf,
  isHeldBy,
  isTimeout,
  type LockOutcome,
  notHeld,
  OWNER,
  refuseLiving,
  releaseWord,
  tryLockWord,
} from './lock-word.ts';
import { Locking } from './locking.ts';
import { checkFunction, checkInteger, checkKeys, checkWords } from './misuse.ts';
import type { Patience } from './patience.ts';
import { showAs } from './shown.ts';

/** The options of both locks. */
export interface LockOptions {
  /** Makes the lock robust: takers find out that a holder died, and inherit the lock. Without it they wait until `bury`. */
  readonly alive?: Alive | undefined;
}

/**
 * What SpinLock and Mutex share: everything but the waiting. Both may be used on the same word.
 *
 * The word is 0 while the lock is free, else its owner's number, with the sign bit set while a thread may sleep for it.
 */
export abstract class Lock extends Locking {
  /** Int32Array over a SharedArrayBuffer, the caller's words. */
  protected readonly words: Int32Array;
  /** Which of them is the lock. */
  protected readonly index: number;
  /** What the word holds while this thread does. */
  protected readonly owner: number;
  /** Tells the dead from the living, if the lock is robust. */
  protected readonly alive: Alive | undefined;

  /**
   * Makes a handle; the lock stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` that is the lock, 0…words.length − 1.
   * @param owner Number of this thread, 1…2³¹−1, unique among the threads, such as `threadId + 1`.
   * @param options `alive` makes the lock robust.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, index: number, owner: number, options: LockOptions = {}) {
    super();
    const call = `new ${this.kind()}`;
    const { alive } = checkKeys(call, 'options', options, this.optionKeys());
    if (alive !== undefined) checkFunction(call, 'alive', alive);
    this.words = checkWords(call, words);
    this.index = checkInteger(call, 'index', index, 0, words.length - 1);
    this.owner = checkInteger(call, 'owner', owner, 1, OWNER);
    this.alive = alive;
    showAs(this, () => `index: ${index}, owner: ${owner}, holder: ${this.holder}`);
  }

  /** Number of the owner that holds the lock at this moment, 0 if none does. */
  get holder(): number {
    return holderOf(this.words, this.index);
  }

  /**
   * Takes the lock if it is free, without waiting.
   *
   * @returns True if it was free and is held now; false if it is held, by this owner or another; `'owner-died'` if the
   *   lock is robust, and is held now because its owner died holding it.
   *
   * Cost: one atomic exchange.
   */
  tryLock(): LockOutcome {
    return tryLockWord(this.words, this.index, this.owner, this.alive);
  }

  /**
   * Says that the thread of an owner has ended: if it holds the lock, the next taker gets it, with `'owner-died'`.
   *
   * Takers of a robust lock find out by themselves. This is for locks that are not robust, and before `Roster.leave`, after
   * which the number may be another thread's: nothing is held under it any more. Never waits.
   *
   * @param owner Number of the thread that has ended.
   * @returns True if it held the lock.
   * @throws RangeError for no owner number, this handle's own, or one that `alive` says lives.
   */
  bury(owner: number): boolean {
    refuseLiving(`${this.kind()}.bury`, owner, this.owner, this.alive);
    return buryWord(this.words, this.index, owner);
  }

  /** @internal */
  override take(timeoutMs: number, call?: string): LockOutcome {
    // A bad time is refused below, also where the lock is free.
    if (isTimeout(timeoutMs) && Atomics.compareExchange(this.words, this.index, FREE, this.owner) === FREE) return true;
    const named = call ?? `${this.kind()}.lock`;
    return this.wait(named, deadlineAfter(named, timeoutMs));
  }

  /** @internal */
  override async takeAsync(patience: Patience, call: string): Promise<LockOutcome> {
    const { words, index } = this;
    const place = words.byteOffset + index * 4;
    const taken = lineFor(words, place) === undefined && this.tryLock();
    if (taken !== false) return taken;
    const taker = this.taker(call);
    return patience.deadline <= performance.now() ? false : makeLine(words, place).join(taker, patience);
  }

  /** @internal */
  override giveBack(call?: string): void {
    const { words, index, owner } = this;
    if (!isHeldBy(words, index, owner)) throw notHeld(call ?? `${this.kind()}.unlock`, words, index, owner);
    releaseWord(words, index);
  }

  /** A task's tries to take the lock without stopping the thread. */
  protected taker(call: string): Taker {
    const { words, index, owner, alive } = this;
    return wordTaker(call, words, index, owner, alive);
  }

  /** What the options may have. */
  protected optionKeys(): string {
    return 'alive';
  }

  /** Waits for a lock that was held a moment ago. */
  protected abstract wait(call: string, deadline: number): LockOutcome;
}
