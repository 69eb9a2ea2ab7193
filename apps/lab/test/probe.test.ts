// idspace probe: the kernel it runs on, and processes that use up IDs or do not.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { HANG_MS } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterEach, describe, expect, test } from 'vitest';
import { WHY_SKIPPED } from '../../../packages/live-kernel/test/support.ts';
import { debtText, kernelProbeText } from '../src/probe/probe-text.ts';
import { type ShownSpace, spacesText } from '../src/probe/space-probe-text.ts';
import { CHECKPOINTS, Collector, idspace, PLAIN, spawnIdspace } from './support/run.ts';

test('a kernel without restore mode is told in words', () => {
  const text = kernelProbeText(
    {
      release: '6.1.0',
      arch: 'x64',
      idPolicy: 'lowest',
      idsSeen: [0, 1, 2, 0],
      restoreCall: false,
      nsPerPair: 900,
      nsPerRestore: null,
      callingNsPerPair: 140,
      listing: false,
      rlimitSigpending: null,
      pendingSignals: 1,
      buckets: null,
      bucketsUnknown: 'because',
    },
    PLAIN,
  );
  expect(text).toContain('the lowest free one (0, 1, 2 were made, 0 and 1 deleted, then came 0)');
  expect(text).toContain('it came with Linux 6.15');
  expect(text).toContain('not measured: there is no such call');
  expect(text).toContain('unlimited; 1 in use by this user');
  expect(text).toContain('not known: because');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

const COST = { what: 'add + remove', min: 7000, median: 7200, p90: 7900, isNoisy: false };

test('a space is told in words, with a warning where its costs spread', () => {
  // biome-ignore format: what belongs together stands in a row
  const space: ShownSpace = {
    space: 'inotify', policy: 'cyclic', seen: '1, 2 came', canAsk: true, costs: [COST], unknown: null,
  };
  const quiet = spacesText([space], PLAIN);
  expect(quiet).toContain('Watch descriptors  the next one, and after the highest the lowest free one (1, 2 came). A');
  expect(quiet).toContain('add + remove: 7.00 µs / 7.20 µs / 7.90 µs\n');
  expect(quiet).not.toContain('Do not trust');
  const noisy = spacesText([{ ...space, costs: [{ ...COST, p90: 90_000, isNoisy: true }] }], PLAIN);
  expect(noisy).toContain('7.00 µs / 7.20 µs / 90.0 µs (noisy)');
  expect(noisy.replaceAll('\n', ' ')).toContain(
    'Do not trust the costs of Watch descriptors: their samples spread by more than half, or others had the CPU. Costs are wall time, so load makes them larger.',
  );
  const nothing = { ...space, policy: null, seen: null, canAsk: null, costs: [], unknown: 'koffi cannot be loaded.' };
  expect(spacesText([nothing], PLAIN)).toContain('Watch descriptors  not known. Why: koffi cannot be loaded.');
});

test('the debt of all IDs is told in words', () => {
  // biome-ignore format: what belongs together stands in a row
  const timers = {
    timers: 0, highestId: null, idsUsed: null, idsPerDay: null, secondsNow: 0, secondsPerDay: null,
    daysToIntMax: null, unknown: 'it had no timer at any reading',
  };
  const text = debtText(timers, { pid: 7, readings: 3, seconds: 2, nsPerPair: 894 }, PLAIN, [
    {
      space: 'inotify',
      ids: 2,
      idsUsed: 100,
      idsPerDay: 4_320_000,
      secondsNow: 8,
      secondsPerDay: 34.56,
      daysToWrap: 497,
      unknown: null,
    },
    {
      space: 'pids',
      ids: 4,
      idsUsed: 1,
      idsPerDay: 43_200,
      secondsNow: 0,
      secondsPerDay: 0,
      daysToWrap: 0.5,
      unknown: null,
    },
  ]).replace(/\s+/g, ' ');
  expect(text).toContain('Watches 2 watches; 8.00 s of adding and removing where they cannot be asked for');
  expect(text).toContain('and 34.6 s more each day: 100 used, 4,320,000 a day; INT_MAX in 497 days');
  expect(text).toContain(
    'PIDs 4 threads and children; 1 new ones seen, 43,200 a day; all processes here together use up every number in 12.0 h',
  );
});

test.each([
  [['--interval', '5'], "--interval: got '5' without --pid, expected a process to watch"],
  [['--pid', '1', '--interval', '0'], "--interval: got '0', expected more than 0 and at most 86400 seconds"],
  [['--pid', '0'], "--pid: got '0', expected a whole number, 1…4194304"],
  [['--pid', '1', '--nspp', 'fast'], "--nspp: got 'fast', expected a number, 0 or more, or 'measured'"],
])('misuse: %j', async (args, message) => {
  const { exitCode, err, out } = await idspace(['probe', ...args]);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toContain(message);
});

test('a process that is not there', async () => {
  const { exitCode, err } = await idspace(['probe', '--pid', '4194303']);
  expect({ exitCode, err }).toEqual({ exitCode: 3, err: 'idspace probe: pid 4194303: no such process\n' });
});

describe.skipIf(WHY_SKIPPED !== null)('on the running kernel', () => {
  let subject: ChildProcess | undefined;
  afterEach(() => void subject?.kill());

  async function churn(...args: string[]): Promise<number> {
    const program = fileURLToPath(new URL('./support/churn.ts', import.meta.url));
    subject = spawn(process.execPath, [...FROM_SOURCES, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(subject.stdout!, 'data');
    return subject.pid!;
  }

  function newestId(pid: number): number {
    return Number(/^ID: (\d+)$/m.exec(readFileSync(`/proc/${pid}/timers`, 'utf8'))![1]);
  }

  test('the kernel is described', () => {
    const { stdout, stderr, status } = spawnIdspace(['probe', '--json']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const probe = JSON.parse(stdout);
    expect(probe).toMatchObject({ release: release(), arch: process.arch, idPolicy: 'cyclic', restoreCall: true });
    expect(probe.nsPerPair).toBeGreaterThan(50);
    expect(probe.nsPerRestore).toBeGreaterThan(50);
    const policies = {
      timers: 'cyclic',
      pids: 'cyclic',
      inotify: 'cyclic',
      sysv: 'slot-sequence',
      pty: 'lowest',
      aio: 'must-fit',
    };
    expect(probe.spaces.map(({ space }: ShownSpace) => space)).toEqual(Object.keys(policies));
    for (const { space, policy, seen, costs, unknown } of probe.spaces as ShownSpace[]) {
      if (unknown !== null) console.warn(`SKIPPED: ${space}: ${unknown}`);
      if (policy === null) continue;
      expect([space, policy]).toEqual([space, policies[space]]);
      expect(seen).not.toBeNull();
      for (const { min, median, p90 } of costs) expect(min <= median && median <= p90 && p90 > 0).toBe(true);
    }
    const text = spacesText(probe.spaces, PLAIN);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(kernelProbeText(probe, PLAIN)).toContain(`Linux ${release()} (${process.arch})\n`);
  });

  test('a plan takes the rates it measures', () => {
    // biome-ignore format: what belongs together stands in a row
    const { stdout, stderr, status } = spawnIdspace([
      'plan', `${CHECKPOINTS}/ids-1e6-2e6`, '--kernel', '6.1', '--nspp', 'measured', '--json',
    ]);
    expect(status).toBe(0);
    const { nsPerPair, nsPerRestore, totals } = JSON.parse(stdout).checkpoints[0].plan;
    expect(nsPerPair).toBeGreaterThan(50);
    expect(totals.seconds).toBeCloseTo((1_999_999 * nsPerPair + 2 * nsPerRestore) / 1e9, 9);
    expect(stderr).toBe(
      `idspace plan: measured here: ${nsPerPair} ns a create+delete pair, ${nsPerRestore} ns a create by ID\n`,
    );
  });

  test('a process that churns timers is told by its rate', async () => {
    const pid = await churn('50');
    const before = newestId(pid);
    const watched = async (seconds: number) => {
      const { exitCode, out } = await idspace(['probe', '--pid', String(pid), '--interval', `${seconds}`, '--json']);
      expect(exitCode).toBe(0);
      return JSON.parse(out);
    };
    let debt = await watched(0.6);
    // On a busy machine, it may not have had a turn yet.
    for (let seconds = 2; debt.idsUsed === null && seconds < HANG_MS / 1000; seconds *= 2)
      debt = await watched(seconds);
    expect(debt).toMatchObject({ pid, nsPerPair: 894, unknown: null });
    expect(debt.spaces).toMatchObject([{ space: 'inotify' }, { space: 'pids', ids: expect.any(Number) }]);
    expect([1, 2]).toContain(debt.timers); // two where it was read between a create and the delete of the one before
    expect(debt.idsUsed).toBeGreaterThanOrEqual(50);
    expect(debt.idsUsed).toBeLessThanOrEqual(newestId(pid) - before);
    expect(debt.secondsPerDay).toBeCloseTo((debt.idsPerDay * 894) / 1e9, 6);
  });

  test('and so is one that does not', async () => {
    const pid = await churn('0');
    const { exitCode, out } = await idspace(['probe', '--pid', String(pid), '--interval', '0.2']);
    expect(exitCode).toBe(0);
    expect(out).toContain(`Process ${pid}: 1 timer, highest ID 0; read `);
    expect(out.replace(/\s+/g, ' ')).toContain('IDs used not known: no new timer was seen');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('one that ends meanwhile is an error', async () => {
    const pid = await churn();
    // It ends when it has been seen: a bar is on the terminal.
    const err = Object.assign(new Collector(), { isTTY: true, columns: 100 });
    const write = err._write.bind(err);
    err._write = (chunk, encoding, done) => {
      if (String(chunk).includes(`watching process ${pid}`)) setTimeout(() => subject?.kill('SIGKILL'), 200);
      write(chunk, encoding, done);
    };
    const { exitCode } = await idspace(['probe', '--pid', String(pid), '--interval', '600'], { err });
    expect(exitCode).toBe(3);
    expect(err.text).toMatch(/idspace probe: pid \d+: it ended after \d+\.\d s\n$/);
  });
});
