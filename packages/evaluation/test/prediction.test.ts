// The published table: what the model makes of it, and that it was calibrated on the first row and on nothing else.
import { BUDGET_SHARE } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { hardwareAndVariants, ranged } from '../src/hardware/variants.ts';
import { calibrate } from '../src/prediction/calibrate.ts';
import { judgedTimes, missesOf, ratiosOf } from '../src/prediction/judge.ts';
import { liesIn, type PredictedCell, type PredictedRow, predict } from '../src/prediction/predict.ts';
import { PUBLISHED } from '../src/prediction/published.ts';

const machine = hardwareNamed(HARDWARE_NAMES[0]);
// The last row, of 63 threads with 20,000 timers each, takes ten times as long as the others: it is for the full budget.
const ROWS = PUBLISHED.slice(0, BUDGET_SHARE < 1 ? 2 : 3);
const ALL = ['hash-512', 'hash-scaled', 'xarray'] as const;
// And so does the old table in the second.
const COMPARED = BUDGET_SHARE < 1 ? ALL.slice(1) : ALL;
const [fit] = predict({ sample: 1000 }, ROWS.slice(0, 1), ALL);
const [, ...predicted] = predict({ sample: 1000 }, ROWS, COMPARED);
const ratios = (COMPARED.length * (COMPARED.length - 1)) / 2;

test('fitting the first row gives the values of the machine', () => {
  const { lastLevelNs, createNs, lookupNs } = calibrate(fit, machine);
  const { parameters } = machine;
  expect(Math.abs(lastLevelNs / parameters.readNs[2].value - 1)).toBeLessThan(0.05);
  expect(Math.abs(createNs / parameters.createNs.value - 1)).toBeLessThan(0.08);
  expect(Math.abs(lookupNs / parameters.lookupNs.value - 1)).toBeLessThan(0.08);
});

test('fitting a row that takes longer gives higher values', () => {
  const longer = { ...fit, cells: fit.cells.map((cell) => ({ ...cell, publishedMs: 1.5 * cell.publishedMs })) };
  const [now, then] = [calibrate(longer, machine), calibrate(fit, machine)];
  expect(now.createNs / then.createNs).toBeGreaterThan(1.05);
  expect(now.lookupNs / then.lookupNs).toBeGreaterThan(1.05);
  expect(now.lastLevelNs / then.lastLevelNs).toBeGreaterThan(1);
});

test('the other rows: every order right, every ratio within 2 ×', () => {
  expect([fit, ...predicted].map(({ calibration }) => calibration)).toEqual(ROWS.map((_, row) => row === 0));
  const judged = predicted.flatMap(ratiosOf).filter((ratio) => ratio.judged);
  expect(judged).toHaveLength(predicted.length * 2 * ratios);
  for (const { off, orderRight } of judged)
    expect({ orderRight, close: off <= 2 }).toEqual({ orderRight: true, close: true });
});

test('says how many of the published times lie in the range, to the half millisecond to which they are printed', () => {
  const range = { value: 5, low: 4.6, high: 5.4 };
  expect([4, 5, 6, 4.1, 5.9].map((ms) => liesIn(ms, range))).toEqual([false, true, false, true, true]);
  const rows = [fit, ...predicted];
  const inside = rows
    .flatMap(({ cells }) => cells)
    .filter(({ publishedMs, predictedMs }) => liesIn(publishedMs, predictedMs));
  const times = 2 * (ALL.length + predicted.length * COMPARED.length);
  expect(judgedTimes(rows)).toEqual({ times, inRange: inside.length });
});

test('a cell has a range around its value, and parts that make it up', () => {
  for (const row of [fit, ...predicted]) {
    for (const { predictedMs, parts, byMachine } of row.cells) {
      expect(predictedMs.low).toBeLessThan(predictedMs.value);
      expect(predictedMs.high).toBeGreaterThan(predictedMs.value);
      expect(byMachine[0]).toBe(predictedMs.value);
      const ns = parts.call + parts.memory + parts.waiting;
      expect((ns * row.timers) / 1e6).toBeCloseTo(predictedMs.value, 6);
    }
  }
});

describe('the judge', () => {
  const cell = (design: PredictedCell['design'], publishedMs: number, ms: number): PredictedCell => ({
    design,
    operation: 'create',
    publishedMs,
    predictedMs: ranged([ms, ms * 1.2]),
    inRange: true,
    byMachine: [ms, ms * 1.2],
    parts: { call: 1, memory: 8, waiting: 1 },
  });
  const rowOf = (...cells: PredictedCell[]): PredictedRow => ({ calibration: false, threads: 1, timers: 1000, cells });

  test('a wrong order is a miss, unless the published times are a tie', () => {
    expect(missesOf(rowOf(cell('hash-512', 12, 10), cell('xarray', 10, 12)))).toMatchObject([
      { what: 'the order is wrong', ratio: { slower: 'hash-512', than: 'xarray', orderRight: false, judged: true } },
    ]);
    expect(missesOf(rowOf(cell('hash-512', 11, 10), cell('xarray', 10, 12)))).toEqual([]);
  });

  test('a ratio more than twice off is a miss, and is explained by the cell that is further off', () => {
    const [miss, ...others] = missesOf(rowOf(cell('hash-512', 100, 30), cell('xarray', 10, 11)));
    expect(others).toEqual([]);
    expect(miss.what).toBe('the ratio is off by 3.7 ×');
    expect(miss.why).toBe('hash-512 is 3.3 × below the published time; 80 % of it is memory references');
  });

  test('the pre-check is reported, not judged', () => {
    const [ratio] = ratiosOf(rowOf(cell('hash-512', 100, 30), cell('hash-512-precheck', 10, 11)));
    expect(ratio.judged).toBe(false);
  });
});

test('independent uncertainties add up as squares', () => {
  const { value, low, high } = ranged([100, 110, 110]);
  expect(value).toBe(100);
  expect(high).toBeCloseTo(100 * Math.exp(Math.SQRT2 * Math.log(1.1)), 9);
  expect(low * high).toBeCloseTo(100 ** 2, 6);
  expect(hardwareAndVariants(machine)).toHaveLength(1 + machine.levels.length + 1 + 8);
});
