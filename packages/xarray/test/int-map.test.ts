import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { IntMap, TypedMap, XArray, XArrayError } from '../src/index.ts';
import { SparseXArray } from '../src/sparse/index.ts';
import { BOUNDARIES, MAX_INDEX } from './sound.ts';

test('get answers what set was given, 0 included, and otherwise what is said to be missing', () => {
  const map = new IntMap();
  expect(map.set(7, 0)).toBe(map);
  expect([map.get(7), map.get(8), map.get(8, 99), map.get(7, 99)]).toEqual([0, -1, 99, 0]);
  expect([map.has(7), map.has(8), map.size]).toEqual([true, false, 1]);
  expect([map.delete(7), map.delete(7), map.size]).toEqual([true, false, 0]);
});

test('boundary keys with boundary values', () => {
  const map = new IntMap();
  for (const key of BOUNDARIES) map.set(key, Math.min(key, 2 ** 31 - 2));
  for (const key of BOUNDARIES) expect(map.get(key)).toBe(Math.min(key, 2 ** 31 - 2));
  expect([...map.keys()]).toEqual(BOUNDARIES.toSorted((a, b) => a - b));
});

test('it iterates by key, however it was filled', () => {
  const map = new IntMap([
    [300, 3],
    [MAX_INDEX, 0],
    [1, 2],
  ]);
  expect([...map]).toEqual([
    [1, 2],
    [300, 3],
    [MAX_INDEX, 0],
  ]);
  expect([...map.entries()]).toEqual([...map]);
  expect([...map.keys()]).toEqual([1, 300, MAX_INDEX]);
  expect([...map.values()]).toEqual([2, 3, 0]);
  const seen: unknown[] = [];
  map.forEach((value, key, self) => void seen.push([value, key, self === map]));
  expect(seen).toEqual([
    [2, 1, true],
    [3, 300, true],
    [0, MAX_INDEX, true],
  ]);
  expect(new Map(map)).toEqual(new Map(map.entries()));
});

test('it can be made from a Map, from itself, from null and from nothing', () => {
  const map = new IntMap(new Map([[5, 6]]));
  expect([...new IntMap(map)]).toEqual([[5, 6]]);
  expect([new IntMap(null).size, new IntMap(undefined).size, new IntMap([]).size]).toEqual([0, 0, 0]);
});

test('keys may be deleted and set while iterating', () => {
  const map = new IntMap(Array.from({ length: 200 }, (_, key) => [key, key] as const));
  for (const [key] of map) {
    map.delete(key);
    if (key % 2 === 0) map.delete(key + 1);
  }
  expect([map.size, map.byteLength]).toEqual([0, map.byteLength]);
  map.set(3, 4);
  map.clear();
  expect([...map]).toEqual([]);
  expect(map.byteLength).toBe(new XArray().byteLength);
});

test('bad keys and values are refused and change nothing', () => {
  const map = new IntMap();
  for (const value of [-1, 0.5, 2 ** 31 - 1, 2 ** 32, Number.NaN, '1' as never, undefined as never]) {
    expect(() => map.set(1, value)).toThrow(RangeError);
  }
  expect(() => map.set(1, -1)).toThrow('value: got -1, expected an integer 0…2147483646');
  for (const key of [-1, 0.5, 2 ** 32, Number.NaN, '1' as never]) {
    expect(() => map.set(key, 1)).toThrow(RangeError);
    expect(() => map.get(key)).toThrow(RangeError);
    expect(map.has(key)).toBe(false);
    expect(() => map.delete(key)).toThrow(RangeError);
  }
  expect(map.size).toBe(0);
});

test('compact gives back what is spare, and keeps keys and values', () => {
  const map = new IntMap();
  for (let key = 0; key < 10_000; key++) map.set(key, key ^ 1);
  const before = map.byteLength;
  map.compact();
  expect(map.byteLength).toBeLessThan(before);
  expect(map.byteLength / 10_000).toBeLessThan(5.3);
  expect([...map]).toEqual(Array.from({ length: 10_000 }, (_, key) => [key, key ^ 1]));
  map.set(10_000, 7);
  expect(map.get(10_000)).toBe(7);
});

test('a snapshot brings back keys and values', () => {
  const map = new IntMap([
    [7, 0],
    [MAX_INDEX, 2 ** 31 - 2],
  ]);
  const bytes = map.snapshot();
  for (const copy of [IntMap.from(bytes), IntMap.from(bytes, { trusted: true })]) {
    expect([...copy]).toEqual([...map]);
    expect(copy.set(8, 1).size).toBe(3);
  }
  expect(() => IntMap.from(bytes.slice(1))).toThrow(XArrayError);
  expect(map.size).toBe(2);
});

test('get answers what it is told if the key is not there: −1 unless told, undefined when told so', () => {
  const map = new IntMap([[1, 0]]);
  expect([map.get(1), map.get(1, 7), map.get(1, undefined), map.get(1, null)]).toEqual([0, 0, 0, 0]);
  expect(map.get(2)).toBe(-1);
  for (const missing of [0, -1, 5, Number.NaN, undefined, null, 'none']) expect(map.get(2, missing)).toBe(missing);
  // As with a Map, whose users ask for undefined.
  const found: number | undefined = map.get(2, undefined);
  expect(found ?? 'new').toBe('new');
});

test('console.log shows size and entries, a hundred at most', () => {
  expect(inspect(new IntMap())).toBe('IntMap(0) {}');
  const two: [number, number][] = [
    [1, 0],
    [64, 5],
  ];
  expect(inspect(new IntMap(two))).toBe('IntMap(2) { 1 => 0, 64 => 5 }');
  const array = new XArray();
  array.store(3, 9);
  expect(inspect({ array })).toBe('{ array: XArray(1) { 3 => 9 } }');
  const many = inspect(new IntMap(Array.from({ length: 150 }, (_, key) => [key, key] as const)));
  expect(many).toMatch(/^IntMap\(150\) \{ 0 => 0, .*, 99 => 99, \.\.\. 50 more \}$/);
});

test('an iterator says what it iterates over', () => {
  const of = (iterators: Iterator<unknown>[]): string[] => iterators.map((iterator) => inspect(iterator));
  expect(of([new IntMap().keys(), new IntMap([[MAX_INDEX, 1]]).entries(), new TypedMap('i64').values()])).toEqual([
    '[IntMap Iterator]',
    '[IntMap Iterator]',
    '[TypedMap Iterator]',
  ]);
  expect(of([new XArray()[Symbol.iterator](), new SparseXArray()[Symbol.iterator]()])).toEqual([
    '[XArray Iterator]',
    '[SparseXArray Iterator]',
  ]);
});

test('getOrInsert and getOrInsertComputed answer what the key has, and give it a value only if it has none', () => {
  const map = new IntMap([[1, 0]]);
  expect([map.getOrInsert(1, 9), map.getOrInsert(MAX_INDEX, 9), map.get(MAX_INDEX), map.size]).toEqual([0, 9, 9, 2]);
  const asked: number[] = [];
  const compute = (key: number): number => asked.push(key) * 10;
  expect([map.getOrInsertComputed(1, compute), map.getOrInsertComputed(2, compute)]).toEqual([0, 10]);
  expect([map.getOrInsertComputed(2, compute), asked]).toEqual([10, [2]]);
  // As with a Map, what the function returns counts, whatever it did itself.
  expect([map.getOrInsertComputed(3, (key) => map.set(key, 77).size), map.get(3)]).toEqual([4, 4]);
  expect(() => map.getOrInsert(1, -1)).toThrow('IntMap.getOrInsert: value: got -1, expected an integer 0…2147483646');
  expect(() => map.getOrInsertComputed(8, () => 2 ** 31)).toThrow('IntMap.getOrInsertComputed: value');
  expect(() => map.getOrInsertComputed(8, 5 as never)).toThrow('expected a function');
  expect([map.has(8), map.size]).toEqual([false, 4]);
});

test('what is given for −0 is kept as 0, and so answered', () => {
  const map = new IntMap();
  const answers = [map.getOrInsert(8, -0), map.getOrInsertComputed(9, () => -0), map.add(10, -0), map.get(8)];
  expect(answers).toEqual([0, 0, 0, 0]);
});

test('forEach calls its function with the this it was given', () => {
  const sums = { total: 0 };
  new IntMap([
    [1, 2],
    [3, 4],
  ]).forEach(function (this: typeof sums, value) {
    this.total += value;
  }, sums);
  expect(sums.total).toBe(6);
});

test('JSON.stringify writes pairs that the constructor reads, and equals compares what two maps hold', () => {
  const map = new IntMap([
    [300, 1],
    [MAX_INDEX, 0],
  ]);
  expect(JSON.stringify({ map })).toBe('{"map":[[300,1],[4294967295,0]]}');
  const copy = new IntMap(JSON.parse(JSON.stringify(map)));
  expect([copy.equals(map), map.equals(IntMap.from(map.snapshot())), map.equals(map)]).toEqual([true, true, true]);
  expect([copy.set(300, 2).equals(map), copy.set(300, 1).set(5, 5).equals(map)]).toEqual([false, false]);
  // As many keys, but others.
  copy.delete(300);
  expect([copy.size, copy.equals(map), map.equals(copy), map.equals(new Map(map) as never)]).toEqual([
    2,
    false,
    false,
    false,
  ]);
});

test('it names itself, and goes where a ReadonlyMap is wanted', () => {
  expect(Object.prototype.toString.call(new IntMap())).toBe('[object IntMap]');
  const sum = (map: ReadonlyMap<number, number>): number => [...map.values()].reduce((a, b) => a + b, 0);
  expect(
    sum(
      new IntMap([
        [1, 2],
        [3, 4],
      ]),
    ),
  ).toBe(6);
});

test('add counts, up to the highest value and not below 0, and refuses what it cannot hold', () => {
  const map = new IntMap([[5, 2 ** 31 - 3]]);
  expect([map.add(7), map.add(7), map.add(7, 40), map.add(7, -42), map.add(9, 0)]).toEqual([1, 2, 42, 0, 0]);
  expect([map.add(5), map.get(5), map.has(9)]).toEqual([2 ** 31 - 2, 2 ** 31 - 2, true]);
  expect(() => map.add(5)).toThrow(
    'IntMap.add: n: got 1, expected an integer -2147483646…0, as the value is 2147483646',
  );
  expect(() => map.add(7, -1)).toThrow('n: got -1, expected an integer 0…2147483646, as the value is 0');
  for (const bad of [0.5, Number.NaN, Infinity, '1' as never, 1n as never, null as never, Symbol('x') as never]) {
    expect(() => map.add(7, bad)).toThrow(RangeError);
    expect(() => map.add(11, bad)).toThrow(RangeError);
  }
  expect(() => map.add(-1)).toThrow(/key: got -1/);
  expect([...map]).toEqual([
    [5, 2 ** 31 - 2],
    [7, 0],
    [9, 0],
  ]);
});

test('groupBy gives a Map in ascending order of key, each group in the order in which its items came', () => {
  const words = ['sea', 'a', 'tide', 'bay', 'ebb', 'o'];
  const seen: [string, number][] = [];
  const groups = IntMap.groupBy(words, (word, at) => {
    seen.push([word, at]);
    return word.length;
  });
  expect(groups).toBeInstanceOf(Map);
  expect([...groups]).toEqual([
    [1, ['a', 'o']],
    [3, ['sea', 'bay', 'ebb']],
    [4, ['tide']],
  ]);
  expect(seen).toEqual(words.map((word, at) => [word, at]));
  expect(IntMap.groupBy([], () => 0).size).toBe(0);
  expect(IntMap.groupBy('abc', () => 2 ** 32 - 1).get(2 ** 32 - 1)).toEqual(['a', 'b', 'c']);
  for (const bad of [-1, 0.5, '1' as never, undefined as never]) {
    expect(() => IntMap.groupBy(words, () => bad)).toThrow(/IntMap.groupBy: key: got/);
  }
  expect(() => IntMap.groupBy(words, 5 as never)).toThrow(/fn: got 5/);
  for (const bad of [5, null, undefined]) expect(() => IntMap.groupBy(bad as never, () => 1)).toThrow(/items: got/);
});
