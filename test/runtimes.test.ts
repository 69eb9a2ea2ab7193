// The tests of the packages in the runtimes that are here: this Node.js, Chromium if it is installed, and what `pnpm runtimes` fetched.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { expect, test } from 'vitest';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import type { Cell } from '../scripts/runtimes/cell.ts';
import { RUNTIMES } from '../scripts/runtimes/runtimes.ts';
import { ROOT } from './support/workspace.ts';

const SCRIPT = ['--conditions=@idspace/source', ...FROM_SOURCES, join(ROOT, 'scripts/runtimes.ts')];
const run = (...args: string[]): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, [...SCRIPT, ...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 });

/** What needs no clock and no other thread; in a small budget the smallest of these, in one runtime that is not Node.js. */
const NAMES = BUDGET_SHARE < 1 ? ['kernel-ids'] : ['next-id', 'kernel-ids', 'posix-timers', 'mem-trace', 'evaluation'];
const CHOSEN = BUDGET_SHARE < 1 ? RUNTIMES.filter(({ name }) => name === 'Chromium worker') : RUNTIMES;

test('every test passes, or is left out with its reason, in each runtime that is here', async () => {
  const chosen = CHOSEN.map(({ name }) => name.toLowerCase().replace(' ', '-'));
  const { stdout, stderr } = run('--offline', '--json', ...chosen, ...NAMES);
  const cells = JSON.parse(String(stdout)) as Cell[];
  const here: string[] = [];
  for (const { name, ready } of CHOSEN) if ((await ready(false)) !== undefined) here.push(name);
  expect(new Set(cells.map(({ runtime }) => runtime)), String(stderr)).toEqual(new Set(here));
  expect(cells).toHaveLength(here.length * NAMES.length);
  for (const cell of cells) {
    expect(cell.failures, `${cell.package} in ${cell.runtime}`).toEqual([]);
    expect(cell.passed, `${cell.package} in ${cell.runtime}`).toBeGreaterThan(10);
  }
});

test('a name that is none is refused', () => {
  const { status, stderr } = run('next-idd');
  expect([status, String(stderr)]).toEqual([
    2,
    expect.stringMatching(/^runtimes: got 'next-idd', expected some of: node-20/),
  ]);
});
