// async-mutex's Mutex on the Mutex of @idspace/lock: one word of shared memory, waited for with promises.
import { Mutex } from '@idspace/lock';
import { Mutex as AsyncMutex } from 'async-mutex';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

interface Lock {
  acquire(): Promise<() => void>;
  runExclusive<T>(fn: () => T | Promise<T>): Promise<T>;
  isLocked(): boolean;
  release(): void;
  cancel(): void;
}

class OnMutex implements Lock {
  private readonly words = new Int32Array(new SharedArrayBuffer(4));
  private owners = 0;
  private held: Mutex | undefined;

  /** Each task is an owner of its own: one that holds the lock may not ask for it. */
  async acquire(): Promise<() => void> {
    const mutex = new Mutex(this.words, 0, ++this.owners);
    await mutex.lockAsync();
    this.held = mutex;
    return () => {
      if (this.held === mutex) this.release();
    };
  }

  async runExclusive<T>(fn: () => T | Promise<T>): Promise<T> {
    const release = await this.acquire();
    try {
      return await fn();
    } finally {
      release();
    }
  }

  isLocked(): boolean {
    return this.held !== undefined;
  }

  release(): void {
    this.held?.unlock();
    this.held = undefined;
  }

  cancel(): void {
    throw new Error('waiting tasks cannot be cancelled');
  }
}

/** Lets every task that can go on do so. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

const behaviours: Behaviour<Lock>[] = [
  ['a new lock is free', (lock) => expect(lock.isLocked()).toBe(false)],
  [
    'an acquired lock is locked until it is released',
    async (lock) => {
      const release = await lock.acquire();
      expect(lock.isLocked()).toBe(true);
      release();
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'the lock itself can release',
    async (lock) => {
      await lock.acquire();
      lock.release();
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'releasing a free lock does nothing',
    async (lock) => {
      lock.release();
      await lock.acquire();
      expect(lock.isLocked()).toBe(true);
    },
  ],
  [
    'a releaser works once: later it does not take the lock from another task',
    async (lock) => {
      const release = await lock.acquire();
      release();
      await lock.acquire();
      release();
      expect(lock.isLocked()).toBe(true);
    },
  ],
  [
    'a second task waits for the first',
    async (lock) => {
      const release = await lock.acquire();
      let isIn = false;
      const second = lock.acquire().then(() => {
        isIn = true;
      });
      await settle();
      expect(isIn).toBe(false);
      release();
      await second;
      expect([isIn, lock.isLocked()]).toEqual([true, true]);
    },
  ],
  [
    'tasks get the lock in the order they asked',
    async (lock) => {
      const order: number[] = [];
      await Promise.all(
        [0, 1, 2, 3, 4].map((task) =>
          lock.runExclusive(async () => {
            order.push(task);
            await settle();
          }),
        ),
      );
      expect(order).toEqual([0, 1, 2, 3, 4]);
    },
  ],
  [
    'no two tasks are inside at the same time',
    async (lock) => {
      let inside = 0;
      let most = 0;
      await Promise.all(
        Array.from({ length: 10 }, () =>
          lock.runExclusive(async () => {
            most = Math.max(most, ++inside);
            await settle();
            inside--;
          }),
        ),
      );
      expect([most, inside]).toEqual([1, 0]);
    },
  ],
  ['what the task returns comes back', async (lock) => expect(await lock.runExclusive(() => 7)).toBe(7)],
  ['what an async task returns comes back', async (lock) => expect(await lock.runExclusive(async () => 8)).toBe(8)],
  [
    'an error of the task comes back, and the lock is free',
    async (lock) => {
      const failing = lock.runExclusive(() => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'a rejection of the task comes back, and the next task runs',
    async (lock) => {
      const failing = lock.runExclusive(() => Promise.reject(new Error('no')));
      const next = lock.runExclusive(() => 'yes');
      await expect(failing).rejects.toThrow('no');
      expect(await next).toBe('yes');
    },
  ],
  [
    'during a task the lock is locked',
    async (lock) => expect(await lock.runExclusive(() => lock.isLocked())).toBe(true),
  ],
  [
    'after all tasks the lock is free',
    async (lock) => {
      await Promise.all([lock.runExclusive(settle), lock.runExclusive(settle)]);
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'a waiting task can be cancelled',
    async (lock) => {
      const release = await lock.acquire();
      const waiting = lock.acquire();
      const outcome = waiting.then(
        () => 'locked',
        () => 'cancelled',
      );
      lock.cancel();
      expect(await outcome).toBe('cancelled');
      release();
    },
    { ours: 'a wait ends by its timeout alone' },
  ],
];

compare<Lock>({
  peer: 'async-mutex',
  ours: 'Mutex',
  makeTheirs: () => new AsyncMutex(),
  makeOurs: () => new OnMutex(),
  behaviours,
  counts: { both: 14, theirs: 1, ours: 0 },
});
