// "Copy as test": each text is run by vitest as it is, and holds.
import { spawnSync } from 'node:child_process';
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

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
// Within the app, so that the texts find its packages.
const folder = fileURLToPath(new URL(`./.texts-${process.pid}/`, import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function textOf(release: string, operations: Operation[], back = 0): string {
  const session = new Session({ ...DEFAULT_SETUP, release, hardware: 'desktop' }, operations);
  session.seek(session.length - back);
  return testText(session);
}

const rng = random(4);
const KERNELS = withinBudget(
  RELEASES.filter((release) => !release.startsWith('restricted')),
  { least: 2 },
);
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

test('every text passes where it is true, and fails where it is not', () => {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `${name}.test.ts`), text);
  const wrong = texts.halfway!.replace(/expect\(ids\.length\)\.toBe\((\d+)\)/, 'expect(ids.length).toBe(99999)');
  writeFileSync(join(folder, 'wrong.test.ts'), wrong);
  const argv = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    ROOT,
    folder,
    '--reporter=json',
    '--maxWorkers=1',
    '--no-isolate',
    '--project=together', // one server for the files, not two
  ];
  const { stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8', cwd: ROOT });
  const { testResults } = JSON.parse(stdout) as { testResults: { name: string; status: string; message: string }[] };
  const failed = testResults.filter(({ status }) => status !== 'passed').map(({ name }) => name.replace(/.*\//, ''));
  expect(failed).toEqual(['wrong.test.ts']);
  expect(testResults).toHaveLength(Object.keys(texts).length + 1);
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
