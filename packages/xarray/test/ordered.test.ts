// Searches and iteration both ways, in every ordered class, against the same questions put to a sorted list of numbers.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';
import { BOUNDARIES, MAX_INDEX as U32 } from './sound.ts';
import { KINDS, type Ordered } from './support/kinds.ts';

const keysOf = (items: Iterable<number | [number, unknown]>): number[] =>
  Array.from(items, (item) => (typeof item === 'number' ? item : item[0]));

/** The methods of Iterator.prototype, which a field of an iterator would hide. */
const HELPERS = 'map filter take drop flatMap reduce toArray forEach some every find next return throw'.split(' ');

test('iterators have the types and the methods of those of a Map', () => {
  const [few, map, typed, ida] = [new IntMap([[1, 2]]), new IntMap(), new TypedMap('f64', [[1, 2]]), new Ida([1])];
  const [array, any, sparse] = [new XArray(), new XArrayOf<string>(), new SparseXArray()];
  const shared = new SharedXArray({ capacity: 1 });
  map.fillRange(0, 99, 1);
  const numbers: MapIterator<number>[] = [
    ...[few.keys(), few.values(), map.keys(), map.values(), typed.keys(), typed.values()],
    ...[ida.keys(), ida[Symbol.iterator](), ida.range(), ida.reversed()],
  ];
  const pairs: MapIterator<[number, number | string]>[] = [
    ...[few.entries(), few[Symbol.iterator](), map.entries(), typed.entries(), ida.takenRanges(), ida.freeRanges()],
    ...[map, typed, array, any, sparse, shared].flatMap((made) => [
      made[Symbol.iterator](),
      made.range(),
      made.reversed(),
    ]),
  ];
  const expected = 'Iterator' in globalThis ? 'function' : 'undefined';
  for (const each of [...numbers, ...pairs]) {
    expect(typeof (each as { map?: unknown }).map).toBe(expected);
    expect(HELPERS.filter((name) => Object.hasOwn(each, name))).toEqual([]);
  }
});

/** Asks all questions about a range of a class and of a sorted list. */
function compare(made: Ordered, sorted: readonly number[], low: number, high: number, where: string): void {
  const within = sorted.filter((key) => key >= low && key <= high);
  const got = {
    find: made.find(low, high),
    findAfter: made.findAfter(low, high),
    findLast: made.findLast(high, low),
    findBefore: made.findBefore(high, low),
  };
  expect(got, where).toEqual({
    find: within[0] ?? -1,
    findAfter: within.find((key) => key > low) ?? -1,
    findLast: within.at(-1) ?? -1,
    findBefore: within.findLast((key) => key < high) ?? -1,
  });
  expect(keysOf(made.range(low, high)), where).toEqual(within);
  expect(keysOf(made.reversed(high, low)), where).toEqual(within.toReversed());
}

describe.each(Object.entries(KINDS))('%s', (name, { top, make }) => {
  test('with nothing in it, it answers −1', () => {
    const made = make([]);
    for (const key of [0, 1, 63, 64, top]) {
      expect([made.find(key), made.findAfter(key), made.findLast(key), made.findBefore(key)]).toEqual([-1, -1, -1, -1]);
    }
    expect([made.find(), made.findLast()]).toEqual([-1, -1]);
    expect([...made.range(), ...made.reversed()]).toEqual([]);
  });

  test('at boundaries, alone and together', () => {
    const keys = BOUNDARIES.filter((key) => key <= top).toSorted((a, b) => a - b);
    const all = make(keys);
    expect([all.find(), all.findLast()]).toEqual([0, top]);
    for (const [at, key] of keys.entries()) {
      expect([all.findLast(key), all.findBefore(key)], `${key}`).toEqual([key, keys[at - 1] ?? -1]);
      const lone = make([key]);
      expect([lone.find(), lone.findLast(), lone.findAfter(key), lone.findBefore(key)]).toEqual([key, key, -1, -1]);
      compare(lone, [key], Math.max(key - 1, 0), Math.min(key + 1, top), `alone, ${key}`);
      compare(all, keys, Math.max(key - 2, 0), Math.min(key + 2, top), `together, ${key}`);
    }
    compare(all, keys, 0, top, 'all of them');
  });

  test('in full leaves, and where a range ends before it begins', () => {
    const keys = Array.from({ length: 1100 }, (_, i) => 64 + i);
    const made = make(keys);
    for (const edge of [63, 64, 65, 127, 128, 1163, 1164, 1088, 1087]) {
      compare(made, keys, 0, edge, `up to ${edge}`);
      compare(made, keys, edge, top, `from ${edge}`);
    }
    compare(made, keys, 100, 99, 'nothing');
  });

  test('among keys that come and go', () => {
    for (let seed = 1; seed <= budget(12); seed++) {
      const rng = random(seed);
      const near = rng.pick([200, 5_000, 300_000]);
      const centres = [0, 2 ** 18 - 100, 2 ** 30 - 64, top - 300_000];
      const draw = (): number => Math.min(rng.pick(centres) + rng.below(near), top);
      const keys = new Set(Array.from({ length: rng.below(400) }, draw));
      const made = make([...keys]);
      for (let round = 0; round < 20; round++) {
        for (const key of [...keys].filter(() => rng.chance(0.1))) {
          keys.delete(key);
          made.take(key);
        }
        const [a, b] = [draw(), rng.chance(0.3) ? rng.pick([0, top]) : draw()];
        compare(
          made,
          [...keys].toSorted((x, y) => x - y),
          Math.min(a, b),
          Math.max(a, b),
          `seed ${seed}, ${a}, ${b}`,
        );
      }
    }
  });

  test('going down, it meets what is put below and not what is removed there', () => {
    const made = make([5, 70, 300, 5_000]);
    const seen: number[] = [];
    for (const item of made.reversed()) {
      const key = typeof item === 'number' ? item : item[0];
      seen.push(key);
      if (key === 5_000) made.take(300);
      made.take(key);
    }
    // A SharedXArray fetches 64 at one moment.
    expect(seen).toEqual(name === 'SharedXArray' ? [5_000, 300, 70, 5] : [5_000, 70, 5]);
    expect(made.findLast()).toBe(-1);
  });
});

test('an ID that was just freed is not found, though it is the next to be given', () => {
  const ida = new Ida();
  for (let i = 0; i < 3; i++) ida.allocate();
  ida.free(1);
  expect([ida.findLast(1), ida.findBefore(2), ida.find(1), ...ida.reversed()]).toEqual([0, 0, 2, 2, 0]);
  ida.free(0);
  expect([ida.findLast(1), ida.findBefore(1), ida.findFirst()]).toEqual([-1, -1, 2]);
});

test('a reservation is no entry, on the way down either', () => {
  const array = new XArray({ alloc: 'from1' });
  array.store(2, 5);
  for (let i = 3; i < 200; i++) array.reserve(i);
  expect([array.findLast(), array.findBefore(150), array.findLast(1)]).toEqual([2, 2, -1]);
});

test('an entry of many indices is found from above at its last index, and before it is what lies below all of it', () => {
  const array = new XArray();
  array.store(3, 1);
  array.storeOrder(2 ** 20, 20, 2);
  array.setMark(2 ** 20, 1);
  expect(array.findLast()).toBe(2 ** 21 - 1);
  expect(array.findLast(2 ** 20 + 77)).toBe(2 ** 20 + 77);
  expect(array.findLast(2 ** 32 - 1, 0, 1)).toBe(2 ** 21 - 1);
  expect(array.findBefore(2 ** 21 - 1)).toBe(3);
  expect([...array.reversed()]).toEqual([
    [2 ** 20, 2],
    [3, 1],
  ]);
  expect([...array.reversed(2 ** 32 - 1, 2 ** 20 + 5)]).toEqual([[2 ** 20 + 5, 2]]);
});

test('a cursor comes from one entry to the one far below in one call', () => {
  const array = new XArray();
  array.store(0, 1);
  array.store(2_000_000, 2);
  const cursor = array.cursor(2_000_000);
  expect([cursor.findPrev(), cursor.index]).toEqual([2, 2_000_000]);
  expect([cursor.findPrev(), cursor.index]).toEqual([1, 0]);
  expect([cursor.findPrev(), cursor.index, cursor.ended]).toEqual([0, U32, true]);
  expect([cursor.findPrev(), cursor.set(2_000_000).findPrev(5), cursor.findPrev(5), cursor.index]).toEqual([
    0, 2, 0, 4,
  ]);
});

test('bad limits are refused by the call, not by the first step of the iterator', () => {
  for (const made of [
    new IntMap(),
    new XArray(),
    new XArrayOf(),
    new SparseXArray(),
    new SharedXArray({ capacity: 4 }),
    new Ida(),
  ]) {
    for (const bad of [-1, 0.5, 2 ** 32, Number.NaN, '1' as never]) {
      expect(() => made.range(bad)).toThrow(RangeError);
      expect(() => made.range(0, bad)).toThrow(RangeError);
      expect(() => made.reversed(bad)).toThrow(RangeError);
      expect(() => made.reversed(5, bad)).toThrow(RangeError);
      expect(() => made.findLast(bad)).toThrow(RangeError);
      expect(() => made.findBefore(5, bad)).toThrow(RangeError);
    }
  }
});
