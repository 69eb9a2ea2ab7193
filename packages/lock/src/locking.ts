// Locking: what every kind of lock can do on top of taking and giving back.
import { type Hold, makeHold, runAndRelease } from './hold.ts';
import type { LockOutcome } from './lock-word.ts';
import { checkFunction, checkKeys } from './misuse.ts';
import { patienceOf, type WaitOptions } from './patience.ts';
import { Turns } from './turns.ts';

/** What all locks have in common, a permit of a semaphore and the two sides of a read-write lock included. */
export abstract class Locking {
  private line: Turns | undefined;

  /** Takes it if it is free, without waiting. */
  abstract tryLock(): LockOutcome;

  /** Takes it, waiting until it is free. */
  abstract lock(timeoutMs?: number): LockOutcome;

  /** Takes it, waiting without stopping the thread. */
  abstract lockAsync(wait?: number | WaitOptions): Promise<LockOutcome>;

  /** Gives it back. */
  abstract unlock(): void;

  /**
   * Takes the lock as `lock` does, to be given back at the end of the block: `using held = lock.hold()`.
   *
   * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
   * @returns What is held; null if the time ran out, which `using` takes too.
   * @throws RangeError where `lock` throws.
   */
  hold(timeoutMs: number = Infinity): Hold | null {
    const outcome = this.lock(timeoutMs);
    return outcome === false ? null : makeHold(outcome, () => this.unlock());
  }

  /**
   * Takes the lock as `lockAsync` does. The tasks of a thread may all use the same handle: they get the lock in the order in which
   * they came.
   *
   * @param wait Time to wait at most, milliseconds ≥ 0 (default Infinity); or `{ timeoutMs, signal }` with an AbortSignal.
   * @returns A promise of what is held; of null if the time ran out. It rejects with the signal's `reason` if that says stop.
   */
  async holdAsync(wait: number | WaitOptions = Infinity): Promise<Hold | null> {
    const patience = patienceOf(`${this.kind()}.holdAsync`, wait);
    const turns = this.turns();
    if (turns !== null && !(await turns.next(patience))) return null;
    let outcome: LockOutcome = false;
    try {
      const timeoutMs = Math.max(patience.deadline - performance.now(), 0);
      outcome = await this.lockAsync({ timeoutMs, signal: patience.signal });
    } finally {
      if (outcome === false) turns?.done();
    }
    if (outcome === false) return null;
    return makeHold(outcome, () => {
      try {
        this.unlock();
      } finally {
        turns?.done();
      }
    });
  }

  /**
   * Takes the lock, runs a function and gives the lock back, also if the function throws: then what the lock guards is as the
   * function left it.
   *
   * @param fn Gets how the lock was taken: true, or `'owner-died'`. It must be done when it returns.
   * @returns What `fn` returns.
   * @throws RangeError where `lock` throws, or if `fn` returns a promise; and what `fn` throws.
   */
  withLock<T>(fn: (outcome: true | 'owner-died') => T): T {
    const call = `${this.kind()}.withLock`;
    checkFunction(call, 'fn', fn);
    // Without a timeout it waits until it has it.
    const outcome = this.lock() as true | 'owner-died';
    return runAndRelease(
      call,
      () => fn(outcome),
      () => this.unlock(),
    );
  }

  /**
   * Takes the lock as `holdAsync` does, runs a function, waits for what it returns and gives the lock back, also if that fails.
   *
   * @param fn Gets how the lock was taken: true, or `'owner-died'`. May return a promise.
   * @param options `signal` stops the wait for the lock, not the function: an AbortSignal, also one of `AbortSignal.timeout`.
   * @returns A promise of what `fn` returns. It rejects with the signal's `reason`, or with what `fn` throws.
   */
  async withLockAsync<T>(
    fn: (outcome: true | 'owner-died') => T | Promise<T>,
    options: Pick<WaitOptions, 'signal'> = {},
  ): Promise<T> {
    const call = `${this.kind()}.withLockAsync`;
    checkFunction(call, 'fn', fn);
    const { signal } = checkKeys(call, 'options', options, 'signal');
    const held = (await this.holdAsync({ signal })) as Hold;
    try {
      return await fn(held.outcome);
    } finally {
      held.unlock();
    }
  }

  /** The tasks of this thread that hold, or want to, by this handle; null where several may hold at the same time. */
  protected turns(): Turns | null {
    this.line ??= new Turns();
    return this.line;
  }

  /** The class in errors: its name, whatever a bundler makes of that. */
  protected abstract kind(): string;
}
