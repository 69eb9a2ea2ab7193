// Waiting without stopping the thread: the same outcomes as lock(), while events go on.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Lock, Mutex, SpinLock } from '../src/index.ts';
import { LEFT, LOCK, RIGHT, WORDS } from './support/job.ts';
import { runWorkers } from './support/run-workers.ts';

const sharedWords = (length = WORDS): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));
const atomics = Atomics as { waitAsync?: unknown };
const { waitAsync } = atomics;

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

  test('resolves at once when the lock is free, later when it is given back', async () => {
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
    await expect(mine.lockAsync()).rejects.toThrow('lock: owner 100 locks a lock that it holds');
    await expect(theirs.lockAsync(-1)).rejects.toThrow('lock: timeoutMs is -1');
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

  test('takes turns with workers that sleep', async () => {
    const words = sharedWords();
    const [lock] = tasks(words, 1);
    const done = runWorkers({ words, workers: 2, rounds: 20_000, kind: 'Mutex', timeoutMs: 20_000 });
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
