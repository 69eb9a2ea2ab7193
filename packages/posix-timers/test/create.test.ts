// timer_create: the order of its checks, and which failures consume an ID.
import { describe, expect, it } from 'vitest';
import {
  cpuClock,
  EAGAIN,
  EFAULT,
  EINVAL,
  EOPNOTSUPP,
  errnoName,
  FAULT,
  SIGEV_SIGNAL,
  SIGEV_THREAD,
  SIGEV_THREAD_ID,
} from '../src/index.ts';
import { BAD_SIGEVENT, NEXT_ID_RELEASES, NONE, RELEASES, SIGNAL, start } from './start.ts';

const INT_MAX = 2 ** 31 - 1;

describe.each(RELEASES)('timer_create on %s', (release) => {
  it('refuses unknown clocks and clocks without timers, and takes no ID', () => {
    const { kernel, main } = start(release);
    for (const clock of [10, 12, 15, 16, 24, 99, INT_MAX]) expect(main.timerCreate(clock, NONE)).toBe(-EINVAL);
    // 4, 5, 6: raw and coarse. −5, −13: an open file's clock (low bits 011).
    for (const clock of [4, 5, 6, -5, -13]) expect(main.timerCreate(clock, NONE)).toBe(-EOPNOTSUPP);
    expect(main.lastWrittenId).toBe(-1);
    expect(main.timerCreate(1, NONE)).toBe(0);
    expect(main.lastWrittenId).toBe(0);
    expect(kernel.pendingSignals(0)).toBe(1);
  });

  it('refuses an unreadable sigevent before anything else', () => {
    const { kernel, main } = start(release);
    for (const clock of [1, 4, 99]) expect(main.timerCreate(clock, FAULT)).toBe(-EFAULT);
    expect(main.setrlimit(0)).toBe(0);
    expect(main.timerCreate(1, FAULT)).toBe(-EFAULT);
    expect(kernel.pendingSignals(0)).toBe(0);
  });

  it('checks clock, then limit, then the rest', () => {
    const { main } = start(release);
    main.setrlimit(0);
    expect(main.timerCreate(99, NONE)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE, { idPointer: 'null' })).toBe(-EAGAIN);
    expect(main.timerCreate(1, BAD_SIGEVENT)).toBe(-EAGAIN);
    main.setrlimit(1);
    expect(main.timerCreate(1, BAD_SIGEVENT, { idPointer: 'null' })).toBe(-EINVAL);
    expect(main.timerCreate(cpuClock(4_000_000), NONE, { idPointer: 'null' })).toBe(-EFAULT);
    expect(main.timerCreate(8, NONE, { idPointer: 'read-only' })).toBe(-EFAULT);
    expect(main.lastWrittenId).toBe(-1);
  });

  it('accepts the sigevents that the kernel accepts', () => {
    const { kernel, main } = start(release);
    const other = kernel.spawn();
    const thread = main.thread();
    const tried: [object, boolean][] = [
      [{ notify: SIGEV_SIGNAL, signo: 1 }, true],
      [{ notify: SIGEV_SIGNAL, signo: 64 }, true],
      [{ notify: SIGEV_SIGNAL, signo: 65 }, false],
      [{ notify: SIGEV_SIGNAL, signo: 0 }, false],
      [{ notify: SIGEV_SIGNAL }, false],
      [{ notify: SIGEV_SIGNAL, signo: -1 }, false],
      [{ notify: SIGEV_THREAD, signo: 34 }, true],
      [{ notify: SIGEV_THREAD, signo: 0 }, false],
      [{ notify: 1, signo: 99 }, true],
      [{ notify: 5, signo: 34 }, false],
      [{ notify: 6, signo: 34 }, false],
      [{ notify: 3, signo: 34 }, false],
      [{ notify: SIGEV_THREAD_ID, signo: 34, tid: main.pid }, true],
      [{ notify: SIGEV_THREAD_ID, signo: 34, tid: thread.tid }, true],
      [{ notify: SIGEV_THREAD_ID, signo: 0, tid: thread.tid }, false],
      [{ notify: SIGEV_THREAD_ID, signo: 34, tid: other.pid }, false],
      [{ notify: SIGEV_THREAD_ID, signo: 34, tid: 0 }, false],
      [{ notify: SIGEV_THREAD_ID, signo: 34, tid: -5 }, false],
      [{ notify: SIGEV_THREAD_ID, signo: 34 }, false],
    ];
    for (const [sigevent, good] of tried) {
      const result = main.timerCreate(1, sigevent as never);
      expect(good ? result >= 0 : result, JSON.stringify(sigevent)).toBe(good || -EINVAL);
    }
    thread.exit();
    expect(main.timerCreate(1, { notify: SIGEV_THREAD_ID, signo: 34, tid: thread.tid })).toBe(-EINVAL);
  });

  it('gives every charge back when it fails', () => {
    const { kernel, main } = start(release);
    main.timerCreate(1, BAD_SIGEVENT);
    main.timerCreate(1, NONE, { idPointer: 'null' });
    main.timerCreate(cpuClock(4_000_000), NONE);
    main.timerCreate(9, NONE);
    expect(kernel.pendingSignals(0)).toBe(0);
    expect(kernel.table.timers.size).toBe(0);
    expect(main.procTimers()).toBe('');
  });

  it('throws on what no caller could pass', () => {
    const { main } = start(release);
    expect(() => main.timerCreate(1.5, NONE)).toThrow('clock: got 1.5, expected an integer');
    expect(() => main.timerCreate(1, NONE, 2 ** 32)).toThrow(RangeError);
    expect(() => main.timerCreate(1, NONE, { id: Number.NaN })).toThrow(RangeError);
    expect(() => main.timerCreate(1, NONE, { idPointer: 'good' as never })).toThrow("idPointer: got 'good', expected");
  });
});

describe.each(NEXT_ID_RELEASES)('a failed timer_create on %s', (release) => {
  const late: [string, number, (main: ReturnType<typeof start>['main']) => number, boolean][] = [
    ['a bad sigevent', EINVAL, (main) => main.timerCreate(1, BAD_SIGEVENT), false],
    ['a null id pointer', EFAULT, (main) => main.timerCreate(1, NONE, { idPointer: 'null' }), false],
    ['an unmapped id pointer', EFAULT, (main) => main.timerCreate(1, SIGNAL, { idPointer: 'unmapped' }), false],
    ['a read-only id page', EFAULT, (main) => main.timerCreate(1, null, { idPointer: 'read-only' }), false],
    ['the CPU clock of no process', EINVAL, (main) => main.timerCreate(cpuClock(4_000_000), NONE), true],
    ['a CPU clock that counts nothing', EINVAL, (main) => main.timerCreate(-1, NONE), true],
    ['an alarm clock without a chip', EOPNOTSUPP, (main) => main.timerCreate(8, NONE), true],
  ];

  it.each(late)('for %s consumes its ID', (_, errno, fail, written) => {
    const { main } = start(release);
    expect(main.timerCreate(1, NONE)).toBe(0);
    expect(errnoName(fail(main))).toBe(errnoName(errno));
    expect(main.lastWrittenId).toBe(written ? 1 : -1);
    expect(main.timerDelete(1)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE)).toBe(2);
  });
});

describe.each(['3.9', 'dense', 'xarray'])('a failed timer_create on %s', (release) => {
  it('leaves its ID to the next one', () => {
    const { main } = start(release);
    expect(main.timerCreate(1, NONE)).toBe(0);
    expect(main.timerCreate(1, BAD_SIGEVENT)).toBe(-EINVAL);
    expect(main.timerCreate(8, NONE)).toBe(-EOPNOTSUPP);
    expect(main.lastWrittenId).toBe(1);
    expect(main.timerCreate(1, NONE)).toBe(1);
  });
});
