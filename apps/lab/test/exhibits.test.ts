// Tables: every row as long as the heads, everything that was counted shown, narrow enough for a terminal.

import type { DesignEvaluation, Evaluation, OperationCost } from '@idspace/evaluation';
import { DESIGNS } from '@idspace/posix-timers';
import { expect, test } from 'vitest';
import { evaluationExhibits, machineLine, workloadLine } from '../src/evaluate/evaluation-exhibit.ts';
import { verdict } from '../src/evaluate/verdict-exhibit.ts';
import { definitions } from '../src/format/definitions.ts';
import { designEntries } from '../src/format/designs.ts';
import { exhibitText, heading } from '../src/format/exhibit-text.ts';
import { paragraph } from '../src/format/paragraph.ts';
import { table } from '../src/format/table.ts';
import { madeUpEvaluation, madeUpMemory, madeUpSituations } from './support/evaluation.ts';
import { Collector, PLAIN } from './support/run.ts';

const terminal = { out: process.stdout, err: process.stderr, folder: '/', env: { NO_COLOR: '1' } };
const evaluation = madeUpEvaluation();

test('a table has heads, a rule, and rows with numbers to the right', () => {
  const text = table(
    [{ head: 'Design', align: 'left' }, { head: 'D refs' }],
    [
      ['xarray', '3'],
      ['idr', '1,234,567'],
    ],
    PLAIN,
  );
  expect(text).toBe('Design     D refs\n─────────────────\nxarray          3\nidr     1,234,567\n');
});

test.each(evaluationExhibits(evaluation))('$title: a row for each design, a cell for each column', (exhibit) => {
  expect(exhibit.rows.map(([design]) => design)).toEqual(evaluation.designs.map(({ design }) => design));
  for (const row of exhibit.rows) expect(row).toHaveLength(exhibit.columns.length);
  expect(exhibit.rows.flat().filter((cell) => /NaN|undefined|Infinity/.test(cell))).toEqual([]);
  const lines = exhibitText(exhibit, terminal).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

/** An evaluation with what an operation saw none of, and threads that wait for a CPU. */
function sampled(counted: number, cpuWaitNs: number): Evaluation {
  const { workload, ...rest } = madeUpEvaluation();
  const without = (cost: OperationCost): OperationCost => ({
    ...cost,
    counted,
    cpuWaitNs,
    llMisses: 0,
    tlbMisses: 0,
    transfers: 0,
  });
  const designs = rest.designs.map((design): DesignEvaluation => {
    const { create, lookup, lookupRandom, delete: remove } = design;
    const phases = { create: without(create), lookup: without(lookup), lookupRandom: without(lookupRandom!) };
    return { ...design, ...phases, delete: without(remove) };
  });
  return { ...rest, designs, workload: { ...workload, totalTimers: 4_000_000, recorded: counted } };
}

test.each([399, 1706, 20_000])('of what none of %i counted operations had, no table says 0', (counted) => {
  const seldom = counted < 1000 ? `<1/${counted}` : `<1/${Math.floor(counted / 1000)}k`;
  for (const exhibit of evaluationExhibits(sampled(counted, 123_456))) {
    const lines = exhibitText(exhibit, terminal).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    if (!/^(One|Levels)/.test(exhibit.title)) continue;
    const counts = exhibit.rows.flatMap((row) => row.filter((cell) => /^(0|0\.00|<.*)$/.test(cell)));
    expect(new Set(counts)).toEqual(new Set([seldom]));
  }
});

test('waiting for a CPU stands apart where a thread waits for one, and nowhere else', () => {
  const heads = (evaluation: Evaluation): string[][] =>
    evaluationExhibits(evaluation)
      .filter(({ title }) => title.startsWith('One '))
      .map(({ columns }) => columns.map(({ head }) => head));
  for (const head of heads(sampled(400, 0))) expect(head).not.toContain('waits\nfor CPU');
  for (const head of heads(sampled(400, 771))) expect(head.slice(-2)).toEqual(['ns\n(model)', 'waits\nfor CPU']);
  const [create] = evaluationExhibits(sampled(400, 771));
  for (const row of create!.rows) expect(row.at(-1)).toBe('771.0');
  expect(create!.reading).toContain('There are more threads than CPUs');
});

test('a heading is bold on a terminal, unless colours are unwanted', () => {
  const tty = Object.assign(new Collector(), { isTTY: true });
  expect(heading('Locks', { ...terminal, out: tty, env: {} })).toBe('\u001b[1mLocks\u001b[22m');
  expect(heading('Locks', { ...terminal, out: tty, env: { NO_COLOR: '1' } })).toBe('Locks');
  expect(heading('Locks', { ...terminal, out: new Collector(), env: {} })).toBe('Locks');
});

test('one design alone is not compared with itself', () => {
  const texts = evaluationExhibits(madeUpEvaluation(['xarray'])).map(({ reading }) => reading);
  expect(texts.filter((text) => text.includes('most:'))).toEqual([]);
});

test('no text ends in a space, and idr is not ranked among timers of another size', () => {
  for (const names of [undefined, ['xarray'], ['idr', 'xarray']]) {
    for (const { reading } of evaluationExhibits(madeUpEvaluation(names))) {
      expect(reading).toBe(reading.trim());
      expect(reading).not.toMatch(/(Fewest|most)[^.]*idr/);
    }
  }
});

test('every design is named with what it is', () => {
  expect(designEntries(evaluation.designs).map(([name]) => name)).toEqual(DESIGNS);
  const lines = definitions(designEntries(evaluation.designs), PLAIN).trimEnd().split('\n');
  expect(lines).toHaveLength(DESIGNS.length);
  expect(lines[1]).toBe('  hash-512           Linux 3.10–6.14: 512 buckets, one lock, next-ID cursor per process');
});

test('a line of text never ends between a number and its unit', () => {
  const screen = { ...PLAIN, env: { COLUMNS: '40' } };
  expect(paragraph('of a cache which has so many lines of 64 B and CRIU 4.2', screen)).toMatch(
    /of\n64 B and CRIU 4\.2\n$/,
  );
});

test('a meaning too long for a line goes on under itself', () => {
  expect(definitions([['a', 'word '.repeat(30).trim()]], PLAIN)).toMatch(/^ {2}a {2}word .*\n {5}word .*\n$/);
});

test('the verdict is one for each situation, by one rule, from the figures that are there', () => {
  const evidence = { evaluation, situations: madeUpSituations(), memory: madeUpMemory(), plans: [] };
  const { table: compared, sentences } = verdict(evidence)!;
  // 10 % apart is a tie, in both directions; 200 to 220 is 10 %, 200 to 180 more than that.
  expect(compared.rows.map((row) => row.slice(4))).toEqual([
    ['faster', 'faster'],
    ['tie', 'tie'],
    ['slower', 'slower'],
  ]);
  expect(compared.reading).toMatch(/the server model’s.*more than 10 %.*closer is a tie\.$/);
  expect(sentences).toHaveLength(3);
  expect(sentences[0]).toContain(
    'what Linux 6.14 had (hash-512): it depends, it is faster in 1 of 3 situations, slower in 1, a tie in 1.',
  );
  expect(sentences[1]).toMatch(/512 apart; hash-512 adds/);
  expect(verdict({ ...evidence, memory: [] })!.sentences).toHaveLength(2);
  expect(verdict({ ...evidence, evaluation: madeUpEvaluation(['xarray']) })).toBeNull();
  expect(verdict({ ...evidence, situations: [] })).toBeNull();
});

test.each([
  [[0, 1, 2], 'it depends'],
  [[0], 'yes'],
  [[0, 1], 'in part'],
  [[1], 'no'],
  [[1, 2], 'no'],
])('of situations %j the answer in short is: %s', (which, answer) => {
  const situations = which.map((i) => madeUpSituations()[i]!);
  const { sentences } = verdict({ evaluation, situations, memory: [], plans: [] })!;
  expect(sentences[0]).toMatch(new RegExp(`^Compared with what Linux 6.14 had \\(hash-512\\): ${answer}, `));
});

test('workload, seed and geometry are said', () => {
  expect(workloadLine(evaluation)).toBe('1 process × 1 thread × 20,000 timers, seed 1');
  expect(machineLine(evaluation)).toBe(
    'A server <2025>, 64 CPUs: D1 48 KiB 12-way 64 B lines, LL 32 MiB 16-way 64 B lines',
  );
});
