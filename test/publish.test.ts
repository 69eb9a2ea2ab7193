// A whole release, tried on a registry of this machine: the first versions, a patch of `lock`, and what users' tools make of them.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import { type Registry, startRegistry } from './support/registry.ts';
import { ReleaseCopy } from './support/release-copy.ts';
import { entryPoints, published, ROOT, withDependents } from './support/workspace.ts';

/** The registry of all other packages, or why it cannot be had. */
async function upstream(): Promise<{ url: string; whyNot: string }> {
  if (BUDGET_SHARE < 1) return { url: '', whyNot: 'it takes minutes: IDSPACE_TEST_BUDGET=full runs it' };
  const url = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const answer = await fetch(new URL('zstddec', url)).catch(() => null);
  return { url, whyNot: answer?.ok ? '' : `the registry ${url} cannot be reached` };
}

const { url, whyNot } = await upstream();
if (whyNot !== '') console.log(`publish.test.ts: skipped, ${whyNot}`);

const started = promisify(execFile);
const TOKEN = 'a-token-of-the-trial';
/** What users compile with: the oldest, two between, the newest of both compilers. */
const COMPILERS = ['5.0.4', '5.4.5', '5.9', '6.0', '7.0'];
/** The types that a user's project has loaded: `lib` beside ES2022, and `types`. */
const ENVIRONMENTS = {
  bare: { lib: ['ES2022'], types: [] },
  dom: { lib: ['ES2022', 'DOM'], types: [] },
  node: { lib: ['ES2022'], types: ['node'] },
  both: { lib: ['ES2022', 'DOM'], types: ['node'] },
};
const patched = withDependents('@idspace/lock');
const names = published.map(({ manifest }) => manifest.name).sort();
const specifiers = published.flatMap((pkg) => entryPoints(pkg).map(({ specifier }) => specifier));

describe.skipIf(whyNot !== '')('a release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-publish-'));
  const user = join(folder, 'user');
  let registry: Registry;
  let first: Map<string, string>;
  let copy: ReleaseCopy;
  const versionsOf = (name: string): string[] => Object.keys(registry.packages.get(name)?.versions ?? {});

  beforeAll(async () => {
    registry = await startRegistry(TOKEN, url);
    copy = new ReleaseCopy(join(folder, 'copy'), registry.url, TOKEN);
    await copy.commit('Before the first release');
    await copy.version();
    await copy.commit('First release');
    first = copy.versions();
  });

  afterAll(async () => {
    await registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('without a token nothing is published', async () => {
    const stranger = new ReleaseCopy(join(folder, 'stranger'), registry.url, undefined);
    stranger.only('@idspace/lock');
    await expect(stranger.publish()).rejects.toThrow();
    expect(registry.packages.size).toBe(0);
  });

  test('the first one publishes every package, and nothing that is private', async () => {
    await copy.publish();
    expect([...registry.packages.keys()].sort()).toEqual(names);
    for (const name of names) {
      expect(versionsOf(name), name).toEqual([first.get(name)]);
      expect(registry.packages.get(name)!['dist-tags'].latest).toBe(first.get(name));
      expect(first.get(name)).not.toBe('0.0.0');
    }
  });

  test('what is published depends on what is published', () => {
    for (const { versions } of registry.packages.values()) {
      const { name, dependencies = {}, devDependencies = {} } = Object.values(versions)[0]!;
      for (const [used, range] of Object.entries({ ...devDependencies, ...dependencies })) {
        if (!used.includes('idspace')) continue;
        expect(names, `${name} uses ${used}`).toContain(used);
        if (used in dependencies) expect(range).toBe(`^${first.get(used)}`);
      }
    }
  });

  test('a second run publishes nothing', async () => {
    await copy.publish();
    for (const name of names) expect(versionsOf(name), name).toEqual([first.get(name)]);
    expect(registry.refused.filter((refusal) => !refusal.includes('token'))).toEqual([]);
  });

  test('a patch of lock publishes lock and its dependents, and no other', async () => {
    copy.change('@idspace/lock', 'patch', 'A lock is freed twice no more.');
    await copy.commit('Mend lock');
    await copy.version();
    await copy.commit('Second release');
    await copy.publish();
    for (const name of names) {
      const version = first.get(name)!;
      const [major, minor, patch] = version.split('.').map(Number);
      const next = `${major}.${minor}.${patch! + 1}`;
      expect(versionsOf(name), name).toEqual(patched.includes(name) ? [version, next] : [version]);
    }
    expect(patched.length).toBeGreaterThan(1);
    expect(patched.length).toBeLessThan(names.length);
  });

  test('its changelogs link the change, and say in one line what else is used', () => {
    for (const { folder: at, manifest } of published.filter(({ manifest }) => patched.includes(manifest.name))) {
      const [, newest = ''] = copy.changelog(at).split(/^## /m);
      const items = newest.split('\n').filter((line) => line.startsWith('- '));
      expect(items.length, newest).toBe(1);
      if (manifest.name === '@idspace/lock') {
        expect(items[0]).toMatch(/^- A lock .* \(\[[0-9a-f]{7}\]\(https:.*\/commit\/[0-9a-f]{40}\)\)$/);
      } else expect(items[0]).toMatch(/^- Uses \[.*CHANGELOG\.md#\d+\)\.$/);
      expect(newest).not.toContain('Updated dependencies');
    }
  });

  describe('its user', () => {
    /** Runs a program where the packages are installed, beside the registry. Returns what it printed; throws that if it fails. */
    const run = async (command: string, ...args: string[]): Promise<string> => {
      const env = { ...process.env, npm_config_registry: registry.url, npm_config_cache: join(folder, 'cache') };
      try {
        return (await started(command, args, { cwd: user, env, maxBuffer: 2 ** 24 })).stdout;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
      }
    };
    const node = (...args: string[]): Promise<string> => run(process.execPath, ...args);
    const install = (...wanted: string[]): Promise<string> =>
      run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', ...wanted);
    /** Writes a file, and returns its name. */
    const file = (name: string, text: string): string => {
      writeFileSync(join(user, name), text);
      return name;
    };

    beforeAll(async () => {
      mkdirSync(user);
      file('package.json', JSON.stringify({ private: true, type: 'module' }));
      await install(...names);
    });

    test('gets the newest of every package, and one lock', async () => {
      for (const name of names) {
        const { version } = JSON.parse(readFileSync(join(user, 'node_modules', name, 'package.json'), 'utf8'));
        expect(version, name).toBe(versionsOf(name).at(-1));
        expect(readFileSync(join(user, 'node_modules', name, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}`);
      }
      const locks = new Set((await run('npm', 'ls', '--all', '--parseable', '@idspace/lock')).trim().split('\n'));
      expect(locks.size).toBe(1);
    });

    test('imports and requires every entry point', async () => {
      const imports = specifiers.map((specifier) => `await import('${specifier}');`).join('\n');
      expect(await node(file('all.mjs', `${imports}\nconsole.log('imported');`))).toBe('imported\n');
      const requires = specifiers.map((specifier) => `require('${specifier}');`).join('\n');
      expect(await node(file('all.cjs', `${requires}\nconsole.log('required');`))).toBe('required\n');
    });

    test('runs the command line', async () => {
      expect(await run('npx', '--no-install', 'idspace', '--help')).toMatch(/usage/i);
    });

    test('tests with node:test', async () => {
      const text = [
        "import test from 'node:test'; import assert from 'node:assert/strict';",
        "import { IntMap } from '@idspace/xarray'; import { IdPool } from '@idspace/next-id';",
        "test('map', () => assert.equal(new IntMap().set(7, 70).get(7), 70));",
        "test('pool', () => assert.equal(new IdPool().allocate(), 0));",
      ].join('\n');
      expect(await node('--test', '--test-reporter=tap', file('map.test.mjs', text))).toMatch(/^# pass 2$/m);
    });

    // Every combination with the oldest and the newest; those between them with one way to resolve.
    test.each(COMPILERS)('compiles with TypeScript %s, whatever resolution and types it has', async (version) => {
      const isEnd = version === COMPILERS[0] || version === COMPILERS.at(-1);
      const alias = `typescript-${version}`;
      await install(`${alias}@npm:typescript@${version}`);
      file('all.ts', specifiers.map((specifier, index) => `export * as x${index} from '${specifier}';`).join('\n'));
      for (const resolution of isEnd ? ['node16', 'nodenext', 'bundler'] : ['nodenext']) {
        for (const [environment, loaded] of Object.entries(ENVIRONMENTS)) {
          // biome-ignore format: what belongs together stands in a row
          const compilerOptions = {
            strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true,
            target: 'ES2022', module: resolution === 'bundler' ? 'esnext' : resolution, moduleResolution: resolution,
            typeRoots: [join(ROOT, 'node_modules/@types')], ...loaded,
          };
          const config = file(`${environment}.json`, JSON.stringify({ compilerOptions, files: ['all.ts'] }));
          const said = await node(join('node_modules', alias, 'bin/tsc'), '-p', config, '--pretty', 'false');
          expect(said, `${resolution}, ${environment}`).toBe('');
        }
      }
    });
  });
});
