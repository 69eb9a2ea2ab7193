// Holds what people read to the house's measure: READMEs are short, lines fit a window, and words are plain.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, ROOT } from './support/workspace.ts';

const MAX_WORDS = 700;
const MAX_WORDS_OF_EXAMPLE = 300;
const MAX_WIDTH = 140;

/** Words for which a sentence has to be read twice, and what says the same. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:no|some|any|every)body\b|\bwhoever\b/gi, 'the thread, kernel, process or caller by its name'],
  [/\bat once\b/gi, '"immediately" or "at the same time"'],
  [/\bfor (?:ever|good)\b/gi, '"forever"'],
  [/\banew\b/gi, '"again"'],
  [/\b(?:there|where|here)(?:of|upon|in|with|by)\b/gi, 'a sentence of its own'],
  [/\bhears? of\b/gi, '"is notified"'],
  [/\bstands? in the way\b/gi, '"the limit is"'],
  [/\bgone through\b/gi, '"iterates" or "walked"'],
];

const folders = packages.map(({ folder }) => folder);
const readmes = ['README.md', ...folders.map((folder) => join(folder, 'README.md'))];
const docs = ['', ...folders].flatMap((folder) => filesIn(join(folder, 'docs'), '.md'));
const pages = [...readmes, 'CONTRIBUTING.md', ...docs, ...filesIn('apps/docs/guides', '.md')];

function filesIn(folder: string, end: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  // What benchmarks have installed is not ours.
  return names.filter((name) => name.endsWith(end) && !name.includes('node_modules')).map((name) => join(folder, name));
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** A page whose examples are empty lines. */
const withoutCode = (text: string): string => text.replace(/^ *```.*?^ *```$/gms, (code) => code.replace(/[^\n]/g, ''));

/** What links can name: the headings as GitHub writes them. */
function anchors(text: string): string[] {
  const headings = [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-'));
}

/** The banned words of a file, each with its place and what to say instead. */
function bannedIn(file: string): string[] {
  return read(file)
    .split('\n')
    .flatMap((line, i) =>
      BANNED.flatMap(([word, better]) =>
        (line.match(word) ?? []).map((got) => `${file}:${i + 1}: got "${got}", expected ${better}`),
      ),
    );
}

test.each(readmes)('%s has at most 700 words, that of an example 300', (readme) => {
  const most = readme.startsWith('examples/') ? MAX_WORDS_OF_EXAMPLE : MAX_WORDS;
  expect(read(readme).match(/\S+/g)!.length).toBeLessThanOrEqual(most);
});

test.each(pages)('%s has lines of at most 140 characters, tables and code aside', (page) => {
  const prose = withoutCode(read(page));
  const long = prose
    .replaceAll(/\]\(https:[^)\s]*\)/g, ']()') // an address cannot be folded
    .split('\n')
    .flatMap((line, i) => (line.startsWith('|') || [...line].length <= MAX_WIDTH ? [] : [i + 1]));
  expect(long, 'lines').toEqual([]);
});

test.each(pages)('%s uses plain words', (page) => {
  expect(bannedIn(page)).toEqual([]);
});

test.each(pages)('every link of %s leads to a file of the repository, and to a heading of it', (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const dead = links.filter(([, path, heading]) => {
    const file = path === '' ? page : join(page, '..', path!);
    if (!existsSync(join(ROOT, file))) return true;
    return heading !== undefined && !anchors(read(file)).includes(heading);
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});

// Help texts, errors, docstrings, comments and test names.
test.each(folders)('the sources and tests of %s use plain words', (folder) => {
  const files = ['src', 'test', 'scripts', 'bench', 'stress'].flatMap((name) => [
    ...filesIn(join(folder, name), '.ts'),
    ...filesIn(join(folder, name), '.tsx'),
  ]);
  expect(files.flatMap(bannedIn)).toEqual([]);
});

test('the measure finds what it is for, and nothing else', () => {
  const count = (text: string): number => BANNED.filter(([word]) => text.match(word)).length;
  const banned = ['Nobody waits.', 'all at once', 'asleep for ever', 'begins anew', 'the end thereof', 'hears of it'];
  expect(banned.map(count)).toEqual(banned.map(() => 1));
  expect(count('Once a thread waits, it sleeps forever, wherever it stands; therefore look there.')).toBe(0);
});
