// `pnpm new-package NAME`: what it makes lints, typechecks, has a test that passes, and is on every list.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDeclarations } from '../scripts/declarations.ts';
import { newPackage } from '../scripts/new-package.ts';
import { apiReport } from './support/declared.ts';
import { published, ROOT } from './support/workspace.ts';

const copy = realpathSync(mkdtempSync(join(tmpdir(), 'idspace-new-package-')));
const LISTS = ['test/exports.test.ts', '.github/ISSUE_TEMPLATE'];
let written: string[];

beforeAll(() => {
  for (const file of ['tsconfig.base.json', ...LISTS]) cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const biome = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  writeFileSync(join(copy, 'biome.json'), JSON.stringify({ ...biome, vcs: { enabled: false } }));
  written = newPackage(copy, 'slot-trial', 'Tries slots');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const run = (program: string, ...args: string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], { cwd: copy, encoding: 'utf8' });

test('it lints', () => {
  expect(() => run('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', 'packages', 'test')).not.toThrow();
});

test('it typechecks', () => {
  writeFileSync(
    join(copy, 'tsconfig.json'),
    JSON.stringify({ extends: './tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['packages'] }),
  );
  expect(run('typescript/bin/tsc', '-p', '.')).toBe('');
});

test('its test passes', () => {
  const said = run('vitest/vitest.mjs', 'run', '--root', copy, '--reporter=json', 'packages/slot-trial');
  expect(JSON.parse(said)).toMatchObject({ success: true, numPassedTests: 1 });
});

test('its manifest is like those of the others, and it has a README and a changeset', () => {
  const read = (file: string): string => readFileSync(join(copy, file), 'utf8');
  const manifest = JSON.parse(read('packages/slot-trial/package.json'));
  const other = published.find(({ folder }) => folder === 'packages/lock')!.manifest;
  expect(Object.keys(manifest)).toEqual(Object.keys(other).filter((key) => !/ependencies$/.test(key)));
  expect(read('packages/slot-trial/README.md')).toMatch(/^# @idspace\/slot-trial\n\nTries slots\.\n/);
  expect(read('.changeset/first-slot-trial.md')).toContain("'@idspace/slot-trial': minor");
});

test('it is on the lists, in their order', () => {
  for (const file of ['test/exports.test.ts', '.github/ISSUE_TEMPLATE/bug.yml', '.github/ISSUE_TEMPLATE/idea.yml']) {
    const lines = readFileSync(join(copy, file), 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes("'@idspace/slot-trial'"));
    expect(lines[at - 1], file).toContain('@idspace/restore-planner');
    expect(lines[at + 1], file).toContain('@idspace/xarray');
  }
});

test('its report says what it publishes', () => {
  const folder = 'packages/slot-trial';
  const path = join(copy, folder);
  writeDeclarations(['src/index.ts'], path, false);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  expect(readFileSync(join(copy, 'test/api/slot-trial.md'), 'utf8')).toBe(apiReport({ folder, path, manifest }));
});

test('a name that is taken, or none, changes nothing', () => {
  const before = written.map((file) => readFileSync(join(copy, file), 'utf8'));
  for (const name of ['slot-trial', '', 'Slot', '../up', 'a_b', '-a']) {
    expect(() => newPackage(copy, name), name).toThrow(RangeError);
  }
  expect(written.map((file) => readFileSync(join(copy, file), 'utf8'))).toEqual(before);
  expect(existsSync(join(copy, 'up'))).toBe(false);
});
