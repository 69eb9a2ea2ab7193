// What npm is told of each package, and where users report.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packages, published, ROOT } from './support/workspace.ts';

const URL = 'https://github.com/idspace/idspace';
const PRIVATE = packages.filter(({ manifest }) => manifest.private).map(({ manifest }) => manifest.name);

describe.each(published.map((pkg) => [pkg.manifest.name, pkg] as const))('%s', (_, { folder, manifest }) => {
  test('names its home, where to report, who made it, and how it is published', () => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/\S/),
      homepage: `${URL}/tree/main/${folder}#readme`,
      bugs: { url: `${URL}/issues` },
      author: 'The idspace authors',
      license: 'MIT',
      repository: { type: 'git', url: `git+${URL}.git`, directory: folder },
      engines: { node: '>=20.19' },
      publishConfig: { access: 'public', provenance: true },
      files: expect.arrayContaining(['dist', 'CHANGELOG.md']),
    });
  });

  test('names no package that is never published', () => {
    const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
    const named = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies });
    expect(named.filter((name) => PRIVATE.includes(name))).toEqual([]);
  });
});

test.each(['bug.yml', 'idea.yml'])('the form %s lists every published package', (file) => {
  const form = parse(readFileSync(join(ROOT, '.github/ISSUE_TEMPLATE', file), 'utf8')) as {
    body: { id?: string; attributes: { options?: string[] } }[];
  };
  const options = form.body.find(({ id }) => id === 'package')!.attributes.options;
  expect(options).toEqual(published.map(({ manifest }) => manifest.name).sort());
});
