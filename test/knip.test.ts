// Nothing is left over: no file, export or dependency that nothing uses, but for those that knip.config.ts explains.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import { ROOT } from './support/workspace.ts';

// It reads every file of the repository.
test.skipIf(BUDGET_SHARE < 1)('knip finds nothing', () => {
  const knip = [join(ROOT, 'node_modules/knip/bin/knip.js'), '--no-config-hints', '--no-progress'];
  const { stdout, stderr } = spawnSync(process.execPath, knip, { cwd: ROOT, encoding: 'utf8' });
  expect(`${stdout}${stderr}`.trim()).toBe('');
});
