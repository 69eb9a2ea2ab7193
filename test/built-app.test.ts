// The app as it is built and installed by pnpm, where dependencies lie behind links.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withinBudget } from '../packages/testkit/src/index.ts';
import { ROOT } from './support/workspace.ts';

const CLI = join(ROOT, 'apps/lab/dist/cli.js');
const EXAMPLE = join(ROOT, 'apps/lab/examples/criu-ids-1e6-2e6');

test.each(
  withinBudget([['plan', EXAMPLE], ['plan', '--help'], ['evaluate', '--help'], ['--help'], ['--version']], {
    least: 2,
  }),
)('a command loads what it needs when all its streams are pipes: %s %s', (...argv) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...argv], { input: '', encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).not.toBe('');
});

test('the planner reads a pipe, and what is loaded afterwards finds its dependencies', () => {
  const argv = [CLI, 'plan', '-', '--kernel', '6.18', '--criu', '4.2'];
  const listing = 'ID: 7\nsignal: 10/0000000000000000\nnotify: signal/pid.4711\nClockID: 1\n';
  const { status, stdout } = spawnSync(process.execPath, argv, { input: listing, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toContain('restore-ids');
});

test('the man page that npm installs is the one that the program prints', () => {
  const { man } = JSON.parse(readFileSync(join(ROOT, 'apps/lab/package.json'), 'utf8')) as { man: string };
  const { stdout } = spawnSync(process.execPath, [CLI, 'man'], { encoding: 'utf8' });
  expect(readFileSync(join(ROOT, 'apps/lab', man), 'utf8')).toBe(stdout);
  expect(stdout).toContain('.TH IDSPACE 1');
});
