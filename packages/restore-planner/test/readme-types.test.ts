// The examples of the README and the docs as a user's strict TypeScript takes them, those in JavaScript too.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
const TEXT = ['README.md', ...readdirSync(join(PACKAGE, 'docs')).map((name) => `docs/${name}`)]
  .map((name) => readFileSync(join(PACKAGE, name), 'utf8'))
  .join('\n');
const EXAMPLES = Array.from(TEXT.matchAll(/^```(?:js|ts)\n(.*?)^```$/gms), ([, code]) => code!);
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  target: 'ES2022',
  module: 'NodeNext',
  allowImportingTsExtensions: true,
  customConditions: ['@idspace/source'],
  types: ['node'],
};

/** Compiles texts as modules that import this package by its name, and returns what the compiler says of them. */
function errorsOf(modules: readonly string[]): string[] {
  const folder = mkdtempSync(join(PACKAGE, 'test/readme-types-')); // within the package, which thus can import itself
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    for (const [index, code] of modules.entries()) writeFileSync(join(folder, `example-${index}.ts`), code);
    const { stdout } = spawnSync(process.execPath, [TSC, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
    // This package's own sources are read too, and by stricter rules than they are written for.
    return stdout.split('\n').filter((line) => line.startsWith('example-'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every example compiles', () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(3);
  // The check can fail: a plain string is no Notify.
  const wrong = EXAMPLES[1]!.replace("notify: 'none'", "notify: 'none' as string");
  const errors = errorsOf([...EXAMPLES, wrong]);
  const isOfWrong = (line: string): boolean => line.startsWith(`example-${EXAMPLES.length}.ts`);
  expect(errors.filter((line) => !isOfWrong(line))).toEqual([]);
  expect(errors.filter(isOfWrong).join()).toContain("is not assignable to type 'CheckpointTimer[]'");
});
