// A cell of a sweep: what it counts, and that its flags alone decide it.
import { describe, expect, test } from 'vitest';
import { evaluateCell } from '../src/sweep/cell.ts';
import { cellCount, checkGrid, DEFAULT_GRID, type Grid, type Place, placeOf } from '../src/sweep/grid.ts';

const PLACE: Place = { timers: 2048, processes: 1, stride: 512, machine: 'desktop', cpus: 64, design: 'xarray' };
const HOW = { seed: 1, sample: 100 };
const SMALL: Grid = {
  timers: [3, 40],
  processes: [1, 3],
  strides: [1, 64],
  designs: ['hash-512', 'xarray', 'idr'],
  cpus: [2],
  machines: ['desktop'],
  seed: 1,
  sample: 50,
};

describe('a cell', () => {
  test('2048 timers 512 apart are 2309 nodes of 584 bytes, dense ones 33', () => {
    const bytesPerNode = 4096 / 7; // seven to a page
    const [far, dense] = [512, 1].map((stride) => evaluateCell(0, { ...PLACE, stride }, HOW));
    expect([far, dense].map(({ memory }) => memory.table * 2048)).toEqual(
      [2309, 33].map((nodes) => expect.closeTo(nodes * bytesPerNode, 6)),
    );
    expect(far).toMatchObject({ recorded: 100, refused: 0, highestId: 2047 * 512 });
    expect(far.lookup!.linesTouched).toBeGreaterThan(dense.lookup!.linesTouched);
  });

  test('to dance to the highest ID takes as many pairs as there are holes', () => {
    const { danceSeconds, byIdSeconds } = evaluateCell(
      0,
      { ...PLACE, timers: 10, stride: 100, design: 'hash-512' },
      HOW,
    );
    expect(byIdSeconds).toBeCloseTo(10 * 485e-9, 12);
    expect(danceSeconds).toBeCloseTo((901 - 10) * 894e-9 + 10 * 485e-9, 12);
  });

  test('one ID space for all refuses what each process has: the first gets its timers, the others none', () => {
    const cell = evaluateCell(0, { ...PLACE, timers: 20, processes: 3, stride: 1, design: 'idr' }, HOW);
    expect(cell).toMatchObject({ refused: 40, highestId: 19 });
    expect(evaluateCell(0, { ...PLACE, timers: 20, processes: 3, stride: 1 }, HOW).refused).toBe(0);
  });

  test('a timer for each process is one that came', () => {
    const cell = evaluateCell(0, { ...PLACE, timers: 1, processes: 3, stride: 5 }, HOW);
    expect(cell).toMatchObject({ recorded: 3, refused: 0, highestId: 0 });
  });

  test('generational IDs refuse those whose slot is taken', () => {
    const cell = evaluateCell(0, { ...PLACE, timers: 5, stride: 2 ** 21, design: 'generational' }, HOW);
    expect(cell).toMatchObject({ refused: 3, highestId: 2 ** 21 }); // slots 0, 2²¹, 0, 2²¹, 0
  });

  test('sampled, it is close to the whole', () => {
    for (const design of ['hash-512', 'xarray', 'hash-scaled-jhash'] as const) {
      const place: Place = { ...PLACE, timers: 3000, stride: 7, design };
      const [whole, some] = [3000, 300].map((sample) => evaluateCell(0, place, { seed: 1, sample }));
      expect([whole.recorded, some.recorded]).toEqual([3000, 300]);
      for (const operation of ['restore', 'lookup', 'delete'] as const) {
        const ratio = some[operation]!.linesTouched / whole[operation]!.linesTouched;
        expect(Math.abs(ratio - 1), `${design} ${operation}`).toBeLessThan(0.1);
      }
      expect(some.memory).toEqual(whole.memory);
    }
  });

  test('the same flags give the same bytes', () => {
    const cells = [1, 2].map(() => JSON.stringify(evaluateCell(5, { ...PLACE, timers: 300 }, HOW)));
    expect(cells[0]).toBe(cells[1]);
  });
});

describe('a grid', () => {
  test('has a cell for every combination, each once', () => {
    const places = Array.from({ length: cellCount(SMALL) }, (_, cell) => JSON.stringify(placeOf(SMALL, cell)));
    expect(cellCount(SMALL)).toBe(2 * 2 * 2 * 3);
    expect(new Set(places).size).toBe(places.length);
    expect(placeOf(SMALL, 0)).toEqual({ ...PLACE, timers: 3, stride: 1, cpus: 2, design: 'hash-512' });
    expect(placeOf(SMALL, 23)).toEqual({ ...PLACE, timers: 40, processes: 3, stride: 64, cpus: 2, design: 'idr' });
    expect(cellCount(checkGrid(DEFAULT_GRID))).toBe(384);
  });

  test.each([
    [{ timers: [] }, /timers: got none, expected whole numbers/],
    [{ timers: [0] }, /timers: got '0', expected whole numbers, 1…1048576/],
    [{ strides: [0] }, /strides: got '0', expected whole numbers, 1…2147483647/],
    [{ strides: [2 ** 31] }, /strides: got '2147483648', expected whole numbers, 1…2147483647/],
    [{ cpus: [2, 2] }, /cpus: got a value twice/],
    [{ designs: ['btree'] }, /designs: got 'btree', expected one of idr/],
    [{ seed: -1 }, /seed: got -1, expected a whole number, 0…4294967295/],
    [{ timers: [2 ** 20], processes: [2] }, /got 1048576 × 2 = 2097152 in a cell, expected at most 1048576/],
    [{ timers: [1000], strides: [2 ** 22] }, /the last at 4190109696, expected an ID of at most INT_MAX/],
  ])('with %j is refused', (wrong, message) => {
    expect(() => checkGrid({ ...SMALL, ...wrong } as Grid)).toThrow(message);
  });

  test('reaches to INT_MAX', () => {
    const grid = { ...SMALL, timers: [2], strides: [2 ** 31 - 1] };
    expect(checkGrid(grid).strides).toEqual([2 ** 31 - 1]);
    expect(() => checkGrid({ ...grid, timers: [3] })).toThrow(/the last at 4294967294/);
  });

  test('of too many cells is refused', () => {
    const timers = Array.from({ length: 10_000 }, (_, i) => i + 1);
    expect(() => checkGrid({ ...SMALL, timers })).toThrow(/strides × .* got 120000 cells, expected at most 100000/);
  });
});

test('lookups in random order are counted where they are asked for, and change nothing else', () => {
  const place = { ...PLACE, timers: 400, stride: 1 };
  const plain = evaluateCell(0, place, { ...HOW, orders: ['creation'] });
  const both = evaluateCell(0, place, HOW);
  const { lookupRandom, ...rest } = both;
  expect(rest).toEqual(plain);
  expect(lookupRandom!.refs).toBeCloseTo(plain.lookup!.refs, 9);
  expect(lookupRandom!.d1Misses).not.toBe(plain.lookup!.d1Misses);
});
