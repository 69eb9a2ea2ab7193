// The form of kept results, and what `pnpm bench` answers to calls that cannot be.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { Row } from '../packages/testkit/src/bench/index.ts';
import { withinBudget } from '../packages/testkit/src/index.ts';
import { compare } from '../scripts/bench/compare.ts';
import { told } from '../scripts/bench/headline.ts';
import { keep } from '../scripts/bench/keep.ts';
import { appendResults, type KeptResult, readResults } from '../scripts/bench/results.ts';
import { packages, ROOT } from './support/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RESULT: KeptResult = {
  revision: '0123456789abcdef0123456789abcdef01234567',
  date: '2026-11-30',
  machine: 'CPU × 2',
  node: '20.20.2',
  row: 'IdPool: has',
  peer: 'Set',
  ratio: { median: 0.123456, low: 0.1, high: 0.2 },
};

test('results are added line by line, and read as they were written', () => {
  const file = join(folder, 'results.jsonl');
  expect(readResults(file)).toEqual([]);
  appendResults(file, [RESULT]);
  appendResults(file, [{ ...RESULT, row: 'second' }]);
  const kept = { ...RESULT, ratio: { median: 0.1235, low: 0.1, high: 0.2 } };
  expect(readResults(file)).toEqual([kept, { ...kept, row: 'second' }]);
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
});

test.each([
  ['no JSON', '{', 'got no JSON'],
  ['null', 'null', 'got revision undefined, expected a text like'],
  ['a short revision', JSON.stringify({ ...RESULT, revision: 'abc' }), 'got revision "abc", expected a text like'],
  ['no row', JSON.stringify({ ...RESULT, row: undefined }), 'got row undefined, expected a text'],
  [
    'an interval without its median',
    JSON.stringify({ ...RESULT, ratio: { median: 3, low: 1, high: 2 } }),
    'got ratio {',
  ],
  [
    'no ratio',
    JSON.stringify({ ...RESULT, ratio: undefined }),
    'got ratio undefined, expected 0 < low ≤ median ≤ high',
  ],
])('%s is refused, with its line', (_, line, message) => {
  const file = join(folder, 'bad.jsonl');
  writeFileSync(file, `${JSON.stringify(RESULT)}\n${line}\n`);
  expect(() => readResults(file)).toThrow(`${file}:2: ${message}`);
});

test('a last line that was not written to its end is refused', () => {
  const file = join(folder, 'cut.jsonl');
  writeFileSync(file, JSON.stringify(RESULT));
  expect(() => readResults(file)).toThrow('got a last line without an end');
});

const measured = packages.filter(({ path }) => existsSync(join(path, 'bench/rows.ts')));

test.each(measured.map(({ path, folder }) => [folder, path]))(
  'the rows and the kept results of %s',
  async (_, path) => {
    const { rows } = (await import(join(path, 'bench/rows.ts'))) as { rows: readonly Row[] };
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    const small = rows.filter(({ name }) => !name.includes('1,000,000'));
    for (const { setup, peer } of withinBudget(small, { least: 2 })) {
      for (const prepare of [setup, peer.setup]) {
        const { ops, run } = prepare();
        expect(ops).toBeGreaterThan(0);
        run();
      }
    }
    expect(() => readResults(join(path, 'bench/results.jsonl'))).not.toThrow();
  },
);

test.each([
  [['compare'], 'bench compare: got no revision, expected one'],
  [['compare', 'no-such-revision'], "bench compare: got revision 'no-such-revision', expected one that"],
  [['compare', 'HEAD', 'no-such'], "bench compare: got package 'no-such', expected one of: "],
  [
    ['compare', 'HEAD', '--only', 'no such row'],
    "bench compare: --only: got 'no such row', expected a part of a row's name",
  ],
  [['compare', 'HEAD', '--crews', '5'], "bench compare: --crews: got '5', expected an integer 6…1000000"],
  [['keep', '--ms', '0'], "bench keep: --ms: got '0', expected an integer 1…1000000"],
  [['keep', '--no-such'], "bench keep: Unknown option '--no-such'"],
])('bench %j is refused', async ([name, ...args], message) => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  // What ends the process for a flag that cannot be.
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw code;
  });
  try {
    expect(await (name === 'keep' ? keep : compare)(args).catch((code: unknown) => code)).toBe(2);
    expect(said.mock.calls.join('')).toContain(message);
  } finally {
    said.mockRestore();
    exit.mockRestore();
  }
});

test('a comparison is told with its ratio and interval whatever the verdict', () => {
  const [quiet, loud] = [
    { median: 1, low: 0.99, high: 1.01 },
    { median: 1.02, low: 0.9, high: 1.2 },
  ];
  const change = (low: number, high: number) => ({ median: (low + high) / 2, low, high });
  expect(told({ change: change(1.1, 1.2), self: quiet })).toBe('1.150 (1.100–1.200) slower');
  expect(told({ change: change(0.04, 0.06), self: quiet })).toBe('0.0500 (0.0400–0.0600) faster');
  expect(told({ change: change(0.99, 1.01), self: quiet })).toBe('1.000 (0.990–1.010)');
  const text = '1.150 (1.100–1.200) too noisy: the same code takes 1.020 (0.900–1.200) times as long';
  expect(told({ change: change(1.1, 1.2), self: loud })).toBe(text);
});

test('a benchmark that does not exist is refused by the program', () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--conditions=@idspace/source', '--import', 'tsx', 'scripts/bench.ts', 'no-such'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain("bench: got 'no-such', expected one of: compare, keep, ");
});
