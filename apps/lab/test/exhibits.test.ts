// Tables: every row as long as the heads, everything that was counted shown, narrow enough for a terminal.
import { expect, test } from 'vitest';
import { evaluationExhibits, machineLine, workloadLine } from '../src/exhibits/evaluation.ts';
import { exhibitText, heading } from '../src/text/exhibit-text.ts';
import { table } from '../src/text/table.ts';
import { madeUpEvaluation } from './support/evaluation.ts';
import { Collector } from './support/run.ts';

const terminal = { out: process.stdout, err: process.stderr, folder: '/', env: { NO_COLOR: '1' } };
const evaluation = madeUpEvaluation();

test('a table has heads, a rule, and rows with numbers to the right', () => {
  const text = table(
    [{ head: 'Design', align: 'left' }, { head: 'D refs' }],
    [
      ['xarray', '3'],
      ['idr', '1,234,567'],
    ],
  );
  expect(text).toBe('Design     D refs\n─────────────────\nxarray          3\nidr     1,234,567\n');
});

test.each(evaluationExhibits(evaluation))('$title: a row for each design, a cell for each column', (exhibit) => {
  expect(exhibit.rows.map(([design]) => design)).toEqual(evaluation.designs.map(({ design }) => design));
  for (const row of exhibit.rows) expect(row).toHaveLength(exhibit.columns.length);
  expect(exhibit.rows.flat().filter((cell) => /NaN|undefined|Infinity/.test(cell))).toEqual([]);
  const lines = exhibitText(exhibit, terminal).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
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

test('workload, seed and geometry are said', () => {
  expect(workloadLine(evaluation)).toBe('1 process × 1 thread × 20,000 timers, seed 1');
  expect(machineLine(evaluation)).toBe(
    'A server <2025>, 64 CPUs: D1 48 KiB 12-way 64 B lines, LL 32 MiB 16-way 64 B lines',
  );
});
