// Packs every package, checks the tarballs as npm users' tools would, installs them in an empty folder outside the
// workspace and runs each README's examples there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withinBudget } from '../packages/testkit/src/index.ts';
import { pnpm } from './support/pnpm.ts';
import { fences, selfChecking } from './support/readme-examples.ts';
import { entryPoints, type Package, published, ROOT } from './support/workspace.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const GUIDES = join(ROOT, 'apps/docs/guides');
const folder = mkdtempSync(join(tmpdir(), 'idspace-packed-'));
const tarballs = new Map<string, string>();

beforeAll(() => {
  const wanted = published.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const packed = JSON.parse(pnpm(['--recursive', ...wanted, 'pack', '--json', '--pack-destination', folder], ROOT));
  for (const { name, filename } of packed as { name: string; filename: string }[]) tarballs.set(name, filename);
  expect([...tarballs.keys()].sort()).toEqual(published.map(({ manifest }) => manifest.name).sort());
  const files = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
  const manifest = { private: true, type: 'module', dependencies: files, overrides: files };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'pipe' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Imports modules one after the other where the packages are installed, in a process of their own.
 *
 * @returns What those throw that throw something, by their specifiers.
 */
function importAll(specifiers: readonly string[]): Map<string, string> {
  const input = `import { writeFileSync } from 'node:fs';
    const thrown = [];
    for (const specifier of ${JSON.stringify(specifiers)}) {
      await import(specifier).catch((error) => thrown.push([specifier, String(error?.stack ?? error)]));
    }
    writeFileSync('thrown.json', JSON.stringify(thrown));`;
  execFileSync(process.execPath, ['--input-type=module'], { cwd: folder, input, stdio: 'pipe' });
  return new Map(JSON.parse(readFileSync(join(folder, 'thrown.json'), 'utf8')));
}

/** An example, as a program where the packages are installed; its name is null if it promises nothing. */
interface Program {
  file: string;
  line: number;
  name: string | null;
}

/** The examples of a package's README and docs. */
function programsOf({ manifest, folder: at }: Package): Program[] {
  const installed = join(folder, 'node_modules', manifest.name);
  const docs = existsSync(join(installed, 'docs')) ? readdirSync(join(installed, 'docs')) : [];
  const files = ['README.md', ...docs.filter((doc) => doc.endsWith('.md')).map((doc) => `docs/${doc}`)];
  return files.flatMap((file) => programsIn(join(installed, file), file, at));
}

/** Writes each example of a page as a program where the packages are installed. */
function programsIn(path: string, file: string, at: string): Program[] {
  return fences(readFileSync(path, 'utf8')).map(({ code, line }) => {
    const program = selfChecking(code, line);
    if (program === null) return { file, line, name: null };
    const name = `./${at}-${file}-${line}.mjs`.replaceAll(/(?<!^\.)\//g, '-'); // an error says which it was
    writeFileSync(join(folder, name), program);
    return { file, line, name };
  });
}

/** Those whose types are analysed: it takes a compiler for each way to import a package. */
const analysed = new Set(withinBudget(published));

/** What is imported in one process for all packages: a process for each takes seconds. */
let thrownByEntries: Map<string, string>;
let thrownByExamples: Map<string, string>;
const programs = new Map<Package, Program[]>();
let ofGuides: Program[];

beforeAll(() => {
  thrownByEntries = importAll(published.flatMap((pkg) => entryPoints(pkg).map(({ specifier }) => specifier)));
  for (const pkg of published) programs.set(pkg, programsOf(pkg));
  ofGuides = readdirSync(GUIDES).flatMap((guide) => programsIn(join(GUIDES, guide), guide, 'guides'));
  const names = [...programs.values(), ofGuides].flat().flatMap(({ name }) => name ?? []);
  const urls = new Map(names.map((name) => [pathToFileURL(join(folder, name)).href, name]));
  thrownByExamples = new Map([...importAll([...urls.keys()])].map(([url, text]) => [urls.get(url)!, text]));
});

function expectTrue(examples: readonly Program[]): void {
  for (const { file, line, name } of examples) {
    expect(name, `the example at ${file}:${line} promises nothing`).not.toBeNull();
    expect(thrownByExamples.get(name!)).toBeUndefined();
  }
}

describe.each(published.map((pkg) => [pkg.manifest.name, pkg] as const))('%s, packed', (name, pkg) => {
  test('publint finds nothing', async () => {
    const tarball = readFileSync(tarballs.get(name)!);
    const { messages, pkg: manifest } = await publint({
      pack: { tarball: Uint8Array.from(tarball).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  // The private export condition and the app, which exports nothing, are none of a consumer's business.
  test.runIf(pkg.manifest.exports && analysed.has(pkg))(
    'are the types wrong? No, for every ESM way to import it',
    async () => {
      const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarballs.get(name)!)));
      expect(analysis.types).not.toBe(false);
      const problems = 'problems' in analysis ? analysis.problems : [];
      const esmOnly = problems.filter(
        (problem) => !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind),
      );
      expect(esmOnly).toEqual([]);
    },
  );

  test('the tarball has licence and changelog, and names only packages that are on npm', () => {
    const at = join(folder, 'node_modules', name);
    const changelog = existsSync(join(pkg.path, 'CHANGELOG.md')) ? ['CHANGELOG.md'] : [];
    expect(readdirSync(at)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', ...changelog]));
    expect(readdirSync(at)).not.toContain('test');
    const manifest = readFileSync(join(at, 'package.json'), 'utf8');
    expect(manifest).not.toMatch(/"workspace:|testkit|idspace-explorer/);
  });

  test('maps lead to sources that are installed, and without sources there are none', () => {
    const at = join(folder, 'node_modules', name);
    const dist = readdirSync(join(at, 'dist'), { recursive: true, encoding: 'utf8' });
    const maps = dist.filter((file) => file.endsWith('.map'));
    // The evaluation's instrumented copy of the tables is code for a machine.
    const mapped = dist
      .filter((file) => /\.(js|d\.ts)$/.test(file) && file !== 'tables.js')
      .map((file) => `${file}.map`);
    expect(maps.sort()).toEqual(existsSync(join(at, 'src')) ? mapped.sort() : []);
    for (const map of maps) {
      const { sources } = JSON.parse(readFileSync(join(at, 'dist', map), 'utf8')) as { sources: string[] };
      const missing = sources.filter((source) => !existsSync(join(at, 'dist', dirname(map), source)));
      expect(
        missing.filter((source) => !source.includes('node_modules')),
        map,
      ).toEqual([]);
    }
  });

  test('every entry point can be imported where it is installed', () => {
    expect(entryPoints(pkg).flatMap(({ specifier }) => thrownByEntries.get(specifier) ?? [])).toEqual([]);
  });

  test('every example of README and docs says what is true', () => {
    const examples = programs.get(pkg)!;
    const ofReadme = examples.filter(({ file }) => file === 'README.md');
    if (pkg.manifest.exports) expect(ofReadme.length, 'a README shows how to use the package').toBeGreaterThan(0);
    expectTrue(examples);
  });

  test('every binary runs', () => {
    for (const binary of Object.keys(pkg.manifest.bin ?? {})) {
      const path = join(folder, 'node_modules', '.bin', binary);
      expect(execFileSync(path, ['--help'], { encoding: 'utf8', cwd: folder })).toMatch(/usage/i);
    }
  });
});

test.each(readdirSync(GUIDES))('every example of the guide %s says what is true', (guide) => {
  expectTrue(ofGuides.filter(({ file }) => file === guide));
});

test('an error leads to the line of the source that throws it', () => {
  const input = "import { IntMap } from '@idspace/xarray'; new IntMap().set(-1, 0);";
  const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', '--input-type=module'], {
    cwd: folder,
    input,
    encoding: 'utf8',
  });
  const [, file, line] = /\(((?:file:\/\/)?[^():]*xarray[/\\]src[/\\][^():]+\.ts):(\d+):\d+\)/.exec(stderr) ?? [];
  const path = file?.startsWith('file:') ? fileURLToPath(file) : file;
  expect(path, stderr).toBeDefined();
  expect(readFileSync(path!, 'utf8').split('\n')[Number(line) - 1]).toMatch(/Error\(|throw/);
});

test('the installed app has the explorer, and copies it', () => {
  const command = [join(folder, 'node_modules/.bin/idspace'), 'explore', '--no-open', '--json'] as const;
  const run = (...args: string[]): { page: string } =>
    JSON.parse(execFileSync(command[0], [...command.slice(1), ...args], { encoding: 'utf8', cwd: folder }));
  const installed = readFileSync(run().page, 'utf8');
  expect(run().page).toMatch(/node_modules[/\\]idspace[/\\]dist[/\\]explorer\.html$/);
  expect(installed).toContain("connect-src 'none'");
  expect(readFileSync(run('--output', 'ids.html').page, 'utf8')).toBe(installed);
});

test("a consumer's compiler reads every declaration, those of internal files too", () => {
  const specifiers = published.flatMap((pkg) => entryPoints(pkg).map(({ specifier }) => specifier));
  const text = specifiers.map((specifier, index) => `export * as x${index} from '${specifier}';`).join('\n');
  writeFileSync(join(folder, 'consumer.ts'), text);
  // biome-ignore format: what belongs together stands in a row
  const compilerOptions = {
    strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true,
    target: 'ES2022', module: 'NodeNext', types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const { stdout } = spawnSync(process.execPath, [TSC, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
