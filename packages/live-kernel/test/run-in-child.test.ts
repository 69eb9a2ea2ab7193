// Jobs in a child process: what they return, how they are stopped, what becomes of their errors.
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { measureKernel } from '../src/probe/measure-kernel.ts';
import { runInChild } from '../src/run-in-child.ts';
import { WHY_SKIPPED } from './support.ts';

const MEASURE = { module: new URL('../src/probe/measure-kernel.ts', import.meta.url).href, name: 'measureKernel' };

describe.skipIf(WHY_SKIPPED !== null)('the kernel is measured in a child process', () => {
  test('and answers', async () => {
    const seen: number[] = [];
    const measures = await runInChild<typeof measureKernel>(
      MEASURE,
      { rounds: 4, pairs: 100 },
      { execArgv: FROM_SOURCES, onProgress: (done) => seen.push(done) },
    );
    expect(measures).toMatchObject({ idPolicy: 'cyclic', idsSeen: [0, 1, 2, 3], restoreCall: true, listing: true });
    expect(measures.nsPerPair).toBeGreaterThan(0);
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
  });

  test('an aborted job returns what it has', async () => {
    const abort = new AbortController();
    const measures = await runInChild<typeof measureKernel>(
      MEASURE,
      { rounds: 1e9, pairs: 100 },
      { execArgv: FROM_SOURCES, signal: abort.signal, onProgress: () => abort.abort() },
    );
    expect(measures.nsPerPair).toBeGreaterThan(0);
  });

  test('an aborted job has the time to answer that it takes on a busy machine', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const abort = new AbortController();
    const onProgress = (): void => {
      if (abort.signal.aborted) return;
      abort.abort();
      vi.advanceTimersByTime(29_000);
    };
    const input = { rounds: 1e9, pairs: 100 };
    const measures = await runInChild<typeof measureKernel>(MEASURE, input, {
      execArgv: FROM_SOURCES,
      signal: abort.signal,
      onProgress,
    });
    expect(measures.nsPerPair).toBeGreaterThan(0);
  });

  test('a child that dies is told as such', async () => {
    const job = runInChild<typeof measureKernel>(
      MEASURE,
      { rounds: 1, pairs: 1 },
      { execArgv: ['--eval', 'process.exit(7)'] },
    );
    await expect(job).rejects.toThrow('the child process that calls the kernel ended with exit code 7');
  });
});
