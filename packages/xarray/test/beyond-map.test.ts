// More entries than a Map can hold: 2²⁴.
import { BUDGET_SHARE, sizeWithinBudget } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { IntMap, XArray } from '../src/index.ts';

const MAP_LIMIT = 2 ** 24;
/** One more than a Map holds, in the full budget. */
const COUNT = sizeWithinBudget(MAP_LIMIT + 1);

// What a Map does is the engine's: the full budget makes sure that it still is so.
test.runIf(BUDGET_SHARE >= 1)('a Map throws at 2²⁴ entries', () => {
  const map = new Map<number, number>();
  expect(() => {
    for (let key = 0; key <= MAP_LIMIT; key++) map.set(key, key);
  }).toThrow(RangeError);
  expect(map.size).toBe(MAP_LIMIT);
});

test(`an XArray holds ${COUNT.toLocaleString('en')} entries, and so does an IntMap`, () => {
  const array = new XArray();
  for (let key = 0; key < COUNT; key++) array.store(key, key + 1);
  expect([array.size, array.load(0), array.load(COUNT - 1), array.load(COUNT)]).toEqual([COUNT, 1, COUNT, 0]);
  expect([array.find(COUNT - 1), array.findAfter(COUNT - 1), array.height]).toEqual([
    COUNT - 1,
    -1,
    Math.ceil(Math.log2(COUNT) / 6),
  ]);
  const last = new Int32Array(100);
  expect(array.extract(last, COUNT - 90)).toBe(90);
  expect([last[0], last[89]]).toEqual([COUNT - 89, COUNT]);
  array.compact();
  expect(array.byteLength / COUNT).toBeLessThan(5.2);

  const map = new IntMap();
  for (const [key, entry] of array) map.set(key, entry - 1);
  expect([map.size, map.get(0), map.get(COUNT - 1), map.get(COUNT)]).toEqual([COUNT, 0, COUNT - 1, -1]);
  expect([map.set(COUNT, 7).size, map.get(COUNT), map.delete(COUNT)]).toEqual([COUNT + 1, 7, true]);
});
