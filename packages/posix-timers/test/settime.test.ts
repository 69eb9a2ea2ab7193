// timer_settime, timer_gettime, timer_getoverrun: arming and reading back, with clocks that stand still.
// What SIGEV_NONE and CPU-time timers read back was compared with a running Linux 6.18.
import { describe, expect, it } from 'vitest';
import { cpuClock, EFAULT, EINVAL, ESRCH, FAULT, type Itimerspec, type Process, TIMER_ABSTIME } from '../src/index.ts';
import { NONE, RELEASES, SIGNAL, seconds, start } from './start.ts';

/** Returns value and interval, in seconds. */
function read(process: Process, id: number): [value: number, interval: number] {
  const now: Itimerspec = { valueSec: -1, valueNsec: -1, intervalSec: -1, intervalNsec: -1 };
  expect(process.timerGettime(id, now)).toBe(0);
  return [now.valueSec + now.valueNsec / 1e9, now.intervalSec + now.intervalNsec / 1e9];
}

describe.each(RELEASES)('setting timers on %s', (release) => {
  it('reads back what was set', () => {
    const { main } = start(release);
    const id = main.timerCreate(1, SIGNAL);
    expect(read(main, id)).toEqual([0, 0]);
    expect(main.timerSettime(id, 0, seconds(100, 5))).toBe(0);
    expect(read(main, id)).toEqual([100, 5]);
    expect(
      main.timerSettime(id, 0, { valueSec: 0, valueNsec: 1, intervalSec: 2 ** 40, intervalNsec: 999_999_999 }),
    ).toBe(0);
    const exact = { ...seconds(0) };
    main.timerGettime(id, exact);
    expect(exact).toEqual({ valueSec: 0, valueNsec: 1, intervalSec: 2 ** 40, intervalNsec: 999_999_999 });
    expect(main.timerSettime(id, 0, { valueSec: 9, valueNsec: 0, intervalSec: -0, intervalNsec: -0 })).toBe(0);
    main.timerGettime(id, exact);
    expect(exact).toEqual({ ...exact, intervalSec: 0, intervalNsec: 0 });
    expect(main.timerSettime(id, 0xfe, seconds(0, 7))).toBe(0);
    expect(read(main, id)).toEqual([0, 0]);
    expect(main.timerGetoverrun(id)).toBe(0);
  });

  it('starts every timer disarmed, also in a place used before', () => {
    const { main } = start(release);
    const id = main.timerCreate(1, SIGNAL);
    main.timerSettime(id, 0, { valueSec: 100, valueNsec: 1, intervalSec: 5, intervalNsec: 2 });
    main.timerDelete(id);
    expect(read(main, main.timerCreate(1, SIGNAL))).toEqual([0, 0]);
  });

  it('refuses times that are none, before it looks for the timer', () => {
    const { main } = start(release);
    const id = main.timerCreate(1, SIGNAL);
    const bad: Partial<Itimerspec>[] = [
      { valueSec: -1 },
      { valueNsec: 1e9 },
      { intervalSec: -1 },
      { intervalNsec: -1 },
    ];
    for (const part of bad) expect(main.timerSettime(id, 0, { ...seconds(0), ...part })).toBe(-EINVAL);
    expect(main.timerSettime(id, 0, null)).toBe(-EINVAL);
    expect(main.timerSettime(99, 0, FAULT)).toBe(-EFAULT);
    expect(() => main.timerSettime(id, 0, seconds(1.5))).toThrow('valueSec: got 1.5, expected an integer');
    expect(() => main.timerSettime(id, 0.5, seconds(1))).toThrow('flags: got 0.5');
  });

  it('takes points in time: what has passed goes off immediately', () => {
    const { main } = start(release);
    const wall = main.timerCreate(1, SIGNAL);
    main.timerSettime(wall, TIMER_ABSTIME, seconds(1));
    expect(read(main, wall)).toEqual([0, 0]);
    main.timerSettime(wall, TIMER_ABSTIME, seconds(1, 5));
    expect(read(main, wall)).toEqual([5, 5]);
    main.timerSettime(wall, TIMER_ABSTIME, seconds(86_400 + 60, 5));
    expect(read(main, wall)).toEqual([60, 5]);
    const cpu = main.timerCreate(2, SIGNAL);
    main.timerSettime(cpu, TIMER_ABSTIME, seconds(1));
    expect(read(main, cpu)).toEqual([1, 0]);
  });

  it('keeps the time of a SIGEV_NONE timer that is disarmed, unless it counts CPU time', () => {
    const { main } = start(release);
    for (const clock of [1, 2]) {
      const id = main.timerCreate(clock, NONE);
      main.timerSettime(id, 0, seconds(100, 5));
      main.timerSettime(id, 0, seconds(0));
      expect(read(main, id)).toEqual(clock === 1 ? [100, 0] : [0, 0]);
    }
  });

  it('knows no ID that it did not give', () => {
    const { main } = start(release);
    main.timerCreate(1, NONE);
    for (const id of [1, -1, -(2 ** 31), 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
      expect(main.timerDelete(id)).toBe(-EINVAL);
      expect(main.timerGettime(id)).toBe(-EINVAL);
      expect(main.timerGetoverrun(id)).toBe(-EINVAL);
      expect(main.timerSettime(id, 0, seconds(1))).toBe(-EINVAL);
    }
    for (const id of [0.5, 2 ** 32, Number.NaN, -(2 ** 31) - 1]) {
      expect(() => main.timerDelete(id)).toThrow('id: got');
      expect(() => main.timerGettime(id)).toThrow(RangeError);
    }
  });
});

describe.each(RELEASES)('CPU clocks on %s', (release) => {
  it('take any process and the threads of the own one', () => {
    const { kernel, main } = start(release);
    const other = kernel.spawn();
    const thread = main.thread();
    const foreign = other.thread();
    for (const clock of [2, 3, -6, -2, -3, -4, -7, -8]) expect(main.timerCreate(clock, NONE)).toBeGreaterThanOrEqual(0);
    for (const pid of [main.pid, other.pid]) expect(main.timerCreate(cpuClock(pid), NONE)).toBeGreaterThanOrEqual(0);
    for (const tid of [main.tid, thread.tid])
      expect(main.timerCreate(cpuClock(tid, true), NONE)).toBeGreaterThanOrEqual(0);
    expect(main.timerCreate(cpuClock(thread.tid), NONE)).toBe(-EINVAL);
    for (const tid of [other.tid, foreign.tid, 4_000_000])
      expect(main.timerCreate(cpuClock(tid, true), NONE)).toBe(-EINVAL);
    expect(
      main
        .procTimers()
        .match(/ClockID: -?\d+/g)
        ?.sort(),
    ).toEqual(
      [
        -2,
        -2,
        -3,
        -4,
        -6,
        -6,
        -7,
        -8,
        cpuClock(main.pid),
        cpuClock(other.pid),
        cpuClock(main.tid, true),
        cpuClock(thread.tid, true),
      ]
        .map((clock) => `ClockID: ${clock}`)
        .sort(),
    );
  });

  it('stand still and cannot be set once what they count has exited, even when its ID is used again', () => {
    const { kernel, main } = start(release);
    const other = kernel.spawn({ pid: 500 });
    const thread = main.thread();
    const [own, process, threads] = [
      main.timerCreate(2, SIGNAL),
      main.timerCreate(cpuClock(500), SIGNAL),
      thread.timerCreate(3, SIGNAL),
    ];
    for (const id of [own, process, threads]) expect(main.timerSettime(id, 0, seconds(10, 1))).toBe(0);
    other.exit();
    thread.exit();
    kernel.spawn({ pid: 500 });
    expect(main.timerSettime(own, 0, seconds(9, 1))).toBe(0);
    for (const id of [process, threads]) {
      expect(main.timerSettime(id, 0, seconds(9, 1))).toBe(-ESRCH);
      expect(main.timerSettime(id, 0, seconds(0))).toBe(-ESRCH);
      expect(main.timerSettime(id, 0, seconds(-1))).toBe(-EINVAL);
      expect(read(main, id)).toEqual([0, 0]);
      expect(main.timerDelete(id)).toBe(0);
    }
    expect(main.timerCreate(cpuClock(thread.tid, true), NONE)).toBe(-EINVAL);
  });
});
