// JSR gets the sources: what its jsr.json says of a package is what package.json says, and Deno would publish it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import { forJsr, writeWorkspace } from '../scripts/jsr.ts';
import { DENO, fetchProgram } from '../scripts/runtimes/fetch.ts';
import { published, ROOT } from './support/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-jsr-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packages = forJsr(ROOT);

test('every package but what starts processes, and the app, is for JSR', () => {
  const names = published.map((pkg) => pkg.folder).filter((name) => !/cache-profile|live-kernel|^apps\//.test(name));
  expect(packages.map((pkg) => pkg.folder)).toEqual(names);
  for (const pkg of published.filter(({ folder }) => !names.includes(folder))) {
    expect(existsSync(join(pkg.path, 'jsr.json')), pkg.folder).toBe(false);
  }
});

test.each(packages)('$folder/jsr.json is as `pnpm jsr` writes it', ({ folder, text }) => {
  expect(readFileSync(join(ROOT, folder, 'jsr.json'), 'utf8')).toBe(text);
});

test('raising versions writes them', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts['version-packages']).toBe('changeset version && pnpm jsr');
});

test('a folder with files is left alone', () => {
  expect(() => writeWorkspace(ROOT, ROOT)).toThrow(RangeError);
});

test.skipIf(BUDGET_SHARE < 1)('Deno would publish all, and finds no slow type', async (context) => {
  const deno = await fetchProgram(DENO).catch(() => undefined);
  if (deno === undefined) return context.skip('Deno cannot be fetched from npm');
  const to = join(folder, 'workspace');
  writeWorkspace(ROOT, to);
  const args = ['publish', '--dry-run', '--allow-dirty', '--no-check'];
  const env = { ...process.env, NO_COLOR: '1', DENO_DIR: join(folder, 'deno') };
  const said = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', deno, ...args], { cwd: to, encoding: 'utf8', env });
  expect(said).toContain('Checking for slow types');
  expect(said).not.toMatch(/^(?:warning|error)/m);
  expect(said.match(/^Simulating publish of /gm)).toHaveLength(packages.length);
});
