// One specification for XArray and SparseXArray: the calls they share answer alike.
import { inspect } from 'node:util';
import { expectSame, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { XArray } from '../../src/index.ts';
import { SparseXArray } from '../../src/sparse/index.ts';
import {
  BOUNDARIES,
  entryFor,
  expectEmpty as expectEmptyXArray,
  expectSound as expectSoundXArray,
  MAX_INDEX,
} from '../sound.ts';
import { expectEmpty as expectEmptySparse, expectSound as expectSoundSparse } from './sound.ts';

const expectSound = (array: XArray | SparseXArray): unknown =>
  array instanceof XArray ? expectSoundXArray(array) : expectSoundSparse(array);
const expectEmpty = (array: XArray | SparseXArray): void =>
  array instanceof XArray ? expectEmptyXArray(array) : expectEmptySparse(array);

const below = (n: number, stride = 1): number[] => Array.from({ length: n }, (_, i) => i * stride);
/** Orders of coming and going: a stride, and how its multiples are permuted. */
const ORDERS: Record<string, (indices: number[]) => number[]> = {
  ascending: (indices) => indices,
  descending: (indices) => indices.toReversed(),
  'alternating ends': (indices) => indices.map((_, i) => indices[i % 2 === 0 ? i / 2 : indices.length - (i + 1) / 2]!),
  scattered: (indices) => indices.map((_, i) => indices[(i * 7919) % indices.length]!),
};

describe.each([
  ['XArray', XArray],
  ['SparseXArray', SparseXArray],
])('%s', (name, Kind) => {
  test('boundary indices: store, load, replace, find, mark, erase', () => {
    const array = new Kind();
    for (const index of BOUNDARIES) {
      expect(array.store(index, entryFor(index))).toBe(0);
      expect(array.store(index, 9)).toBe(entryFor(index));
      expect(array.store(index, entryFor(index))).toBe(9);
      expectSound(array);
    }
    const sorted = BOUNDARIES.toSorted((a, b) => a - b);
    expect([...array]).toEqual(sorted.map((index) => [index, entryFor(index)]));
    for (const [i, index] of sorted.entries()) {
      const next = sorted[i + 1] ?? -1;
      expect([array.load(index), array.find(index), array.findAfter(index)]).toEqual([entryFor(index), index, next]);
      if (next > index + 1) {
        expect([array.load(index + 1), array.find(index + 1), array.find(index + 1, next - 1)]).toEqual([0, next, -1]);
      }
      array.setMark(index, i % 3);
      expect([0, 1, 2].map((mark) => array.getMark(index, mark))).toEqual([0, 1, 2].map((mark) => mark === i % 3));
    }
    expectSound(array);
    for (const index of sorted) {
      expect(array.erase(index)).toBe(entryFor(index));
      expect(array.erase(index)).toBe(0);
      expectSound(array);
    }
    expectEmpty(array);
  });

  test('the highest index and the highest entry, alone and among full leaves', () => {
    const array = new Kind();
    expect([array.load(MAX_INDEX), array.find(MAX_INDEX), array.erase(MAX_INDEX)]).toEqual([0, -1, 0]);
    for (let i = 1; i < 32; i++) array.store(MAX_INDEX - i, 2 ** 31 - 1);
    expect([array.load(MAX_INDEX), array.find(MAX_INDEX), array.erase(MAX_INDEX)]).toEqual([0, -1, 0]);
    array.setMark(MAX_INDEX, 0);
    expect([array.getMark(MAX_INDEX, 0), array.marked(0), array.insert(MAX_INDEX, 5)]).toEqual([false, false, true]);
    expect([array.load(MAX_INDEX), array.findAfter(MAX_INDEX - 1), array.findAfter(MAX_INDEX)]).toEqual([
      5,
      MAX_INDEX,
      -1,
    ]);
    expectSound(array);
    for (let i = 0; i < 32; i++) array.erase(MAX_INDEX - i);
    expectEmpty(array);
  });

  const strides = [1, 64, 4099, 2 ** 20];
  const orders = Object.keys(ORDERS).flatMap((come) => Object.keys(ORDERS).map((go) => [come, go] as const));
  test.each(withinBudget(orders, { least: 4 }))(
    '1000 indices at each of four strides come %s and go %s',
    (come, go) => {
      for (const stride of strides) {
        const array = new Kind();
        const indices = below(1000, stride);
        const leaving = ORDERS[go]!(indices);
        expect(ORDERS[come]!(indices).filter((index) => !array.insert(index, entryFor(index)))).toEqual([]);
        expectSound(array);
        expect([...array]).toEqual(indices.map((index) => [index, entryFor(index)]));
        for (const some of [below(334), below(333).map((i) => i + 334), below(333).map((i) => i + 667)]) {
          const gone = some.map((i) => leaving[i]!);
          expect(gone.filter((index) => array.erase(index) !== entryFor(index))).toEqual([]);
          expectSound(array);
        }
        expectEmpty(array);
      }
    },
  );

  test('marks: set, kept by a store, moved by splits, gone with the entry', () => {
    const array = new Kind();
    const indices = below(2000, 4099);
    for (const index of indices.filter((_, i) => i % 2 === 0)) {
      array.store(index, 1);
      array.setMark(index, 0);
      if (index % 3 === 0) array.setMark(index, 1);
    }
    for (const index of indices) array.store(index, 2);
    expectSound(array);
    const marked = (mark: number): number[] => {
      const seen: number[] = [];
      array.forEach((_, index) => void seen.push(index), 0, MAX_INDEX, mark);
      return seen;
    };
    const even = indices.filter((_, i) => i % 2 === 0);
    expect([marked(0), marked(1), marked(2)]).toEqual([even, even.filter((index) => index % 3 === 0), []]);
    const dst = new Int32Array(5);
    expect([array.extract(dst, 1, MAX_INDEX, 1), array.extract(dst, 1, 8000, 1), array.extract(dst, 0)]).toEqual([
      5, 0, 5,
    ]);
    array.forEach((_, index) => void array.clearMark(index, 0), 0, MAX_INDEX, 0);
    expect([array.marked(0), array.marked(1), array.find(0, MAX_INDEX, 0)]).toEqual([false, true, -1]);
    for (const index of even) array.erase(index);
    expect(array.marked(1)).toBe(false);
    expectSound(array);
    array.clear();
    expectEmpty(array);
  });

  test('forEach and iteration meet what is stored ahead, and not what is erased there', () => {
    const array = new Kind();
    const seen: number[] = [];
    for (const index of below(100, 1000)) array.store(index, 1);
    array.forEach((_, index) => {
      seen.push(index);
      array.erase(index);
      if (index % 3000 === 0) array.erase(index + 1000);
      if (index % 4000 === 0 && index < 90_000) for (let i = 1; i < 40; i++) array.store(index + i, 1);
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.filter((index) => index % 3000 === 1000)).toEqual([]);
    expect(seen.filter((index) => index % 1000 !== 0)).toHaveLength(
      39 * seen.filter((i) => i % 4000 === 0 && i < 90_000).length,
    );
    expectEmpty(array);

    for (const index of below(40, 100)) array.store(index, 7);
    const met: number[] = [];
    for (const [index, entry] of array) {
      met.push(index + entry);
      if (index === 0) array.erase(100);
      if (index === 200) array.store(201, 8);
      if (index === 300) array.compact();
      array.store(index, 9);
    }
    expect(met.slice(0, 5)).toEqual([7, 207, 209, 307, 407]);
    expect(met).toHaveLength(40);
    array.clear();
    expectEmpty(array);
  });

  test('bounds are included, and empty when they cross', () => {
    const array = new Kind();
    for (const index of below(300, 10)) array.store(index, entryFor(index));
    const seen = (from: number, max: number): (number | undefined)[] => {
      const indices: number[] = [];
      array.forEach((_, index) => void indices.push(index), from, max);
      expect(array.extract(new Int32Array(400), from, max)).toBe(indices.length);
      return [indices.length, indices[0], indices.at(-1)];
    };
    expect([seen(10, 200), seen(11, 199), seen(50, 50), seen(50, 40)]).toEqual([
      [20, 10, 200],
      [18, 20, 190],
      [1, 50, 50],
      [0, undefined, undefined],
    ]);
    expect([array.find(11, 19), array.find(11, 20), array.find(2990), array.find(2991)]).toEqual([-1, 20, 2990, -1]);
  });

  test('cmpxchg exchanges on a match only; insert goes in once; store of 0 erases', () => {
    const array = new Kind();
    expect([array.cmpxchg(5, 0, 0), array.cmpxchg(5, 1, 2), array.size]).toEqual([0, 0, 0]);
    expect([array.cmpxchg(5, 0, 6), array.cmpxchg(5, 0, 7), array.cmpxchg(5, 6, 7), array.load(5)]).toEqual([
      0, 6, 6, 7,
    ]);
    expect([array.insert(5, 1), array.cmpxchg(5, 7, 0), array.insert(5, 1), array.store(5, 0)]).toEqual([
      false,
      7,
      true,
      1,
    ]);
    expectEmpty(array);
  });

  test('compact changes nothing but the memory; churn does not grow it', () => {
    const array = new Kind();
    for (const index of below(20_000, 7)) array.store(index, entryFor(index));
    for (const index of below(20_000, 7)) if (index % 5 !== 0) array.erase(index);
    for (const index of below(20_000, 35)) array.setMark(index, 2);
    const before = [...array].map(([index, entry]) => [index, entry, array.getMark(index, 2)]);
    const bytes = array.byteLength;
    array.compact();
    expectSame(
      [...array].map(([index, entry]) => [index, entry, array.getMark(index, 2)]),
      before,
    );
    expect(array.byteLength).toBeLessThan(bytes);
    expectSound(array);
    for (let i = 0; i < 20_000; i++) array.store(i * 50_000, 1);
    const grown = array.byteLength;
    for (let i = 0; i < 20_000; i++) {
      array.erase(i * 50_000);
      array.store((i + 20_000) * 50_000, 1);
    }
    expect(array.byteLength).toBe(grown);
    expectSound(array);
    array.clear();
    expectEmpty(array);
    expect(array.byteLength).toBe(new Kind().byteLength);
  });

  test('shows itself like a Map', () => {
    const array = new Kind();
    expect(inspect(array)).toBe(`${name}(0) {}`);
    for (const index of [MAX_INDEX, 3]) array.store(index, 8);
    expect(inspect(array)).toBe(`${name}(2) { 3 => 8, 4294967295 => 8 }`);
    for (const index of below(200)) array.store(index, 8);
    expect(inspect(array)).toContain('99 => 8, ... 101 more }');
  });

  type Call = (array: XArray | SparseXArray, value: never) => unknown;
  const doors: [string, unknown[], Call][] = [
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.load(i)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.store(i, 1)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.erase(i)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.insert(i, 1)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.cmpxchg(i, 0, 1)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.getMark(i, 0)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.setMark(i, 0)],
    ['index', [-1, 1.5, 2 ** 32, Number.NaN, '1', null], (a, i) => a.clearMark(i, 0)],
    ['from', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.find(i)],
    ['from', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.findAfter(i)],
    ['from', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.forEach(() => {}, i)],
    ['from', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.extract(new Int32Array(1), i)],
    ['max', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.find(0, i)],
    ['max', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.forEach(() => {}, 0, i)],
    ['max', [-1, 0.5, 2 ** 32, '1', null], (a, i) => a.extract(new Int32Array(1), 0, i)],
    ['entry', [-1, 1.5, 2 ** 31, Number.NaN, '1', null], (a, e) => a.store(1, e)],
    ['entry', [-1, 1.5, 2 ** 31, Number.NaN, '1', null], (a, e) => a.insert(1, e)],
    ['entry', [-1, 1.5, 2 ** 31, Number.NaN, '1', null], (a, e) => a.cmpxchg(1, e, 1)],
    ['entry', [-1, 1.5, 2 ** 31, Number.NaN, '1', null], (a, e) => a.cmpxchg(1, 0, e)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.getMark(1, m)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.setMark(1, m)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.clearMark(1, m)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.marked(m)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.find(0, 9, m)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.forEach(() => {}, 0, 9, m)],
    ['mark', [-1, 3, 0.5, Number.NaN, '0', null], (a, m) => a.extract(new Int32Array(1), 0, 9, m)],
  ];
  test.each(doors)('a bad %s is a RangeError that shows it, and changes nothing (%j)', (what, values, call) => {
    const array = new Kind();
    for (const value of values) {
      const shown = typeof value === 'string' ? `'${value}'` : String(value);
      expect(() => call(array, value as never), shown).toThrow(RangeError);
      expect(() => call(array, value as never)).toThrow(new RegExp(`(${what}|old): got ${shown}, expected .`));
    }
    expectEmpty(array);
  });
});

test('a sparse array reserves nothing: insert of 0 is a RangeError', () => {
  const array = new SparseXArray();
  expect(() => array.insert(1, 0)).toThrow('entry: got 0, expected an integer 1…2147483647');
  expectEmptySparse(array);
});

test('memory of 100,000 uniform indices: at most 24 bytes each after compact, 48 before', () => {
  const array = new SparseXArray();
  for (let i = 0; i < 100_000; i++) array.store(Math.imul(i, 0x9e3779b1) >>> 0, 1);
  expect(array.byteLength / array.size).toBeLessThan(48);
  array.compact();
  expect(array.byteLength / array.size).toBeLessThan(24);
});

test('memory of runs of 64 far apart: at most 45 bytes per entry after compact', () => {
  const runs = new SparseXArray();
  for (let i = 0; i < 2000; i++) for (let j = 0; j < 64; j++) runs.store(i * 2_000_003 + j, 1);
  runs.compact();
  expect(runs.byteLength / runs.size).toBeLessThan(45);
  expectSoundSparse(runs);
});
