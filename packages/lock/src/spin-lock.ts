// SpinLock: a lock in one word of shared memory whose takers wait by looking at it.
// Reference: test-and-test-and-set, as in spinlock_t of Linux before its queued spin locks.

/** The word of a lock nobody holds. Zeroed memory is a free lock. */
const FREE = 0;
const INT_MAX = 0x7fff_ffff;
/** Looks at the word between two looks at the clock: about a microsecond. */
const LOOKS_PER_CLOCK = 64;

/**
 * One thread's handle on a lock in a SharedArrayBuffer.
 *
 * The state is one Int32 word that the caller gives: 0 while free, else the owner's number. Each thread makes its own
 * SpinLock on the same word, with an owner number no other thread uses. A taker that waits keeps its core busy, so it is
 * meant for sections of a few hundred nanoseconds and no more threads than cores. There is no fairness, and a thread that
 * dies holding the lock leaves it held: `holder` tells which.
 *
 * Cost: 4 bytes of shared memory; give locks that are taken at once a cache line (16 words) each.
 * Source: spin_lock(), include/linux/spinlock.h: the contract (not recursive, unlocked by its holder).
 */
export class SpinLock {
  /** Int32Array over a SharedArrayBuffer, the caller's words. */
  private readonly words: Int32Array;
  /** Which of them is the lock. */
  private readonly index: number;
  /** What the word holds while this thread does. */
  private readonly owner: number;

  /**
   * Makes a handle; the lock stays as it is.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` that is the lock, 0…words.length − 1.
   * @param owner Number of this thread, 1…2³¹−1, unique among the threads, such as `threadId + 1`.
   * @throws RangeError naming the argument, what was got and what is expected.
   */
  constructor(words: Int32Array, index: number, owner: number) {
    if (!(words instanceof Int32Array)) throw refused('words', typeof words, 'an Int32Array');
    // By name: the constructor is missing in pages that are not cross-origin isolated.
    const memory = Object.prototype.toString.call(words.buffer);
    if (memory !== '[object SharedArrayBuffer]') throw refused('words.buffer', memory, 'a SharedArrayBuffer');
    this.words = words;
    this.index = integer('index', index, 0, words.length - 1);
    this.owner = integer('owner', owner, 1, INT_MAX);
  }

  /** Number of the owner that holds the lock at this moment, 0 if nobody does. */
  get holder(): number {
    return Atomics.load(this.words, this.index);
  }

  /**
   * Takes the lock if it is free, without waiting.
   *
   * @returns True if it was free and is held now, false if it is held, by this owner or another.
   *
   * Cost: one atomic exchange.
   */
  tryLock(): boolean {
    return Atomics.compareExchange(this.words, this.index, FREE, this.owner) === FREE;
  }

  /**
   * Takes the lock, waiting until it is free.
   *
   * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
   * @returns True if it is held now, false if the time ran out.
   * @throws RangeError if this owner holds it already (it would wait for itself), or for no such time.
   *
   * Cost: one atomic exchange when it is free; else plain looks at the word, which cost the holder nothing until it
   * unlocks, and an exchange each time it is seen free.
   */
  lock(timeoutMs: number = Infinity): boolean {
    return this.tryLock() || this.spin(timeoutMs);
  }

  /**
   * Gives the lock back.
   *
   * @throws RangeError naming holder and caller if another owner holds it, or nobody.
   *
   * Cost: one plain read and one atomic write.
   */
  unlock(): void {
    const { words, index, owner } = this;
    // A plain read will do: it shows this owner's number only while this thread, which alone writes it, holds the lock.
    if (words[index] !== owner) throw this.notHeld();
    // No exchange: nobody but the holder changes the word of a held lock.
    Atomics.store(words, index, FREE);
  }

  /**
   * Shows word, owner and holder in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `SpinLock { index: ${this.index}, owner: ${this.owner}, holder: ${this.holder} }`;
  }

  private notHeld(): RangeError {
    const { holder, owner } = this;
    const state = holder === FREE ? 'free' : `held by owner ${holder}`;
    return new RangeError(`lock: owner ${owner} unlocks a lock that is ${state}, expected one it holds`);
  }

  private spin(timeoutMs: number): boolean {
    const { words, index, owner } = this;
    if (!(timeoutMs >= 0)) throw refused('timeoutMs', timeoutMs, 'milliseconds, 0 or more');
    if (Atomics.load(words, index) === owner) {
      throw new RangeError(`lock: owner ${owner} locks a lock that it holds, expected one it does not`);
    }
    const deadline = timeoutMs === Infinity ? Infinity : performance.now() + timeoutMs;
    for (let looks = 1; ; looks++) {
      if (Atomics.load(words, index) === FREE && this.tryLock()) return true;
      if (looks % LOOKS_PER_CLOCK === 0 && deadline !== Infinity && performance.now() >= deadline) return false;
    }
  }
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw refused(name, value, `an integer ${min}…${max}`);
}

function refused(name: string, got: unknown, expected: string): RangeError {
  return new RangeError(`lock: ${name} is ${String(got)}, expected ${expected}`);
}
