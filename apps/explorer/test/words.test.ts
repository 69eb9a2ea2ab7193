// Words of the page: names of kernels, explained terms, and what the planner says for a reader of the page.
import { MATRIX_KERNELS } from '@idspace/restore-planner/plan';
import { expect, test } from 'vitest';
import { pageWords } from '../src/checkpoint/sentences.ts';
import { FIELD_GROUPS } from '../src/checkpoint/target-form.ts';
import { kernelKindName, kernelName, kernelSentence } from '../src/engine/kernel-names.ts';
import { operation } from '../src/engine/operations.ts';
import { Session } from '../src/engine/session.ts';
import { DEFAULT_SETUP, RELEASES } from '../src/engine/setup.ts';
import { bucketOfId } from '../src/engine/views.ts';
import { idInWords } from '../src/panels/id-words.ts';
import { SCENES } from '../src/scenes/list.ts';
import { GLOSSARY, wordsIn } from '../src/shell/glossary.ts';
import { wholeOf } from '../src/shell/whole.ts';

test('every kernel of a list has a name of its own, and a sentence', () => {
  for (const releases of [RELEASES, MATRIX_KERNELS]) {
    expect(new Set(releases.map(kernelName)).size).toBe(releases.length);
    for (const release of releases) {
      expect(kernelName(release)).toMatch(/^(Linux \d|proposed: )/);
      expect(kernelSentence(release)).toMatch(/\.$/);
    }
  }
});

test.each([
  ['2.6', 'Linux 2.6 (until 3.9)'],
  ['3.9', 'Linux 3.9 (until 3.9)'],
  ['3.10', 'Linux 3.10 (3.10 to 6.4)'],
  ['6.4', 'Linux 6.4 (3.10 to 6.4)'],
  ['6.5', 'Linux 6.5 (6.5 to 6.14)'],
  ['6.14', 'Linux 6.14 (6.5 to 6.14)'],
  ['6.15', 'Linux 6.15 (since 6.15)'],
  ['7.0', 'Linux 7.0 (since 6.15)'],
  ['restricted:65536', 'proposed: only IDs 0 to 65,535'],
  ['unheard-of', 'unheard-of'],
])('%s is called %s', (release, name) => {
  expect(kernelKindName(release)).toBe(name);
});

test('a text is cut at the first place of each word, and nothing of it is lost', () => {
  const text = 'prctl, then timer_create and timer_create: −EBUSY. IdPool is in @idspace/prctl-x, D1 misses.';
  const pieces = wordsIn(text);
  expect(pieces.join('')).toBe(text);
  expect(pieces.filter((_, i) => i % 2 === 1)).toEqual(['prctl', 'timer_create', 'EBUSY', 'IdPool', 'D1']);
  for (const { idea, look, from } of SCENES) {
    for (const each of [idea, look, from]) {
      expect(wordsIn(each).join('')).toBe(each);
      for (const word of wordsIn(each).filter((_, i) => i % 2 === 1)) expect(Object.keys(GLOSSARY)).toContain(word);
    }
  }
});

test('every meaning is a sentence that does not say its word with its word', () => {
  for (const [word, meaning] of Object.entries(GLOSSARY)) {
    expect(meaning, word).toMatch(/^[A-ZN].*\.$/);
    expect(meaning.toLowerCase().startsWith(word.toLowerCase()), word).toBe(false);
  }
});

test.each([
  ['list them, and give them with --on', 'list them, and fill them in at “numbers in use”'],
  ['list /dev/pts and give it as ptysTaken', 'list /dev/pts and fill it in at “terminals in use”'],
  ['process 12010 has room for 96,365', 'process 12,010 has room for 96,365'],
  [
    'read /proc/sys/fs/aio-nr of 2026-11-30, Linux 6.18.4000',
    'read /proc/sys/fs/aio-nr of 2026-11-30, Linux 6.18.4000',
  ],
  ['core-12010.img is missing', 'core-12010.img is missing'],
])('the planner’s “%s” is “%s” here', (text, words) => {
  expect(pageWords(text)).toBe(words);
});

test('no field of the form has its name in the JSON as its label', () => {
  for (const { key, label } of FIELD_GROUPS.flatMap(({ fields }) => fields)) expect(label).not.toBe(key);
});

test.each([
  ['1000', 1000],
  ['1,000', 1000],
  [' 2_147_483_647 ', 2_147_483_647],
  ['', null],
  ['e', null],
  ['1e3', null],
  ['-1', null],
  ['1.5', null],
  [',1', null],
])('%j is the number %s', (text, number) => {
  expect(wholeOf(text)).toBe(number);
});

const played = (release: string): Session => {
  const operations = [
    operation('create', 10),
    operation('delete', 2, 3, 2),
    operation('want', 1, 5000),
    operation('want', 1, 20),
  ];
  const session = new Session({ ...DEFAULT_SETUP, release }, operations);
  session.run();
  return session;
};

test('an ID is told by what the kernel does with it', () => {
  const next = played('6.14');
  expect(idInWords(next, 4)).toBe(`ID 4: live, a timer has it, in bucket ${bucketOfId(next.machine, 4)}.`);
  expect(idInWords(next, 3)).toBe('ID 3: free, a hole that comes again only after every other ID.');
  expect(idInWords(next, 10)).toBe('ID 10: free, not used yet. The next timer gets it.');
  expect(idInWords(next, 5000)).toBe('ID 5,000: free, not used yet. It is to be restored.');
  const dense = played('dense');
  expect(idInWords(dense, 4)).toBe('ID 4: live, a timer has it.');
  expect(idInWords(dense, 3)).toBe('ID 3: free, a hole that will be used again. The next timer gets it.');
  expect(idInWords(dense, 5)).toBe('ID 5: free, a hole that will be used again.');
  expect(idInWords(dense, 20)).toBe('ID 20: free, not used yet. It is to be restored.');
  expect(idInWords(played('restricted:1000'), 1000)).toBe('ID 1,000: this kernel has no such ID.');
});
