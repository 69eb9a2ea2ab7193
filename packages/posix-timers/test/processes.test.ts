// fork, threads, exec, exit: who has which timers, and who pays for them.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EAGAIN, EINVAL, SIGEV_THREAD_ID } from '../src/index.ts';
import { listed, NEXT_ID_RELEASES, NONE, RELEASES, SIGNAL, start } from './start.ts';

const perProcess = RELEASES.filter((release) => release !== '2.6' && release !== '3.9');

describe.each(perProcess)('processes on %s', (release) => {
  it('have ID spaces of their own', () => {
    const { main } = start(release);
    for (const id of [0, 1, 2]) expect(main.timerCreate(1, NONE)).toBe(id);
    const child = main.fork();
    expect(listed(child)).toEqual([]);
    expect(child.timerGettime(0)).toBe(-EINVAL);
    expect(child.timerCreate(1, NONE)).toBe(0);
    expect(child.fork().timerCreate(1, NONE)).toBe(0);
    expect(child.timerDelete(0)).toBe(0);
    expect(main.timerGettime(0)).toBe(0);
    expect(main.timerCreate(1, NONE)).toBe(3);
  });
});

describe.each(['2.6', '3.9'])('processes on %s', (release) => {
  it('share one ID space, and cannot touch what is not theirs', () => {
    const { kernel, main } = start(release);
    const other = kernel.spawn();
    expect([main, other, main].map((process) => process.timerCreate(1, NONE))).toEqual([0, 1, 2]);
    expect(main.timerDelete(1)).toBe(-EINVAL);
    expect(main.timerGettime(1)).toBe(-EINVAL);
    expect(other.timerDelete(1)).toBe(0);
    expect(main.timerCreate(1, NONE)).toBe(1);
    expect(listed(main)).toEqual([1, 2, 0]);
    expect(listed(other)).toEqual([]);
  });
});

describe.each(RELEASES)('the life of a process on %s', (release) => {
  const lowest = !NEXT_ID_RELEASES.includes(release);

  it('threads share timers, which outlive them', () => {
    const { main } = start(release);
    const thread = main.thread();
    expect(main.timerCreate(1, NONE)).toBe(0);
    expect(thread.timerCreate(1, { ...SIGNAL, notify: SIGEV_THREAD_ID, tid: thread.tid })).toBe(1);
    expect(thread.timerCreate(3, SIGNAL)).toBe(2);
    expect(thread.timerDelete(0)).toBe(0);
    expect(thread.thread().timerGettime(1)).toBe(0);
    thread.exit();
    expect(main.procTimers()).toContain(`notify: signal/tid.${thread.tid}\n`);
    expect(main.timerDelete(1)).toBe(0);
    expect(main.timerDelete(2)).toBe(0);
    expect(() => thread.timerCreate(1, NONE)).toThrow(`task: got ${thread.tid}, which has exited`);
    expect(() => thread.exit()).toThrow(RangeError);
    expect(main.thread(4321).thread(1234).tid).toBe(1234);
    for (const tid of [0, 2 ** 22 + 1, 1.5, main.pid, 4321]) expect(() => main.thread(tid)).toThrow(RangeError);
  });

  it('exec deletes timers, ends threads and keeps the next ID', () => {
    const { kernel, main } = start(release);
    const threads = [main.thread(), main.thread()];
    main.setrlimit(5);
    for (let i = 0; i < 3; i++) main.timerCreate(1, NONE);
    threads[0].exec();
    expect(threads.map(({ alive }) => alive)).toEqual([false, false]);
    expect(listed(main)).toEqual([]);
    expect(kernel.pendingSignals(0)).toBe(0);
    expect(main.timerCreate(1, NONE)).toBe(lowest ? 0 : 3);
    expect(threads[0].process).toBe(main);
    for (let i = 0; i < 4; i++) main.timerCreate(1, NONE);
    expect(main.timerCreate(1, NONE)).toBe(-EAGAIN);
  });

  it('exit returns charges and IDs, and the model refuses calls of the dead', () => {
    const { kernel, main } = start(release);
    const child = main.fork();
    const thread = child.thread();
    for (let i = 0; i < 200; i++) thread.timerCreate(1, NONE);
    main.timerCreate(1, NONE);
    child.exit();
    expect(kernel.pendingSignals(0)).toBe(1);
    expect(kernel.table.timers.size).toBe(1);
    for (const task of [child, thread]) {
      expect(() => task.timerDelete(0)).toThrow(RangeError);
      expect(() => task.fork()).toThrow(RangeError);
      expect(() => task.procTimers()).toThrow(RangeError);
      expect(() => task.prctl(77, 2)).toThrow(RangeError);
    }
    expect(inspect(child)).toBe(`Process { pid: ${child.pid}, exited }`);
    expect(main.fork().timerCreate(1, NONE)).toBe(0);
  });
});

describe.each(RELEASES)('RLIMIT_SIGPENDING on %s', (release) => {
  it('allows that many timers to a user over all processes', () => {
    const { kernel, main } = start(release, { sigpending: 5 });
    const other = kernel.spawn();
    const stranger = kernel.spawn({ uid: 1000 });
    for (let i = 0; i < 3; i++) expect(main.timerCreate(1, NONE)).toBeGreaterThanOrEqual(0);
    for (let i = 0; i < 2; i++) expect(other.timerCreate(1, null)).toBeGreaterThanOrEqual(0);
    expect([main, other].map((process) => process.timerCreate(1, NONE))).toEqual([-EAGAIN, -EAGAIN]);
    expect(stranger.timerCreate(1, NONE)).toBeGreaterThanOrEqual(0);
    expect(other.setrlimit(6)).toBe(0);
    expect(other.timerCreate(1, NONE)).toBeGreaterThanOrEqual(0);
    expect(kernel.pendingSignals(0)).toBe(6);
    other.exit();
    expect(kernel.pendingSignals(0)).toBe(3);
    expect(main.timerCreate(1, NONE)).toBeGreaterThanOrEqual(0);
  });

  it('is inherited by fork with the user, and charges stay where they were made', () => {
    const { kernel, main } = start(release);
    main.timerCreate(1, NONE);
    main.setuid(1000);
    main.setrlimit(2);
    const child = main.fork();
    const own = main.timerCreate(1, NONE);
    expect(child.timerCreate(1, NONE)).toBeGreaterThanOrEqual(0);
    expect([main, child].map((process) => process.timerCreate(1, NONE))).toEqual([-EAGAIN, -EAGAIN]);
    expect([0, 1000].map((uid) => kernel.pendingSignals(uid))).toEqual([1, 2]);
    main.setuid(1001);
    expect(main.timerDelete(own)).toBe(0);
    main.timerCreate(1, NONE);
    expect([0, 1000, 1001].map((uid) => kernel.pendingSignals(uid))).toEqual([1, 1, 1]);
    main.exit();
    expect([0, 1000, 1001].map((uid) => kernel.pendingSignals(uid))).toEqual([0, 1, 0]);
  });

  it('counts a SIGCHLD that waits, once, whatever the limit', () => {
    const { kernel, main } = start(release, { sigpending: 2 });
    for (let i = 0; i < 2; i++) main.timerCreate(1, NONE);
    main.holdSigchld();
    main.holdSigchld();
    expect(kernel.pendingSignals(0)).toBe(3);
    main.exec();
    expect([1, 1].map((clock) => main.timerCreate(clock, NONE) >= 0)).toEqual([true, false]);
    main.setuid(5);
    main.exit();
    expect([0, 5].map((uid) => kernel.pendingSignals(uid))).toEqual([0, 0]);
  });

  it('may be Infinity, and must be a count', () => {
    const { main } = start(release, { sigpending: 0 });
    expect(main.timerCreate(1, NONE)).toBe(-EAGAIN);
    expect(main.setrlimit(Number.POSITIVE_INFINITY)).toBe(0);
    expect(main.timerCreate(1, NONE)).toBe(0);
    for (const limit of [-1, 1.5, Number.NaN]) expect(() => main.setrlimit(limit)).toThrow('limit: got');
    expect(() => main.setuid(-1)).toThrow('uid: got -1');
  });
});

it('an exited process or thread answers no call', () => {
  const { main } = start('6.18');
  const thread = main.thread();
  thread.exit();
  const child = main.fork();
  child.exit();
  const calls = {
    ...{ timerCreate: [1, NONE], timerCreateAt: [1, NONE, 5], setNextId: [5], timerDelete: [0], prctl: [77, 2] },
    ...{ timerSettime: [0, 0, null], timerGettime: [0], timerGetoverrun: [0], createDeletePairs: [1, NONE, 1] },
    ...{ setuid: [1], setrlimit: [1], exec: [], procTimers: [], fork: [], thread: [], exit: [] },
  };
  for (const task of [thread, child] as unknown as Record<string, (...args: unknown[]) => unknown>[]) {
    for (const [call, args] of Object.entries(calls)) {
      expect(() => task[call]!(...args), call).toThrow(/task: got \d+, which has exited/);
    }
  }
  expect(() => child.nextId).toThrow('has exited');
  expect(() => child.holdSigchld()).toThrow('has exited');
});

it('more processes come and go than there are places for at the same time, and leave nothing in the table', () => {
  const { kernel, main } = start('3.9');
  const parts = Object.keys(kernel.table.parts());
  for (let i = 0; i <= 2 ** 19; i++) main.fork().exit();
  expect(Object.keys(kernel.table.parts())).toEqual(parts);
});
