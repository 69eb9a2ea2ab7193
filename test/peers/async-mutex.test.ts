// async-mutex's Mutex on the Mutex of @idspace/lock: one word of shared memory, waited for with promises.
import { Mutex } from '@idspace/lock';
import { Mutex as AsyncMutex, tryAcquire, withTimeout } from 'async-mutex';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

/** How long those that give up wait. */
const WAIT_MS = 5;

interface Lock {
  acquire(): Promise<() => void>;
  runExclusive<T>(fn: () => T | Promise<T>): Promise<T>;
  waitForUnlock(): Promise<void>;
  isLocked(): boolean;
  release(): void;
  cancel(): void;
}

/** Each task is an owner of its own: one that holds the lock may not ask for it. */
class OnMutex implements Lock {
  private readonly words = new Int32Array(new SharedArrayBuffer(4));
  private readonly timeoutMs: number;
  private owners = 0;
  private held: Mutex | undefined;
  private waits = new AbortController();

  constructor(timeoutMs = Infinity) {
    this.timeoutMs = timeoutMs;
  }

  async acquire(): Promise<() => void> {
    const mutex = await this.take();
    this.held = mutex;
    return () => {
      if (this.held === mutex) this.release();
    };
  }

  tryAcquire(): () => void {
    const mutex = new Mutex(this.words, 0, ++this.owners);
    if (!mutex.tryLock()) throw new Error('it is held');
    this.held = mutex;
    return () => this.release();
  }

  async runExclusive<T>(fn: () => T | Promise<T>): Promise<T> {
    const release = await this.acquire();
    try {
      return await fn();
    } finally {
      release();
    }
  }

  async waitForUnlock(): Promise<void> {
    (await this.take()).unlock();
  }

  isLocked(): boolean {
    return this.held !== undefined;
  }

  release(): void {
    this.held?.unlock();
    this.held = undefined;
  }

  cancel(): void {
    this.waits.abort(new Error('cancelled'));
    this.waits = new AbortController();
  }

  private async take(): Promise<Mutex> {
    const mutex = new Mutex(this.words, 0, ++this.owners);
    const { timeoutMs } = this;
    if (!(await mutex.lockAsync({ timeoutMs, signal: this.waits.signal }))) throw new Error('too late');
    return mutex;
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
      expect([await outcome, lock.isLocked()]).toEqual(['cancelled', true]);
      release();
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'cancelling leaves alone the task that is inside, and those that come later',
    async (lock) => {
      const inside = lock.runExclusive(async () => {
        await settle();
        return 'done';
      });
      await settle();
      lock.cancel();
      expect([await inside, await lock.runExclusive(() => 'later')]).toEqual(['done', 'later']);
    },
  ],
  ['waiting for a free lock ends immediately', (lock) => lock.waitForUnlock()],
  [
    'waiting until the lock is free does not take it',
    async (lock) => {
      const release = await lock.acquire();
      let isFree = false;
      const waiting = lock.waitForUnlock().then(() => {
        isFree = true;
      });
      await settle();
      expect(isFree).toBe(false);
      release();
      await waiting;
      expect(lock.isLocked()).toBe(false);
      await lock.acquire();
    },
  ],
  [
    'the task of the highest priority is next',
    async (lock) => {
      const order: number[] = [];
      const release = await lock.acquire();
      const tasks = [1, 3, 2].map((priority) =>
        (lock as AsyncMutex).runExclusive(() => void order.push(priority), priority),
      );
      release();
      await Promise.all(tasks);
      expect(order).toEqual([3, 2, 1]);
    },
    { ours: 'tasks go in the order in which they came' },
  ],
];

/** Of a lock whose waits end after a few milliseconds. */
const hurried: Behaviour<Lock>[] = [
  [
    'a free lock is taken in time',
    async (lock) => {
      (await lock.acquire())();
      expect(await lock.runExclusive(() => 7)).toBe(7);
    },
  ],
  [
    'a wait ends with an error, and the lock stays with its holder',
    async (lock) => {
      const release = await lock.acquire();
      await expect(lock.acquire()).rejects.toThrow();
      expect(lock.isLocked()).toBe(true);
      release();
      await settle();
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'a lock that only tasks which gave up wait for is free as soon as it is released',
    async (lock) => {
      const release = await lock.acquire();
      await expect(lock.acquire()).rejects.toThrow();
      release();
      expect(lock.isLocked()).toBe(false);
    },
    { theirs: 'the wait goes on behind the error: the lock passes through it' },
  ],
  [
    'who gave up does not get the lock later',
    async (lock) => {
      const release = await lock.acquire();
      await expect(lock.acquire()).rejects.toThrow();
      release();
      await settle();
      expect(lock.isLocked()).toBe(false);
      await lock.acquire();
      expect(lock.isLocked()).toBe(true);
    },
  ],
  [
    'a task whose wait ends is not run',
    async (lock) => {
      let runs = 0;
      await lock.acquire();
      await expect(lock.runExclusive(() => ++runs)).rejects.toThrow();
      lock.release();
      await settle();
      expect(runs).toBe(0);
    },
  ],
  [
    'the time is for the wait, not for the task',
    async (lock) => {
      const task = async (): Promise<string> => {
        await new Promise((resolve) => setTimeout(resolve, 3 * WAIT_MS));
        return 'done';
      };
      expect(await lock.runExclusive(task)).toBe('done');
    },
  ],
  [
    'waiting until the lock is free ends, too',
    async (lock) => {
      await lock.acquire();
      await expect(lock.waitForUnlock()).rejects.toThrow();
    },
  ],
];

/** Of a lock that is not waited for. */
const immediate: Behaviour<Immediate>[] = [
  [
    'a free lock is taken',
    async (lock) => {
      const release = await lock.tryAcquire();
      expect(lock.isLocked()).toBe(true);
      release();
      expect(lock.isLocked()).toBe(false);
    },
  ],
  [
    'one that is held is an error, and stays held',
    async (lock) => {
      const release = await lock.tryAcquire();
      await expect((async () => lock.tryAcquire())()).rejects.toThrow();
      expect(lock.isLocked()).toBe(true);
      release();
      (await lock.tryAcquire())();
    },
  ],
];

interface Immediate {
  tryAcquire(): Promise<() => void> | (() => void);
  isLocked(): boolean;
}

compare<Lock>({
  peer: 'async-mutex',
  ours: 'Mutex',
  makeTheirs: () => new AsyncMutex(),
  makeOurs: () => new OnMutex(),
  behaviours,
  counts: { both: 18, theirs: 1, ours: 0 },
});

compare<Lock>({
  peer: 'withTimeout of async-mutex',
  ours: 'lockAsync with a timeout',
  makeTheirs: () => withTimeout(new AsyncMutex(), WAIT_MS),
  makeOurs: () => new OnMutex(WAIT_MS),
  behaviours: hurried,
  counts: { both: 6, theirs: 0, ours: 1 },
});

compare<Immediate>({
  peer: 'tryAcquire of async-mutex',
  ours: 'tryLock',
  makeTheirs: () => {
    const mutex = new AsyncMutex();
    return { tryAcquire: () => tryAcquire(mutex).acquire(), isLocked: () => mutex.isLocked() };
  },
  makeOurs: () => new OnMutex(),
  behaviours: immediate,
  counts: { both: 2, theirs: 0, ours: 0 },
});
