// Processes that are running, folders that look like one, and streams: nothing here waits for what does not come.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRestore, readCheckpoint } from '@idspace/restore-planner';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'restore-planner-proc-'));
});
afterEach(() => rmSync(proc, { recursive: true }));

interface Fake {
  ppid?: number;
  state?: string;
  /** As NSpid lists them; of the threads, too. */
  ids?: number[];
  threads?: Record<number, number[]>;
  timers?: string;
  limits?: string;
}

const timer = (id: number, notify: string, clock = 1): string =>
  `ID: ${id}\nsignal: 14/0000000000000000\nnotify: ${notify}\nClockID: ${clock}\n`;
const LIMIT = 'Limit                     Soft Limit           Hard Limit           Units     \n';
const pending = (soft: string, hard: string): string =>
  `${LIMIT}Max pending signals       ${soft.padEnd(20)} ${hard.padEnd(20)} signals   \n`;

/** A folder like /proc/PID. */
function fake(pid: number, { ppid = 1, state = 'S (sleeping)', ids = [pid], ...rest }: Fake = {}): string {
  const { threads = { [pid]: ids }, timers = '', limits = pending('100', '200') } = rest;
  const path = join(proc, String(pid));
  const status = (tid: number, nested: number[]): string =>
    `Name:\tx\nState:\t${state}\nTgid:\t${pid}\nPid:\t${tid}\nPPid:\t${ppid}\nNSpid:\t${nested.join('\t')}\n`;
  for (const [tid, nested] of Object.entries(threads)) {
    mkdirSync(join(path, 'task', tid), { recursive: true });
    writeFileSync(join(path, 'task', tid, 'status'), status(Number(tid), nested));
  }
  writeFileSync(join(path, 'status'), status(pid, ids));
  writeFileSync(join(path, 'timers'), timers);
  writeFileSync(join(path, 'limits'), limits);
  return path;
}

test('this process: its threads and limits', async () => {
  const { processes, ...rest } = await readCheckpoint('/proc/self');
  expect(rest).toMatchObject({ format: 'proc-timers', complete: false, threadsKnown: true });
  expect(processes).toHaveLength(1);
  expect(processes[0]).toMatchObject({ pid: process.pid, ppid: process.ppid, timers: [] });
  expect(processes[0]!.threads[0]).toBe(process.pid);
  expect(processes[0]!.threads.length).toBeGreaterThan(1);
  expect(processes[0]!.rlimitSigpending).toBeGreaterThan(0n);
  expect(processes[0]!.charged).toEqual({ uid: process.getuid!(), pending: expect.any(Number) });
});

test('its tree: a child, and what ends meanwhile is left out', async () => {
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  try {
    const { processes } = await readCheckpoint('/proc/self', { tree: true });
    expect(processes[0]).toMatchObject({ pid: process.pid });
    expect(processes.find(({ pid }) => pid === child.pid)).toMatchObject({ ppid: process.pid });
  } finally {
    child.kill();
  }
});

describe('a tree', () => {
  test('parents come before their children; others are left out', async () => {
    const root = fake(50, { timers: timer(3, 'signal/pid.50') });
    fake(10, { ppid: 60 });
    fake(60, { ppid: 50, timers: timer(7, 'none/pid.60') });
    fake(70, { ppid: 50, state: 'Z (zombie)', timers: 'not looked at' });
    fake(80, { ppid: 2 });
    mkdirSync(join(proc, '90')); // has ended
    const { processes } = await readCheckpoint(root, { tree: true });
    expect(processes.map(({ pid, ppid, state = 'alive' }) => [pid, ppid, state])).toEqual([
      [50, 1, 'alive'],
      [60, 50, 'alive'],
      [70, 50, 'zombie'],
      [10, 60, 'alive'],
    ]);
    expect((await readCheckpoint(root)).processes).toHaveLength(1);
  });

  test('whose parents go round in a circle', async () => {
    const root = fake(5, { ppid: 6 });
    fake(6, { ppid: 5 });
    expect((await readCheckpoint(root, { tree: true })).processes.map(({ pid }) => pid)).toEqual([5, 6]);
  });
});

describe('a thread that is gone', () => {
  const timers = timer(0, 'signal/tid.7') + timer(1, 'signal/tid.9');
  const planned = async (path: string) => planRestore(await readCheckpoint(path), { kernel: '6.18', criu: '4.2' });

  test('cannot be signalled: the restore fails', async () => {
    const path = fake(7, { timers, threads: { 7: [7], 8: [8] } });
    const { processes, totals } = await planned(path);
    expect(totals.outcome).toBe('fails');
    expect(processes[0]!.warnings[0]).toMatchObject({ code: 'dead-notify-thread', ids: [1] });
    const alive = fake(7, { timers, threads: { 7: [7], 9: [9] } });
    expect((await planned(alive)).totals.outcome).toBe('ok');
  });

  test('in a PID namespace the dump itself fails, and IDs are those of the namespace', async () => {
    const threads = { 7: [7, 1], 8: [8, 2], 9: [9, 3] };
    const alive = await readCheckpoint(fake(7, { ids: [7, 1], timers, threads }));
    expect(alive.processes[0]).toMatchObject({ pid: 1, threads: [1, 2, 3], pidNamespace: 'own' });
    expect(alive.processes[0]!.timers.map(({ notifyThreadId }) => notifyThreadId)).toEqual([3, 1]);
    expect(alive.processes[0]).not.toHaveProperty('refused');
    rmSync(join(proc, '7', 'task', '9'), { recursive: true });
    const { processes } = await readCheckpoint(join(proc, '7'));
    expect(processes[0]!.refused).toEqual(['Unable to convert the notify thread id 9']);
  });
});

describe('limits', () => {
  test.each([
    ['100', '200', { rlimitSigpending: 100n }],
    ['200', '100', { rlimitSigpending: 200n, rlimitSigpendingMax: 100n }],
    ['unlimited', 'unlimited', { rlimitSigpending: 2n ** 64n - 1n }],
    ['unlimited', '5', { rlimitSigpending: 2n ** 64n - 1n, rlimitSigpendingMax: 5n }],
  ])('%s and %s', async (soft, hard, expected) => {
    const { processes } = await readCheckpoint(fake(7, { limits: pending(soft, hard) }));
    expect(processes[0]).toMatchObject(expected);
    expect('rlimitSigpendingMax' in processes[0]!).toBe('rlimitSigpendingMax' in expected);
  });

  test('that are not there, and that are not numbers', async () => {
    expect((await readCheckpoint(fake(7, { limits: LIMIT }))).processes[0]!.rlimitSigpending).toBeNull();
    for (const limits of [pending('abc', '1'), pending('9'.repeat(60), '1'), pending('-1', '1')]) {
      await expect(readCheckpoint(fake(7, { limits }))).rejects.toMatchObject({ code: 'bad-listing' });
    }
  });
});

test('what is charged to the user of a process', async () => {
  const path = fake(7);
  expect((await readCheckpoint(path)).processes[0]).not.toHaveProperty('charged');
  writeFileSync(join(path, 'status'), 'Pid:\t7\nPPid:\t1\nUid:\t1000\t0\t0\t0\nSigQ:\t12/96365\n');
  const { processes } = await readCheckpoint(path);
  expect(processes[0]!.charged).toEqual({ uid: 1000, pending: 12 });
});

describe('a folder that only looks like a process', () => {
  const files = ['timers', 'status', 'limits'];

  test.each(files)('with a FIFO, a link to a device, or a folder for its %s', async (name) => {
    const path = fake(7);
    for (const make of [
      () => execFileSync('mkfifo', [join(path, name)]),
      () => symlinkSync('/dev/zero', join(path, name)),
      () => mkdirSync(join(path, name)),
    ]) {
      rmSync(join(path, name), { recursive: true });
      make();
      await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'not-a-file', file: join(path, name) });
    }
  });

  test.each(files)('with a gigabyte of %s', async (name) => {
    const path = fake(7);
    truncateSync(join(path, name), 2 ** 30);
    const ended = await readCheckpoint(path).then(
      ({ processes }) => processes.length,
      ({ code }) => code,
    );
    expect([1, 'bad-listing']).toContain(ended);
  });

  test('with texts that are none', async () => {
    const path = fake(7);
    writeFileSync(join(path, 'status'), 'x'.repeat(200_000));
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'bad-listing', got: 'no line "Pid:"' });
  });

  test('with threads that are none', async () => {
    const path = fake(7);
    for (const name of ['a', '0', '-1', '1e3', '99999999']) mkdirSync(join(path, 'task', name));
    expect((await readCheckpoint(path)).processes[0]!.threads).toEqual([7]);
    rmSync(join(path, 'task'), { recursive: true });
    writeFileSync(join(path, 'task'), '');
    await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'unreadable' });
  });
});
