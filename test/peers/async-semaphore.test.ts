// async-mutex's Semaphore on the Semaphore of @idspace/lock.
import { Semaphore } from '@idspace/lock';
import { Semaphore as AsyncSemaphore, withTimeout } from 'async-mutex';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

/** How long those that give up wait. */
const WAIT_MS = 5;
const PERMITS = 2;

interface Permits {
  acquire(weight?: number): Promise<[value: number, release: () => void]>;
  runExclusive<T>(fn: (value: number) => T | Promise<T>): Promise<T>;
  waitForUnlock(): Promise<void>;
  isLocked(): boolean;
  getValue(): number;
  setValue(value: number): void;
  release(): void;
  cancel(): void;
}

/** The tasks of a thread share its handle: each may hold permits. */
class OnSemaphore implements Permits {
  private readonly semaphore: Semaphore;
  private readonly timeoutMs: number;
  private waits = new AbortController();

  constructor(timeoutMs = Infinity) {
    const words = new Int32Array(new SharedArrayBuffer(4 * Semaphore.wordsFor(1)));
    this.semaphore = new Semaphore(words, 0, 1, 1, { permits: PERMITS });
    this.timeoutMs = timeoutMs;
  }

  async acquire(weight = 1): Promise<[number, () => void]> {
    if (weight !== 1) throw new Error('permits are taken one by one');
    const { semaphore, timeoutMs } = this;
    const held = await semaphore.holdAsync({ timeoutMs, signal: this.waits.signal });
    if (held === null) throw new Error('too late');
    return [semaphore.free + 1, () => held.unlock()];
  }

  async runExclusive<T>(fn: (value: number) => T | Promise<T>): Promise<T> {
    const [value, release] = await this.acquire();
    try {
      return await fn(value);
    } finally {
      release();
    }
  }

  async waitForUnlock(): Promise<void> {
    const [, release] = await this.acquire();
    release();
  }

  isLocked(): boolean {
    return this.semaphore.free === 0;
  }

  getValue(): number {
    return this.semaphore.free;
  }

  setValue(): void {
    throw new Error('the number of permits is given when it is made');
  }

  release(): void {
    this.semaphore.unlock();
  }

  cancel(): void {
    this.waits.abort(new Error('cancelled'));
    this.waits = new AbortController();
  }
}

/** Lets every task that can go on do so. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

const behaviours: Behaviour<Permits>[] = [
  ['a new one has all its permits', (all) => expect([all.getValue(), all.isLocked()]).toEqual([PERMITS, false])],
  [
    'each acquired permit is one less, and none left is locked',
    async (all) => {
      await all.acquire();
      expect([all.getValue(), all.isLocked()]).toEqual([1, false]);
      await all.acquire();
      expect([all.getValue(), all.isLocked()]).toEqual([0, true]);
    },
  ],
  [
    'acquiring tells how many there were',
    async (all) => expect([(await all.acquire())[0], (await all.acquire())[0]]).toEqual([2, 1]),
  ],
  [
    'a released permit is there again',
    async (all) => {
      const [, release] = await all.acquire();
      release();
      expect(all.getValue()).toBe(PERMITS);
    },
  ],
  [
    'a releaser works once',
    async (all) => {
      const [, release] = await all.acquire();
      await all.acquire();
      release();
      release();
      expect(all.getValue()).toBe(1);
    },
  ],
  [
    'the semaphore itself can release',
    async (all) => {
      await all.acquire();
      all.release();
      expect(all.getValue()).toBe(PERMITS);
    },
  ],
  [
    'releasing what is not held adds a permit',
    (all) => {
      all.release();
      expect(all.getValue()).toBe(PERMITS + 1);
    },
    { ours: 'it is refused: permits are counted for each thread, so that those of the dead come back' },
  ],
  [
    'a task waits while no permit is left',
    async (all) => {
      const [, release] = await all.acquire();
      await all.acquire();
      let isIn = false;
      const third = all.acquire().then(() => {
        isIn = true;
      });
      await settle();
      expect(isIn).toBe(false);
      release();
      await third;
      expect([isIn, all.getValue()]).toEqual([true, 0]);
    },
  ],
  [
    'tasks get permits in the order they asked',
    async (all) => {
      const order: number[] = [];
      await Promise.all(
        [0, 1, 2, 3, 4].map((task) =>
          all.runExclusive(async () => {
            order.push(task);
            await settle();
          }),
        ),
      );
      expect(order).toEqual([0, 1, 2, 3, 4]);
    },
  ],
  [
    'as many tasks are inside as there are permits, and no more',
    async (all) => {
      let inside = 0;
      let most = 0;
      const task = async (): Promise<void> => {
        most = Math.max(most, ++inside);
        await settle();
        inside--;
      };
      await Promise.all(Array.from({ length: 10 }, () => all.runExclusive(task)));
      expect([most, inside, all.getValue()]).toEqual([PERMITS, 0, PERMITS]);
    },
  ],
  [
    'a task is told how many permits there were',
    async (all) => expect(await all.runExclusive((value) => value)).toBe(2),
  ],
  ['what the task returns comes back', async (all) => expect(await all.runExclusive(async () => 8)).toBe(8)],
  [
    'an error of the task comes back, and its permit is free',
    async (all) => {
      const failing = all.runExclusive(() => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(all.getValue()).toBe(PERMITS);
    },
  ],
  [
    'waiting tasks can be cancelled, and the others keep their permits',
    async (all) => {
      await Promise.all([all.acquire(), all.acquire()]);
      const outcomes = [all.acquire(), all.acquire()].map((waiting) =>
        waiting.then(
          () => 'locked',
          () => 'cancelled',
        ),
      );
      all.cancel();
      expect(await Promise.all(outcomes)).toEqual(['cancelled', 'cancelled']);
      expect(all.getValue()).toBe(0);
      all.release();
      expect((await all.acquire())[0]).toBe(1);
    },
  ],
  [
    'waiting until a permit is free does not take it',
    async (all) => {
      const [, release] = await all.acquire();
      await all.acquire();
      const waiting = all.waitForUnlock();
      release();
      await waiting;
      expect(all.getValue()).toBe(1);
    },
  ],
  [
    'several permits are taken in one step',
    async (all) => {
      const [, release] = await all.acquire(2);
      expect(all.getValue()).toBe(0);
      release();
      expect(all.getValue()).toBe(2);
    },
    { ours: 'a lock takes one permit; two threads that take two each one by one could wait for each other' },
  ],
  [
    'the number of permits can be set',
    async (all) => {
      await Promise.all([all.acquire(), all.acquire()]);
      const third = all.acquire();
      all.setValue(1);
      expect((await third)[0]).toBe(1);
    },
    { ours: 'every thread has the number, which does not change' },
  ],
];

const hurried: Behaviour<Permits>[] = [
  [
    'a permit is taken in time',
    async (all) => {
      const [value, release] = await all.acquire();
      release();
      expect([value, all.getValue()]).toEqual([2, 2]);
    },
  ],
  [
    'a wait ends with an error, and no permit is lost',
    async (all) => {
      const [, release] = await all.acquire();
      await all.acquire();
      await expect(all.acquire()).rejects.toThrow();
      expect(all.getValue()).toBe(0);
      release();
      await settle();
      expect(all.getValue()).toBe(1);
    },
  ],
  [
    'a task whose wait ends is not run',
    async (all) => {
      let runs = 0;
      await Promise.all([all.acquire(), all.acquire()]);
      await expect(all.runExclusive(() => ++runs)).rejects.toThrow();
      all.release();
      await settle();
      expect([runs, all.getValue()]).toEqual([0, 1]);
    },
  ],
  [
    'waiting until a permit is free ends, too',
    async (all) => {
      await Promise.all([all.acquire(), all.acquire()]);
      await expect(all.waitForUnlock()).rejects.toThrow();
    },
  ],
];

compare<Permits>({
  peer: 'the semaphore of async-mutex',
  ours: 'Semaphore',
  makeTheirs: () => new AsyncSemaphore(PERMITS),
  makeOurs: () => new OnSemaphore(),
  behaviours,
  counts: { both: 14, theirs: 3, ours: 0 },
});

compare<Permits>({
  peer: 'withTimeout of async-mutex',
  ours: 'holdAsync with a timeout',
  makeTheirs: () => withTimeout(new AsyncSemaphore(PERMITS), WAIT_MS),
  makeOurs: () => new OnSemaphore(WAIT_MS),
  behaviours: hurried,
  counts: { both: 4, theirs: 0, ours: 0 },
});
