// The scripts that CONTRIBUTING.md names: what they do not know is refused in a line, before anything is done, and --help tells their flags.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { ROOT } from './support/workspace.ts';

const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { scripts: Record<string, string> };
const OWN = Object.keys(scripts).filter((name) => /--import tsx \S+\.ts$/.test(scripts[name]!));
const BENCHES = [
  'compare',
  'keep',
  ...['packages', 'examples', 'apps/lab/bench'].flatMap((group) =>
    readdirSync(join(ROOT, group)).filter((name) =>
      existsSync(join(ROOT, group, name, group === 'apps/lab/bench' ? '' : 'bench', 'main.ts')),
    ),
  ),
];
const ALL = [...OWN.map((name) => [name]), ...BENCHES.map((name) => ['bench', name])];

function run([name, ...args]: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = scripts[name!]!.split(' ').slice(1);
  return spawnSync(process.execPath, [...command, ...args], { cwd: ROOT, encoding: 'utf8' });
}

test('there are scripts and benchmarks', () => {
  expect(Math.min(OWN.length, BENCHES.length)).toBeGreaterThan(9);
});

describe.each(withinBudget(ALL, { least: 6 }))('%s %s', (...words) => {
  const called = words.filter((word) => word !== undefined);

  test('refuses a flag that it does not have', () => {
    const { status, stdout, stderr } = run([...called, '--nonsense']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--nonsense');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('tells its flags', () => {
    const { status, stdout, stderr } = run([...called, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^(Usage: )?pnpm (--silent )?${called.join(' ')}`));
    // Where the first line has no place for a name, one is not passed over.
    if (/[A-Z]{3}/.test(stdout.split('\n')[0]!.replace(/--\w+ [A-Z]+/g, ''))) return;
    const named = run([...called, 'nonsense']);
    expect([named.status, named.stdout]).toEqual([2, '']);
    expect(named.stderr).toContain("got 'nonsense', expected flags alone");
  });
});
