// ReadWriteLock: many readers, or one writer.
import type { LockOptions } from './lock.ts';
import { deadlineAfter, type LockOutcome } from './lock-word.ts';
import { Locking } from './locking.ts';
import { checkInteger, checkKeys, refusal } from './misuse.ts';
import type { Patience } from './patience.ts';
import { Seats, type Want } from './seats.ts';
import { showAs } from './shown.ts';
import type { Turns } from './turns.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/** In a seat: the owner writes; it waits to write. The bits below count its reads. */
const WRITES = 0x4000_0000;
const WANTS = 0x2000_0000;
const READS = 0x1fff_ffff;
/** "RW", version 1. */
const MARK = -0x5257_0001;

/** One side of a ReadWriteLock: `lock`, `tryLock`, `lockAsync`, `unlock`, `hold`, `withLock` and so on. */
class Side extends Locking {
  private readonly seats: Seats;
  private readonly name: string;
  private readonly isWriter: boolean;

  constructor(seats: Seats, isWriter: boolean) {
    super();
    this.seats = seats;
    this.isWriter = isWriter;
    this.name = `ReadWriteLock.${isWriter ? 'write' : 'read'}`;
    showAs(this, () => `owner: ${seats.owner}`, this.name);
  }

  tryLock(): LockOutcome {
    return this.seats.tryTake(this.want(`${this.name}.tryLock`));
  }

  override take(timeoutMs: number, call = `${this.name}.lock`): LockOutcome {
    const { seats, isWriter } = this;
    const deadline = deadlineAfter(call, timeoutMs);
    const seat = seats.of(seats.owner);
    if ((seat & WRITES) !== 0 || (isWriter && (seat & READS) !== 0))
      throw refusal(call, 'owner', `${seats.owner}, which holds the lock`, 'one that does not hold it');
    if (!isWriter && (seat & READS) === READS)
      throw refusal(call, 'owner', `${seats.owner}, which reads ${READS} times`, 'one that reads fewer times');
    return seats.wait(this.want(call), deadline);
  }

  override takeAsync(patience: Patience, call: string): Promise<LockOutcome> {
    return this.seats.waitAsync(this.want(call), patience);
  }

  override giveBack(call = `${this.name}.unlock`): void {
    const { seats, isWriter } = this;
    if ((seats.of(seats.owner) & (isWriter ? WRITES : READS)) === 0)
      throw refusal(call, 'owner', `${seats.owner}, which does not hold it`, 'one that does');
    // Before the lock is free: the next one to take it is not told.
    if (isWriter) seats.repaired();
    seats.lower((seat) => (isWriter ? seat & ~WRITES : seat - 1));
  }

  protected override kind(): string {
    return this.name;
  }

  protected override turns(): Turns | null {
    // Several tasks of a thread may read at the same time.
    return this.isWriter ? super.turns() : null;
  }

  private want(call: string): Want {
    return this.isWriter
      ? {
          call,
          admits: (seats) => seats.every((seat) => (seat & (WRITES | READS)) === 0),
          take: (seat) => (seat & ~WANTS) | WRITES,
          waiting: WANTS,
          isToldAlone: false,
        }
      : {
          call,
          admits: (seats, owner) =>
            (seats[owner] & READS) !== READS &&
            seats.every((seat, other) => (seat & (other === owner ? WRITES : WRITES | WANTS)) === 0),
          take: (seat) => seat + 1,
          waiting: 0,
          isToldAlone: false,
        };
  }
}

/**
 * One thread's handle on a lock in a SharedArrayBuffer that many may hold for reading, or one for writing.
 *
 * `read` and `write` are its two sides: each has the calls of a Mutex. A writer that waits keeps new readers out, so it gets in;
 * writers that come without end keep readers out. A thread may read up to 536,870,911 times at the same time, but if it reads and asks
 * for `write` it would wait for itself, so that is refused.
 *
 * A reader that dies leaves nothing behind. After a writer died, every taker, readers too, is told `'owner-died'` until a writer has
 * given the lock back: it has repaired what the lock guards. Robust takers (`alive`) find out by themselves, others after `bury`.
 *
 * Zeroed memory is a free lock. Where sleeping is forbidden (the main thread of a page), `lock` spins; use `lockAsync`.
 *
 * Cost: 4 × (4 + owners) bytes. A `lock` is a mutex and a look at every owner's word, an `unlock` an atomic addition and a notification:
 * several times a Mutex, so it pays for sections that are long.
 */
export class ReadWriteLock {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** The side that several may hold at the same time. */
  readonly read: Locking;
  /** The side that one holds alone. */
  readonly write: Locking;
  private readonly seats: Seats;

  /**
   * Tells how many words a lock takes.
   *
   * @param owners Threads that may use it, 1…1,024.
   * @returns 4 + owners.
   * @throws RangeError for another number.
   */
  static wordsFor(owners: number): number {
    return Seats.wordsFor('ReadWriteLock.wordsFor', owners);
  }

  /**
   * Makes a handle. The first one marks the memory as a lock of this kind.
   *
   * @param words Int32Array over a SharedArrayBuffer.
   * @param index Element of `words` where it begins; it takes `wordsFor(owners)`.
   * @param owners Threads that may use it, as every thread has it: 1…1,024.
   * @param owner Number of this thread, 1…owners, unique among the threads.
   * @param options `alive` makes it robust.
   * @throws RangeError naming the argument, what was got and what is expected; also if the memory is another lock's.
   */
  constructor(words: Int32Array, index: number, owners: number, owner: number, options: LockOptions = {}) {
    const call = 'new ReadWriteLock';
    const { alive } = checkKeys(call, 'options', options, 'alive');
    const purpose = { mark: MARK, name: 'those of a ReadWriteLock', damage: WRITES };
    this.seats = new Seats(call, [words, index, owners, owner], alive, purpose);
    this.read = new Side(this.seats, false);
    this.write = new Side(this.seats, true);
    showAs(this, () => `readers: ${this.readers}, writer: ${this.writer}, owner: ${owner}`);
  }

  /** Number of times that it is held for reading at this moment. */
  get readers(): number {
    return this.seats.all().reduce((sum, seat) => sum + (seat & READS), 0);
  }

  /** Number of the owner that writes at this moment, 0 if none does. */
  get writer(): number {
    return Math.max(
      this.seats.all().findIndex((seat) => (seat & WRITES) !== 0),
      0,
    );
  }

  /**
   * Tells what a thread holds: of one that has ended, what it left.
   *
   * @param owner 1…owners.
   * @returns `'write'`, `'read'` or null.
   * @throws RangeError for no such owner.
   */
  heldBy(owner: number): 'read' | 'write' | null {
    const seat = this.seats.of(checkInteger('ReadWriteLock.heldBy', 'owner', owner, 1, this.seats.owners));
    if ((seat & WRITES) !== 0) return 'write';
    return (seat & READS) === 0 ? null : 'read';
  }

  /**
   * Says that the thread of an owner has ended: what it held is free. Never waits.
   *
   * Call it before `Roster.leave`, also where the lock is robust: the thread may have ended while it waited.
   *
   * @param owner Number of the thread that has ended.
   * @returns True if it held the lock, or waited to write.
   * @throws RangeError for no owner number, this handle's own, or one that `alive` says lives.
   */
  bury(owner: number): boolean {
    return this.seats.bury('ReadWriteLock.bury', owner);
  }
}
