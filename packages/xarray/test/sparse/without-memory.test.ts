// Arrays that hold nothing share their memory: no call on one may show in another.
import { expect, test } from 'vitest';
import { SparseXArray } from '../../src/sparse/index.ts';

const HIGHEST = 0xffff_ffff;

/** Calls that find nothing, at either end of the domain. */
function askAll(array: SparseXArray): unknown[] {
  return [0, 1, 2 ** 31, HIGHEST].flatMap((index) => [
    array.load(index),
    array.erase(index),
    array.store(index, 0),
    array.cmpxchg(index, 7, 8),
    array.setMark(index, 1),
    array.getMark(index, 1),
    array.clearMark(index, 1),
    array.find(index),
    array.findLast(index),
    array.eraseRange(0, index),
    array.count(0, index),
    array.nth(0),
    [...array.range(index)],
    [...array.reversed(index)],
  ]);
}

test('an array that holds nothing takes no memory, answers all calls, and leaves no trace in others', () => {
  const array = new SparseXArray();
  const first = askAll(array);
  expect(array.byteLength).toBe(0);
  expect(array.marked(1)).toBe(false);
  expect(askAll(new SparseXArray())).toEqual(first);
  expect(SparseXArray.from(array.snapshot()).size).toBe(0);
  array.compact();
  expect(askAll(array)).toEqual(first);
});

test('the first entry gives an array memory of its own, and clear gives it back', () => {
  const [one, other] = [new SparseXArray(), new SparseXArray()];
  one.store(HIGHEST, 5);
  one.setMark(HIGHEST, 2);
  expect([other.size, other.find(0), other.marked(2), other.byteLength]).toEqual([0, -1, false, 0]);
  expect(one.byteLength).toBe(2 * 272 + 288);
  other.store(0, 6);
  expect([[...one], [...other]]).toEqual([[[HIGHEST, 5]], [[0, 6]]]);
  one.clear();
  expect([one.byteLength, one.find(0), one.marked(2), other.load(0)]).toEqual([0, -1, false, 6]);
  for (let i = 0; i < 100; i++) one.store(i * 1000, i + 1);
  expect([one.size, other.size, new SparseXArray().size]).toEqual([100, 1, 0]);
  one.erase(0);
  one.compact();
  expect([one.size, one.find(0)]).toEqual([99, 1000]);
});
