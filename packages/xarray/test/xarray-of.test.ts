// XArrayOf: values come back as they went in, and are let go of when they leave.
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { XArrayOf } from '../src/index.ts';
import { BOUNDARIES, MAX_INDEX } from './sound.ts';

test('any value but undefined can be kept, falsy ones too', () => {
  const array = new XArrayOf<unknown>();
  const values = [null, 0, '', false, Number.NaN, {}, [], () => 1, Symbol('s'), 5n];
  for (const [i, value] of values.entries()) expect(array.store(i * 1000, value)).toBeUndefined();
  expect([...array]).toEqual(values.map((value, i) => [i * 1000, value]));
  expect(values.every((value, i) => Object.is(array.load(i * 1000), value))).toBe(true);
  expect([array.size, array.load(1)]).toEqual([10, undefined]);
});

test('it is made of a Map or other entries, and of nothing else but options', () => {
  const map = new Map([
    [9, { a: 1 }],
    [2 ** 32 - 1, { a: 2 }],
  ]);
  const array = new XArrayOf(map);
  expect([[...array], array.load(9) === map.get(9)]).toEqual([[...map], true]);
  expect([...new XArrayOf(new XArrayOf(map))]).toEqual([...map]);
  expect([...new XArrayOf(map.entries())]).toEqual([...map]);
  expect([...new XArrayOf([])]).toEqual([]);
  expect(new XArrayOf<string>({ alloc: 'from1' }).alloc('a')).toBe(1);
  const bad: [given: unknown, message: string][] = [
    [[5], 'new XArrayOf: entries[0]: got 5, expected [key, value]'],
    [
      [
        [1, 'a'],
        [-1, 'b'],
      ],
      'new XArrayOf: entries[1]: index: got -1, expected an integer 0…4294967295',
    ],
    [new Set([7]), 'new XArrayOf: entries[0]: got 7, expected [key, value]'],
    [new Date(0), 'new XArrayOf: options: got [object Date], expected an object with some of alloc, capacity'],
    ['ab', "new XArrayOf: options: got 'ab', expected an object with some of alloc, capacity"],
  ];
  for (const [given, message] of bad) expect(() => new XArrayOf(given as never)).toThrow(message);
});

test('what holds its values goes by no name that a Map has', () => {
  // `[...array.values]` in plain JavaScript would be the values and links of free slots.
  expect(Object.keys(new XArrayOf()).filter((name) => name in Map.prototype)).toEqual([]);
});

test('boundary indices', () => {
  const array = new XArrayOf<string>();
  for (const index of BOUNDARIES) array.store(index, `at ${index}`);
  for (const index of BOUNDARIES) expect(array.load(index)).toBe(`at ${index}`);
  expect([array.find(3), array.findAfter(3), array.find(2 ** 32 - 1)]).toEqual([3, 4, MAX_INDEX]);
  for (const index of BOUNDARIES) expect(array.erase(index)).toBe(`at ${index}`);
  expect([array.size, array.find(0)]).toEqual([0, -1]);
});

test('store over a value keeps its marks and gives the old one back', () => {
  const array = new XArrayOf<string>();
  array.store(7, 'a');
  array.setMark(7, 1);
  expect([array.store(7, 'b'), array.load(7), array.getMark(7, 1), array.marked(1)]).toEqual(['a', 'b', true, true]);
  expect([array.find(0, MAX_INDEX, 1), array.find(0, 6, 1)]).toEqual([7, -1]);
  array.clearMark(7, 1);
  expect([array.marked(1), array.store(7, undefined), array.size]).toEqual([false, 'b', 0]);
});

test('it allocates, lowest first or cyclic, and undefined reserves', () => {
  const array = new XArrayOf<string>({ alloc: 'from1' });
  expect([array.alloc('a'), array.alloc(undefined), array.alloc('c'), array.size]).toEqual([1, 2, 3, 2]);
  expect([array.load(2), array.insert(2, 'x'), array.store(2, 'b'), array.erase(1), array.alloc('d')]).toEqual([
    undefined,
    false,
    undefined,
    'a',
    1,
  ]);
  expect([array.allocCyclic('e', 4, 1, 4), array.allocCyclic('f', 5, 1, 4), array.alloc('g', 1, 4)]).toEqual([
    4, -1, -1,
  ]);
  expect([array.store(3, undefined), array.alloc('h', 1, 4), array.size]).toEqual(['c', -1, 3]);
  array.release(3);
  expect([array.alloc('i', 1, 4), [...array]]).toEqual([
    3,
    [
      [1, 'd'],
      [2, 'b'],
      [3, 'i'],
      [4, 'e'],
    ],
  ]);
});

test('misuse is refused, and no slot is lost by it', () => {
  const array = new XArrayOf<string>({ alloc: 'from0' });
  const { byteLength } = array;
  for (let i = 0; i < 100; i++) {
    for (const bad of [-1, 0.5, 2 ** 32, '1' as never]) {
      expect(() => array.load(bad)).toThrow(RangeError);
      expect(() => array.store(bad, 'x')).toThrow(RangeError);
      expect(() => array.insert(bad, 'x')).toThrow(RangeError);
      expect(() => array.cmpxchg(bad, undefined, 'x')).toThrow(RangeError);
      expect(() => array.alloc('x', bad)).toThrow(RangeError);
      expect(() => array.allocCyclic('x', bad)).toThrow(RangeError);
    }
  }
  expect(() => new XArrayOf().alloc(1)).toThrow('does not allocate');
  expect(() => new XArrayOf({ alloc: 'from2' as never })).toThrow(RangeError);
  expect([array.byteLength, array.size]).toEqual([byteLength, 0]);
});

test('forEach and iteration go by index, within limits and marks, and values may leave meanwhile', () => {
  const array = new XArrayOf<string>();
  for (const index of [900, 5, 70_000, 6]) array.store(index, `${index}`);
  array.setMark(6, 2);
  const seen = (...range: [from?: number, max?: number, mark?: number]): unknown[] => {
    const pairs: unknown[] = [];
    array.forEach((value, index) => void pairs.push([index, value]), ...range);
    return pairs;
  };
  expect(seen()).toEqual([
    [5, '5'],
    [6, '6'],
    [900, '900'],
    [70_000, '70000'],
  ]);
  expect([seen(6, 900), seen(0, MAX_INDEX, 2)]).toEqual([
    [
      [6, '6'],
      [900, '900'],
    ],
    [[6, '6']],
  ]);
  for (const [index] of array) array.erase(index);
  expect([array.size, [...array]]).toEqual([0, []]);
});

test('slots are used again, and compact gives back those of the past', () => {
  const array = new XArrayOf<number>();
  for (let i = 0; i < 10_000; i++) array.store(i, i);
  const full = array.byteLength;
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 10_000; i++) array.erase(i);
    for (let i = 9_999; i >= 0; i--) array.store(i, -i);
  }
  expect(array.byteLength).toBe(full);
  for (let i = 100; i < 10_000; i++) array.erase(i);
  array.setMark(64, 0);
  array.compact();
  expect(array.byteLength).toBeLessThan(4000);
  expect([...array]).toEqual(Array.from({ length: 100 }, (_, i) => [i, -i]));
  expect([array.find(0, 99, 0), array.store(5000, 1), array.load(5000), array.size]).toEqual([64, undefined, 1, 101]);
  array.clear();
  expect([array.size, array.load(5), array.byteLength < 2000]).toEqual([0, undefined, true]);
});

test('console.log shows values as in a Map', () => {
  const array = new XArrayOf<object>();
  expect(inspect(array)).toBe('XArrayOf(0) {}');
  array.store(3, { a: [1, { b: { c: 2 } }] });
  expect(inspect(array)).toBe('XArrayOf(1) { 3 => { a: [ 1, [Object] ] } }');
  expect(inspect({ a: { b: { c: array } } })).toBe('{ a: { b: { c: [XArrayOf] } } }');
});

/** Of a Map, Deno shows all. */
const LIMITS_MAPS = /more item/.test(inspect(new Map([1, 2].map((key) => [key, key])), { maxArrayLength: 1 }));

test.skipIf(!LIMITS_MAPS)('console.log reads no more values than it shows', () => {
  const array = new XArrayOf<object>();
  let read = 0;
  const values = Object.defineProperty({}, 'toJSON', {});
  for (let i = 0; i < 5000; i++) array.store(3 * i, values);
  const iterate = array[Symbol.iterator].bind(array);
  array[Symbol.iterator] = function* (): Generator<[number, object], undefined> {
    for (const pair of iterate()) {
      read++;
      yield pair;
    }
  };
  const plain = inspect(new Map(Array.from({ length: 5000 }, (_, i) => [3 * i, values])));
  expect(inspect(array)).toBe(plain.replace('Map', 'XArrayOf'));
  expect(read).toBe(101);
  for (const maxArrayLength of [0, 1, 4999, 5000, 6000, null]) {
    const expected = inspect(new Map(Array.from({ length: 5000 }, (_, i) => [3 * i, values])), { maxArrayLength });
    expect(inspect(array, { maxArrayLength }), String(maxArrayLength)).toBe(expected.replace('Map', 'XArrayOf'));
  }
});

test('console.log says how many values it leaves out where a Map is shown whole', () => {
  const showing = (size: number, maxArrayLength: number): string => {
    const array = new XArrayOf<object>();
    for (let i = 0; i < size; i++) array.store(i, {});
    const showAll = (value: unknown): string => inspect(value, { maxArrayLength: null });
    const show = Reflect.get(array, inspect.custom) as (depth: number, options: object, inspect: object) => string;
    return show.call(array, 2, { maxArrayLength }, showAll);
  };
  expect(showing(3, 1)).toBe('XArrayOf(3) { 0 => {}, 1 => {}, ... 1 more item }');
  expect(showing(2, 1)).toBe('XArrayOf(2) { 0 => {}, 1 => {} }');
  expect(showing(1, 1)).toBe('XArrayOf(1) { 0 => {} }');
  expect(showing(500, 30).split('\n').slice(-3)).toEqual(['  30 => {},', '  ... 469 more items', '}']);
});
