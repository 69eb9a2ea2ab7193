// What is written for the repository leads somewhere on the site, too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorOf, siteLink, withCells } from '../build/markdown.ts';
import { GUIDES, linkOf, markdownIn, pageOf, sidebar } from '../build/pages.ts';

const ROOT = join(import.meta.dirname, '../../..');
const pages = markdownIn(ROOT).filter((source) => pageOf(source) !== undefined && !source.startsWith('apps/docs/api/'));
const read = (source: string): string => readFileSync(join(ROOT, source), 'utf8');

test.each([
  ['packages/xarray/README.md', 'packages/xarray/index.md', '/packages/xarray/'],
  ['packages/xarray/docs/shared.md', 'packages/xarray/shared.md', '/packages/xarray/shared'],
  ['apps/lab/docs/planning.md', 'app/planning.md', '/app/planning'],
  ['docs/id-spaces.md', 'more/id-spaces.md', '/more/id-spaces'],
  ['apps/docs/index.md', 'index.md', '/'],
  ['examples/any/README.md', 'examples/any/index.md', '/examples/any/'],
])('%s is the page %s', (source, page, link) => {
  expect([pageOf(source), linkOf(source)]).toEqual([page, link]);
});

test('what is for those who work on the repository is no page', () => {
  const others = [
    'packages/testkit/README.md',
    '.changeset/README.md',
    'packages/xarray/CHANGELOG.md',
    'test/api/lock.md',
  ];
  expect(others.map(pageOf)).toEqual([undefined, undefined, undefined, undefined]);
});

test('no two files are one page, and all guides are at the side', () => {
  expect(new Set(pages.map(pageOf)).size).toBe(pages.length);
  const guides = pages.filter((source) => source.startsWith('apps/docs/guides/'));
  expect(guides).toEqual(GUIDES.map((name) => `apps/docs/guides/${name}.md`).sort());
});

test('every page is at the side, but for those that the bar at the top has', () => {
  const links = JSON.stringify(sidebar(ROOT));
  const missing = pages.filter((source) => !links.includes(`"link":"${linkOf(source)}"`));
  expect(missing).toEqual(['apps/docs/explore.md', 'apps/docs/index.md', 'apps/docs/speed.md']);
});

const GITHUB = 'https://github.com/idspace/idspace';

test.each([
  ['a file beside it', 'shared.md#locks', '/packages/xarray/shared#locks'],
  ['a package', '../../lock', '/packages/lock/'],
  ['a package, as npm needs it', `${GITHUB}/tree/main/packages/lock`, '/packages/lock/'],
  ['a page on GitHub', `${GITHUB}/blob/main/apps/lab/docs/planning.md#x`, '/app/planning#x'],
  ['a heading of its own', '#locks', '#locks'],
  ['a source', '../src/xarray.ts', `${GITHUB}/blob/main/packages/xarray/src/xarray.ts`],
  ['a folder', '../src', `${GITHUB}/tree/main/packages/xarray/src`],
  ['elsewhere', 'https://example.org/a.md', 'https://example.org/a.md'],
])('a link to %s', (_, href, expected) => {
  expect(siteLink(href, 'packages/xarray/docs/calls.md', ROOT)).toBe(expected);
});

test('a link to what is not there is refused', () => {
  expect(() => siteLink('none.md', 'docs/id-spaces.md', ROOT)).toThrow('docs/none.md');
  expect(() => siteLink(`${GITHUB}/blob/main/none.md`, 'README.md', ROOT)).toThrow('none.md');
});

test.each(pages)('every link of %s leads to a file', (source) => {
  const prose = read(source)
    .replace(/^( *)```.*?^\1```$/gms, '')
    .replace(/`[^`\n]+`/g, '');
  for (const [, href = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g))
    expect(siteLink(href, source, ROOT)).toMatch(/^(\/|#|[a-z]+:)/);
});

test('headings are named as GitHub names them', () => {
  const names = ['Memory', 'What a reader sees', '`Ida`: IDs, 1 bit each', 'Workers that are killed'].map(anchorOf);
  expect(names).toEqual(['memory', 'what-a-reader-sees', 'ida-ids-1-bit-each', 'workers-that-are-killed']);
});

describe('numbers', () => {
  const file = 'packages/xarray/docs/measured.md';

  test('are those of the file', () => {
    const row = read(file).match(/^\| load, random, dense \| ([^|]+) \| ([^|]+) \|/m)!;
    expect(withCells(`a [[${file} → load, random, dense → IntMap]] b`, ROOT)).toBe(`a ${row[2]} b`);
  });

  test.each([
    [`[[${file} → load, backwards → IntMap]]`],
    [`[[${file} → load, random, dense → None]]`],
    [`[[${file} → bytes per entry, dense; in runs of 64 → SparseMap]]`], // a dash
    ['[[none.md → a → b]]'],
  ])('%s is refused', (text) => {
    expect(() => withCells(text, ROOT)).toThrow();
  });

  test.each(GUIDES)('of %s are all there', (name) => {
    expect(withCells(read(`apps/docs/guides/${name}.md`), ROOT)).not.toMatch(/\[\[.* → /);
  });

  test('of the table for choosing are not written by hand', () => {
    const [, table] = /(\| you have[\s\S]*?)\n\n/.exec(read('apps/docs/guides/choosing.md'))!;
    expect(table!.match(/\[\[/g)!.length).toBeGreaterThan(6);
    expect(table!.replace(/\[\[.*?\]\]|\(\S*\)|`[^`]*`|64-bit|2³²/g, '')).not.toMatch(/\d/);
  });
});
