// The door: every bad argument is a RangeError that shows what was got, and changes nothing.
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';

const bad = {
  index: [-1, 1.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined, 1n],
  entry: [-1, 1.5, 2 ** 31, 2 ** 32, Number.NaN, '1', null, undefined],
  mark: [-1, 3, 0.5, Number.NaN, '0', null],
  order: [-1, 33, 0.5, Number.NaN, '0', null, undefined],
  length: [0, -1, 0.5, 2 ** 32 + 1, Number.NaN, '1', null, undefined],
};

type Call = (array: XArray, value: never) => unknown;
const doors: Record<keyof typeof bad, Record<string, Call>> = {
  index: {
    load: (a, i) => a.load(i),
    store: (a, i) => a.store(i, 1),
    erase: (a, i) => a.erase(i),
    insert: (a, i) => a.insert(i, 1),
    cmpxchg: (a, i) => a.cmpxchg(i, 0, 1),
    reserve: (a, i) => a.reserve(i),
    release: (a, i) => a.release(i),
    find: (a, i) => a.find(i ?? -1),
    findAfter: (a, i) => a.findAfter(i),
    findLast: (a, i) => a.findLast(i ?? -1),
    'findLast min': (a, i) => a.findLast(5, i ?? -1),
    findBefore: (a, i) => a.findBefore(i),
    'range max': (a, i) => a.range(0, i ?? -1),
    'reversed min': (a, i) => a.reversed(5, i ?? -1),
    'cursor.findPrev': (a, i) => a.cursor().findPrev(i ?? -1),
    extract: (a, i) => a.extract(new Int32Array(1), i),
    forEach: (a, i) => a.forEach(() => {}, i ?? -1),
    'find max': (a, i) => a.find(0, i ?? -1),
    'forEach max': (a, i) => a.forEach(() => {}, 0, i ?? -1),
    getMark: (a, i) => a.getMark(i, 0),
    setMark: (a, i) => a.setMark(i, 0),
    clearMark: (a, i) => a.clearMark(i, 0),
    'alloc min': (a, i) => a.alloc(1, i ?? -1),
    'alloc max': (a, i) => a.alloc(1, 0, i ?? -1),
    'allocCyclic next': (a, i) => a.allocCyclic(1, i),
    storeOrder: (a, i) => a.storeOrder(i, 1, 1),
    'storeRange first': (a, i) => a.storeRange(i, 5, 1),
    'storeRange last': (a, i) => a.storeRange(0, i, 1),
    getOrder: (a, i) => a.getOrder(i),
    split: (a, i) => a.split(i, 0),
    findAbsent: (a, i) => a.findAbsent(i),
    'findGap from': (a, i) => a.findGap(1, i ?? -1),
    cursor: (a, i) => a.cursor(i ?? -1),
    'cursor.set': (a, i) => a.cursor().set(i),
    'cursor.setRange last': (a, i) => a.cursor().setRange(0, i),
  },
  entry: {
    store: (a, e) => a.store(1, e),
    insert: (a, e) => a.insert(1, e),
    'cmpxchg old': (a, e) => a.cmpxchg(1, e, 1),
    'cmpxchg new': (a, e) => a.cmpxchg(1, 0, e),
    alloc: (a, e) => a.alloc(e),
    allocCyclic: (a, e) => a.allocCyclic(e, 0),
    storeOrder: (a, e) => a.storeOrder(1, 1, e),
    storeRange: (a, e) => a.storeRange(1, 2, e),
    'cursor.store': (a, e) => a.cursor().store(e),
  },
  mark: {
    getMark: (a, m) => a.getMark(1, m),
    setMark: (a, m) => a.setMark(1, m),
    clearMark: (a, m) => a.clearMark(1, m),
    marked: (a, m) => a.marked(m),
    find: (a, m) => a.find(0, 9, m),
    forEach: (a, m) => a.forEach(() => {}, 0, 9, m),
    extract: (a, m) => a.extract(new Int32Array(1), 0, 9, m),
  },
  order: {
    storeOrder: (a, o) => a.storeOrder(0, o, 1),
    split: (a, o) => a.split(0, o),
    'cursor.setOrder': (a, o) => a.cursor().setOrder(0, o),
  },
  length: {
    findGap: (a, n) => a.findGap(n),
  },
};

const cases = Object.entries(doors).flatMap(([kind, calls]) =>
  Object.entries(calls).map(([name, call]) => [kind as keyof typeof bad, name, call] as const),
);

test.each(cases)('bad %s: %s', (kind, _, call) => {
  const array = new XArray({ alloc: 'from0' });
  for (const value of bad[kind]) {
    if (typeof value === 'bigint') expect(() => call(array, value as never)).toThrow();
    else expect(() => call(array, value as never), String(value)).toThrow(RangeError);
  }
  expect([array.size, array.nodeCount]).toEqual([0, 0]);
});

test('the message has what was got and what is expected', () => {
  const array = new XArray();
  expect(() => array.load(-1)).toThrow('index: got -1, expected an integer 0…4294967295');
  expect(() => array.store(1, 2 ** 31)).toThrow('entry: got 2147483648, expected an integer 0…2147483647 (0 is NULL)');
  expect(() => array.getMark(1, 3)).toThrow('mark: got 3, expected 0, 1 or 2');
  expect(() => array.alloc(1)).toThrow("made with new XArray({ alloc: 'from0' })");
  expect(() => array.allocCyclic(1, 0)).toThrow(RangeError);
  expect(() => new XArray({ alloc: 'from2' as 'from1' })).toThrow(`alloc: got 'from2', expected 'from0' or 'from1'`);
  for (const capacity of [-1, 1.5, 2 ** 25]) expect(() => new XArray({ capacity })).toThrow(RangeError);
  expect(() => XArray.from('bytes' as never)).toThrow(RangeError);
});

test('negative zero is zero', () => {
  const array = new XArray();
  array.store(-0, 5);
  expect(array.load(0)).toBe(5);
  expect(array.store(0, -0)).toBe(5);
  expect(array.size).toBe(0);
});
