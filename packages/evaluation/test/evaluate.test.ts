// evaluate: its form, its sums, that it is pure, that tracing changes nothing, and the orders that must hold.
import { createTimerTable, DESIGNS, type DesignName } from '@idspace/posix-timers';
import { budget, sizeWithinBudget, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../src/evaluate/evaluate.ts';
import type { DesignEvaluation, EvaluateOptions, JsCounts } from '../src/evaluate/evaluation.ts';
import { LinesAndPages } from '../src/evaluate/lines-and-pages.ts';
import { addProcesses } from '../src/evaluate/processes.ts';
import { Recording } from '../src/evaluate/recording.ts';
import { idSpaceOf, restoreCost } from '../src/evaluate/restore-cost.ts';
import { STRIDE_TIMERS, strideSeries } from '../src/evaluate/series.ts';
import { sparseWindowsOf, windowsOf } from '../src/evaluate/windows.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { NODE_BYTES } from '../src/layouts/sizes.ts';
import { watchOne } from './watch-one.ts';

const TIMERS = sizeWithinBudget(300, 200);
const SMALL: EvaluateOptions = { timers: TIMERS, processes: 2, threads: 2, seed: 7 };
const small = evaluate(SMALL);
const named = (designs: readonly DesignEvaluation[], name: DesignName): DesignEvaluation =>
  designs.find(({ design }) => design === name) as DesignEvaluation;

/** Every set of counts of an evaluated design, in both layouts. */
function allCounts(design: DesignEvaluation): JsCounts[] {
  return [design, design.js].flatMap((layout) => [layout.create, layout.lookup, layout.lookupRandom!, layout.delete]);
}

test('a core knows 64 pages of 2 MiB; of a line 12 bytes are used', () => {
  const watcher = new LinesAndPages(hardwareNamed('ice-lake-sp'), 2);
  const walk = (pages: number): number => {
    let misses = 0;
    for (let page = 0; page < pages; page++) {
      const [start, next] = [page * 2 ** 21, page * 2 ** 21 + 8];
      if (!watchOne(watcher, 1, start, 8, false)) misses++;
      if (!watchOne(watcher, 1, next, 4, true)) misses++;
    }
    return misses;
  };
  expect([walk(64), walk(64), walk(80), walk(80)]).toEqual([64, 0, 16, 80]);
  watcher.reset();
  expect(watcher.usefulBytesPerLine).toBe(0);
  walk(80);
  expect(watcher.usefulBytesPerLine).toBe(12);
  expect(watchOne(watcher, 0, 0, 8, false)).toBe(false);
});

describe('an evaluation', () => {
  test('has all designs, oldest first, and its workload and machine', () => {
    expect(small.designs.map(({ design }) => design)).toEqual(DESIGNS);
    expect(small.workload).toEqual({
      processes: 2,
      threads: 2,
      timers: TIMERS,
      totalTimers: 4 * TIMERS,
      seed: 7,
      orders: ['creation', 'random'],
      recorded: 4 * TIMERS,
      churn: 8 * TIMERS,
    });
    expect(small.machine).toMatchObject({ name: HARDWARE_NAMES[0], cpus: 64, running: 4 });
  });

  test.each(small.designs)('$design: parts add up, numbers are possible', (design) => {
    for (const counts of allCounts(design)) {
      const parts = Object.values(counts.by);
      expect(parts.reduce((sum, { refs }) => sum + refs, 0)).toBeCloseTo(counts.refs, 9);
      expect(parts.reduce((sum, { linesTouched }) => sum + linesTouched, 0)).toBeCloseTo(counts.linesTouched, 9);
      expect(counts.reads + counts.writes).toBeCloseTo(counts.refs, 9);
      expect(counts.d1Misses).toBeLessThanOrEqual(counts.refs);
      expect(counts.linesTouched).toBeGreaterThan(0);
    }
    for (const cost of [design.create, design.lookup, design.lookupRandom!, design.delete]) {
      expect(cost.counted).toBe(4 * TIMERS);
      expect(cost.llMisses).toBeLessThanOrEqual(cost.d1Misses);
      expect(cost.nsPerOp).toBeGreaterThan(100);
      expect(cost.lockAcquisitions).toBe(cost.locks.reduce((sum, { acquired }) => sum + acquired, 0));
      const served = Object.values(cost.servedBy);
      expect(served.reduce((sum, refs) => sum + refs, 0)).toBeCloseTo(cost.refs, 9);
      expect(served[0]).toBeCloseTo(cost.refs - cost.d1Misses, 9);
      expect(cost.servedBy.memory).toBeCloseTo(cost.llMisses, 9);
      expect(cost.servedBy['other core']).toBeCloseTo(cost.transfers, 9);
      expect(cost.tlbMisses).toBeLessThan(0.1);
      expect(cost.usefulBytesPerLine).toBeGreaterThan(4);
      expect(cost.usefulBytesPerLine).toBeLessThanOrEqual(64);
    }
    const { memory, churn, restore } = design;
    expect(design.bytesPerTimer).toBeCloseTo(memory.timer + memory.table + memory.fixed / (4 * TIMERS), 9);
    expect(churn.recoverable + churn.lost).toBe(churn.holes);
    expect(restore.dance.creates - restore.dance.deletes).toBe(churn.live);
    expect(restore.byId.creates).toBe(churn.live);
  });

  test('is a pure function: same options, same bytes; another seed, another result', () => {
    const options: EvaluateOptions = {
      designs: ['hash-512', 'xarray', 'generational'],
      timers: budget(200, 50),
      processes: 3,
      seed: 3,
    };
    const evaluation = evaluate(options);
    expect(JSON.stringify(evaluate(options))).toBe(JSON.stringify(evaluation));
    expect(evaluate({ ...options, seed: 4 }).designs).not.toEqual(evaluation.designs);
    expect(JSON.parse(JSON.stringify(small))).toEqual(small);
  });

  test('a design costs the same in whatever company', () => {
    const alone = evaluate({ ...SMALL, designs: ['hash-scaled'] });
    expect(alone.designs[0]).toEqual(named(small.designs, 'hash-scaled'));
  });

  test('takes the same locks in every operation', () => {
    const locks = (name: DesignName): (string | number)[][] =>
      [named(small.designs, name)].flatMap(({ create, lookup, delete: remove }) =>
        [create, lookup, remove].map((cost) => cost.locks.map((lock) => `${lock.name} ${lock.acquired}`)),
      );
    expect(locks('hash-512')).toEqual([
      ['hash_lock 1', 'siglock 1'],
      ['it_lock 1'],
      ['hash_lock 1', 'siglock 1', 'it_lock 1'],
    ]);
    expect(locks('hash-scaled-jhash')[0]).toEqual(['bucket lock 1', 'siglock 1', 'it_lock 1']);
    expect(locks('xarray')[2]).toEqual(['xa_lock 1', 'siglock 1', 'it_lock 1']);
    expect(locks('idr')[0]).toEqual(['idr_lock 1', 'siglock 1']);
    expect(locks('generational')[0]).toEqual(['slot lock 1', 'siglock 1']);
  });

  test('designs without a second list spend nothing on one', () => {
    for (const design of small.designs) {
      const listed = !['xarray', 'xarray-cyclic', 'generational'].includes(design.design);
      expect(design.create.by.list.refs > 0).toBe(listed);
      expect(design.delete.by.list.refs > 0).toBe(listed);
      expect(design.lookup.by.list.refs).toBe(0);
    }
  });

  test('reports progress up to its end', () => {
    const seen: number[] = [];
    const totals = new Set<number>();
    evaluate({
      designs: ['idr', 'xarray'],
      timers: 500,
      onProgress: (step) => seen.push(step.done) && totals.add(step.total),
    });
    expect(totals.size).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe([...totals][0]);
    expect(seen.length).toBeLessThan(250);
  });
});

test('what an error ends keeps no other from being recorded', () => {
  const quick: EvaluateOptions = { designs: ['xarray'], timers: 500 };
  const whole = evaluate(quick);
  for (const calls of withinBudget([1, 2, 3, 4, 5, 6, 7], { least: 2 })) {
    let left = calls;
    const onProgress = (): void => {
      if (--left === 0) throw new Error('enough');
    };
    expect(() => evaluate({ ...quick, onProgress })).toThrow('enough');
    expect(evaluate(quick)).toEqual(whole);
  }
});

test('tracing changes no answer', () => {
  for (const design of withinBudget(DESIGNS, { least: 4 })) {
    const ids = [true, false].map((traced) => {
      const table = createTimerTable(design, { capacity: 400 });
      const [process] = addProcesses(table, 1, 1);
      const recording = new Recording(table, design, 1, [hardwareNamed(HARDWARE_NAMES[0])]);
      if (traced) recording.resume();
      const made = Array.from({ length: 300 }, () => recording.create(process).id);
      for (const id of made.slice(50, 150)) recording.delete(process, id);
      for (let i = 0; i < 200; i++) made.push(recording.create(process).id);
      recording.stop();
      const left: number[] = [];
      table.forEachTimer(process, (timer) => left.push(table.timers.id[timer]));
      return { made, left, next: table.nextId(process) };
    });
    expect(ids[0]).toEqual(ids[1]);
  }
});

const MANY = sizeWithinBudget(20_000, 5_120);
describe(`${MANY} timers in one process`, () => {
  const { designs } = evaluate({
    timers: MANY,
    designs: ['hash-512', 'hash-scaled', 'hash-scaled-jhash', 'xarray'],
    sample: budget(2000, 1000),
  });
  const [hash512, scaled, jhash, xarray] = designs;
  /** Elements of a chain that are passed on average, and the one sought. */
  const passed = MANY / 512 / 2;

  test('lookups: old hash ≫ scaled hash > xarray in misses', () => {
    expect(hash512.lookup.d1Misses).toBeGreaterThan((passed / 4) * scaled.lookup.d1Misses);
    expect(scaled.lookup.d1Misses).toBeGreaterThan(xarray.lookup.d1Misses);
    expect(hash512.lookup.linesTouched).toBeGreaterThan((passed / 4) * scaled.lookup.linesTouched);
    expect(hash512.lookup.linesTouched).toBeGreaterThan((passed / 4) * xarray.lookup.linesTouched);
  });

  test('hash-512: the mean chain is passed half way, at two lines an element or a little more', () => {
    // Of 20,000: 39.06 in a chain, 19.5 elements before the one sought, and that one.
    expect(hash512.lookup.by.table.refs).toBeGreaterThan(1 + 3 * (passed - 1.5) + 2);
    expect(hash512.lookup.by.table.refs).toBeLessThan(1 + 3 * (passed + 1.5) + 2);
    expect(hash512.lookup.linesTouched).toBeGreaterThan(2 * passed);
    expect(hash512.lookup.linesTouched).toBeLessThan(3 * (passed + 1.5));
  });

  test('scaled: the head, hardly an element passed', () => {
    expect(scaled.lookup.linesTouched).toBeLessThan(4);
    expect(jhash.lookup.linesTouched).toBeLessThan(4);
  });

  test('xarray: head, three levels of at most two lines, the timer', () => {
    expect(xarray.lookup.refs).toBe(1 + 6 + 3);
    expect(xarray.lookup.linesTouched).toBeLessThanOrEqual(1 + 6 + 2);
  });

  test('time and memory follow', () => {
    expect(hash512.lookup.nsPerOp).toBeGreaterThan((passed / 13) * scaled.lookup.nsPerOp);
    // With chains of ten, what else a create does outweighs the walk.
    if (MANY >= 20_000) expect(hash512.create.nsPerOp).toBeGreaterThan(scaled.create.nsPerOp);
    expect(hash512.memory).toEqual({ timer: 4096 / 11, table: 0, fixed: 4096 });
    expect(scaled.memory.fixed).toBe(32_768 * 16);
    // Of 20,000: 313 leaves, 5 nodes above, 1 root.
    const nodes = Math.ceil(MANY / 64) + Math.ceil(MANY / 4096) + 1;
    expect(xarray.memory.table).toBeCloseTo((nodes * NODE_BYTES) / MANY, 9);
  });

  test('after a churn the next ID has left its holes behind, the dense IDs fill theirs', () => {
    expect(hash512.churn).toMatchObject({ live: MANY / 2, lost: hash512.churn.holes, recoverable: 0 });
    expect(hash512.churn.highestId).toBeGreaterThan(2.75 * MANY);
    expect(xarray.churn).toMatchObject({ live: MANY / 2, lost: 0, recoverable: xarray.churn.holes });
    expect(xarray.churn.highestId).toBeLessThan(MANY);
    const { dance, byId } = hash512.restore;
    expect(dance.creates).toBe(hash512.churn.highestId + 1);
    expect(dance.seconds).toBeCloseTo((dance.deletes * 894 + (MANY / 2) * 485) / 1e9, 12);
    expect(byId.seconds).toBeCloseTo((MANY / 2) * 485e-9, 12);
    expect([dance.peakTimers, xarray.restore.dance.peakTimers]).toEqual([MANY / 2, xarray.churn.highestId + 1]);
  });
});

test('threads at the old lock wait for each other, at the scaled table they do not', () => {
  const options: EvaluateOptions = {
    designs: ['hash-512', 'hash-scaled'],
    timers: 500,
    sample: budget(2000, 1000),
  };
  const [one, many] = [1, 16].map((threads) => evaluate({ ...options, threads }).designs);
  const slowdown = (i: number): number => many[i].create.nsPerOp / one[i].create.nsPerOp;
  expect(slowdown(0)).toBeGreaterThan(2 * slowdown(1));
  const [hash] = many[0].create.locks;
  expect(hash.name).toBe('hash_lock');
  expect(many[0].create.nsPerOp).toBeGreaterThanOrEqual(16 * hash.holdNs);
  expect(many[1].create.locks[0].waitNs).toBeLessThan(1);
});

describe('sampling', () => {
  test('windows are spread evenly, in order, within the phase', () => {
    for (const [operations, recorded] of [
      [100_000, 1000],
      [20_001, 20_000],
      [25_000, 20_000],
      [5000, 4999],
      [2, 1],
    ]) {
      for (const windows of [windowsOf(operations, recorded), sparseWindowsOf(operations, recorded)]) {
        let end = 0;
        for (const { warm, from, to } of windows) {
          expect(warm).toBeGreaterThanOrEqual(end);
          expect(from).toBeGreaterThanOrEqual(warm);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(operations);
      }
    }
    expect(windowsOf(100, 100)).toEqual([{ warm: 0, from: 0, to: 100 }]);
  });

  test('windows that leave little between them do not record an operation twice', () => {
    const [{ create, lookup }] = evaluate({ designs: ['xarray'], timers: 1300, sample: 1000 }).designs;
    expect(lookup.refs).toBeGreaterThan(6);
    expect(create.refs).toBeGreaterThan(lookup.refs);
  });

  test('a sampled run is close to the whole one', () => {
    const options: EvaluateOptions = { designs: ['hash-512', 'xarray'], timers: budget(8000, 2500) };
    const whole = evaluate(options);
    const sampled = evaluate({ ...options, sample: 1000 });
    expect([whole.workload.recorded, sampled.workload.recorded]).toEqual([options.timers, 1000]);
    for (const [i, design] of whole.designs.entries()) {
      for (const operation of ['create', 'lookup', 'delete'] as const) {
        const [all, some] = [design[operation], sampled.designs[i][operation]];
        expect(Math.abs(some.refs / all.refs - 1)).toBeLessThan(0.05);
        expect(Math.abs(some.linesTouched / all.linesTouched - 1)).toBeLessThan(0.05);
      }
    }
  });
});

describe('series', () => {
  test('2048 timers at stride 512 are 2309 nodes, dense ones 33; a hash does not care', () => {
    const series = strideSeries(['hash-512', 'xarray', 'generational'], 64);
    const at = (i: number, stride: number): number => series[i].points.find(({ x }) => x === stride)?.y ?? Number.NaN;
    expect(series[1].points.map(({ x }) => x)).toEqual(Array.from({ length: 13 }, (_, i) => 2 ** i));
    expect(at(1, 512) - 4096 / 11).toBeCloseTo((2309 * NODE_BYTES) / STRIDE_TIMERS, 9);
    expect(at(1, 64) - 4096 / 11).toBeCloseTo((2081 * NODE_BYTES) / STRIDE_TIMERS, 9);
    expect(at(1, 1) - 4096 / 11).toBeCloseTo((33 * NODE_BYTES) / STRIDE_TIMERS, 9);
    expect(new Set(series[0].points.map(({ y }) => y))).toEqual(new Set([4096 / 11 + 2]));
    expect(series[2].points.at(-1)?.x).toBe(2048);
  });

  test('restoring INT_MAX takes 32 minutes or half a microsecond', () => {
    const { dance, byId } = restoreCost([idSpaceOf('hash-scaled-jhash', [2 ** 31 - 1])]);
    expect(dance.seconds).toBe(((2 ** 31 - 1) * 894 + 485) / 1e9);
    expect(byId.seconds).toBe(485e-9);
  });
});

describe('bad options', () => {
  test.each<[EvaluateOptions, RegExp]>([
    [{ designs: [] }, /^designs: got .*expected some of idr/],
    [{ designs: ['btree' as DesignName] }, /^designs: got 'btree', expected some of/],
    [{ designs: ['idr', 'idr'] }, /^designs: got 'idr' twice/],
    [{ processes: 0 }, /^processes: got 0, expected a whole number, 1…4096/],
    [{ threads: 1025 }, /^threads: got 1025/],
    [{ timers: 1.5 }, /^timers: got 1.5/],
    [{ timers: Number.NaN }, /^timers: got NaN/],
    [{ cpus: -1 }, /^cpus: got -1, expected a whole number, 1…8192/],
    [{ seed: 2 ** 32 }, /^seed: got 4294967296/],
    [{ sample: 10 }, /^sample: got 10/],
    [{ machine: 'abacus' }, /^machine: got 'abacus', expected one of/],
    [
      { timers: 4_000_000, threads: 2 },
      /^processes × threads × timers: got 1 × 2 × 4000000 = 8000000, expected at most 4194304/,
    ],
  ])('%j', (options, message) => {
    expect(() => evaluate(options)).toThrow(RangeError);
    expect(() => evaluate(options)).toThrow(message);
  });
});
