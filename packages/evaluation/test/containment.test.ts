// What contains an operation costs at least that operation, in every design and at every size.
//
// CONTAINMENT_TIMERS=200000,1000000 adds sizes; `pnpm --silent containment` goes over all of them, to 4,000,000.
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { BUDGET_SHARE, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { HARDWARE_NAMES } from '../src/hardware/presets.ts';
import { evaluateCell } from '../src/sweep/cell.ts';
import { containment } from './containment.ts';

const SIZES = [10, 1000, ...(process.env.CONTAINMENT_TIMERS?.split(',').map(Number) ?? [])];

describe.each(withinBudget(DESIGNS, { least: 4 }))('%s: a delete begins with a lookup and costs no less', (design) => {
  test.each(SIZES)('with %i timers', (timers) => {
    expect(containment(design, timers).cheaper).toEqual([]);
  });
});

// Beyond the last level of every machine: so many timers are for the full budget.
const BEYOND: [DesignName, number, number][] = [
  ['hash-scaled-jhash', 200_000, 8],
  ['xarray', 200_000, 1],
];
test.runIf(BUDGET_SHARE >= 1).each(BEYOND)(
  '%s: also beyond the last level, with %i timers in %i processes',
  (design, timers, processes) => {
    const { cheaper, lookup, random, remove } = containment(design, timers, processes);
    expect(cheaper).toEqual([]);
    expect(lookup.llMisses).toBeGreaterThan(1);
    // Own lines of a timer that is deleted and that no lookup uses.
    expect(remove.llMisses).toBeGreaterThan(lookup.llMisses + 1);
    expect(random.refs).toBeCloseTo(lookup.refs, 0);
  },
);

const PLACES = [
  { timers: 2000, processes: 1, stride: 512, cpus: 2 },
  { timers: 300, processes: 8, stride: 1, cpus: 64 },
];
describe.each(withinBudget(DESIGNS, { least: 4, seed: 2 }))('%s: the same in cells of a sweep', (design) => {
  test.each(withinBudget(PLACES, { seed: DESIGNS.indexOf(design) }))(
    '$timers timers × $processes at stride $stride',
    (place) => {
      for (const machine of HARDWARE_NAMES) {
        const cell = evaluateCell(0, { ...place, machine, design }, { seed: 1, sample: 500 });
        for (const figure of ['refs', 'linesTouched', 'd1Misses', 'llMisses', 'nsPerOp'] as const) {
          expect.soft(cell.delete![figure], `${machine} ${figure}`).toBeGreaterThanOrEqual(cell.lookup![figure]);
        }
      }
    },
  );
});
