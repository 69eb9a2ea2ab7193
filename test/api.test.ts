// What each package publishes, with every signature: a change of it is a change of a file that is reviewed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiReport, declaredBy } from './support/declared.ts';
import { entryPoints, published, ROOT } from './support/workspace.ts';

const libraries = published.filter((pkg) => entryPoints(pkg).length > 0);

describe.each(libraries.map((pkg) => [pkg.manifest.name, pkg] as const))('%s', (_, pkg) => {
  test('publishes what its report in test/api says', async () => {
    await expect(apiReport(pkg)).toMatchFileSnapshot(`api/${pkg.folder.replace('packages/', '')}.md`);
  });

  test.each(entryPoints(pkg))('$specifier has, when it is imported, what it declares', async ({ built }) => {
    const declared = declaredBy(pkg, built).filter(({ isValue }) => isValue);
    const imported = Object.keys(await import(join(pkg.path, built)));
    expect(imported.sort()).toEqual(declared.map(({ name }) => name).sort());
  });
});

test('there is a report of every package, and of no other', () => {
  const reports = readdirSync(join(ROOT, 'test/api')).map((file) => file.replace(/\.md$/, ''));
  expect(reports.sort()).toEqual(libraries.map(({ folder }) => folder.replace('packages/', '')).sort());
});

test('every error tells its kind by a code in small letters and hyphens', () => {
  const reports = readdirSync(join(ROOT, 'test/api')).map((file) => readFileSync(join(ROOT, 'test/api', file), 'utf8'));
  const errors = reports.flatMap((text) => [...text.matchAll(/class (\w+) extends Error \{\n([\s\S]*?)\n\}/g)]);
  expect(errors.length).toBeGreaterThan(10);
  for (const [, name, body] of errors) expect(body).toContain(`  readonly code: ${name}Code;`);
  const codes = reports.flatMap((text) => [...text.matchAll(/type \w+ErrorCode = (.*);/g)].map(([, codes]) => codes));
  expect(codes).toHaveLength(errors.length);
  for (const of of codes) expect(of).toMatch(/^"[a-z]+(-[a-z]+)*"( \| "[a-z]+(-[a-z]+)*")*$/);
});

test('every option may be undefined, which counts as not given', () => {
  const strict = readdirSync(join(ROOT, 'test/api')).flatMap((file) => {
    const text = readFileSync(join(ROOT, 'test/api', file), 'utf8');
    const bags = text.matchAll(/(?:interface \w*Options\b[^{]*|constructor\(options\?: )\{\n([\s\S]*?)\n *\}/g);
    return [...bags].flatMap(([, body]) =>
      body!
        .split('\n')
        .filter((line) => /^ +(readonly )?\w+\?: .*;$/.test(line) && !line.includes('undefined'))
        .map((line) => `${file}: ${line.trim()}`),
    );
  });
  expect(strict).toEqual([]);
});
