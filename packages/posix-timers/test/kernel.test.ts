// Kernel: releases, options, listings, what console.log shows.
import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as published from '../src/index.ts';
import {
  cpuClock,
  EINVAL,
  EOPNOTSUPP,
  EPERM,
  errnoName,
  Kernel,
  type KernelOptions,
  type Process,
  parseRelease,
} from '../src/index.ts';
import { nearestKeys } from '../src/nearest-keys.ts';
import { SignalAddresses } from '../src/signal-address.ts';
import { NONE, RELEASES, SIGNAL, start } from './start.ts';

describe('releases', () => {
  it.each([
    ['2.6.32', 'idr', null, false],
    ['3.9', 'idr', null, false],
    ['3.9.11-rt', 'idr', null, false],
    ['3.10', 'hash-512', null, false],
    ['4.19.0-21-amd64', 'hash-512', null, false],
    ['6.1.0-47-cloud-amd64', 'hash-512', null, false],
    ['6.14.99', 'hash-512', null, false],
    ['v6.1', 'hash-512', null, false],
    ['6.15-rc1', 'hash-scaled-jhash', 'prctl', true],
    ['6.17.9', 'hash-scaled-jhash', 'prctl', true],
    ['6.18', 'hash-scaled-jhash', 'prctl', false],
    ['6.18.44-fc-v509', 'hash-scaled-jhash', 'prctl', false],
    ['10.0', 'hash-scaled-jhash', 'prctl', false],
    ['dense', 'xarray', null, false],
    ['xarray', 'xarray', 'prctl', false],
    ['xarray-cyclic', 'xarray-cyclic', 'prctl', false],
    ['restricted:4096', 'hash-512', null, false],
    ['reversed', 'xarray', null, false],
    ['cursor-sysctl', 'xarray', 'cursor', false],
    ['create-at-id', 'xarray', 'create-at-id', false],
    ['sigev-bit', 'xarray', 'sigev-bit', false],
  ])('%s is kept in %s', (release, design, restoreCall, leaksBadId) => {
    expect(parseRelease(release)).toMatchObject({ design, restoreCall, leaksBadId });
  });

  // biome-ignore format: what belongs together stands in a row
  it.each([
    '', '6', '6.', 'V6.18', '6.18abc', '2.4.37', '6.1000', 'Dense', 'vdense', ' 6.1', 'linux',
    'restricted', 'restricted:', 'restricted:0', 'restricted:2147483649', 'restricted:1e3', 'restricted:-1',
  ])("'%s' is refused", (release) => {
    expect(() => new Kernel({ release })).toThrow(
      `release: got '${release}', expected x.y from 2.6 on (such as '6.18'), 'dense', 'xarray', 'xarray-cyclic', 'reversed', ` +
        `'cursor-sysctl', 'create-at-id', 'sigev-bit', 'restricted:N' (N IDs, 1…2147483648)`,
    );
  });
});

describe('a kernel', () => {
  it('checks its options', () => {
    const kernelOf = (options?: unknown): Kernel => new Kernel(options as KernelOptions);
    expect(() => kernelOf()).toThrow("options: got undefined, expected an object such as { release: '6.18' }");
    expect(() => kernelOf(null)).toThrow('options: got null');
    expect(() => kernelOf('6.18')).toThrow("options: got '6.18', expected an object");
    expect(() => kernelOf({})).toThrow("release: got undefined, expected a string such as '6.18'");
    expect(() => kernelOf({ release: 3.1 })).toThrow("release: got 3.1, expected a string such as '6.18'");
    expect(() => new Kernel({ release: '6.18', cpus: 0 })).toThrow(RangeError);
    expect(() => new Kernel({ release: '6.18', sigpending: -1 })).toThrow('sigpending: got -1');
    expect(() => new Kernel({ release: '6.18', seed: 1.5 })).toThrow('seed: got 1.5');
    const { kernel, main } = start('6.18');
    for (const pid of [0, 2 ** 22 + 1, 1.5, main.pid]) expect(() => kernel.spawn({ pid })).toThrow(`pid: got ${pid}`);
    expect(() => kernel.spawn({ uid: 2 ** 32 })).toThrow('uid: got 4294967296');
    expect(kernel.spawn({ pid: 2 ** 22 }).pid).toBe(2 ** 22);
    expect(kernel.spawn({ pid: main.pid + 1 }).fork().pid).toBe(main.pid + 2);
  });

  it('gives a user 96,365 timers unless told otherwise', () => {
    const { main } = start('6.18', { cpus: 2 });
    let made = 0;
    while (main.timerCreate(1, NONE) === made) made++;
    expect(made).toBe(96_365);
    expect(main.timerCreate(1, NONE)).toBe(-11);
  });

  it('lets alarm clocks have timers where there is a chip', () => {
    const { main } = start('6.1', { rtc: true });
    expect([8, 9].map((clock) => main.timerCreate(clock, SIGNAL))).toEqual([0, 1]);
  });

  it('looks for the chip first, then for CAP_WAKE_ALARM, and has consumed an ID by then', () => {
    const create = (options: { rtc?: boolean; capWakeAlarm?: boolean }) => {
      const { main } = start('6.18', options);
      return [main.timerCreate(8, SIGNAL), main.timerCreate(1, SIGNAL)];
    };
    expect(create({ rtc: true, capWakeAlarm: false })).toEqual([-EPERM, 1]);
    expect(create({ rtc: false, capWakeAlarm: false })).toEqual([-EOPNOTSUPP, 1]);
    expect(create({ rtc: true, capWakeAlarm: true })).toEqual([0, 1]);
  });

  it.each([
    ['3.4', [0, 1, -EINVAL]],
    ['3.10', [0, 1, 2]],
    ['6.18', [0, 1, 2]],
    ['dense', [0, 1, 2]],
  ])('%s has the clocks of its time: BOOTTIME, REALTIME_ALARM, TAI', (release, ids) => {
    const { main } = start(release, { rtc: true });
    expect([7, 8, 11].map((clock) => main.timerCreate(clock, SIGNAL))).toEqual(ids);
  });

  it('runs many processes', () => {
    const { kernel, main } = start('6.18', { sigpending: 100_000 });
    const processes = Array.from({ length: 5000 }, () => main.fork());
    for (const process of processes) for (const id of [0, 1, 2]) expect(process.timerCreate(1, NONE)).toBe(id);
    for (const process of processes) process.exit();
    expect(kernel.table.timers.size).toBe(0);
    expect(kernel.pendingSignals(0)).toBe(0);
  });

  it('shows itself', () => {
    const { kernel, main } = start('6.18');
    main.prctl(77, 1);
    const thread = main.thread();
    expect(inspect(kernel)).toBe("Kernel { release: '6.18', design: 'hash-scaled-jhash', tasks: 2, timers: 0 }");
    expect(new Kernel({ release: 'v6.1' }).release).toBe('6.1');
    expect(inspect(main)).toBe('Process { pid: 1000, uid: 0, limit: 96365, threads: 2, restoring }');
    expect(inspect(thread)).toBe('Thread { tid: 1001, pid: 1000 }');
    thread.exit();
    expect(inspect(thread)).toBe('Thread { tid: 1001, pid: 1000, exited }');
  });
});

describe.each(RELEASES)('the table of %s', (release) => {
  it('is of the design of the release, with a list where that has one', () => {
    const { table } = new Kernel({ release });
    const { design } = parseRelease(release);
    expect(table.design).toBe(design);
    expect(table.list !== null).toBe(published.DESIGN[design].list);
  });
});

describe.each(RELEASES)('/proc/PID/timers on %s', (release) => {
  it('shows signal, whom and clock', () => {
    const { main } = start(release);
    const ids = [
      main.timerCreate(1, null),
      main.timerCreate(0, { notify: 0, signo: 35, value: 0x5a5a }),
      main.timerCreate(7, { notify: 2, signo: 34, value: -1 }),
      main.timerCreate(2, { notify: 4, signo: 64, value: 0x1234_5678_9abc_def0n, tid: main.tid }),
      main.timerCreate(3, { notify: 1, signo: 99, value: Number.MAX_SAFE_INTEGER }),
    ];
    expect(ids).toEqual([0, 1, 2, 3, 4]);
    const blocks = main.procTimers().split(/(?=ID: \d+\ns)/);
    if (!parseRelease(release).design.startsWith('xarray')) blocks.reverse();
    expect(blocks).toEqual([
      'ID: 0\nsignal: 14/0000000000000000\nnotify: signal/pid.1000\nClockID: 1\n',
      'ID: 1\nsignal: 35/0000000000005a5a\nnotify: signal/pid.1000\nClockID: 0\n',
      'ID: 2\nsignal: 34/ffffffffffffffff\nnotify: thread/pid.1000\nClockID: 7\n',
      'ID: 3\nsignal: 64/123456789abcdef0\nnotify: signal/tid.1000\nClockID: -6\n',
      'ID: 4\nsignal: 99/001fffffffffffff\nnotify: none/pid.1000\nClockID: -2\n',
    ]);
  });
});

describe('signal_struct addresses', () => {
  it('are slots that mulberry32 draws, the same in every version', () => {
    // The first numbers of mulberry32 with seed 1, as its author's program prints them: × 2²⁰ gives the slot.
    const numbers = [0.6270739405881613, 0.002735721180215478, 0.5274470399599522];
    const addresses = new SignalAddresses(1);
    expect(numbers.map(() => addresses.take())).toEqual(numbers.map((drawn) => Math.floor(drawn * 2 ** 20) * 1152));
  });

  it('are seeded, distinct, and whole strides apart', () => {
    const draw = (seed: number): number[] => {
      const addresses = new SignalAddresses(seed);
      return Array.from({ length: 10_000 }, () => addresses.take());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(new Set(draw(7)).size).toBe(10_000);
    expect(draw(7).every((address) => address % 1152 === 0 && address >>> 0 === address)).toBe(true);
  });

  it('run out at 2¹⁹', () => {
    const addresses = new SignalAddresses(1);
    const first = addresses.take();
    for (let i = 1; i < 2 ** 19; i++) addresses.take();
    expect(() => addresses.take()).toThrow('processes: got 524288 that live at the same time, expected fewer');
    addresses.release(first);
    expect(addresses.take()).toBeGreaterThanOrEqual(0);
    expect(() => addresses.take()).toThrow('processes: got 524288');
  });
});

it('has the numbers of the kernel’s headers', () => {
  // include/uapi/linux/time.h, prctl.h, asm-generic/siginfo.h and signal.h, Linux 6.18.
  const numbers = {
    ...{ CLOCK_REALTIME: 0, CLOCK_MONOTONIC: 1, CLOCK_PROCESS_CPUTIME_ID: 2, CLOCK_THREAD_CPUTIME_ID: 3 },
    ...{ CLOCK_MONOTONIC_RAW: 4, CLOCK_REALTIME_COARSE: 5, CLOCK_MONOTONIC_COARSE: 6, CLOCK_BOOTTIME: 7 },
    ...{ CLOCK_REALTIME_ALARM: 8, CLOCK_BOOTTIME_ALARM: 9, CLOCK_TAI: 11, TIMER_ABSTIME: 1 },
    ...{ SIGEV_SIGNAL: 0, SIGEV_NONE: 1, SIGEV_THREAD: 2, SIGEV_THREAD_ID: 4, SIGALRM: 14 },
    ...{ PR_TIMER_CREATE_RESTORE_IDS: 77, PR_TIMER_CREATE_RESTORE_IDS_OFF: 0 },
    ...{ PR_TIMER_CREATE_RESTORE_IDS_ON: 1, PR_TIMER_CREATE_RESTORE_IDS_GET: 2 },
    ...{ ENOENT: 2, ESRCH: 3, EAGAIN: 11, EFAULT: 14, EBUSY: 16, EINVAL: 22, EPERM: 1, ENOSYS: 38, EOPNOTSUPP: 95 },
  };
  expect(published).toMatchObject(numbers);
  // MAKE_PROCESS_CPUCLOCK and MAKE_THREAD_CPUCLOCK of CPUCLOCK_SCHED (include/linux/posix-timers_types.h).
  const clocks = [cpuClock(0), cpuClock(0, true), cpuClock(1), cpuClock(2 ** 22), cpuClock(2 ** 22, true)];
  expect(clocks).toEqual([-6, -2, -14, -33_554_438, -33_554_434]);
  expect(() => cpuClock(2 ** 22 + 1)).toThrow('pid: got 4194305, expected an integer 0…4194304');
});

it.each([
  ['cpu', ['cpus', 'seed'], ['cpus']],
  ['CPUS', ['cpus', 'seed'], ['cpus']],
  ['sed', ['cpus', 'seed'], ['seed']],
  ['seeed', ['cpus', 'seed'], ['seed']],
  ['sxed', ['cpus', 'seed'], ['seed']],
  ['sxxd', ['cpus', 'seed'], []], // Four letters: one typo.
  ['sixten', ['sixteen', 'sixty'], ['sixteen']],
  ['abxdyf', ['abcdef'], ['abcdef']], // Six letters: two.
  ['abxdyz', ['abcdef'], []],
  ['abcd', ['abcdef'], []],
  ['ax', ['ab', 'ac', 'bc'], ['ab', 'ac']], // As near as each other.
  ['a', ['b', 'ccc'], ['b']],
  ['bcdefg', ['abcdef'], ['abcdef']], // One inserted, one deleted.
])('a mistyped %s, of %s, may mean %s', (key, known, meant) => {
  expect(nearestKeys(key, known)).toEqual(meant);
});

it('names errors', () => {
  expect([22, -22, -3, 11, 16, 14, 95, 2, 38, 7].map(errnoName)).toEqual([
    'EINVAL',
    'EINVAL',
    'ESRCH',
    'EAGAIN',
    'EBUSY',
    'EFAULT',
    'EOPNOTSUPP',
    'ENOENT',
    'ENOSYS',
    'errno 7',
  ]);
});

it('can be called the way a restorer calls a kernel', () => {
  expectTypeOf<Process>().toExtend<{
    timerCreate(
      clock: number,
      sigevent: { notify: number; signo: number; value: bigint; tid?: number } | null,
      id?: number,
    ): number;
    timerDelete(id: number): number;
    timerGettime(id: number): number;
    prctl(option: number, arg: number): number;
  }>();
});
