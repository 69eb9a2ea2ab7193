// A range that ends below its beginning is empty, as in @idspace/xarray: nothing is in it and nothing happens.
import { expect, test } from 'vitest';
import { count, freeRange, freeRanges, IdPool, range, reserveRange, snapshot, takenRanges } from '../src/index.ts';

test.each([
  [11, 10],
  [64, 32],
  [99, 10],
  [99, 98],
])('nothing is in %i…%i, and nothing happens there', (first, last) => {
  const pool = new IdPool({ min: 10, max: 99, reuse: { delay: 2 } });
  for (let i = 0; i < 40; i++) pool.allocate();
  pool.free(12);
  const before = snapshot(pool);
  expect(count(pool, first, last)).toBe(0);
  expect([...range(pool, first, last)]).toEqual([]);
  expect([...takenRanges(pool, first, last)]).toEqual([]);
  expect([...freeRanges(pool, first, last)]).toEqual([]);
  expect(freeRange(pool, first, last)).toBe(0);
  // All of no IDs.
  expect(reserveRange(pool, first, last)).toBe(true);
  expect(snapshot(pool)).toEqual(before);
});
