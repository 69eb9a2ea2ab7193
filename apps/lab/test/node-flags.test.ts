// The flags of Node.js that the program is started with do not break its threads and child processes.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { childEnvironment, nodeFlagsFor } from '../src/node-flags.ts';
import { ROOT } from './support/run.ts';
import { flagsOf, IDSPACE, SMALL } from './sweep/support.ts';

test.each<[string[], string[]]>([
  [[], []],
  [['--inspect-brk', '--max-old-space-size=100', '--title', 'x', '-e', 'code', '--input-type=module'], []],
  [
    ['--conditions=a', '--import', './b.mjs', '--inspect'],
    ['--conditions=a', '--import', './b.mjs'],
  ],
  [
    ['-C', 'a', '-r', './b.cjs', '--require=./c.cjs', '--eval', 'x'],
    ['-C', 'a', '-r', './b.cjs', '--require=./c.cjs'],
  ],
  [['--experimental-strip-types', '--importance'], ['--experimental-strip-types']],
])('of %j, sources need %j', (given, needed) => {
  expect(nodeFlagsFor('/x/worker.ts', given)).toEqual(needed);
  expect(nodeFlagsFor('/x/worker.js', given)).toEqual([]);
});

test('NODE_OPTIONS are not handed on', () => {
  const env = { NODE_OPTIONS: '--inspect-brk', PATH: '/bin' };
  expect(childEnvironment('child.js', env)).toEqual({ PATH: '/bin' });
  expect(childEnvironment('child.ts', env)).toEqual(env);
});

test('a sweep under flags that no thread takes', () => {
  const flags = ['--max-old-space-size=400', '--title=sweeping', '--stack-size=900', '--inspect=0'];
  const grid = { ...SMALL, timers: [3], processes: [1], strides: [1], designs: ['xarray'] as const };
  const args = [...flags, ...IDSPACE, 'sweep', ...flagsOf(grid), '--jobs', '1', '--json'];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout).cells).toHaveLength(1);
});
