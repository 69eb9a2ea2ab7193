// docs/dependencies.md against the manifests and the lockfile; and what the supply chain promises.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import { pnpm } from './support/pnpm.ts';
import { packages, ROOT } from './support/workspace.ts';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const page = read('docs/dependencies.md');
const lock = parse(read('pnpm-lock.yaml')) as {
  importers: Record<string, Record<string, Record<string, { version: string }>>>;
  packages: Record<string, { resolution: Record<string, string> }>;
};

/** The row of a dependency: name, of, version, released, size, licence. */
const rows = [
  ...page.matchAll(/^\| \[`(.+?)`\]\(#.+?\) \| (.+?) \| (\S+) \| (\d{4}-\d\d-\d\d) \| ([\d,]+) \| (.+?) \| .+ \|$/gm),
].map(([, name, of, version, released, , licence]) => ({
  name: name!,
  of: of!,
  version: version!,
  released: released!,
  licence: licence!,
}));

/** What of a package's devDependencies its sources import, so that the build puts it in. */
function builtIn(folder: string, names: readonly string[]): string[] {
  const sources = readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => read(`${folder}/src/${name}`));
  return names.filter((name) =>
    sources.some((text) => new RegExp(`^import (?!type).*from '${name}(?:/.*)?'`, 'm').test(text)),
  );
}

const used = packages
  .filter(({ folder }) => !folder.startsWith('examples/') && !/\/(?:testkit|docs)$/.test(folder))
  .flatMap(({ folder, manifest }) => {
    const { dependencies, optionalDependencies, peerDependencies, devDependencies = {} } = manifest;
    const declared = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    return [...declared, ...builtIn(folder, Object.keys(devDependencies))]
      .filter((name) => !name.startsWith('@idspace/'))
      .map((name) => ({ folder, name }));
  });

describe('the page', () => {
  test('names what packages use, and nothing else', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(used.map(({ name }) => name))].sort());
  });

  test.each(used)('$name has the version and the licence that are installed for $folder', ({ folder, name }) => {
    const row = rows.find((row) => row.name === name)!;
    const kinds = Object.values(lock.importers[folder]!);
    const locked = kinds.map((kind) => kind[name]?.version).find((version) => version !== undefined);
    expect(locked?.replace(/\(.*/, '')).toBe(row.version);
    expect(row.of).toContain(folder === 'apps/lab' ? 'idspace' : folder.split('/')[1]);
    const { license } = JSON.parse(read(`${folder}/node_modules/${name}/package.json`)) as { license: string };
    expect(license.replace(/^\((.*)\)$/, '$1')).toBe(row.licence);
  });

  test.each(rows)('$name has a section with what it sees and what there is instead', ({ name }) => {
    const section = page.split(/^### /m).find((text) => text.startsWith(`\`${name}\`\n`));
    expect(section).toMatch(/^.*\nSees /);
    expect(section).toContain('*Instead:*');
    if (/Sees hostile input/.test(section!)) expect(section).toMatch(/Fed by\s+\[/);
  });

  test('each test that it names is there', () => {
    const links = [...page.matchAll(/\[([^\]`]+)\]\(\.\.\/(.+?\.test\.ts)\)/g)];
    expect(links.length).toBeGreaterThan(5);
    for (const [, title, file] of links) expect(read(file!), file).toContain(title);
  });
});

describe('the lockfile', () => {
  test('has a checksum of each package, and no package from elsewhere than the registry', () => {
    const resolutions = Object.entries(lock.packages);
    expect(resolutions.length).toBeGreaterThan(100);
    const others = resolutions.filter(
      ([, { resolution }]) =>
        !/^sha512-[\w+/]{86}==$/.test(resolution.integrity ?? '') || Object.keys(resolution).join() !== 'integrity',
    );
    expect(others.map(([name]) => name)).toEqual([]);
  });
});

test('no package may run a script when it is installed', () => {
  const { allowBuilds, ...rest } = parse(read('pnpm-workspace.yaml')) as Record<string, Record<string, boolean>>;
  expect(Object.entries(allowBuilds!).filter(([, may]) => may)).toEqual([]);
  expect(Object.keys(rest).filter((key) => /built|builds|script/i.test(key))).toEqual([]);
});

test.runIf(BUDGET_SHARE >= 1)('an installation without scripts is enough', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-no-scripts-'));
  try {
    for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'scripts']) {
      cpSync(join(ROOT, file), join(folder, file), { recursive: true });
    }
    for (const pkg of packages) {
      mkdirSync(join(folder, pkg.folder), { recursive: true });
      cpSync(join(pkg.path, 'package.json'), join(folder, pkg.folder, 'package.json'));
    }
    pnpm(['install', '--frozen-lockfile', '--ignore-scripts', '--prefer-offline'], folder);
    const bin = join(folder, 'node_modules/.bin');
    expect(execFileSync(join(bin, 'esbuild'), ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(existsSync(join(folder, 'packages/live-kernel/node_modules/koffi/package.json'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the SBOM is one of CycloneDX, and has what packages install', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-sbom-'));
  try {
    const out = join(folder, 'sbom.json');
    pnpm(['sbom', '--sbom-format', 'cyclonedx', '--lockfile-only', '--prod', '--out', out], ROOT);
    const sbom = JSON.parse(readFileSync(out, 'utf8')) as {
      bomFormat: string;
      specVersion: string;
      serialNumber: string;
      components: { type: string; name: string; version: string; purl: string; 'bom-ref': string }[];
      dependencies: { ref: string; dependsOn?: string[] }[];
    };
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.7' });
    expect(sbom.serialNumber).toMatch(/^urn:uuid:[\da-f-]{36}$/);
    const refs = sbom.components.map((component) => component['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { name, version, purl } of sbom.components) expect(name && version && purl).toMatch(/^pkg:npm\//);
    const known = new Set([...refs, ...sbom.dependencies.map(({ ref }) => ref)]);
    const dangling = sbom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn.filter((ref) => !known.has(ref)));
    expect(dangling).toEqual([]);
    const purls = new Set(sbom.components.map(({ purl }) => decodeURIComponent(purl)));
    const installed = rows.filter(({ name }) => name !== '@bufbuild/protobuf'); // built in: a devDependency
    expect(installed.filter(({ name, version }) => !purls.has(`pkg:npm/${name}@${version}`))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
