// Waiting without stopping the thread: the same outcomes as lock(), while events go on.
import { HANG_MS } from '@idspace/testkit';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Lock, LockTable, Mutex, SpinLock } from '../src/index.ts';
import { LEFT, LOCK, RIGHT, WORDS } from './support/job.ts';
import { runWorkers } from './support/run-workers.ts';

const sharedWords = (length = WORDS): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));
const atomics = Atomics as { waitAsync?: unknown };
const { waitAsync } = atomics;
/** In workerd it is not used: see `changed` in line.ts. */
const isUsed = (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent !== 'Cloudflare-Workers';

describe.each([
  ['SpinLock', SpinLock, true],
  ['Mutex', Mutex, true],
  ['Mutex without Atomics.waitAsync', Mutex, false],
] as const)('%s', (_, Kind, hasWaitAsync) => {
  const tasks = (words: Int32Array, count: number): Lock[] =>
    Array.from({ length: count }, (_, i) => new Kind(words, LOCK, 100 + i));

  beforeEach(() => {
    if (!hasWaitAsync) delete atomics.waitAsync;
  });
  afterEach(() => {
    atomics.waitAsync = waitAsync;
  });

  test('resolves immediately when the lock is free, later when it is given back', async () => {
    const [mine, theirs] = tasks(sharedWords(), 2);
    expect(await mine.lockAsync()).toBe(true);
    let taken = false;
    const waiting = theirs.lockAsync().then((outcome) => {
      taken = true;
      return outcome;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([taken, mine.holder]).toEqual([false, 100]);
    mine.unlock();
    expect([await waiting, theirs.holder]).toEqual([true, 101]);
    theirs.unlock();
  });

  test('gives up when the time runs out, refuses itself and no such time', async () => {
    const [mine, theirs] = tasks(sharedWords(), 2);
    mine.lock();
    expect([await theirs.lockAsync(0), await theirs.lockAsync(20)]).toEqual([false, false]);
    await expect(mine.lockAsync()).rejects.toThrow(
      '.lockAsync: owner: got 100, which holds the lock, expected one that does not',
    );
    await expect(theirs.lockAsync(-1)).rejects.toThrow('timeoutMs: got -1');
  });

  test('every one of many tasks gets in, one at a time', async () => {
    const words = sharedWords();
    let inside = 0;
    const run = async (lock: Lock): Promise<void> => {
      for (let round = 0; round < 20; round++) {
        expect(await lock.lockAsync()).toBe(true);
        expect(++inside).toBe(1);
        await null;
        words[LEFT]++;
        inside--;
        lock.unlock();
      }
    };
    await Promise.all(tasks(words, 8).map(run));
    expect([words[LEFT], words[LOCK]]).toEqual([160, 0]);
  });

  test('inherits from an owner that died', async () => {
    const words = sharedWords();
    let dead = 0;
    const alive = (owner: number): boolean => owner !== dead;
    new Kind(words, LOCK, 1).lock();
    const waiting = new Kind(words, LOCK, 2, { alive }).lockAsync();
    await new Promise((resolve) => setTimeout(resolve, 20));
    dead = 1;
    expect([await waiting, words[LOCK] & 0x7fff_ffff]).toEqual(['owner-died', 2]);
  });

  test('tasks of a thread take it in the order in which they came; one that comes first again comes last', async () => {
    const words = sharedWords();
    const [holder, ...others] = tasks(words, 5);
    holder.lock();
    const order: number[] = [];
    const run = async (lock: Lock, task: number): Promise<void> => {
      for (let round = 0; round < 3; round++) {
        await lock.lockAsync();
        order.push(task);
        lock.unlock();
      }
    };
    const done = Promise.all(others.map(run));
    holder.unlock();
    await done;
    expect(order).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    expect(words[LOCK]).toBe(0);
  });

  test('gives up in time wherever in the line it stands, and the rest go on', async () => {
    const words = sharedWords();
    const [holder, first, second, third] = tasks(words, 4);
    holder.lock();
    const waiting = [first.lockAsync(10), second.lockAsync(), third.lockAsync(15)];
    expect([await waiting[0], await waiting[2]]).toEqual([false, false]);
    holder.unlock();
    expect([await waiting[1], second.holder]).toEqual([true, 102]);
    second.unlock();
    expect([await first.lockAsync(), first.unlock(), words[LOCK]]).toEqual([true, undefined, 0]);
  });

  test('one who waits behind knows of the death', async () => {
    const words = sharedWords();
    let dead = 0;
    new Kind(words, LOCK, 1).lock();
    const [untold] = tasks(words, 1);
    const first = untold.lockAsync();
    const told = new Kind(words, LOCK, 2, { alive: (owner) => owner !== dead }).lockAsync();
    dead = 1;
    expect(await first).toBe('owner-died');
    untold.unlock();
    expect(await told).toBe(true);
  });

  test('a thousand tasks wait by one timer, and by one sleep at a time', async () => {
    const words = sharedWords();
    const [holder, ...others] = tasks(words, 1_001);
    holder.lock();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const sleeps = hasWaitAsync && isUsed;
    const waits = sleeps ? vi.spyOn(atomics as { waitAsync: () => unknown }, 'waitAsync') : undefined;
    onTestFinished(() => void vi.restoreAllMocks());
    const begin = performance.now();
    const waiting = others.map((lock) => lock.lockAsync());
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const passed = performance.now() - begin;
    // A look every millisecond where there is no waitAsync, every 50 ms where there is: not a thousand of them.
    expect(timers.mock.calls.length).toBeLessThan(3 + passed / (sleeps ? 25 : 0.5));
    if (waits) expect(waits.mock.calls.length).toBeLessThan(3 + passed / 25);
    holder.unlock();
    for (const [i, lock] of others.entries()) {
      expect(await waiting[i]).toBe(true);
      expect(lock.holder).toBe(101 + i);
      lock.unlock();
    }
    expect(words[LOCK]).toBe(0);
  });

  test('takes turns with workers that sleep', async () => {
    const words = sharedWords();
    const [lock] = tasks(words, 1);
    const done = runWorkers({ words, workers: 2, rounds: 20_000, kind: 'Mutex', timeoutMs: HANG_MS });
    let torn = 0;
    for (let round = 0; round < 50; round++) {
      expect(await lock.lockAsync()).toBe(true);
      if (words[LEFT] !== words[RIGHT]) torn++;
      words[LEFT]++;
      words[RIGHT]++;
      lock.unlock();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await done).toEqual(Array(2).fill({ timeouts: 0, torn: 0 }));
    expect([torn, words[LEFT], words[RIGHT], words[LOCK]]).toEqual([0, 40_050, 40_050, 0]);
  });
});

describe.each([
  ['LockTable', true],
  ['LockTable without Atomics.waitAsync', false],
] as const)('%s', (_, hasWaitAsync) => {
  const SLOTS = 64;
  const tasks = (count: number, options = {}): [LockTable[], Int32Array] => {
    const words = sharedWords(LockTable.wordsFor(SLOTS));
    return [Array.from({ length: count }, (_, i) => new LockTable(words, 0, SLOTS, 100 + i, options)), words];
  };

  beforeEach(() => {
    if (!hasWaitAsync) delete atomics.waitAsync;
  });
  afterEach(() => {
    atomics.waitAsync = waitAsync;
  });

  test('waits for a key, and for the guard, while events go on', async () => {
    const [[mine, theirs], words] = tasks(2);
    expect([await mine.lockAsync(1, 2, 3), await theirs.lockAsync(1, 2, 4)]).toEqual([true, true]);
    const waiting = theirs.lockAsync(1, 2, 3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    words[0] = 77;
    mine.unlock(1, 2, 3);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect([theirs.holder(1, 2, 3), theirs.guardHolder]).toEqual([0, 77]);
    expect(mine.bury(77)).toEqual([]);
    expect([await waiting, theirs.holder(1, 2, 3)]).toEqual([true, 101]);
  });

  test('has the outcomes of lock', async () => {
    const dead = new Set<number>();
    const [[mine, theirs], words] = tasks(2, { alive: (owner: number) => !dead.has(owner) });
    mine.lock(0, 0, 1);
    expect([await theirs.lockAsync(0, 0, 1, 0), await theirs.lockAsync(0, 0, 1, 10)]).toEqual([false, false]);
    await expect(mine.lockAsync(0, 0, 1)).rejects.toThrow('which holds the lock, expected one that does not');
    await expect(theirs.lockAsync(0, 0, 1, -1)).rejects.toThrow('timeoutMs: got -1');
    await expect(theirs.lockAsync(0, 0, 2 ** 31)).rejects.toThrow('id: got 2147483648');
    words[0] = 66;
    expect([await theirs.lockAsync(0, 0, 2, 0), await theirs.lockAsync(0, 0, 2, 10)]).toEqual([false, false]);
    const waiting = theirs.lockAsync(0, 0, 1);
    dead.add(100).add(66);
    expect(await waiting).toBe('owner-died');
    for (let id = 2; id <= SLOTS; id++) theirs.lock(0, 0, id);
    await expect(theirs.lockAsync(0, 0, 0)).rejects.toThrow('LockTable.lockAsync: slots: got all 64 held');
  });

  test('a thousand tasks on one key take turns in their order, by one timer', async () => {
    const [[holder, ...others]] = tasks(1_001);
    holder.lock(5, 5, 5);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => void vi.restoreAllMocks());
    const begin = performance.now();
    const waiting = others.map((table) => table.lockAsync(5, 5, 5));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(timers.mock.calls.length).toBeLessThan(
      3 + (performance.now() - begin) / (hasWaitAsync && isUsed ? 25 : 0.5),
    );
    holder.unlock(5, 5, 5);
    for (const [i, table] of others.entries()) {
      expect(await waiting[i]).toBe(true);
      expect(table.holder(5, 5, 5)).toBe(101 + i);
      table.unlock(5, 5, 5);
    }
    expect(holder.holder(5, 5, 5)).toBe(0);
  });
});
