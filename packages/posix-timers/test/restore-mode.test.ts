// prctl(PR_TIMER_CREATE_RESTORE_IDS) and what it does to timer_create.
import { describe, expect, it } from 'vitest';
import { cpuClock, EAGAIN, EBUSY, EFAULT, EINVAL, type Process } from '../src/index.ts';
import { BAD_SIGEVENT, NONE, PRCTL, RELEASES, RESTORE_RELEASES, SIGNAL, start } from './start.ts';

const INT_MAX = 2 ** 31 - 1;
const COUNTING = RESTORE_RELEASES.filter((release) => release !== 'xarray');

/** Starts a process in restore mode. */
function restoring(release: string): { kernel: ReturnType<typeof start>['kernel']; main: Process } {
  const started = start(release);
  expect(started.main.prctl(PRCTL, 1)).toBe(0);
  return started;
}

describe.each(RELEASES)('prctl on %s', (release) => {
  const known = RESTORE_RELEASES.includes(release) || release === '7.1';

  it(known ? 'switches and tells' : 'does not know the option', () => {
    const { main } = start(release);
    // Without an argument it switches off.
    const results = [2, 1, 1, 2, 0, 0, 2, 1, undefined, 2].map((arg) => main.prctl(PRCTL, arg));
    expect(results).toEqual(known ? [0, 0, 0, 1, 0, 0, 0, 0, 0, 0] : results.map(() => -EINVAL));
  });

  it('refuses other options and arguments and changes nothing', () => {
    const { main } = start(release);
    main.prctl(PRCTL, 1);
    const before = main.prctl(PRCTL, 2);
    for (const arg of [-1, 3, 4, 1.5]) expect(main.prctl(PRCTL, arg)).toBe(-EINVAL);
    for (const rest of [[1], [0, 1], [0, 0, 1], [-1, -1, -1]]) expect(main.prctl(PRCTL, 0, ...rest)).toBe(-EINVAL);
    expect(main.prctl(76, 1)).toBe(-EINVAL);
    expect(main.prctl(PRCTL, 2)).toBe(before);
  });
});

describe.each(RESTORE_RELEASES)('restore mode on %s', (release) => {
  it('gives the ID asked for, every kind of buffer considered', () => {
    const { main } = restoring(release);
    expect(main.timerCreate(1, NONE, 7)).toBe(7);
    expect(main.timerCreate(1, null, { id: INT_MAX })).toBe(INT_MAX);
    expect(main.timerCreate(1, NONE, 7)).toBe(-EBUSY);
    expect(main.lastWrittenId).toBe(-1);
    for (const id of [-1, -2, -(2 ** 31), 2 ** 31, 2 ** 32 - 1]) expect(main.timerCreate(1, NONE, id)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE, { id: 9, idPointer: 'null' })).toBe(-EFAULT);
    expect(main.timerCreate(1, NONE, { id: 9, idPointer: 'unmapped' })).toBe(-EFAULT);
    expect(main.timerCreate(1, NONE, { id: 7, idPointer: 'read-only' })).toBe(-EBUSY);
    expect(main.timerCreate(1, NONE, { id: 9, idPointer: 'read-only' })).toBe(-EFAULT);
    expect(main.timerCreate(1, NONE, 9)).toBe(9);
  });

  it('belongs to the process, not to its children, and ends with exec', () => {
    const { main } = restoring(release);
    const thread = main.thread();
    expect(thread.prctl(PRCTL, 2)).toBe(1);
    expect(main.fork().prctl(PRCTL, 2)).toBe(0);
    expect(thread.fork().timerCreate(1, NONE, 55)).toBe(0);
    thread.prctl(PRCTL, 0);
    expect(main.prctl(PRCTL, 2)).toBe(0);
    main.prctl(PRCTL, 1);
    thread.exec();
    expect(main.prctl(PRCTL, 2)).toBe(0);
  });

  it('does not look at the buffer once it is off', () => {
    const { main } = restoring(release);
    main.prctl(PRCTL, 0);
    expect(main.timerCreate(1, NONE, 55)).toBe(0);
    expect(main.timerCreate(1, NONE, -3)).toBe(1);
  });
});

describe.each(COUNTING)('the counter after restore mode on %s', (release) => {
  it('is the last ID + 1, also when that goes back, and skips busy IDs', () => {
    const { main } = restoring(release);
    for (const id of [100, 3, 4, 5, 2]) expect(main.timerCreate(1, NONE, id)).toBe(id);
    expect(main.nextId).toBe(3);
    main.prctl(PRCTL, 0);
    expect([1, 1].map((clock) => main.timerCreate(clock, NONE))).toEqual([6, 7]);
  });

  it('wraps from INT_MAX to 0 and skips busy IDs there', () => {
    const { main } = restoring(release);
    for (const id of [0, 2, INT_MAX - 1]) main.timerCreate(1, NONE, id);
    main.prctl(PRCTL, 0);
    expect([1, 1, 1, 1].map((clock) => main.timerCreate(clock, NONE))).toEqual([INT_MAX, 1, 3, 4]);
    main.prctl(PRCTL, 1);
    expect(main.timerDelete(INT_MAX)).toBe(0);
    expect(main.timerCreate(1, NONE, INT_MAX)).toBe(INT_MAX);
    expect(main.nextId).toBe(0);
  });

  it.each([
    ['a bad sigevent', EINVAL, (main: Process) => main.timerCreate(1, BAD_SIGEVENT, 50), -1],
    ['a read-only page', EFAULT, (main: Process) => main.timerCreate(1, NONE, { id: 50, idPointer: 'read-only' }), -1],
    ['the CPU clock of no process', EINVAL, (main: Process) => main.timerCreate(cpuClock(4_000_000), SIGNAL, 50), 50],
  ])('moves with a late failure for %s, whose ID is free', (_, errno, fail, written) => {
    const { main } = restoring(release);
    main.timerCreate(1, NONE, 10);
    expect(fail(main)).toBe(-errno);
    expect(main.lastWrittenId).toBe(written);
    expect(main.nextId).toBe(51);
    expect(main.timerCreate(1, NONE, 50)).toBe(50);
  });

  it('stays with every early failure', () => {
    const { main } = restoring(release);
    main.timerCreate(1, NONE, 10);
    main.timerCreate(1, NONE, 5);
    expect(main.timerCreate(1, NONE, 10)).toBe(-EBUSY);
    expect(main.timerCreate(1, NONE, -1)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE, { idPointer: 'null' })).toBe(-EFAULT);
    expect(main.timerCreate(4, NONE, 20)).toBeLessThan(0);
    expect(main.nextId).toBe(6);
  });
});

describe('the limit in restore mode', () => {
  it.each(['6.18', 'xarray'])('comes after the wanted ID and before busy on %s', (release) => {
    const { kernel, main } = restoring(release);
    main.timerCreate(1, NONE, 3);
    main.setrlimit(1);
    expect(main.timerCreate(1, NONE, -1)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE, { idPointer: 'null' })).toBe(-EFAULT);
    expect(main.timerCreate(1, NONE, 3)).toBe(-EAGAIN);
    expect(kernel.pendingSignals(0)).toBe(1);
  });

  it.each(['6.15', '6.16.4', '6.17.9'])('is used up by bad IDs on %s, forever', (release) => {
    const { kernel, main } = restoring(release);
    main.setrlimit(4);
    expect(main.timerCreate(1, NONE, 3)).toBe(3);
    expect(main.timerCreate(1, NONE, -1)).toBe(-EINVAL);
    expect(main.timerCreate(1, NONE, { idPointer: 'unmapped' })).toBe(-EFAULT);
    expect(main.timerCreate(1, NONE, 3)).toBe(-EBUSY);
    expect(kernel.pendingSignals(0)).toBe(3);
    expect(main.timerCreate(1, NONE, 4)).toBe(4);
    expect(main.timerCreate(1, NONE, -1)).toBe(-EAGAIN);
    main.exit();
    expect(kernel.pendingSignals(0)).toBe(2);
  });
});
