// What is shown of the published table: tables and report.
import { HARDWARE_NAMES, hardwareNamed, judgedTimes, type PredictedRow, PUBLISHED, predict } from '@idspace/evaluation';
import { BUDGET_SHARE } from '@idspace/testkit';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { predictionExhibits } from '../src/evaluate/prediction-exhibit.ts';
import { renderPrediction } from '../src/evaluate/prediction-report.ts';
import { table } from '../src/format/table.ts';
import { PLAIN } from './support/run.ts';

const machine = hardwareNamed(HARDWARE_NAMES[0]);
// What stands in the cells is evaluation's to prove, so each thread has a thousandth of the timers; all are shown.
const SHARE = BUDGET_SHARE < 1 ? 1000 : 1;
const fewer = PUBLISHED.map((row) => ({ ...row, timers: row.timers / SHARE }));
const [fit, ...predicted] = predict({ sample: 1000 }, fewer, ['hash-512', 'hash-scaled', 'xarray']).map(asPublished);

/** A row as wide as that of the published number of timers: all that grows with them is multiplied. */
function asPublished(row: PredictedRow, place: number): PredictedRow {
  const cells = row.cells.map((cell) => {
    const { value, low, high } = cell.predictedMs;
    const predictedMs = { value: value * SHARE, low: low * SHARE, high: high * SHARE };
    return { ...cell, predictedMs, byMachine: cell.byMachine.map((ms) => ms * SHARE) };
  });
  return { ...row, calibration: place === 0, timers: PUBLISHED[place]!.timers, cells };
}

test('the tables mark the times that lie out of their range, and say how many lie in it', () => {
  const rows = [fit, ...predicted];
  const { inRange } = judgedTimes(rows);
  const [, times, , misses] = predictionExhibits(rows, machine);
  for (const { reading } of [times, misses])
    expect(reading).toContain(`Of the 18 published times of hash-512, hash-scaled and xarray, ${inRange} lie in`);
  const marks = times.rows.flat().filter((cell) => cell.endsWith('✗'));
  expect(marks).toHaveLength(18 - inRange);
  // Printed as they were published: whole milliseconds.
  expect(times.rows.map((row) => row[2])).toEqual(['23', '9', '8', '313', '48', '33', '180,239', '579', '813']);
});

test('the tables are whole and no wider than a terminal', () => {
  for (const { columns, rows } of predictionExhibits([fit, ...predicted], machine)) {
    for (const row of rows) expect(row).toHaveLength(columns.length);
    expect(
      Math.max(
        ...table(columns, rows, PLAIN)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  }
});

test('the report shows both operations, and every table', () => {
  const { document } = parseHTML(renderPrediction([fit, ...predicted], machine, 'idspace evaluate <x>'));
  expect(document.querySelectorAll('figure svg').length).toBe(2);
  expect(document.querySelectorAll('figure svg .dot title').length).toBe(2 * 9);
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
  expect(document.querySelector('footer code')?.textContent).toBe('idspace evaluate <x>');
  expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual(['model', 'times', 'ratios', 'misses']);
});
