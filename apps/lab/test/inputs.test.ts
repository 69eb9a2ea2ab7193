// What `plan` takes: standard input, running processes and their trees, pre-dumps beside a full dump, and many in one run on all cores.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { CheckpointError, readCheckpoint } from '@idspace/restore-planner';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFleet } from '../src/plan/read-fleet.ts';
import { CHECKPOINTS, Collector, idspace, spawnIdspace } from './support/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-inputs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LISTING = 'ID: 3\nsignal: 14/0000000000000000\nnotify: none/pid.7\nClockID: 1\n';

describe('standard input', () => {
  test('is -, for plan and for rehearse', async () => {
    const input = (): Readable => Readable.from([gzipSync(LISTING)]);
    const { out, exitCode } = await idspace(['plan', '-', '--json'], { input: input() });
    expect(JSON.parse(out).checkpoints).toMatchObject([{ path: '-', plan: { totals: { timers: 1, outcome: 'ok' } } }]);
    expect(exitCode).toBe(0);
    const rehearsed = await idspace(['rehearse', '-', '--on', 'model:6.18', '--json'], { input: input() });
    expect(JSON.parse(rehearsed.out)).toMatchObject({ verified: true });
  });

  test('of a process, as a pipe and as a file', () => {
    const run = spawnIdspace(['plan', '-', '--json'], { input: LISTING });
    expect(JSON.parse(run.stdout).checkpoints[0].plan.totals.timers).toBe(1);
  });

  test('that is not a checkpoint, is given twice, or is a terminal', async () => {
    const empty = await idspace(['plan', '-'], { input: Readable.from([]) });
    expect(empty).toMatchObject({ exitCode: 3, err: expect.stringContaining('standard input: got an empty file') });
    const twice = await idspace(['plan', '-', '-'], { input: Readable.from([]) });
    expect(twice).toMatchObject({ exitCode: 2, err: expect.stringContaining('2 times') });
    for (const args of [
      ['plan', '-'],
      ['rehearse', '-', '--on', 'model:6.1'],
    ]) {
      const typed = await idspace(args, { input: Object.assign(Readable.from([]), { isTTY: true }) });
      expect(typed).toMatchObject({ exitCode: 2, err: expect.stringContaining('which is a terminal') });
    }
  });
});

describe('--tree', () => {
  test('plans the children of a process, too', async () => {
    const child = spawn('sleep', ['600']);
    await once(child, 'spawn');
    try {
      const args = ['plan', '--pid', String(process.pid), '--json'];
      const alone = JSON.parse((await idspace(args)).out).checkpoints[0].plan.processes;
      const tree = JSON.parse((await idspace([...args, '--tree'])).out).checkpoints[0].plan.processes;
      expect(alone).toHaveLength(1);
      expect(tree.map(({ pid }: { pid: number }) => pid)).toContain(child.pid);
    } finally {
      child.kill();
    }
  });

  test('what this user has charged is known, and goes with the process that has it', async () => {
    const path = join(folder, '7');
    mkdirSync(join(path, 'task', '7'), { recursive: true });
    const timers = Array.from({ length: 50 }, (_, id) => LISTING.replace('ID: 3', `ID: ${id}`)).join('');
    writeFileSync(join(path, 'timers'), timers);
    writeFileSync(
      join(path, 'limits'),
      'Max pending signals       50                   50                   signals\n',
    );
    const planned = async (uid: number): Promise<{ outcome: string; warnings: { code: string }[] }> => {
      writeFileSync(join(path, 'status'), `Pid:\t7\nPPid:\t1\nUid:\t${uid}\t0\t0\t0\nSigQ:\t50/96365\n`);
      return JSON.parse((await idspace(['plan', path, '--json'])).out).checkpoints[0].plan.processes[0];
    };
    const { outcome, warnings } = await planned(process.getuid!());
    expect(outcome).toBe('ok');
    expect(warnings.map(({ code }) => code)).not.toContain('sigq-assumed');
    expect((await planned(4_000_000)).warnings.map(({ code }) => code)).not.toContain('sigq-assumed');
  });

  test('without a process is misuse', async () => {
    const { err, exitCode } = await idspace(['plan', CHECKPOINTS, '--tree']);
    expect(exitCode).toBe(2);
    expect(err).toContain('--tree: got it without a running process');
  });
});

describe('pre-dumps', () => {
  beforeEach(() => {
    for (const name of ['000', '001']) {
      mkdirSync(join(folder, 'state', name), { recursive: true });
      cpSync(join(CHECKPOINTS, 'sparse', 'inventory.img'), join(folder, 'state', name, 'inventory.img'));
      writeFileSync(join(folder, 'state', name, 'pagemap-1.img'), 'x');
    }
  });

  test('beside a full dump are a remark, and trip no gate', async () => {
    cpSync(join(CHECKPOINTS, 'sparse'), join(folder, 'state', 'final'), { recursive: true });
    const gate = ['--kernel', '6.18', '--criu', '4.2', '--fail-over', '30', '--json'];
    for (const paths of [['state'], ['state/000', 'state/001', 'state/final']]) {
      const { out, err, exitCode } = await idspace(['plan', ...paths, ...gate], { folder });
      expect(exitCode).toBe(0);
      expect(JSON.parse(out).checkpoints.map(({ path }: { path: string }) => path)).toEqual(['state/final']);
      expect(err).toContain('passed over 2 pre-dumps beside a full dump');
    }
  });

  test('alone, or in a folder of their own, are not read', async () => {
    const { out, exitCode } = await idspace(['plan', 'state', '--json'], { folder });
    expect(exitCode).toBe(3);
    expect(JSON.parse(out).checkpoints).toMatchObject([
      { error: { code: 'pre-dump' } },
      { error: { code: 'pre-dump' } },
    ]);
  });
});

test('a folder without checkpoints says so', async () => {
  writeFileSync(join(folder, 'notes.txt'), 'x');
  const { err, exitCode } = await idspace(['plan', folder]);
  expect(exitCode).toBe(3);
  expect(err).toContain('got a folder without a checkpoint');
});

describe('many checkpoints', () => {
  const terminal = { folder: CHECKPOINTS, env: {}, out: new Collector(), err: new Collector() };
  const workers = { jobs: 3, workersFrom: 0, execArgv: FROM_SOURCES };

  test('are the same by worker threads as here, in their order, errors included', async () => {
    writeFileSync(join(folder, 'damaged.tar'), readFileSync(join(CHECKPOINTS, 'sparse', 'pstree.img')));
    const paths = ['sparse', 'int-max', 'absent', 'three-timers', join(folder, 'damaged.tar'), '.', 'sparse'];
    const here = await readFleet(paths, terminal, { jobs: 1 });
    const there = await readFleet(paths, terminal, workers);
    const plain = (all: typeof here) => all.map((one) => (one instanceof Error ? one.message : one)); // causes stay behind
    expect(plain(there)).toEqual(plain(here));
    expect(there[0]).toEqual(await readCheckpoint(join(CHECKPOINTS, 'sparse')));
    for (const index of [2, 4]) {
      expect(there[index]).toBeInstanceOf(CheckpointError);
      expect((there[index] as Error).message).toBe((here[index] as Error).message);
    }
  });

  test('a thread that ends is told, and nothing hangs', async () => {
    const dying = { ...workers, execArgv: ['--import', 'data:text/javascript,throw new Error("no memory")'] };
    await expect(readFleet(['sparse', 'int-max'], terminal, dying)).rejects.toThrow('no memory');
  });
});
