// The timer calls on the running kernel, held to what facts every Linux from 6.15 on shares.
import {
  CLOCK_MONOTONIC,
  CLOCK_PROCESS_CPUTIME_ID,
  EBUSY,
  EFAULT,
  EINVAL,
  FAULT,
  type Itimerspec,
  PR_TIMER_CREATE_RESTORE_IDS,
  SIGEV_NONE,
  SIGEV_SIGNAL,
} from '@idspace/posix-timers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveProcess } from '../src/live-process.ts';
import { openIdleProcess, openLiveProcess } from '../src/open-live-process.ts';
import { ARCHITECTURES, syscallNumbers } from '../src/syscall-numbers.ts';
import { WHY_SKIPPED } from './support.ts';

const NONE = { notify: SIGEV_NONE };
const INT_MAX = 2 ** 31 - 1;

test.each([
  ['darwin', 'arm64', 'this machine runs darwin, expected Linux: no other system has these timers'],
  ['linux', 'riscv64', 'this machine is riscv64, expected x64 or arm64'],
])('%s on %s is refused', async (platform, arch, message) => {
  await expect(openLiveProcess(platform, arch)).rejects.toThrow(
    expect.objectContaining({ name: 'LiveKernelError', code: 'unavailable', message }),
  );
});

test.each(ARCHITECTURES)('the calls of %s have numbers of their own', (arch) => {
  const numbers = Object.values(syscallNumbers(arch)!);
  expect(new Set(numbers).size).toBe(7);
});

describe.skipIf(WHY_SKIPPED !== null)('on the running kernel', () => {
  let live: LiveProcess;
  const restoring = (arg: number): number => live.prctl(PR_TIMER_CREATE_RESTORE_IDS, arg);

  // Restoring INT_MAX brings the next ID back to 0.
  beforeEach(async () => {
    live = await openLiveProcess();
    restoring(1);
    live.timerDelete(live.timerCreate(CLOCK_MONOTONIC, NONE, INT_MAX));
    restoring(0);
  });
  afterEach(() => {
    restoring(0);
    for (const [, id] of live.procTimers().matchAll(/^ID: (\d+)$/gm)) live.timerDelete(Number(id));
  });

  test('IDs count up and do not come back', () => {
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE)).toBe(0);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE)).toBe(1);
    expect(live.timerDelete(0)).toBe(0);
    expect(live.timerDelete(0)).toBe(-EINVAL);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE)).toBe(2);
  });

  test('every kind of pointer is what it says', () => {
    expect(live.timerCreate(CLOCK_MONOTONIC, FAULT)).toBe(-EFAULT);
    for (const idPointer of ['null', 'unmapped', 'read-only'] as const) {
      expect(live.timerCreate(CLOCK_MONOTONIC, NONE, { idPointer })).toBe(-EFAULT);
    }
    restoring(1);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE, { id: 70, idPointer: 'read-only' })).toBe(-EFAULT);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE, { id: 71, idPointer: 'unmapped' })).toBe(-EFAULT);
    restoring(0);
    // The ID in the page that could be read was taken, and burnt: the next one follows it.
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE)).toBe(71);
    expect(live.timerSettime(71, 0, FAULT)).toBe(-EFAULT);
    expect(live.timerSettime(71, 0, null)).toBe(-EINVAL);
  });

  test('restore mode takes the ID from the buffer', () => {
    expect([restoring(2), restoring(1), restoring(2)]).toEqual([0, 0, 1]);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE, 1000)).toBe(1000);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE, 1000)).toBe(-EBUSY);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE, -1)).toBe(-EINVAL);
    expect(live.timerCreate(CLOCK_MONOTONIC, NONE, INT_MAX)).toBe(INT_MAX);
    expect(live.prctl(PR_TIMER_CREATE_RESTORE_IDS, 2, 0, 0, 1)).toBe(-EINVAL);
    expect(live.prctl(PR_TIMER_CREATE_RESTORE_IDS, -1)).toBe(-EINVAL);
  });

  test('sigevents arrive whole', () => {
    live.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV_SIGNAL, signo: 35, value: 0xfedc_ba98_7654_3210n });
    live.timerCreate(CLOCK_PROCESS_CPUTIME_ID, { notify: SIGEV_NONE, value: -2 });
    live.timerCreate(CLOCK_MONOTONIC, null);
    expect(live.procTimers()).toBe(
      `ID: 2\nsignal: 14/0000000000000002\nnotify: signal/pid.${live.pid}\nClockID: 1\n` +
        `ID: 1\nsignal: 0/fffffffffffffffe\nnotify: none/pid.${live.pid}\nClockID: -6\n` +
        `ID: 0\nsignal: 35/fedcba9876543210\nnotify: signal/pid.${live.pid}\nClockID: 1\n`,
    );
  });

  test('settings come back; a timer that would signal is not armed', () => {
    const setting = { valueSec: 5000, valueNsec: 999_999_999, intervalSec: 3, intervalNsec: 14 };
    const out: Itimerspec = { valueSec: 0, valueNsec: 0, intervalSec: 0, intervalNsec: 0 };
    const quiet = live.timerCreate(CLOCK_MONOTONIC, NONE);
    expect(live.timerSettime(quiet, 0, setting)).toBe(0);
    expect(live.timerGettime(quiet, out)).toBe(0);
    expect(out).toMatchObject({ intervalSec: 3, intervalNsec: 14 });
    expect(out.valueSec).toBeGreaterThan(4900);
    expect(live.timerSettime(quiet, 0, { ...setting, intervalNsec: 1e9 })).toBe(-EINVAL);
    expect(live.timerGetoverrun(quiet)).toBe(0);
    expect(live.timerGettime(77)).toBe(-EINVAL);
    const loud = live.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV_SIGNAL, signo: 35 });
    expect(() => live.timerSettime(loud, 0, setting)).toThrow('sends a signal, which would hit the runtime');
    expect(live.timerSettime(loud, 0, { ...setting, valueSec: 0, valueNsec: 0 })).toBe(0);
  });

  test('what the kernel writes is told from what it leaves', () => {
    expect(live.timerCreate(8, NONE, 5)).toBeLessThanOrEqual(0); // alarm clock: refused late where there is no chip
    live.timerCreate(CLOCK_MONOTONIC, { notify: 99 });
    expect(live.lastWrittenId).toBe(-1);
  });

  test('the idle process does what costs nothing: its calls succeed without a kernel', async () => {
    const idle = await openIdleProcess();
    expect(idle.timerCreate(CLOCK_MONOTONIC, NONE, 1234)).toBe(1234);
    expect(idle.timerDelete(1234)).toBe(0);
    expect(live.procTimers()).toBe('');
  });
});
