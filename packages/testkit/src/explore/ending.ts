// A thread that ends before one of its writes to shared memory. It is played in the thread of the test, so where it ends is exact, and
// all places can be tried one after the other.
import { type Access, ASLEEP } from './access.ts';
import { type Observer, withFakes } from './fake-memory.ts';

/** What became of a thread. */
export interface Ending {
  /** Changes of memory that it made. */
  readonly changes: number;
  /** The change that it did not come to, as a schedule shows it; null if it came to the end of its call. */
  readonly before: string | null;
  /** What the call returned, or what it threw. */
  readonly result?: unknown;
  readonly error?: unknown;
}

/** What every access throws of a thread that has ended. */
const ENDED: unique symbol = Symbol('ended');
/** How far the clock is after a sleep: there is no other thread that could end it earlier. */
const HOUR = 3_600_000;

class Mortal implements Observer {
  changes = 0;
  before: string | null = null;
  private left = Number.POSITIVE_INFINITY;
  private clock = 0;

  /** From here on it makes so many changes at most. */
  allow(changes: number): void {
    this.changes = 0;
    this.left = changes;
  }

  again(): undefined {
    return undefined;
  }

  access(access: Access): number | string {
    this.live();
    if (access.changes()) {
      if (this.changes === this.left) {
        this.before = access.label;
        throw ENDED;
      }
      this.changes++;
    }
    const value = access.perform();
    if (value !== ASLEEP) return value;
    this.clock += HOUR;
    return 'timed-out';
  }

  isInTwo(): boolean {
    return false;
  }

  now(): number {
    this.live();
    // It goes on, or one that spins would wait forever.
    return this.clock++;
  }

  wake(): number {
    return 0;
  }

  nameOf(address: number): string {
    return address % 4 === 0 ? `word ${address / 4}` : `byte ${address}`;
  }

  private live(): void {
    // What it would do in a `finally` it does not do any more.
    if (this.before !== null) throw ENDED;
  }
}

/** What a thread does in its life; it ends amid the call. */
export interface Life<Thread> {
  attach(): Thread;
  call(thread: Thread): unknown;
  /** After the call, if the thread has come to its end. */
  detach?(thread: Thread): void;
}

/**
 * Runs a call of a thread that ends before it changes memory once more than `changes` times. What it only reads, and a write of what is
 * there already, makes no difference to others.
 */
export function endAfter<Thread>(memory: SharedArrayBuffer, changes: number, life: Life<Thread>): Ending {
  const mortal = new Mortal();
  const called = (thread: Thread): Pick<Ending, 'result' | 'error'> => {
    try {
      return { result: life.call(thread) };
    } catch (error) {
      return error === ENDED ? {} : { error };
    }
  };
  return withFakes(memory, mortal, () => {
    const thread = life.attach();
    mortal.allow(changes);
    const ending = { ...called(thread), changes: mortal.changes, before: mortal.before };
    mortal.allow(Number.POSITIVE_INFINITY);
    if (ending.before === null) life.detach?.(thread);
    return ending;
  });
}
