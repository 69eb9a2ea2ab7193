// `changeset version` on a trial change, in a copy: what changed is bumped, and its dependents, and nothing else. Changelogs say so.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withinBudget } from '../packages/testkit/src/index.ts';
import { packages, published, ROOT, withDependents } from './support/workspace.ts';

const copy = mkdtempSync(join(tmpdir(), 'idspace-changesets-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const changesets = readdirSync(join(ROOT, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');

/** Writes the files that decide versions into the copy, with one trial changeset in place of the pending ones. */
function prepare(changed: string, bump: string): void {
  for (const { folder } of packages) rmSync(join(copy, folder, 'CHANGELOG.md'), { force: true });
  const files = ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json', 'scripts/changelog.cjs'];
  for (const { folder } of packages) files.push(`${folder}/package.json`);
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), readFileSync(join(ROOT, file)));
  }
  writeFileSync(join(copy, '.changeset/trial.md'), `---\n'${changed}': ${bump}\n---\n\nA trial.\n`);
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
      cwd: copy,
      stdio: 'pipe',
    });
  };
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'trial');
}

/** The packages whose version `changeset version` changes. */
function bumped(): string[] {
  execFileSync(process.execPath, [join(ROOT, 'node_modules/@changesets/cli/bin.js'), 'version'], {
    cwd: copy,
    stdio: 'pipe',
  });
  return packages
    .filter(({ folder, manifest }) => {
      const after = JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8')) as { version: string };
      return after.version !== manifest.version;
    })
    .map(({ manifest }) => manifest.name);
}

const CHANGES = [
  ['@idspace/xarray', 'patch'],
  ['@idspace/mem-trace', 'minor'],
  ['idspace', 'patch'],
] as const;

test.each(withinBudget(CHANGES))('a change of %s (%s) bumps it and its dependents', (changed, bump) => {
  prepare(changed, bump);
  const affected = withDependents(changed);
  expect(bumped().sort()).toEqual(affected);
  for (const { folder, manifest } of published.filter(({ manifest }) => affected.includes(manifest.name))) {
    const [title, version, ...entries] = readFileSync(join(copy, folder, 'CHANGELOG.md'), 'utf8').match(/^[#-].*$/gm)!;
    expect(title).toBe(`# ${manifest.name}`);
    expect(version).toMatch(/^## \d+\.\d+\.\d+$/);
    const used = Object.keys(manifest.dependencies ?? {}).filter((name) => affected.includes(name));
    const lines = entries.filter((line) => line.startsWith('-'));
    expect(lines.filter((line) => line.startsWith('- A trial. ([')).length).toBe(manifest.name === changed ? 1 : 0);
    const uses = lines.filter((line) => line.startsWith('- Uses '));
    expect(uses.length).toBe(used.length === 0 ? 0 : 1);
    for (const name of used)
      expect(uses[0]).toMatch(new RegExp(`\\[${name} \\d+\\.\\d+\\.\\d+\\]\\(https:.*/CHANGELOG\\.md#\\d+\\)`));
    expect(lines.length, lines.join('\n')).toBe((manifest.name === changed ? 1 : 0) + uses.length);
  }
});

test('a change links its commit, and keeps its paragraphs', async () => {
  const { getReleaseLine, getDependencyReleaseLine } = createRequire(import.meta.url)('../scripts/changelog.cjs');
  const summary = 'The first line,\nfolded.\n\nA second paragraph:\n\n- an item';
  const commit = '0123456789abcdef0123456789abcdef01234567';
  expect(await getReleaseLine({ summary, commit })).toBe(
    `- The first line,\n  folded. ([0123456](https://github.com/idspace/idspace/commit/${commit}))\n\n  A second paragraph:\n\n  - an item`,
  );
  expect(await getReleaseLine({ summary: 'Not committed.' })).toBe('- Not committed.');
  expect(await getDependencyReleaseLine([{}, {}], [])).toBe('');
});

test('pending changesets name published packages only', () => {
  const names = new Set(published.map(({ manifest }) => manifest.name));
  for (const file of changesets) {
    const [, front = ''] = readFileSync(join(ROOT, '.changeset', file), 'utf8').split('---');
    const named = [...front.matchAll(/^['"]?([^'"\s:]+)['"]?: (patch|minor|major)$/gm)].map((match) => match[1]!);
    expect(named.length, file).toBeGreaterThan(0);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  }
});
