// `changeset version` on a trial change, in a copy: what changed is bumped, and its dependents, and nothing else.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packages, published, ROOT } from './support/workspace.ts';

const copy = mkdtempSync(join(tmpdir(), 'idspace-changesets-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const changesets = readdirSync(join(ROOT, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md');

/** Writes the files that decide versions into the copy, with one trial changeset in place of the pending ones. */
function prepare(changed: string, bump: string): void {
  const files = ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json'];
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

/** A package and everything that depends on it at run time, directly or not. */
function withDependents(name: string): string[] {
  const found = new Set([name]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { manifest } of published) {
      if (Object.keys(manifest.dependencies ?? {}).some((dependency) => found.has(dependency)))
        found.add(manifest.name);
    }
  }
  return [...found].sort();
}

test.each([
  ['@idspace/xarray', 'patch'],
  ['@idspace/mem-trace', 'minor'],
  ['idspace', 'patch'],
])('a change of %s (%s) bumps it and its dependents', (changed, bump) => {
  prepare(changed, bump);
  expect(bumped().sort()).toEqual(withDependents(changed));
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
