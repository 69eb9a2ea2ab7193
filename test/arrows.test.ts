// The arrows of the house: which package may lean on which. Anything else is a mistake, also among dev-only private ones.
import { expect, test } from 'vitest';
import { packages } from './support/workspace.ts';

const OURS = new Set(packages.map(({ manifest }) => manifest.name));
const own = (name: string): string => `@idspace/${name}`;

/** All runtime arrows. CONTRIBUTING.md draws the same graph. */
const ARROWS: Record<string, string[]> = {
  idspace: [...OURS].filter((name) => name !== 'idspace' && name !== own('testkit')),
  [own('posix-timers')]: ['xarray', 'hash-table', 'next-id'].map(own),
  [own('hash-table')]: [own('lock')],
  [own('xarray')]: [own('lock')],
};

/** Dependencies from outside this repository. Each is explained in its package's README. */
const OUTSIDE: Record<string, string[]> = {
  idspace: ['@observablehq/plot', 'cli-progress', 'cli-table3', 'commander', 'koffi', 'linkedom'],
  [own('restore-planner')]: ['@bufbuild/protobuf', '@streamparser/json', 'fzstd', 'tar'],
};

test.each(packages.map(({ manifest }) => [manifest.name, manifest] as const))(
  '%s depends on nothing but its arrows',
  (name, { dependencies = {}, peerDependencies = {}, optionalDependencies = {} }) => {
    const all = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    const allowed = new Set([...(ARROWS[name] ?? []), ...(OUTSIDE[name] ?? [])]);
    expect(all.filter((dependency) => !allowed.has(dependency))).toEqual([]);
  },
);

test('the app composes every package', () => {
  const { manifest } = packages.find(({ folder }) => folder === 'apps/lab')!;
  const composed = Object.keys(manifest.dependencies ?? {}).filter((name) => OURS.has(name));
  expect(composed.sort()).toEqual(ARROWS.idspace!.sort());
});

test('a package from this repository is never pinned: a workspace range becomes ^version when published', () => {
  for (const { manifest } of packages) {
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (OURS.has(name)) expect(`${name} ${range}`).toBe(`${name} workspace:^`);
    }
  }
});

test('every published package is ESM without side effects', () => {
  for (const { manifest } of packages.filter((p) => !p.manifest.private)) {
    expect(manifest).toMatchObject({
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      license: 'MIT',
    });
  }
});
