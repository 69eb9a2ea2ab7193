// "Copy as test": each text is run by vitest as it is, and holds; with a wrong number it fails.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { random, withinBudget } from '@idspace/testkit';
import { afterAll, expect, test } from 'vitest';
import { type Operation, operation } from '../src/engine/operations.ts';
import { Session } from '../src/engine/session.ts';
import { DEFAULT_SETUP, RELEASES } from '../src/engine/setup.ts';
import { testText } from '../src/engine/test-text.ts';
import { randomOperation } from './support/operations.ts';

// Within the app, so that the texts find its packages.
const folder = fileURLToPath(new URL(`./.texts-${process.pid}/`, import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function textOf(release: string, operations: Operation[], back = 0): string {
  const session = new Session({ ...DEFAULT_SETUP, release, hardware: 'desktop' }, operations);
  session.seek(session.length - back);
  return testText(session);
}

const rng = random(4);
const KERNELS = withinBudget(RELEASES.filter((release) => !release.startsWith('restricted')));
const texts: Record<string, string> = {
  nothing: textOf('6.14', []),
  long: textOf('6.14', [operation('create', 5000), operation('pairs', 50_000), operation('delete', 10, 7, 7)]),
  halfway: textOf('6.14', [operation('create', 30), operation('pairs', 40), operation('churn', 20)], 13),
  limited: textOf('6.1', [operation('limit', 1, 5), operation('create', 7)]),
  ...Object.fromEntries(
    KERNELS.map((release) => {
      const operations = Array.from({ length: 8 }, () => randomOperation(rng, 60));
      return [release, textOf(release, [operation('create', 100), ...operations], 1)];
    }),
  ),
};

const wrong = texts.halfway!.replace(/expect\(ids\.length\)\.toBe\((\d+)\)/, 'expect(ids.length).toBe(99999)');

/** Registers the test of a text here, by importing it as a file. */
async function define(name: string, text: string): Promise<void> {
  const file = join(folder, `${name}.test.ts`);
  writeFileSync(file, text);
  await import(file);
}

mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(texts)) await define(name, text);
await define('wrong', wrong.replace(/^test\(/m, 'test.fails('));

test('each text is a test, and one with a wrong number another text', () => {
  for (const text of Object.values(texts)) expect(text.match(/^test\(/gm)).toHaveLength(1);
  expect(wrong).not.toBe(texts.halfway);
});

test('a text expects what is seen: caches too, where all calls are recorded', () => {
  expect(texts.halfway).toContain('toMatchObject({ refs: ');
  expect(texts.long).not.toContain('meter');
  expect(texts.long).toContain('createDeletePairs(1, { notify: 1 }, 50000)');
  expect(texts.nothing).toContain("test('on 6.14: nothing'");
});

test('too many random picks are refused', () => {
  const session = new Session(DEFAULT_SETUP, [operation('create', 10), operation('lookup-random', 5000)]);
  session.run();
  expect(() => testText(session)).toThrow('More than 2,000 timers were picked at random');
});
