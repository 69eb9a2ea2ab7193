// Scenarios of the kernel's lib/test_xarray.c on storing, replacing, reserving and removing, at the top of our index
// domain where the kernel's go to ULONG_MAX.
import { expectSame } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { BOUNDARIES, contents, entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

test('check_xa_load: what is stored one by one is there, what lies above is not', () => {
  const array = new XArray();
  const wrong = (first: number, end: number): number[] =>
    Array.from({ length: 1024 }, (_, j) => j).filter(
      (j) => array.load(j) !== (j >= first && j < end ? entryFor(j) : 0),
    );
  for (let i = 0; i < 1024; i++) {
    expectSame(wrong(0, i), []);
    expectSame(array.store(i, entryFor(i)), 0);
  }
  for (let i = 0; i < 1024; i++) {
    expectSame(wrong(i, 1024), []);
    expectSame(array.erase(i), entryFor(i));
  }
  expectEmpty(array);
});

test('check_insert: an entry goes in once, its neighbours stay NULL', () => {
  const array = new XArray();
  const indices = [...Array.from({ length: 1024 }, (_, i) => i), ...BOUNDARIES];
  for (const index of indices) {
    expectSame(array.insert(index, entryFor(index)), true);
    expectSame(array.insert(index, 7), false);
    expectSame(array.load(index), entryFor(index));
    if (index > 0) expectSame(array.load(index - 1), 0);
    if (index < MAX_INDEX) expectSame(array.load(index + 1), 0);
    expectSound(array);
    array.erase(index);
    expectEmpty(array);
  }
});

test('check_cmpxchg: exchanges on a match only, and 0 swaps in and out', () => {
  const array = new XArray();
  array.store(12345678, 1);
  expect(array.insert(12345678, 2)).toBe(false);
  expect(array.cmpxchg(12345678, 3, 4)).toBe(1);
  expect(array.cmpxchg(12345678, 1, 3)).toBe(1);
  expect(array.load(12345678)).toBe(3);
  expect(array.cmpxchg(5, 0, 6)).toBe(0);
  expect(array.cmpxchg(5, 0, 7)).toBe(6);
  expect(array.cmpxchg(4, 1, 2)).toBe(0);
  expect(array.load(4)).toBe(0);
  expect(array.cmpxchg(12345678, 3, 0)).toBe(3);
  expect(array.insert(12345678, 2)).toBe(true);
  expect(array.erase(12345678)).toBe(2);
  expect(array.erase(5)).toBe(6);
  expectEmpty(array);
});

test('cmpxchg of nothing for nothing makes no node', () => {
  const array = new XArray();
  expect(array.cmpxchg(1000, 0, 0)).toBe(0);
  expect(array.cmpxchg(1000, 5, 6)).toBe(0);
  expectEmpty(array);
});

test.each([undefined, 'from0', 'from1'] as const)('check_reserve (alloc: %s)', (alloc) => {
  const array = new XArray({ alloc });
  array.reserve(12345678);
  expect(array.nodeCount).toBeGreaterThan(0);
  expect(array.load(12345678)).toBe(0);
  expect(array.size).toBe(0);
  expectSound(array);
  array.release(12345678);
  expectEmpty(array);

  // Releasing an index in use does nothing; nor does reserving one.
  array.reserve(12345678);
  expect(array.store(12345678, 9)).toBe(0);
  array.release(12345678);
  array.reserve(12345678);
  expect(array.load(12345678)).toBe(9);
  expect(array.erase(12345678)).toBe(9);
  expectEmpty(array);

  // A reservation is not NULL for cmpxchg and insert.
  array.reserve(12345678);
  expect(array.cmpxchg(12345678, 0, 9)).toBe(0);
  expect(array.load(12345678)).toBe(0);
  expect(array.insert(12345678, 9)).toBe(false);
  expect(array.insert(12345678, 0)).toBe(false);
  expect(array.erase(12345678)).toBe(0);
  expectEmpty(array);

  // insert(0) reserves in every kind of array.
  expect(array.insert(12345678, 0)).toBe(true);
  expect(array.insert(12345678, 1)).toBe(false);
  array.release(12345678);
  expectEmpty(array);

  // Iteration, find and extract pass it over.
  for (const index of [5, 6, 7]) array.reserve(index);
  array.store(6, 66);
  expect(contents(array)).toEqual([[6, 66]]);
  expect(array.find(0)).toBe(6);
  expect(array.findAfter(6)).toBe(-1);
  expect(array.extract(new Int32Array(3), 0)).toBe(1);
  let seen = 0;
  array.forEach(() => void seen++);
  expect(seen).toBe(1);
  expect(array.size).toBe(1);
  for (const index of [5, 6, 7]) array.erase(index);
  expectEmpty(array);
});

test('a reserved index 0 gets a node in an empty array, and none in the head of a shrunk one', () => {
  const array = new XArray();
  array.reserve(0);
  expect([array.height, array.nodeCount]).toEqual([1, 1]);
  array.store(1, 11);
  array.erase(1);
  expect([array.height, array.nodeCount]).toEqual([0, 0]);
  expect(array.insert(0, 5)).toBe(false);
  expectSound(array);
  array.release(0);
  expectEmpty(array);
});

test('storing 0 erases in a plain array', () => {
  const array = new XArray();
  array.store(70, 1);
  array.setMark(70, 0);
  expect(array.store(70, 0)).toBe(1);
  expect(array.store(70, 0)).toBe(0);
  expectEmpty(array);
});

test('check_xa_shrink: erasing what made the tree high makes it low again', () => {
  const array = new XArray();
  array.store(0, 10);
  array.store(1, 11);
  expect([array.height, array.nodeCount]).toEqual([1, 1]);
  expect(array.erase(1)).toBe(11);
  expect([array.height, array.nodeCount]).toEqual([0, 0]);
  expect(array.load(0)).toBe(10);
  expect(array.load(1)).toBe(0);
  for (const index of BOUNDARIES.filter((i) => i > 0)) {
    array.store(index, entryFor(index));
    array.erase(index);
    expect([array.height, array.nodeCount]).toEqual([0, 0]);
    expect(array.load(0)).toBe(10);
    expectSound(array);
  }
  array.erase(0);
  expectEmpty(array);
});

test('check_xa_shrink: a dense array keeps its height under the index domain’s end', () => {
  for (let k = 0; k < 15; k++) {
    const array = new XArray();
    const n = 2 ** k;
    for (let i = 0; i < n; i++) array.store(i, entryFor(i));
    const before = [array.height, array.nodeCount];
    array.store(MAX_INDEX, 3);
    expectSame(array.height, 6);
    expectSame(array.erase(MAX_INDEX), 3);
    expectSame([array.height, array.nodeCount], before);
    for (let i = 0; i < n; i++) expectSame(array.load(i), entryFor(i));
    expectSound(array);
  }
});

test('check_xas_erase: erasing while iterating visits all in order and empties', () => {
  const array = new XArray();
  for (let i = 0; i < 200; i++) {
    for (let j = i; j < 2 * i + 17; j++) array.store(j, entryFor(j));
    array.store(MAX_INDEX, 1);
    const seen: number[] = [];
    array.forEach((entry, index) => {
      expectSame(array.erase(index), entry);
      seen.push(index);
    });
    expectSame(seen, [...Array.from({ length: i + 17 }, (_, n) => i + n), MAX_INDEX]);
    expectEmpty(array);
  }
});

test.each([undefined, 'from0', 'from1'] as const)('check_destroy (alloc: %s)', (alloc) => {
  const array = new XArray({ alloc });
  array.clear();
  expectEmpty(array);
  for (let index = 0; index < 1000; index++) {
    array.store(index, entryFor(index));
    array.setMark(index, index % 3);
    array.clear();
    array.clear();
    expectEmpty(array);
  }
  array.store(MAX_INDEX, 1);
  array.clear();
  expectEmpty(array);
});

test('store returns what was there, and replaces in place', () => {
  const array = new XArray();
  for (const index of BOUNDARIES) expect(array.store(index, 1)).toBe(0);
  const nodes = array.nodeCount;
  for (const index of BOUNDARIES) expect(array.store(index, entryFor(index))).toBe(1);
  expect([array.size, array.nodeCount]).toEqual([BOUNDARIES.length, nodes]);
  expect(contents(array)).toEqual(BOUNDARIES.toSorted((a, b) => a - b).map((index) => [index, entryFor(index)]));
  for (const index of BOUNDARIES.toReversed()) expect(array.erase(index)).toBe(entryFor(index));
  expectEmpty(array);
});
