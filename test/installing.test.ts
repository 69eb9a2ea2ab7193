// What READMEs say of how to get the code is the same in all, and it works.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import { packages, published, ROOT } from './support/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-installing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const libraries = published.filter(({ folder }) => folder.startsWith('packages/'));
const examples = packages.filter(({ folder }) => folder.startsWith('examples/'));

test('there are libraries and examples', () => {
  expect([libraries.length, examples.length].every((count) => count > 3)).toBe(true);
});

test.each(libraries)(
  '$folder says how to install it, and what to do while it is not on npm',
  ({ folder, manifest }) => {
    const page = 'https://github.com/idspace/idspace/blob/main/docs/installing.md';
    const lines = `\`\`\`sh\nnpm install ${manifest.name}\n\`\`\`\n\n[Not on npm yet?](${page})\n`;
    expect(read(join(folder, 'README.md')).split(lines)).toHaveLength(2);
  },
);

test.each(examples)('$folder says how to run its program', ({ folder }) => {
  expect(read(join(folder, 'README.md'))).toContain('[How to run it](../README.md)');
});

test('the page of all examples says what runs the .ts files that they import, and names each of them', () => {
  const page = read('examples/README.md');
  expect(page).toContain('npx tsx try.mjs # from Node.js 22.18 on also: node try.mjs');
  for (const { folder } of examples) expect(page).toContain(`](${folder.replace('examples/', '')}/README.md)`);
});

describe('docs/installing.md', () => {
  const commands = [...read('docs/installing.md').matchAll(/^```sh\n(.*?)^```$/gms)].flatMap((block) =>
    block[1]!.trim().split('\n'),
  );
  /** The command that begins so, with the folder of this test in the place of that of the page. */
  const command = (start: string): string =>
    commands.find((line) => line.startsWith(start))!.replace('/tmp/idspace', join(folder, 'packed'));
  const sh = (line: string, cwd: string): string =>
    execFileSync('sh', ['-c', line], { cwd, encoding: 'utf8', stdio: 'pipe' });

  test('it has five commands', () => expect(commands).toHaveLength(5));

  // In a smaller budget, test/packed.test.ts packs and installs.
  test.runIf(BUDGET_SHARE >= 1)('its commands pack and install a package with what it needs', () => {
    sh(command('npx --yes pnpm@12 --filter-prod'), ROOT);
    const program = join(folder, 'program');
    execFileSync('mkdir', [program]);
    writeFileSync(join(program, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    sh(`${command('npm install')} --offline --no-audit --no-fund`, program);
    const use =
      "import { SharedXArray } from '@idspace/xarray/shared'; console.log(new SharedXArray({ capacity: 4 }).size);";
    writeFileSync(join(program, 'use.js'), use);
    expect(execFileSync(process.execPath, ['use.js'], { cwd: program, encoding: 'utf8' })).toBe('0\n');
  });
});
