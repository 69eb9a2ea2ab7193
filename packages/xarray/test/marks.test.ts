// Scenarios of the kernel's lib/test_xarray.c on marks.
import { expectSame } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { BOUNDARIES, entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

test('check_xa_mark_1: marks are of entries, one by one', () => {
  const array = new XArray();
  for (let index = 0; index < 16384; index += 4) {
    array.setMark(index, 0);
    expectSame(array.getMark(index, 0), false);
    array.store(index, entryFor(index));
    expectSame(array.getMark(index, 0), false);
    array.setMark(index, 0);
    expectSame(array.getMark(index, 0), true);
    expectSame(array.getMark(index + 1, 0), false);
    expectSame(array.getMark(index, 1), false);
    array.store(index, 5);
    expectSame(array.getMark(index, 0), true);
    array.setMark(index + 1, 0);
    expectSame(array.getMark(index + 1, 0), false);
    array.erase(index);
    expectSame(array.getMark(index, 0), false);
    array.store(index, entryFor(index));
    expectSame(array.getMark(index, 0), false);
    expectSame(array.marked(0), false);
    array.erase(index);
    expectEmpty(array);
  }
});

test('check_xa_mark_2: marked iteration counts the marked, here and there', () => {
  const array = new XArray();
  array.store(0, 1);
  array.setMark(0, 0);
  array.setMark(0, 1);
  expect([array.height, array.marked(0), array.marked(1), array.marked(2)]).toEqual([0, true, true, false]);
  array.clearMark(0, 0);
  array.clearMark(0, 1);
  expect([array.marked(0), array.marked(1)]).toEqual([false, false]);
  for (let i = 3500; i < 4500; i++) {
    array.store(i, entryFor(i));
    array.setMark(i, 0);
  }
  const seen: number[] = [];
  array.forEach((entry, index) => void seen.push(entry === entryFor(index) ? index : -1), 0, MAX_INDEX, 0);
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => 3500 + i));
  array.forEach((_, index) => void array.clearMark(index, 0), 0, MAX_INDEX, 0);
  expect([array.marked(0), array.find(0, MAX_INDEX, 0)]).toEqual([false, -1]);
  expectSound(array);
  array.clear();
  expectEmpty(array);
});

test('a mark survives growth and shrink of height', () => {
  for (const index of BOUNDARIES.filter((i) => i > 0)) {
    const array = new XArray();
    array.store(0, 1);
    array.setMark(0, 2);
    array.store(index, 2);
    expect([array.getMark(0, 2), array.getMark(index, 2), array.marked(2)]).toEqual([true, false, true]);
    array.setMark(index, 1);
    expect(array.find(0, MAX_INDEX, 1)).toBe(index);
    expectSound(array);
    array.erase(index);
    expect([array.getMark(0, 2), array.marked(1), array.height]).toEqual([true, false, 0]);
    array.erase(0);
    expectEmpty(array);
  }
});

test('clearing one of two marks keeps the OR above the other', () => {
  const array = new XArray();
  for (const index of [5, 100_000, 100_001]) {
    array.store(index, 1);
    array.setMark(index, 1);
  }
  array.clearMark(100_000, 1);
  expect(array.findAfter(5, MAX_INDEX, 1)).toBe(100_001);
  array.clearMark(100_001, 1);
  array.clearMark(100_001, 1);
  expect(array.findAfter(5, MAX_INDEX, 1)).toBe(-1);
  expect(array.marked(1)).toBe(true);
  expectSound(array);
  array.erase(5);
  expect(array.marked(1)).toBe(false);
  expectSound(array);
});

test('a reservation keeps a mark, but no search finds it until it is used', () => {
  const array = new XArray();
  array.reserve(70);
  array.setMark(70, 0);
  expect([array.getMark(70, 0), array.marked(0), array.find(0, MAX_INDEX, 0)]).toEqual([true, true, -1]);
  array.store(70, 3);
  expect(array.find(0, MAX_INDEX, 0)).toBe(70);
  array.erase(70);
  expectEmpty(array);
});

test('marks of absent indices: get is false, set and clear do nothing', () => {
  const array = new XArray();
  array.store(64, 1);
  for (const index of BOUNDARIES.filter((i) => i !== 64)) {
    array.setMark(index, 0);
    array.clearMark(index, 0);
    expect(array.getMark(index, 0)).toBe(false);
  }
  expect(array.marked(0)).toBe(false);
  expectSound(array);
});
