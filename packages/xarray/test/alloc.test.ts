// Scenarios of the kernel's lib/test_xarray.c on allocation.
import { describe, expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { entryFor, expectEmpty, expectSound, MAX_INDEX } from './sound.ts';

describe.each([
  ['from0', 0],
  ['from1', 1],
] as const)('alloc: %s', (alloc, base) => {
  test('check_xa_alloc_1: lowest first, reuse, limits', () => {
    const array = new XArray({ alloc });
    expect(array.alloc(1)).toBe(base);
    array.erase(base);
    expectEmpty(array);

    expect(array.alloc(1)).toBe(base);
    array.clear();
    expect(array.alloc(2)).toBe(base);
    array.erase(base);

    // A store takes its index.
    array.store(base + 1, 5);
    expect(array.alloc(6)).toBe(base);
    expect(array.alloc(7)).toBe(base + 2);
    array.erase(base);
    array.erase(base + 1);
    array.erase(base + 2);
    expectEmpty(array);

    for (let i = base; i < 5000; i++) expect(array.alloc(entryFor(i))).toBe(i);
    for (let i = 2000; i < 3000; i++) array.erase(i);
    for (let i = 2000; i < 3000; i++) expect(array.alloc(entryFor(i))).toBe(i);
    expectSound(array);
    array.clear();
    expectEmpty(array);

    const max = MAX_INDEX;
    expect(array.alloc(1, max - 1, max)).toBe(max - 1);
    expect(array.alloc(2, max - 1, max)).toBe(max);
    expect(array.alloc(3, max - 1, max)).toBe(-1);
    expect(array.alloc(3, 10, 5)).toBe(-1);
    expect(array.load(max)).toBe(2);
    expectSound(array);
    array.erase(max - 1);
    array.erase(max);
    expectEmpty(array);
  });

  test('check_xa_alloc_2: 0 reserves an index, and storing 0 keeps one', () => {
    const array = new XArray({ alloc });
    expect(array.alloc(0)).toBe(base);
    expect([array.size, array.load(base)]).toEqual([0, 0]);
    expect(array.insert(base, 1)).toBe(false);
    expect(array.alloc(0)).toBe(base + 1);
    array.erase(base);
    array.erase(base + 1);
    expectEmpty(array);

    for (let i = base; i < base + 10; i++) expect(array.alloc(entryFor(i))).toBe(i);
    array.setMark(base + 5, 1);
    expect(array.store(base + 5, 0)).toBe(entryFor(base + 5));
    expect(array.size).toBe(9);
    expect(array.getMark(base + 5, 1)).toBe(true);
    expect(array.alloc(1)).toBe(base + 10);
    expect(array.erase(base + 5)).toBe(0);
    expect(array.alloc(2)).toBe(base + 5);
    expect(array.getMark(base + 5, 1)).toBe(false);
    expect(array.cmpxchg(base + 5, 2, 0)).toBe(2);
    expect(array.alloc(3)).toBe(base + 5);
    array.store(base + 5, 0);
    array.release(base + 5);
    expect(array.alloc(4)).toBe(base + 5);
    expectSound(array);
    for (let i = base; i <= base + 10; i++) array.erase(i);
    expectEmpty(array);
  });

  test('check_xa_alloc_3: cyclic goes on, wraps once, and fills what is left', () => {
    const array = new XArray({ alloc });
    expect(array.allocCyclic(1, base, 1, 0x3fff)).toBe(1);
    expect(array.allocCyclic(2, 0x3ffd, 1, 0x3fff)).toBe(0x3ffd);
    expect(array.allocCyclic(2, 0x3ffe, 1, 0x3fff)).toBe(0x3ffe);
    expect(array.allocCyclic(3, 0x3fff, 1, 0x3fff)).toBe(0x3fff);
    expect(array.allocCyclic(4, 0x4000, 1, 0x3fff)).toBe(2);
    expect(array.allocCyclic(5, 3, 1, 0x3fff)).toBe(3);
    for (const index of [1, 2, 3, 0x3ffd, 0x3ffe, 0x3fff]) array.erase(index);
    expectEmpty(array);

    expect(array.allocCyclic(1, MAX_INDEX, 0, MAX_INDEX)).toBe(MAX_INDEX);
    expect(array.allocCyclic(2, MAX_INDEX, 0, MAX_INDEX)).toBe(base);
    expect(array.allocCyclic(3, base + 1, 0, MAX_INDEX)).toBe(base + 1);
    expectSound(array);
    array.clear();

    for (let i = 10; i < 20; i++) expect(array.allocCyclic(1, 15, 10, 19)).toBe(i < 15 ? i + 5 : i - 5);
    expect(array.allocCyclic(1, 15, 10, 19)).toBe(-1);
    expect(array.allocCyclic(1, 5, 10, 19)).toBe(-1);
    array.erase(12);
    expect(array.allocCyclic(1, 15, 10, 19)).toBe(12);
    array.clear();
    expectEmpty(array);
  });

  test('index 0 is given from 0 and never from 1', () => {
    const array = new XArray({ alloc });
    array.store(0, 1);
    array.store(5, 1);
    array.erase(0);
    expect(array.alloc(2, 0, 0)).toBe(base === 0 ? 0 : -1);
    array.store(0, 9);
    expect(array.load(0)).toBe(9);
    expectSound(array);
    array.erase(0);
    array.erase(5);
    expectEmpty(array);
  });

  test('the default limit is INT_MAX', () => {
    const array = new XArray({ alloc });
    expect(array.alloc(1, 2 ** 31 - 1)).toBe(2 ** 31 - 1);
    expect(array.alloc(1, 2 ** 31 - 1)).toBe(-1);
    expect(array.alloc(1, 2 ** 31 - 1, 2 ** 31)).toBe(2 ** 31);
    expect(array.alloc(1, 2 ** 31)).toBe(-1);
    expect(array.alloc(1)).toBe(base);
  });

  test('an index freed amid others is given again, unless something was put there', () => {
    const array = new XArray({ alloc });
    for (let i = base; i < 1000; i++) array.alloc(1);
    array.erase(500);
    expect(array.alloc(1, 501)).toBe(1000);
    expect(array.alloc(1, 0, 499)).toBe(-1);
    expect(array.alloc(1)).toBe(500);
    array.erase(300);
    array.store(300, 2);
    expect(array.alloc(1)).toBe(1001);
    array.erase(700);
    array.erase(200);
    array.erase(600);
    expect([1, 2, 3, 4].map(() => array.alloc(1))).toEqual([200, 600, 700, 1002]);
    array.erase(0);
    expect(array.alloc(1)).toBe(base === 0 ? 0 : 1003);
    expectSound(array);
  });

  test('what is freed below the highest index, once that is taken, is found again', () => {
    const array = new XArray({ alloc });
    array.storeRange(base, MAX_INDEX - 3, 1);
    expect([1, 2, 3].map(() => array.alloc(1, 0, MAX_INDEX))).toEqual([2, 1, 0].map((below) => MAX_INDEX - below));
    expect(array.alloc(1, 0, MAX_INDEX)).toBe(-1);
    for (const freed of [[MAX_INDEX - 1], [MAX_INDEX], [MAX_INDEX - 2, MAX_INDEX]]) {
      for (const index of freed) array.erase(index);
      for (const index of freed) expect(array.alloc(1, 0, MAX_INDEX)).toBe(index);
    }
    expect(array.alloc(1, 0, MAX_INDEX)).toBe(-1);
  });

  test('whole nodes of taken indices are stepped over at every level', () => {
    const array = new XArray({ alloc });
    for (let i = base; i < 64 ** 3; i++) array.alloc(1);
    expect(array.height).toBe(3);
    expect(array.alloc(2)).toBe(64 ** 3);
    for (const hole of [64 ** 3 - 1, 64 ** 2 - 1, 64 * 5, 130, base]) {
      array.erase(hole);
      expect(array.alloc(3)).toBe(hole);
      expect(array.alloc(4, hole, 64 ** 3)).toBe(-1);
    }
    array.erase(7);
    array.erase(5000);
    expect(array.alloc(5, 4096)).toBe(5000);
    expect(array.alloc(6)).toBe(7);
    expectSound(array);
  });
});

test('from1 keeps index 0 taken beside other entries, as the kernel does', () => {
  const array = new XArray({ alloc: 'from1' });
  array.store(3, 1);
  expect(array.insert(0, 5)).toBe(false);
  expect([array.load(0), array.size]).toEqual([0, 1]);
  array.erase(3);
  expectEmpty(array);
  expect(array.insert(0, 5)).toBe(true);
  expect(array.erase(0)).toBe(5);
  expectEmpty(array);
});

test('allocCyclic returns 0, not −0, where a limit is −0', () => {
  const emptyAt0 = (): XArray => {
    const xa = new XArray({ alloc: 'from0' });
    xa.store(1, 7);
    return xa;
  };
  const answers = [
    emptyAt0().allocCyclic(1, -0),
    emptyAt0().allocCyclic(1, 0, -0),
    emptyAt0().allocCyclic(1, -0, -0),
    emptyAt0().alloc(1, -0),
  ];
  expect(answers).toEqual([0, 0, 0, 0]);
});
