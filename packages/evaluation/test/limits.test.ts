// What a log of strace may have at most.
import { BUDGET_SHARE } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { straceWorkload } from '../src/workloads/strace.ts';

const create = (tid: number, id: number): string => `${tid} timer_create(CLOCK_REALTIME, NULL, [${id}]) = 0`;

test('processes of a log', () => {
  const lines = Array.from({ length: 4097 }, (_, i) => create(i + 1, 0));
  expect(straceWorkload(lines.slice(0, 4096), 'log')).toMatchObject({ processes: 4096 });
  expect(() => straceWorkload(lines, 'log')).toThrow('log: got more than 4096 processes, expected fewer');
});

describe.runIf(BUDGET_SHARE >= 1)('long logs', () => {
  function* pairs(count: number): Generator<string> {
    for (let i = 0; i < count; i++) {
      yield create(7, 0);
      yield '7 timer_delete(0) = 0';
    }
  }
  function* forks(count: number): Generator<string> {
    yield create(7, 0);
    for (let i = 0; i < count; i++) yield '7 clone(flags=SIGCHLD) = 8';
  }

  test('timer calls of a log', () => {
    expect(() => straceWorkload(pairs(1_000_001), 'log')).toThrow('log: got more than 2000000 timer calls');
  });

  test('calls of a log', () => {
    expect(() => straceWorkload(forks(4_000_000), 'log')).toThrow('log:4000001: got more than 4000000 calls');
  });
});
