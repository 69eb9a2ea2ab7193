// The timers subcommand of checkpointctl.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPlugin } from '../src/plan/plugin/run-plugin.ts';
import { CHECKPOINTS, Collector, ROOT } from './support/run.ts';

async function timers(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const out = new Collector();
  const err = new Collector();
  const exitCode = await runPlugin(args, 'What it does', { out, err, folder: CHECKPOINTS, env: {} });
  return { exitCode, out: out.text.replace(/\s+/g, ' '), err: err.text };
}

test('the description comes with exit code 42, and without any import', () => {
  const path = `${ROOT}apps/lab/src/checkpointctl-timers.ts`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), path, '--plugin-description'],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 42, stderr: '' });
  expect(stdout).toMatch(/^Tell which .* and why\n$/);
  const source = readFileSync(path, 'utf8');
  expect(source).not.toMatch(/^import /m);
  expect(source.match(/await import/g)).toHaveLength(1);
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
