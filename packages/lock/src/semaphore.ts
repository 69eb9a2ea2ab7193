// Semaphore: a number of permits, of which each thread may hold some.
import type { LockOptions } from './lock.ts';
import { deadlineAfter, type LockOutcome } from './lock-word.ts';
import { Locking } from './locking.ts';
import { checkInteger, checkKeys, refusal } from './misuse.ts';
import type { Patience } from './patience.ts';
import { Seats, type Want } from './seats.ts';
import { showAs } from './shown.ts';

const MOST_PERMITS = 0x7fff_fffe;

/** The options of a semaphore. */
export interface SemaphoreOptions extends LockOptions {
  /** Permits in all, 1…2³¹−2, as every thread has it. */
  readonly permits: number;
}

/**
 * One thread's handle on a number of permits in a SharedArrayBuffer: `lock` takes one, `unlock` gives one back.
 *
 * A thread may hold several, and so may the tasks of a thread. Each thread's permits are counted in a word of its own. So the
 * permits of a thread that dies come back: to a waiter if the semaphore is robust (`alive`), and after `bury`. The taker of the
 * first one is told `'owner-died'`. Zeroed memory is a semaphore all of whose permits are free. There is no fairness.
 *
 * Where sleeping is forbidden (the main thread of a page), `lock` spins; use `lockAsync`.
 *
 * Cost: 4 × (4 + owners) bytes. A `lock` is a mutex and a look at every owner's word, an `unlock` an atomic addition and a notification.
 */
export class Semaphore extends Locking {
  /** Permits in all. */
  readonly permits: number;
  private readonly seats: Seats;

  /**
   * Tells how many words a semaphore takes.
   *
   * @param owners Threads that may use it, 1…1,024.
   * @returns 4 + owners.
   * @throws RangeError for another number.
   */
  static wordsFor(owners: number): number {
    return Seats.wordsFor('Semaphore.wordsFor', owners);
  }

  /**
   * Makes a handle. The first one marks the memory as a semaphore of so many permits.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` where it begins; it takes `wordsFor(owners)`.
   * @param owners Threads that may use it, as every thread has it: 1…1,024.
   * @param owner Number of this thread, 1…owners, unique among the threads.
   * @param options `permits`; `alive` makes it robust.
   * @throws RangeError naming the argument, what was got and what is expected; also if the memory is another lock's.
   */
  constructor(words: Int32Array, index: number, owners: number, owner: number, options: SemaphoreOptions) {
    super();
    const call = 'new Semaphore';
    const { permits, alive } = checkKeys(call, 'options', options, 'permits, alive');
    this.permits = checkInteger(call, 'permits', permits, 1, MOST_PERMITS);
    const name = `a semaphore of ${permits} permits`;
    this.seats = new Seats(call, [words, index, owners, owner], alive, { mark: permits, name, damage: -1 });
    showAs(this, () => `permits: ${permits}, free: ${this.free}, owner: ${owner}`);
  }

  /** Permits that no thread holds at this moment. */
  get free(): number {
    return Math.max(this.permits - total(this.seats.all()), 0);
  }

  /**
   * Takes a permit if one is free, without waiting for it.
   *
   * @returns True if it is held now; false if none is free, or if the semaphore itself was locked for 5 ms; `'owner-died'` if it
   *   is held now because its owner died holding it.
   */
  tryLock(): LockOutcome {
    return this.seats.tryTake(this.want('Semaphore.tryLock'));
  }

  /**
   * Tells how many permits a thread holds: of one that has ended, how many it left.
   *
   * @param owner 1…owners.
   * @throws RangeError for no such owner.
   */
  heldBy(owner: number): number {
    return this.seats.of(checkInteger('Semaphore.heldBy', 'owner', owner, 1, this.seats.owners));
  }

  /**
   * Says that the thread of an owner has ended: its permits are free, and the taker of the first one is told. Never waits.
   *
   * Call it before `Roster.leave`, also where the semaphore is robust: the thread may have ended amid a call.
   *
   * @param owner Number of the thread that has ended.
   * @returns True if it held any.
   * @throws RangeError for no owner number, this handle's own, or one that `alive` says lives.
   */
  bury(owner: number): boolean {
    return this.seats.bury('Semaphore.bury', owner);
  }

  /** @internal */
  override take(timeoutMs: number, call = 'Semaphore.lock'): LockOutcome {
    const { seats, permits } = this;
    const deadline = deadlineAfter(call, timeoutMs);
    if (seats.of(seats.owner) >= permits)
      throw refusal(call, 'owner', `${seats.owner}, which holds all ${permits} permits`, 'one that does not');
    return seats.wait(this.want(call), deadline);
  }

  /** @internal */
  override takeAsync(patience: Patience, call: string): Promise<LockOutcome> {
    return this.seats.waitAsync(this.want(call), patience);
  }

  /** @internal */
  override giveBack(call = 'Semaphore.unlock'): void {
    const { seats } = this;
    if (seats.of(seats.owner) === 0)
      throw refusal(call, 'owner', `${seats.owner}, which holds no permit`, 'one that does');
    seats.lower((held) => held - 1);
  }

  protected override kind(): string {
    return 'Semaphore';
  }

  protected override turns(): null {
    return null;
  }

  private want(call: string): Want {
    const { permits } = this;
    return {
      call,
      admits: (seats) => total(seats) < permits,
      take: (held) => held + 1,
      waiting: 0,
      isToldAlone: true,
    };
  }
}

function total(seats: readonly number[]): number {
  return seats.reduce((sum, held) => sum + held, 0);
}
