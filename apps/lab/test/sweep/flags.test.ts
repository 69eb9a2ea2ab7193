// The flags of Node.js that the program is started with do not break its threads.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from '../support/run.ts';
import { flagsOf, IDSPACE, SMALL } from './support.ts';

test('a sweep under flags that no thread takes', () => {
  const flags = ['--max-old-space-size=400', '--title=sweeping', '--stack-size=900', '--inspect=0'];
  const grid = { ...SMALL, timers: [3], processes: [1], strides: [1], designs: ['xarray'] as const };
  const args = [...flags, ...IDSPACE, 'sweep', ...flagsOf(grid), '--jobs', '1', '--json'];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout).cells).toHaveLength(1);
});
