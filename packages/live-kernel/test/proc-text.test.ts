// What is read in /proc: lines that are counted, what is not there, whose a process is.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { countLines, readText, Unreadable } from '../src/facts/proc-text.ts';
import { effectiveUser } from '../src/facts/self.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-proc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (text: string): string => {
  const path = join(folder, 'fdinfo');
  writeFileSync(path, text);
  return path;
};

test('lines that begin with a text are counted, in a file of any length', () => {
  const never = (): boolean => false;
  expect(countLines(written(''), 'wd:', never)).toBe(0);
  expect(countLines(written('pos: 0\nwd:1\n wd:2\nwd:3'), 'wd:', never)).toBe(2);
  expect(countLines(written('wd:1 23456789\n'.repeat(20_000)), 'wd:', never)).toBe(20_000);
  expect(countLines(written('wd:1 23456789\n'.repeat(20_000)), 'wd:', () => true)).toBeNull();
});

test.each([
  ['ENOENT', true],
  ['ESRCH', true],
  ['ENOTDIR', true],
  ['EACCES', false],
  ['EIO', false],
])('what fails with %s is gone: %s', (code, isGone) => {
  expect(new Unreadable(Object.assign(new Error('x'), { code })).isGone).toBe(isGone);
});

test('a file that is not there is gone', () => {
  const missing = join(folder, 'missing');
  for (const answer of [readText(missing), countLines(missing, 'wd:', () => false)]) {
    expect([answer instanceof Unreadable, (answer as Unreadable).isGone]).toEqual([true, true]);
  }
});

test('the effective user is the second of four', () => {
  expect(effectiveUser('Name:\tx\nUid:\t1000\t33\t0\t0\nGid:\t5\t6\t7\t8\n')).toBe(33);
  expect(effectiveUser('Name:\tx\n')).toBeUndefined();
});
