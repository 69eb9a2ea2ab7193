// The locks between real threads: plain counters that only mutual exclusion keeps right.
import { budget, HANG_MS, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Mutex } from '../src/index.ts';
import { LEFT, LOCK, RIGHT, WORDS } from './support/job.ts';
import { kinds, makeLock } from './support/kinds.ts';
import { runWorkers } from './support/run-workers.ts';

const sharedWords = (): Int32Array => new Int32Array(new SharedArrayBuffer(WORDS * 4));

describe.each(withinBudget(kinds, { least: 3 }))('%s between workers', (kind) => {
  for (const workers of [2, 3, 4]) {
    test(`${workers} workers lose no update`, async () => {
      const words = sharedWords();
      const rounds = Math.floor(budget(200_000, 40_000) / workers);
      const outcomes = await runWorkers({ words, workers, rounds, kind, timeoutMs: HANG_MS });
      expect(outcomes).toEqual(Array(workers).fill({ timeouts: 0, torn: 0 }));
      expect([words[LEFT], words[RIGHT], words[LOCK]]).toEqual([rounds * workers, rounds * workers, 0]);
    });
  }

  test('a worker gives up when its time runs out, and gets in once the lock is free', async () => {
    const words = sharedWords();
    const mine = makeLock(kind, words, LOCK, 1_000);
    mine.lock();
    const waits = { words, workers: 1, rounds: 3, kind, timeoutMs: 5 };
    expect(await runWorkers(waits)).toEqual([{ timeouts: 3, torn: 0 }]);
    expect(words[LEFT]).toBe(0);
    mine.unlock();
    words.fill(0);
    expect(await runWorkers(waits)).toEqual([{ timeouts: 0, torn: 0 }]);
    expect([words[LEFT], words[LOCK]]).toEqual([3, 0]);
  });

  test('a worker waits for as long as it takes', async () => {
    const words = sharedWords();
    const mine = makeLock(kind, words, LOCK, 1_000);
    mine.lock();
    const done = runWorkers({ words, workers: 2, rounds: 10, kind, timeoutMs: HANG_MS });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(words[LEFT]).toBe(0);
    mine.unlock();
    expect(await done).toEqual(Array(2).fill({ timeouts: 0, torn: 0 }));
    expect(words[LEFT]).toBe(20);
  });
});

test('the same work without a lock does lose updates', async () => {
  let lost = 0;
  for (let attempt = 0; attempt < 20 && lost === 0; attempt++) {
    const words = sharedWords();
    await runWorkers({ words, workers: 2, rounds: 1_000_000, kind: null, timeoutMs: 0 });
    lost = 2_000_000 - Math.min(words[LEFT], words[RIGHT]);
  }
  expect(lost).toBeGreaterThan(0);
});

test('a mutex spins where sleeping is forbidden', async () => {
  const words = sharedWords();
  const mine = new Mutex(words, LOCK, 1_000);
  mine.lock();
  const job = { words, workers: 2, rounds: 50_000, kind: 'Mutex that sleeps immediately', sleepless: true } as const;
  const done = runWorkers({ ...job, timeoutMs: HANG_MS });
  await new Promise((resolve) => setTimeout(resolve, 100));
  mine.unlock();
  expect(await done).toEqual(Array(2).fill({ timeouts: 0, torn: 0 }));
  expect([words[LEFT], words[RIGHT], words[LOCK]]).toEqual([100_000, 100_000, 0]);
});
