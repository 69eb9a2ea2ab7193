// What .ci/run does on a machine that has nothing but Node and npm: each program that it calls is a stand-in that writes down its call.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from './support/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a program before all others of its name. */
function standIn(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** The calls of the script on a machine that has the packages given. */
function callsWith(installed: readonly string[], uid = 0): string[] {
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  standIn('id', `echo ${uid}`);
  standIn('dpkg', `case ' ${installed.join(' ')} ' in *" $2 "*) exit 0;; esac; exit 1`);
  for (const name of ['apt-get', 'npx']) standIn(name, `echo "${name} $*" >> '${log}'`);
  const { status, stderr } = spawnSync('bash', [join(ROOT, '.ci/run')], {
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readFileSync(log, 'utf8').trimEnd().split('\n');
}

const CHECKS = ['lint', 'typecheck', 'test'].map((script) => `npx --yes pnpm@12 ${script}`);
const TOOLS = [
  'chromium',
  'chromium-headless-shell',
  'fish',
  'gcc',
  'groff',
  'libc6-dev',
  'mandoc',
  'munge',
  'python3',
  'slurm-wlm',
  'zsh',
];

test('all tools that tests want are installed before the checks', () => {
  expect(callsWith([])).toEqual(['apt-get update -q', `apt-get install -y -q ${TOOLS.join(' ')}`, ...CHECKS]);
});

test('only what is missing is installed, and nothing by another user than root', () => {
  expect(callsWith(TOOLS.filter((tool) => tool !== 'gcc'))).toContain('apt-get install -y -q gcc');
  expect(callsWith(TOOLS)).toEqual(CHECKS);
  expect(callsWith([], 1000)).toEqual(CHECKS);
});
