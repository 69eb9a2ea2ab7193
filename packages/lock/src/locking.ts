// Locking: what every kind of lock can do on top of taking and giving back.
import { type Hold, makeHold } from './hold.ts';
import type { LockOutcome } from './lock-word.ts';
import { checkFunction, checkKeys, refusal } from './misuse.ts';
import { type Patience, patienceOf, type WaitOptions } from './patience.ts';
import { Turns } from './turns.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** What all locks have in common, a permit of a semaphore and the two sides of a read-write lock included. */
export abstract class Locking {
  /** @internal Before all other fields, of which one may be a function. */
  readonly uncloneable: symbol = UNCLONEABLE;
  private line: Turns | undefined;

  /** Takes it if it is free, without waiting. */
  abstract tryLock(): LockOutcome;

  /**
   * Takes the lock, or a permit, waiting until it is free.
   *
   * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
   * @returns True if it is held now; false if the time ran out; `'owner-died'` if the lock is robust, and is held now
   *   because its owner died holding it: repair what it guards before you go on.
   * @throws RangeError for no such time; or if this owner holds the lock, or all permits, already: it would wait for itself.
   *
   * Cost: one atomic exchange when it is free, but see Semaphore and ReadWriteLock.
   */
  lock(timeoutMs: number = Infinity): LockOutcome {
    return this.take(timeoutMs);
  }

  /**
   * Takes the lock, or a permit, waiting without stopping the thread: for a thread that must go on handling events, such as the
   * main thread of a page. Of a Mutex, SpinLock or FairMutex, give each task that waits at the same time an owner number of its own.
   *
   * The tasks of a thread that wait for the same lock take it in the order in which they came.
   *
   * @param wait Time to wait at most, milliseconds ≥ 0 (default Infinity); or `{ timeoutMs, signal }` with an AbortSignal.
   * @returns A promise of what `lock` returns; it rejects where `lock` throws, and with the signal's `reason` if that says stop.
   *
   * Cost: as `lock` and a promise when it is free; else a turn of the event loop. However many tasks wait, the thread sleeps in
   * `Atomics.waitAsync` once for each lock, or looks at the lock by one timer where there is none.
   */
  async lockAsync(wait: number | WaitOptions = Infinity): Promise<LockOutcome> {
    const call = `${this.kind()}.lockAsync`;
    return this.takeAsync(patienceOf(call, wait), call);
  }

  /**
   * Gives the lock, or a permit, back.
   *
   * @throws RangeError naming the caller if it does not hold it, and the holder if a lock has one.
   *
   * Cost: one plain read and one atomic exchange; a notification only if a thread may sleep.
   */
  unlock(): void {
    this.giveBack();
  }

  /**
   * Takes the lock as `lock` does, to be given back at the end of the block: `using held = lock.hold()`.
   *
   * @param timeoutMs Time to wait at most, milliseconds ≥ 0. Default Infinity.
   * @returns What is held; null if the time ran out, which `using` takes too.
   * @throws RangeError where `lock` throws.
   */
  hold(timeoutMs: number = Infinity): Hold | null {
    const outcome = this.take(timeoutMs, `${this.kind()}.hold`);
    return outcome === false ? null : makeHold(outcome, () => this.giveBack());
  }

  /**
   * Takes the lock as `lockAsync` does. The tasks of a thread may all use the same handle: they get the lock in the order in which
   * they came.
   *
   * @param wait Time to wait at most, milliseconds ≥ 0 (default Infinity); or `{ timeoutMs, signal }` with an AbortSignal.
   * @returns A promise of what is held; of null if the time ran out. It rejects with the signal's `reason` if that says stop.
   */
  async holdAsync(wait: number | WaitOptions = Infinity): Promise<Hold | null> {
    const call = `${this.kind()}.holdAsync`;
    return this.holdInTurn(patienceOf(call, wait), call);
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
    const outcome = this.take(Infinity, call) as true | 'owner-died';
    try {
      const result = fn(outcome);
      // It would go on without the lock.
      if (isPromise(result)) {
        const got = `${fn.name || 'a function'}, which returned a promise`;
        throw refusal(call, 'fn', got, 'one that returns none: see withLockAsync');
      }
      return result;
    } finally {
      this.giveBack(call);
    }
  }

  /**
   * Takes the lock as `holdAsync` does, runs a function, waits for what it returns and gives the lock back, also if that fails.
   *
   * @param fn Gets how the lock was taken: true, or `'owner-died'`. May return a promise.
   * @param options `signal` stops the wait for the lock, not the function: an AbortSignal. There is no `timeoutMs`, as what `fn` returns
   *   may be anything: give the signal of `AbortSignal.timeout(ms)`, and the promise is rejected when the time has run out.
   * @returns A promise of what `fn` returns. It rejects with the signal's `reason`, or with what `fn` throws.
   */
  async withLockAsync<T>(
    fn: (outcome: true | 'owner-died') => T | Promise<T>,
    options: Pick<WaitOptions, 'signal'> = {},
  ): Promise<T> {
    const call = `${this.kind()}.withLockAsync`;
    checkFunction(call, 'fn', fn);
    const { signal } = checkKeys(call, 'options', options, 'signal');
    const held = (await this.holdInTurn(patienceOf(call, { signal }), call)) as Hold;
    try {
      return await fn(held.outcome);
    } finally {
      held.unlock();
    }
  }

  /** `holdAsync` for the call that errors name. */
  private async holdInTurn(patience: Patience, call: string): Promise<Hold | null> {
    const turns = this.turns();
    if (turns !== null && !(await turns.next(patience))) return null;
    let outcome: LockOutcome = false;
    try {
      outcome = await this.takeAsync(patience, call);
    } finally {
      if (outcome === false) turns?.done();
    }
    if (outcome === false) return null;
    return makeHold(outcome, () => {
      try {
        this.giveBack();
      } finally {
        turns?.done();
      }
    });
  }

  /** @internal `lock` for the call that errors name, which is `lock` unless another is given. */
  abstract take(timeoutMs: number, call?: string): LockOutcome;

  /** @internal `lockAsync` for the call that errors name. */
  abstract takeAsync(patience: Patience, call: string): Promise<LockOutcome>;

  /** @internal `unlock` for the call that errors name, which is `unlock` unless another is given. */
  abstract giveBack(call?: string): void;

  /** The tasks of this thread that hold, or want to, by this handle; null where several may hold at the same time. */
  protected turns(): Turns | null {
    this.line ??= new Turns();
    return this.line;
  }

  /** The class in errors: its name, whatever a bundler makes of that. */
  protected abstract kind(): string;
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
