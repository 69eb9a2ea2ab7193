// The ids subcommand of checkpointctl, and timers, its old name.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withinBudget } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { expect, test } from 'vitest';
import { runPlugin, type Subcommand } from '../src/plan/plugin/run-plugin.ts';
import { CHECKPOINTS, Collector, ROOT } from './support/run.ts';

const IDS = `${ROOT}packages/restore-planner/test/ground-truth/criu-ids`;

interface Answer {
  exitCode: number;
  out: string;
  err: string;
}

async function run(subcommand: Subcommand, args: readonly string[], folder = CHECKPOINTS): Promise<Answer> {
  const out = new Collector();
  const err = new Collector();
  const name = { subcommand, description: 'What it does' };
  const exitCode = await runPlugin(args, name, { out, err, folder, env: {} });
  return { exitCode, out: out.text, err: err.text };
}

async function timers(...args: string[]): Promise<Answer> {
  const { out, ...rest } = await run('timers', args);
  return { ...rest, out: out.replace(/\s+/g, ' ') };
}

/** Runs a program of the sources. */
function spawned(subcommand: Subcommand, ...args: string[]): Answer {
  const path = `${ROOT}apps/lab/src/checkpointctl-${subcommand}.ts`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...FROM_SOURCES, path, ...args], {
    encoding: 'utf8',
    cwd: IDS,
  });
  return { exitCode: status ?? -1, out: stdout, err: stderr };
}

test.each(withinBudget(['ids', 'timers'] as const))(
  'the description of %s comes with exit code 42, without any import',
  (name) => {
    const { exitCode, out, err } = spawned(name, '--plugin-description');
    expect({ exitCode, err }).toEqual({ exitCode: 42, err: '' });
    expect(out).toMatch(/^Tell which .* IDs .* and why\n$/);
    const source = readFileSync(`${ROOT}apps/lab/src/checkpointctl-${name}.ts`, 'utf8');
    expect(source).not.toMatch(/^import /m);
    expect(source.match(/await import/g)).toHaveLength(1);
  },
);

test('both names give the same answers', async () => {
  expect(spawned('ids', '--plugin-description').out).toBe(spawned('timers', '--plugin-description').out);
  expect(spawned('ids', 'mixed')).toEqual(spawned('timers', 'mixed'));
  for (const path of ['sparse', 'int-max', '.']) {
    const args = [path, '--kernel', '6.1', '--criu', '4.2', '--fail-over', '60'];
    expect(await run('ids', args), path).toEqual(await run('timers', args));
  }
  const [ids, old] = [await run('ids', ['nowhere']), await run('timers', ['nowhere'])];
  expect(ids.exitCode).toBe(3);
  expect(ids.err).toMatch(/^checkpointctl ids: .*nowhere/);
  expect(ids.err.replaceAll('checkpointctl ids', 'checkpointctl timers')).toBe(old.err);
});

test('other IDs than those of timers: what fails whatever the machine, what depends on it, and what a machine decides', async () => {
  const free = await run('ids', ['mixed'], IDS);
  expect(free.exitCode).toBe(0);
  expect(free.out.replace(/\s+/g, ' ')).toMatch(
    /The IDs of .*inotify watches.* come back\. Whether those of processes.* do depends on the machine; to find out, `idspace probe --facts > node\.json` there, then `--on node\.json`\./,
  );
  const target = join(mkdtempSync(join(tmpdir(), 'plugin-')), 'node.json');
  const taken = [{ number: 7001, as: 'pid', command: 'postgres', pid: 7001 }];
  writeFileSync(target, JSON.stringify({ format: 'idspace-target', version: 1, taken, possibleCpus: 2 }));
  const on = await run('ids', ['mixed', '--on', target], IDS);
  expect(on.exitCode).toBe(0);
  expect(on.out.replace(/\s+/g, ' ')).toContain(
    "Will fail: PID 7001 is held by postgres (pid 7001) on the target; CRIU will say: Can't fork for 7001: File exists. Way out: ",
  );
  expect(on.out).not.toContain('--on');
  const gate = ['--kernel', '6.18', '--criu', '4.2', '--fail-over', '60'];
  expect((await run('ids', ['mixed', '--on', target, ...gate], IDS)).exitCode).toBe(1);
});

test('help has examples and names the exit codes', async () => {
  const { exitCode, out } = await timers('--help');
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^Usage: checkpointctl timers .*What it does.*Examples: .*Exit codes: 0 /);
});

test.each([
  [
    'sparse',
    'dense',
    '3.19',
    'Process 11884 fails. On a kernel with dense IDs (lowest free, no restore call), CRIU 3.19 gives up after 2 creates',
  ],
  ['sparse', 'dense', '3.19', "Can't create timers, kernel don't give them consequently"],
  ['sparse', 'dense', '3.18', 'Process 11884 hangs.'],
  ['int-max', '6.1', '4.2', 'Process 12111 takes long.'],
  ['clocks-and-notify-kinds', '6.18', '4.2', 'Process 11924 restores, but thread-cpu-clock (timer 6): '],
  ['three-timers', '6.18', '4.2', '1 of 1 process with timers gets them back, in '],
])('%s on %s with CRIU %s: %s', async (path, kernel, criu, text) => {
  const { exitCode, out } = await timers(path, '--kernel', kernel, '--criu', criu);
  expect(exitCode).toBe(0);
  expect(out).toContain(text);
});

test('what cannot be read is said, and the rest is told', async () => {
  const { exitCode, out, err } = await timers('sparse/pstree.img', 'three-timers');
  expect(exitCode).toBe(3);
  expect(err).toMatch(/^checkpointctl timers: .*pstree\.img: got one image alone/);
  expect(out).toMatch(/^three-timers: /);
});

test('the gate, and misuse', async () => {
  expect((await timers('int-max', '--kernel', '6.1', '--criu', '4.2', '--fail-over', '60')).exitCode).toBe(1);
  expect((await timers('int-max', '--kernel', '6.18', '--criu', '4.2', '--fail-over', '60')).exitCode).toBe(0);
  expect(await timers('sparse', '--fail-over', '60', '--kernel', '6.1')).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/--fail-over: got no --criu, expected the pair to judge for/),
  });
  expect(await timers('sparse', '--kernel', 'minix')).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/--kernel: got 'minix'/),
  });
});
