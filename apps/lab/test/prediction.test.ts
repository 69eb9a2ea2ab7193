// What is shown of the published table: tables and report.
import { HARDWARE_NAMES, hardwareNamed, judgedTimes, PUBLISHED, predict } from '@idspace/evaluation';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { predictionExhibits } from '../src/evaluate/prediction-exhibit.ts';
import { renderPrediction } from '../src/evaluate/prediction-report.ts';
import { table } from '../src/format/table.ts';

const machine = hardwareNamed(HARDWARE_NAMES[0]);
const [fit, ...predicted] = predict({ sample: 1000 }, PUBLISHED, ['hash-512', 'hash-scaled', 'xarray']);

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
        ...table(columns, rows)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  }
});

test('the report shows both operations, and every table', () => {
  const { document } = parseHTML(renderPrediction([fit, ...predicted], machine, 'idspace evaluate <x>'));
  expect(document.querySelectorAll('figure svg')).toHaveLength(2);
  expect(document.querySelectorAll('figure svg circle')).toHaveLength(2 * 9);
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
  expect(document.querySelector('footer code')?.textContent).toBe('idspace evaluate <x>');
  expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual(['model', 'times', 'ratios', 'misses']);
});
