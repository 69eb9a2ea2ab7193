// Logs of strace -f: a real one, every form a line can have, and what is refused.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Event } from '../src/workloads/event.ts';
import { straceWorkload } from '../src/workloads/strace.ts';
import { StraceError } from '../src/workloads/strace-calls.ts';
import { straceLine } from '../src/workloads/strace-line.ts';

/** Recorded by strace 6.1 -f from thread-pool.c beside it: 6 rounds of 4 threads, one timer kept, a forked child with two. */
const LOG = fileURLToPath(new URL('./data/thread-pool.strace', import.meta.url));

const workloadOf = (log: string): ReturnType<typeof straceWorkload> => straceWorkload(log.split('\n'), 'log');
const eventsOf = (log: string): string[] =>
  [...workloadOf(log).events()].map(
    (event: Event) => `${event.process} ${event.do}${'timer' in event ? ` ${event.timer}` : ''}`,
  );

test('a real log: what the program did', () => {
  const workload = straceWorkload(readFileSync(LOG, 'utf8').split('\n'), 'thread-pool.strace');
  const events = [...workload.events()];
  const count = (what: Event['do']): number => events.filter((event) => event.do === what).length;
  expect(workload).toMatchObject({ processes: 2, threads: 1 + 6 * 4 + 1, runningThreads: 5, timers: 5 });
  // 1 kept, 6 × 4 in the pools, 2 in the child; each of the first two kinds is armed, read and asked for its overrun.
  expect({ create: count('create'), lookup: count('lookup'), delete: count('delete'), exit: count('exit') }).toEqual({
    create: 27,
    lookup: 25 * 3,
    delete: 24,
    exit: 2,
  });
});

describe('a line', () => {
  test.each([
    ['7 timer_delete(3) = 0', 7],
    ['[pid   7] timer_delete(3) = 0', 7],
    ['7 12:34:56 timer_delete(3) = 0', 7],
    ['7 12:34:56.123456 timer_delete(3)            = 0 <0.000012>', 7],
    ['7 1700000000.123456 timer_delete(3) = 0', 7],
    ['     0.000123 timer_delete(3) = 0'.trim(), null],
    ['timer_delete(3)                         = 0', null],
  ])('%s', (line, tid) => {
    expect(straceLine(line)).toEqual({ kind: 'call', tid, name: 'timer_delete', args: '3', result: 0, half: null });
  });

  test('is no call: signals, ends, text of the program', () => {
    expect(straceLine('7 +++ exited with 0 +++')).toEqual({ kind: 'gone', tid: 7 });
    expect(straceLine('7 +++ killed by SIGKILL (core dumped) +++')).toEqual({ kind: 'gone', tid: 7 });
    for (const line of ['7 --- SIGALRM {si_signo=SIGALRM} ---', 'hello', '', 'strace: Process 9 attached'])
      expect(straceLine(line)).toEqual({ kind: 'other' });
  });
});

describe('a log', () => {
  const create = (tid: number, id: number): string => `${tid} timer_create(CLOCK_REALTIME, NULL, [${id}]) = 0`;

  test('without numbers until the first clone', () => {
    const log = [
      'timer_create(CLOCK_REALTIME, NULL, [0]) = 0',
      'clone(child_stack=NULL, flags=SIGCHLD) = 8',
      '[pid     8] timer_create(CLOCK_REALTIME, NULL, [0]) = 0',
      '[pid     7] timer_delete(0) = 0',
      '[pid     8] +++ exited with 0 +++',
      'timer_create(CLOCK_REALTIME, NULL, [1]) = 0',
    ];
    expect(eventsOf(log.join('\n'))).toEqual(['0 create 0', '1 create 1', '0 delete 0', '1 exit', '0 create 1']);
  });

  test('calls in two halves, and a child that is quicker than its parent', () => {
    const log = [
      create(7, 0),
      '7 clone3({flags=CLONE_VM|CLONE_THREAD} <unfinished ...>',
      create(8, 1),
      '7 <... clone3 resumed> => {parent_tid=[8]}, 88) = 8',
      '8 timer_create(CLOCK_MONOTONIC, NULL,  <unfinished ...>',
      '7 timer_delete(1) = 0',
      '8 <... timer_create resumed>[2]) = 0',
    ];
    expect(eventsOf(log.join('\n'))).toEqual(['0 create 0', '0 create 1', '0 delete 1', '0 create 1']);
    expect(workloadOf(log.join('\n'))).toMatchObject({ processes: 1, threads: 2 });
  });

  test('exec loses the timers, the last thread ends the process; failures and strangers are left out', () => {
    const log = [
      create(7, 0),
      '7 timer_create(CLOCK_REALTIME, NULL, 0x7ffd) = -1 EAGAIN (Resource temporarily unavailable)',
      '7 timer_gettime(55, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}}) = 0',
      '7 timer_delete(9) = -1 EINVAL (Invalid argument)',
      '7 execve("./b", ["./b"], 0x7ff /* 9 vars */) = 0',
      create(7, 5),
      '7 timer_settime(5, 0, {it_value={tv_sec=5, tv_nsec=0}}, NULL) = 0',
      '7 exit_group(0) = ?',
      '7 +++ exited with 0 +++',
    ];
    expect(eventsOf(log.join('\n'))).toEqual(['0 create 0', '0 exit', '0 create 0', '0 lookup 0', '0 exit']);
  });

  test.each([
    ['7 timer_create(CLOCK_REALTIME, NULL, [0]', /^log:1: got '7 timer_create.*', expected a call with its result/],
    [
      'x\n7 timer_create(CLOCK_REALTIME, NULL, 0x7f) = 0',
      /^log:2: .*, expected its ID: timer_create\(…, \[ID\]\) = 0$/,
    ],
    [`${create(7, 0)}\n7 timer_delete(?) = 0`, /^log:2: .*, expected timer_delete\(ID…\) = 0$/],
    ['7 <... timer_create resumed>[2]) = 0', /^log:1: .*, expected the first half of timer_create before its second$/],
    [`${create(7, 0)}\n${create(7, 0)}`, /^log:2: got timer ID 0 again, expected one that is free$/],
    ['7 getpid() = 7', /^log: got no timer_create that succeeded/],
    ['', /^log: got no timer_create/],
  ])('%j is refused', (log, message) => {
    expect(() => workloadOf(log)).toThrow(StraceError);
    expect(() => workloadOf(log)).toThrow(message);
  });
});
