// A thread that ends before one of its writes to shared memory. It is played in the thread of the test, so where it ends is exact, and
// all places can be tried one after the other.
import { type Access, ASLEEP } from './access.ts';
import { type Observer, useFakes, withFakes } from './fake-memory.ts';

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
  /** Where its tasks sleep, and what wakes them. */
  readonly asleep: Set<{ address: number; wakeUp: (told: string) => void }> = new Set();
  /** Whether what is played now is another thread. */
  isAnother = false;
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

  access(access: Access): ReturnType<Access['perform']> {
    if (this.isAnother) return access.perform();
    if (this.before === null && access.changes()) {
      if (this.changes === this.left) this.before = access.label;
      else this.changes++;
    }
    // Not an error, which a task may make of that for which nothing waits: the dead wake none, and sleep on.
    if (this.before !== null && access.label.startsWith('notify(')) return 0;
    if (this.before !== null && access.label.startsWith('waitAsync(')) return ASLEEP;
    this.live();
    const value = access.perform();
    if (value !== ASLEEP || access.label.startsWith('waitAsync(')) return value;
    this.clock += HOUR;
    return 'timed-out';
  }

  sleeps(address: number): Promise<string> {
    return new Promise((wakeUp) => {
      if (this.before === null) this.asleep.add({ address, wakeUp });
    });
  }

  wake(address: number, count: number): number {
    const woken = [...this.asleep].filter((one) => one.address === address).slice(0, count);
    for (const one of woken) {
      this.asleep.delete(one);
      one.wakeUp('ok');
    }
    return woken.length;
  }

  /** Lets the time of all who sleep run out. */
  oversleep(): void {
    for (const { wakeUp } of this.asleep) wakeUp('timed-out');
    this.asleep.clear();
  }

  isInTwo(): boolean {
    return false;
  }

  now(): number {
    this.live();
    // It goes on, or one that spins would wait forever.
    return this.clock++;
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

/** More turns than any call takes whose tasks go on. */
const MOST_TURNS = 10_000;

/** What a thread does in tasks, and another one while they wait. */
export interface AsyncLife {
  call(): Promise<unknown>;
  /** What the other thread does whenever all tasks sleep; after that, those that still do look by themselves. */
  meanwhile(): void;
}

/**
 * Runs an asynchronous call of a thread that ends before it changes memory, or goes to sleep, once more than `changes` times. It is to
 * use the memory alone.
 */
export async function endAfterAsync(memory: SharedArrayBuffer, changes: number, life: AsyncLife): Promise<Ending> {
  const mortal = new Mortal();
  mortal.allow(changes);
  const restore = useFakes(memory, mortal);
  const outcomes: Pick<Ending, 'result' | 'error'>[] = [];
  try {
    const called = async (): Promise<unknown> => life.call();
    called().then(
      (result) => {
        outcomes.push({ result });
      },
      (error: unknown) => {
        outcomes.push({ error });
      },
    );
    for (let turns = 0; outcomes.length === 0 && mortal.before === null; turns++) {
      if (turns > MOST_TURNS) throw new Error(`endAfterAsync: no end after ${MOST_TURNS} turns of the event loop`);
      await nextTurn();
      if (mortal.asleep.size === 0) continue;
      mortal.isAnother = true;
      life.meanwhile();
      mortal.isAnother = false;
      mortal.oversleep();
    }
    mortal.oversleep();
    await nextTurn();
  } finally {
    restore();
  }
  const { before } = mortal;
  return { ...(before === null && outcomes[0]), changes: mortal.changes, before };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
