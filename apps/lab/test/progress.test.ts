// How far a command has come: lines now and then where there is no terminal, and how long it will still take.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startProgress } from '../src/cli/progress.ts';
import { Collector } from './support/run.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

const start = (isTTY: boolean): { err: Collector; progress: ReturnType<typeof startProgress> } => {
  const err = Object.assign(new Collector(), { isTTY, columns: 100 });
  return { err, progress: startProgress({ out: new Collector(), err, folder: '/', env: {} }, 'counting\u001b[2J') };
};

test('what is over soon says nothing', () => {
  const { err, progress } = start(false);
  vi.advanceTimersByTime(14_000);
  progress.update(0.9);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(err.text).toBe('');
});

test('a line every 15 seconds, with what is left; work that was done already took no time', () => {
  const { err, progress } = start(false);
  progress.update(0.5);
  vi.advanceTimersByTime(10_000);
  progress.update(0.55, 'xarray');
  vi.advanceTimersByTime(5000);
  progress.update(0.6);
  vi.advanceTimersByTime(15_000);
  progress.stop();
  expect(err.text.split('\n')).toEqual([
    '… xarray: 55 % in 15 s, about 2.2 min left',
    '… xarray: 60 % in 30 s, about 2.0 min left',
    '',
  ]);
});

test('a computation that keeps the event loop busy says it with an update', () => {
  const { err, progress } = start(false);
  progress.update(0);
  vi.setSystemTime(0);
  vi.spyOn(performance, 'now').mockReturnValue(16_000);
  progress.update(0.25);
  expect(err.text).toMatch(/^… counting\\u001b\[2J: 25 % in 16 s, about 48 s left\n$/);
  progress.stop();
});
