// A whole release, tried on a registry of this machine: the first versions, a patch of `lock`, and what users' tools make of them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import {
  ANSWER,
  APP,
  BUNDLERS,
  DEV_SERVER,
  ISOLATED,
  LEFT_OUT,
  PRINTED,
  PROGRAM,
  TOOLS,
  tests,
} from './support/consumers.ts';
import { type Registry, startRegistry } from './support/registry.ts';
import { ReleaseCopy } from './support/release-copy.ts';
import { serve } from './support/serve.ts';
import { User } from './support/user.ts';
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

const TOKEN = 'a-token-of-the-trial';
const CHROMIUM = '/usr/bin/chromium';
/** Entry points that need Node.js, all others are for pages, too; and of these the one that can be bundled: the others start files beside them. */
const NODE_ONLY = [
  '@idspace/cache-profile',
  '@idspace/live-kernel',
  '@idspace/mem-trace/node',
  '@idspace/mem-trace/plugins',
  '@idspace/restore-planner',
];
const FOR_NODE = '@idspace/restore-planner';
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
    let user: User;

    beforeAll(async () => {
      user = new User(join(folder, 'user'), registry.url, join(folder, 'cache'));
      const compilers = COMPILERS.map((version) => `typescript-${version}@npm:typescript@${version}`);
      await user.install(...names, ...compilers, ...TOOLS);
    });

    test('gets the newest of every package, and one lock', async () => {
      for (const name of names) {
        const { version } = JSON.parse(user.read(`node_modules/${name}/package.json`));
        expect(version, name).toBe(versionsOf(name).at(-1));
        expect(user.read(`node_modules/${name}/CHANGELOG.md`)).toContain(`## ${version}`);
      }
      const locks = new Set((await user.run('npm', 'ls', '--all', '--parseable', '@idspace/lock')).trim().split('\n'));
      expect(locks.size).toBe(1);
    });

    test('imports and requires every entry point', async () => {
      const imports = specifiers.map((specifier) => `await import('${specifier}');`).join('\n');
      expect(await user.node(user.write('all.mjs', `${imports}\nconsole.log('imported');`))).toBe('imported\n');
      const requires = specifiers.map((specifier) => `require('${specifier}');`).join('\n');
      expect(await user.node(user.write('all.cjs', `${requires}\nconsole.log('required');`))).toBe('required\n');
    });

    test('runs the command line', async () => {
      expect(await user.run('npx', '--no-install', 'idspace', '--help')).toMatch(/usage/i);
    });

    test('tests with node:test', async () => {
      const before = "import test from 'node:test'; import { equal } from 'node:assert/strict';";
      const said = await user.node('--test', '--test-reporter=tap', user.write('node.test.mjs', tests(before)));
      expect(said).toMatch(/^# pass 3$/m);
    });

    test('tests with jest', async () => {
      user.write(
        'jest.config.json',
        JSON.stringify({ testMatch: ['**/*.jest.mjs'], moduleFileExtensions: ['mjs', 'js'], transform: {} }),
      );
      user.write('map.jest.mjs', tests('const equal = (got, wanted) => expect(got).toBe(wanted);'));
      const said = await user.node('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--ci', '--json');
      expect(JSON.parse(said)).toMatchObject({ success: true, numPassedTests: 3 });
    });

    test.each(Object.entries(BUNDLERS))(
      'bundles with %s: what it takes alone, and every entry point for its platform',
      async (name, text) => {
        const bundler = user.write(`${name}.mjs`, text);
        const out = `bundles/${name}`;
        await user.node(bundler, user.write('program.mjs', PROGRAM), `${out}/program.mjs`, 'node');
        expect(await user.node(`${out}/program.mjs`)).toBe(PRINTED);
        const bundle = user.read(`${out}/program.mjs`);
        expect(LEFT_OUT.filter((other) => bundle.includes(other))).toEqual([]);
        const all = (wanted: string[]): string =>
          wanted.map((specifier, i) => `export * as x${i} from '${specifier}';`).join('\n');
        const pure = specifiers.filter((specifier) => !NODE_ONLY.includes(specifier));
        await user.node(bundler, user.write('browser.mjs', all(pure)), `${out}/browser.mjs`, 'browser');
        expect(user.read(`${out}/browser.mjs`)).not.toMatch(/\b(?:from|import|require)\s*\(?["'`]node:/);
        const planner = `import { OUTCOMES, readCheckpoint } from '${FOR_NODE}'; console.log(OUTCOMES.length > 0, readCheckpoint.name);`;
        await user.node(bundler, user.write('node.mjs', planner), `${out}/node.mjs`, 'node');
        expect(await user.node(`${out}/node.mjs`)).toMatch(/^true \S*\n$/);
      },
    );

    describe('builds an app with Vite, whose page', () => {
      const isThere = existsSync(CHROMIUM);
      let browser: Browser;

      beforeAll(async () => {
        for (const [name, text] of Object.entries(APP)) user.write(`app/${name}`, text);
        await user.run('npx', '--no-install', 'vite', 'build', 'app');
        if (isThere)
          browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
      });

      afterAll(() => browser?.close());

      test.skipIf(!isThere).each([
        ['shares an array with two workers where it is isolated', ISOLATED, (answer: string) => answer === ANSWER],
        ['is told what is missing where it is not', {}, (answer: string) => /SharedArrayBuffer/.test(answer)],
      ])('%s', async (_, headers, isRight) => {
        const server = await serve(join(user.folder, 'app/dist'), headers);
        const page = await browser.newPage();
        await page.goto(`${server.url}/`);
        const answer = await page.locator('body[data-answer]').getAttribute('data-answer');
        await page.close();
        server.close();
        expect(answer).toSatisfy(isRight);
      });

      test.skipIf(!isThere).each([
        ['shares an array with two workers', ISOLATED, (answer: string) => answer === ANSWER],
        ['is told what is missing where it is not isolated', {}, (answer: string) => /SharedArrayBuffer/.test(answer)],
      ])("as Vite's dev server has it, %s", async (_, headers, isRight) => {
        const server = await user.start(process.execPath, user.write('dev.mjs', DEV_SERVER), JSON.stringify(headers));
        const page = await browser.newPage();
        await page.goto(server.line);
        const answer = await page.locator('body[data-answer]').getAttribute('data-answer');
        await page.close();
        await server.end();
        expect(answer).toSatisfy(isRight);
      });
    });

    // Every combination with the oldest and the newest; those between them with one way to resolve.
    test.each(COMPILERS)('compiles with TypeScript %s, whatever resolution and types it has', async (version) => {
      const isEnd = version === COMPILERS[0] || version === COMPILERS.at(-1);
      const alias = `typescript-${version}`;
      user.write(
        'all.ts',
        specifiers.map((specifier, index) => `export * as x${index} from '${specifier}';`).join('\n'),
      );
      for (const resolution of isEnd ? ['node16', 'nodenext', 'bundler'] : ['nodenext']) {
        for (const [environment, loaded] of Object.entries(ENVIRONMENTS)) {
          // biome-ignore format: what belongs together stands in a row
          const compilerOptions = {
            strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true,
            target: 'ES2022', module: resolution === 'bundler' ? 'esnext' : resolution, moduleResolution: resolution,
            typeRoots: [join(ROOT, 'node_modules/@types')], ...loaded,
          };
          const config = user.write(`${environment}.json`, JSON.stringify({ compilerOptions, files: ['all.ts'] }));
          const said = await user.node(join('node_modules', alias, 'bin/tsc'), '-p', config, '--pretty', 'false');
          expect(said, `${resolution}, ${environment}`).toBe('');
        }
      }
    });
  });
});
