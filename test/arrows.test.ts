// The arrows of the house: which package may lean on which. Anything else is a mistake, also among dev-only private ones.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, published } from './support/workspace.ts';

const OURS = new Set(packages.map(({ manifest }) => manifest.name));
const own = (name: string): string => `@idspace/${name}`;
const LIBRARIES = [...OURS].filter((name) => name.startsWith('@idspace/') && name !== own('testkit'));

/** All runtime arrows. CONTRIBUTING.md draws the same graph. */
const ARROWS: Record<string, string[]> = {
  idspace: LIBRARIES,
  'idspace-explorer': LIBRARIES.filter((name) => ![own('live-kernel'), own('cache-profile')].includes(name)),
  [own('evaluation')]: [
    'posix-timers',
    'xarray',
    'hash-table',
    'next-id',
    'mem-trace',
    'cache-sim',
    'restore-planner',
  ].map(own),
  [own('cache-profile')]: ['cache-sim', 'mem-trace'].map(own),
  [own('kernel-ids')]: [own('xarray')],
  [own('posix-timers')]: ['xarray', 'hash-table', 'next-id'].map(own),
  [own('hash-table')]: [own('lock')],
  [own('xarray')]: [own('lock')],
  'example-ecs-entities': [own('next-id')],
  'example-emscripten-gl': [own('next-id')],
  'example-mqtt-message-ids': [own('next-id')],
  'example-wasi-fds': [own('next-id')],
};

/** Dependencies from outside this repository. Each is explained in its package's README. */
const OUTSIDE: Record<string, string[]> = {
  idspace: ['@observablehq/plot', 'cli-progress', 'cli-table3', 'commander', 'get-east-asian-width', 'linkedom'],
  'idspace-explorer': ['@preact/signals', 'preact'],
  'example-mqtt-message-ids': ['mqtt'],
  'example-wasi-fds': ['@bjorn3/browser_wasi_shim'],
  [own('live-kernel')]: ['koffi'],
  [own('mem-trace')]: ['@babel/parser', 'magic-string'],
  [own('restore-planner')]: ['@streamparser/json', 'zstddec'],
};

/** What is built into a package instead, with its licence beside it: importing it file by file takes longer than all else that `idspace plan` does. */
const BUILT_IN: Record<string, string[]> = { [own('restore-planner')]: ['@bufbuild/protobuf'] };

/** Names a package where one is imported: 'zstddec' in `from 'zstddec/stream'`. */
const IMPORT =
  /^(?:import|export|}).*?\bfrom '((?:@[^/']+\/)?[^./'][^/']*)(?:\/[^']*)?';$|\bimport\('((?:@[^/']+\/)?[^./'][^/']*)/gm;

test.each(packages.map(({ manifest }) => [manifest.name, manifest] as const))(
  '%s depends on nothing but its arrows',
  (name, { dependencies = {}, peerDependencies = {}, optionalDependencies = {} }) => {
    const all = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    const allowed = new Set([...(ARROWS[name] ?? []), ...(OUTSIDE[name] ?? [])]);
    expect(all.filter((dependency) => !allowed.has(dependency))).toEqual([]);
  },
);

test.each(published.map((pkg) => [pkg.manifest.name, pkg] as const))(
  '%s depends on what its sources import',
  (_, pkg) => {
    const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = pkg.manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    const builtIn = BUILT_IN[pkg.manifest.name] ?? [];
    expect([...declared, ...builtIn].sort()).toEqual(importedPackages(join(pkg.path, 'src')));
  },
);

test('a package from this repository is never pinned: a workspace range becomes ^version when published', () => {
  for (const { manifest } of packages) {
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (OURS.has(name)) expect(`${name} ${range}`).toBe(`${name} workspace:^`);
    }
  }
});

test('every published package is ESM without side effects', () => {
  for (const { manifest } of published) {
    expect(manifest).toMatchObject({
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      license: 'MIT',
    });
  }
});

/** The packages that a folder's files import at run time or for their types, sorted. */
function importedPackages(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      Array.from(readFileSync(join(folder, path), 'utf8').matchAll(IMPORT), ([, name, lazy]) => (name ?? lazy)!),
    )
    .filter((name) => !isBuiltin(name) && !name.startsWith('#')); // '#…': of the package itself
  return [...new Set(names)].sort();
}
