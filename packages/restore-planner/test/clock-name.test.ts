import { clockName } from '@idspace/restore-planner';
import { expect, test } from 'vitest';

test.each([
  [0, 'CLOCK_REALTIME'],
  [1, 'CLOCK_MONOTONIC'],
  [7, 'CLOCK_BOOTTIME'],
  [11, 'CLOCK_TAI'],
  [12, 'unknown clock 12'],
  [2 ** 31 - 1, 'unknown clock 2147483647'],
  [2, 'CLOCK_PROCESS_CPUTIME_ID'],
  [-6, 'CLOCK_PROCESS_CPUTIME_ID'],
  [3, 'CLOCK_THREAD_CPUTIME_ID'],
  [-2, 'CLOCK_THREAD_CPUTIME_ID'],
  [(~123 << 3) | 2, 'CPU time of process 123'],
  [(~123 << 3) | 6, 'CPU time of thread 123'],
  [(~123 << 3) | 1, 'user time of process 123'],
  [(~123 << 3) | 4, 'user+system time of thread 123'],
  [-8, 'user+system time of the process itself'],
  [-3, 'user time of the thread itself'],
  [(~5 << 3) | 3, 'clock device of descriptor 5'],
  [-1, 'unknown clock -1'],
])('clock %d is %s', (clock, name) => {
  expect(clockName(clock)).toBe(name);
});
