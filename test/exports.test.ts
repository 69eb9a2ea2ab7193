// How small each entry point is, and that its exports have their names: api.test.ts knows what they are.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledByEsbuild, gzipped } from './support/bundle.ts';
import { entryPoints, published } from './support/workspace.ts';

/** Ceilings for what a bundler ships: minified, gzipped, dependencies from outside left out, bytes. */
const CEILINGS: Record<string, number> = {
  '@idspace/cache-profile': 4_000,
  '@idspace/cache-sim': 19_000,
  '@idspace/cache-sim/trace': 9_100,
  '@idspace/evaluation': 124_700, // 40,000 are the tables in instrumented code
  '@idspace/evaluation/calls': 58_100,
  '@idspace/hash-table': 5_600,
  '@idspace/hash-table/shared': 10_250,
  '@idspace/kernel-ids': 16_000,
  '@idspace/live-kernel': 20_000,
  '@idspace/lock': 10_200,
  '@idspace/mem-trace': 5_000,
  '@idspace/mem-trace/instrument': 95_000, // 85,000 are the parser
  '@idspace/mem-trace/node': 95_500,
  '@idspace/mem-trace/plugins': 95_500,
  '@idspace/mem-trace/recording': 4_700,
  '@idspace/mem-trace/watching': 3_600,
  '@idspace/next-id': 8_800,
  '@idspace/next-id/shared': 7_000,
  '@idspace/posix-timers': 35_600,
  '@idspace/posix-timers/conformance': 37_900,
  '@idspace/posix-timers/races': 4_000,
  '@idspace/restore-planner': 75_500,
  '@idspace/restore-planner/plan': 40_000,
  '@idspace/restore-planner/read': 34_600,
  '@idspace/xarray': 27_900,
  '@idspace/xarray/shared': 23_300,
  '@idspace/xarray/sparse': 8_300,
};

const entries = published.flatMap((pkg) =>
  entryPoints(pkg).map(({ specifier, built }) => ({ specifier, file: join(pkg.path, built), pkg })),
);

/** Entry points of packages that also have one for shared memory. */
const unshared = entries.filter(
  ({ specifier, pkg }) => pkg.manifest.exports?.['./shared'] !== undefined && !specifier.endsWith('/shared'),
);

test.each(entries)('$specifier is built', ({ file }) => {
  expect(existsSync(file), `${file} is missing: run \`pnpm build\``).toBe(true);
});

test.each(entries)('$specifier: what is built has the names it is exported under', async ({ file }) => {
  const callable = Object.entries(await import(file)).filter(([, value]) => typeof value === 'function');
  expect(callable.map(([, value]) => (value as { name: string }).name)).toEqual(callable.map(([name]) => name));
});

test('no class is bundled under another name, also among those that are not exported', () => {
  for (const { path, folder } of published) {
    const built = readdirSync(join(path, 'dist'), { recursive: true, encoding: 'utf8' }).filter((f) =>
      f.endsWith('.js'),
    );
    for (const name of built) {
      const renamed = readFileSync(join(path, 'dist', name), 'utf8').match(/\bclass _\w+/g);
      expect(renamed, `${folder}/dist/${name}`).toBeNull();
    }
  }
});

test.each(entries)('$specifier stays below its ceiling', async ({ specifier, pkg }) => {
  const ceiling = CEILINGS[specifier];
  expect(ceiling, `no ceiling for ${specifier}`).toBeTypeOf('number');
  expect(gzipped(await bundledByEsbuild(`export * from '${specifier}'`, pkg.path))).toBeLessThanOrEqual(ceiling!);
});

test.each(unshared)('$specifier carries nothing of what is for shared memory', async ({ specifier, pkg }) => {
  const text = new TextDecoder().decode(await bundledByEsbuild(`export * from '${specifier}'`, pkg.path));
  expect(text).not.toMatch(/Atomics|SharedArrayBuffer|unlockWord/);
});

// A program compiles against a package also if @types/node is not installed.
test.each(published.map(({ manifest, folder }) => [manifest.name, join(folder, 'dist')]))(
  'the types of %s need none of Node.js',
  (_, dist) => {
    const declarations = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.d.ts'),
    );
    const needing = declarations.filter((path) =>
      /\bNodeJS\.|from ["']node:|import\(["']node:|\bBuffer</.test(
        readFileSync(join(dist, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''),
      ),
    );
    expect(needing).toEqual([]);
  },
);
