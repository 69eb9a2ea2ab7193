// The text of /proc/PID/timers, and processes that still run.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCheckpoint } from '@idspace/restore-planner';
import { BUDGET_SHARE } from '@idspace/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readListing } from '../src/proc/timers-text.ts';
import { MemoryBytes } from './support/memory-bytes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'restore-planner-listing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const TEXT = `ID: 4
signal: 35/ffffffffffff5a5a
notify: signal/tid.11925
ClockID: 7
ID: 2000000
signal: 0/(null)
notify: none/pid.11924
ClockID: -6
`;

const TIMES = { interval: { sec: 0n, nsec: 0n }, value: { sec: 0n, nsec: 0n }, overrun: 0 };
// biome-ignore format: what belongs together stands in a row
const TIMERS = [
  { id: 2_000_000, clock: -6, clockName: 'CLOCK_PROCESS_CPUTIME_ID', notify: 'none', signo: 0, sival: 0n, ...TIMES },
  {
    id: 4, clock: 7, clockName: 'CLOCK_BOOTTIME', notify: 'thread-id', signo: 35, sival: 0xffffffffffff5a5an,
    ...TIMES, notifyThreadId: 11925,
  },
];

const list = (text: string, pieceSize = 16): ReturnType<typeof readListing> =>
  readListing(new MemoryBytes(text, { pieceSize }));

test('timers come in creation order, as CRIU dumps them', async () => {
  const path = join(folder, 'anything');
  writeFileSync(path, TEXT);
  expect(await readCheckpoint(path)).toEqual({
    source: path,
    format: 'proc-timers',
    complete: false,
    processes: [{ pid: 11924, ppid: 0, threads: [11924], timers: TIMERS, rlimitSigpending: null }],
  });
});

test('pieces and line ends do not matter', async () => {
  for (let pieceSize = 1; pieceSize < 30; pieceSize++) expect((await list(TEXT, pieceSize)).timers).toEqual(TIMERS);
  expect((await list(TEXT.replaceAll('\n', '\r\n'))).timers).toEqual(TIMERS);
  expect((await list(TEXT.trimEnd())).timers).toEqual(TIMERS);
});

test('a timer that sends no signal may hold any number for one', async () => {
  const entry = (id: number, signo: number): string =>
    `ID: ${id}\nsignal: ${signo}/0000000000000000\nnotify: none/pid.1\nClockID: 1\n`;
  const numbers = [-1, 1000, 2 ** 31 - 1, -(2 ** 31)];
  const { timers } = await list(numbers.map((signo, id) => entry(id, signo)).join(''));
  expect(timers.map(({ signo }) => signo)).toEqual(numbers.reverse());
});

test('a process that only signals threads is not known by its ID', async () => {
  expect(await list(TEXT.split('\n').slice(0, 4).join('\n'))).toMatchObject({ pid: null, timers: [{ id: 4 }] });
});

describe('a process still running', () => {
  test('threads, parent and limit are told beside the timers', async () => {
    mkdirSync(join(folder, 'task', '124'), { recursive: true });
    mkdirSync(join(folder, 'task', '123'));
    writeFileSync(join(folder, 'timers'), TEXT);
    writeFileSync(join(folder, 'status'), 'Name:\tx\nPid:\t123\nPPid:\t45\n');
    writeFileSync(
      join(folder, 'limits'),
      'Limit  Soft Limit  Hard Limit  Units\nMax pending signals  96365  96365  signals\n',
    );
    const { processes, complete } = await readCheckpoint(folder);
    expect(complete).toBe(false);
    expect(processes).toEqual([{ pid: 123, ppid: 45, threads: [123, 124], timers: TIMERS, rlimitSigpending: 96365n }]);
  });

  test.runIf(process.platform === 'linux')('this one has its threads and no timers', async () => {
    const { processes, kernelRelease } = await readCheckpoint(`/proc/${process.pid}`);
    expect(processes).toMatchObject([{ pid: process.pid, ppid: process.ppid, timers: [] }]);
    expect(processes[0]!.threads).toContain(process.pid);
    expect(kernelRelease).toMatch(/^\d/);
    expect((await readCheckpoint(`/proc/${process.pid}/timers`)).processes).toMatchObject([{ timers: [] }]);
  });

  test.runIf(process.platform === 'linux')('one that is gone', async () => {
    await expect(readCheckpoint('/proc/4194305')).rejects.toMatchObject({ code: 'unreadable' });
  });
});

const broken: [string, string, RegExp][] = [
  ['a timer cut short', TEXT.slice(0, -12), /the end of the text/],
  ['lines of two timers mixed', TEXT.replace('signal: 35', 'ID: 7\nsignal: 35'), /"ID: 7"/],
  ['an ID past INT_MAX', TEXT.replace('2000000', '2147483648'), /ID 2147483648/],
  ['an ID twice', TEXT.replace('2000000', '4'), /ID 4 twice/],
  ['a clock past 32 bits', TEXT.replace('-6', '2147483648'), /ClockID 2147483648/],
  ['a signal past 32 bits', TEXT.replace('35/', '2147483648/'), /signal 2147483648/],
  ['an unknown notification', TEXT.replace('none/', 'mail/'), /notify: mail/],
  ['other text', 'ID: 1\nhello\nhello\nhello\n', /"hello"/],
  ['an endless line', `ID: 1${'1'.repeat(10_000)}`, /a line of more than 128 characters/],
];

test.each(broken)('refuses %s, with its line', async (_, text, got) => {
  await expect(list(text)).rejects.toMatchObject({
    code: 'bad-listing',
    got: expect.stringMatching(got),
    file: expect.stringMatching(/^memory, line \d+$/),
  });
});

test.skipIf(BUDGET_SHARE < 1)('refuses more timers in a listing than in a checkpoint of images', async () => {
  const lines = Array.from(
    { length: 2 ** 18 + 1 },
    (_, id) => `ID: ${id}\nsignal: 0/0\nnotify: none/pid.1\nClockID: 1\n`,
  );
  await expect(list(lines.join(''), 65_536)).rejects.toMatchObject({ got: 'more than 262144 timers' });
  lines.pop();
  expect((await list(lines.join(''), 65_536)).timers).toHaveLength(2 ** 18);
});
