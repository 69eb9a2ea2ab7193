import { describe, expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import { TypedMap, type ValueType, XArrayError } from '../src/index.ts';
import { BOUNDARIES, MAX_INDEX } from './sound.ts';
import { HARD_VALUES } from './support/map-models.ts';

type Value = number | bigint;
type Any = TypedMap<ValueType>;

/** Values just outside of each kind. */
const OUTSIDE: Record<ValueType, unknown[]> = {
  f64: [1n, '1', undefined, null, {}],
  i32: [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN, Infinity, 1n, '1'],
  u32: [2 ** 32, -1, 0.5, Number.NaN, 1n, null],
  i64: [2n ** 63n, -(2n ** 63n) - 1n, 1, 0.5, '1'],
  u64: [2n ** 64n, -1n, 1, null],
};

const make = (type: ValueType, entries?: Iterable<readonly [number, Value]>): Any =>
  new TypedMap<ValueType>(type, entries as never);

test.each([
  ['i64', 5n, 9n, [1n, 2n, 3n]],
  ['f64', 0.5, -0.25, [1, 2, 3]],
] as const)('%s: getOrInsert, getOrInsertComputed and a counter', (type, value, other, counts) => {
  const map = make(type, [[1, value]]);
  const asked: number[] = [];
  const compute = (key: number): Value => {
    asked.push(key);
    return other;
  };
  expect([map.getOrInsert(1, other), map.getOrInsert(MAX_INDEX, other), map.get(MAX_INDEX)]).toEqual([
    value,
    other,
    other,
  ]);
  expect([map.getOrInsertComputed(1, compute), map.getOrInsertComputed(2, compute)]).toEqual([value, other]);
  expect([map.getOrInsertComputed(2, compute), asked]).toEqual([other, [2]]);
  // What the function has set does not count.
  expect([map.getOrInsertComputed(3, (key) => map.set(key, value) && other), map.get(3), map.size]).toEqual([
    other,
    other,
    4,
  ]);
  expect([map.add(7), map.add(7), map.add(7, undefined)]).toEqual(counts);
  const bad = OUTSIDE[type].at(-1) as Value;
  expect(() => map.getOrInsert(1, bad)).toThrow('TypedMap.getOrInsert: value: got ');
  expect(() => map.getOrInsertComputed(8, () => bad)).toThrow('TypedMap.getOrInsertComputed: value: got ');
  expect(() => map.getOrInsertComputed(8, 5 as never)).toThrow('expected a function');
  expect(() => map.getOrInsert(-1, value)).toThrow('TypedMap.getOrInsert: key: got -1');
  expect([map.has(8), map.size]).toEqual([false, 5]);
});

describe.each(Object.keys(OUTSIDE) as ValueType[])('%s', (type) => {
  const inside = HARD_VALUES[type];
  const outside = OUTSIDE[type];

  test('keeps every value as it is, at every boundary of keys', () => {
    const map = make(type);
    const model = new Map<number, Value>();
    for (const [at, key] of BOUNDARIES.entries()) {
      const value = inside[at % inside.length]!;
      map.set(key, value as never);
      model.set(key, value);
    }
    for (const copy of [map, TypedMap.from(map.snapshot())]) {
      for (const [key, value] of model) expect(Object.is(copy.get(key), value), `${key}: ${value}`).toBe(true);
      expect([...copy]).toEqual([...model].sort(([a], [b]) => a - b));
      expect([copy.type, copy.size, copy.equals(map)]).toEqual([type, model.size, true]);
    }
  });

  test('refuses what is not of its kind, and nothing has changed', () => {
    const map = make(type, [[5, inside[1]!]]);
    for (const bad of outside) {
      expect(() => map.set(7, bad as never), String(bad)).toThrow(/TypedMap.set: value: got .*, expected a/);
      expect(() => make(type, [[7, bad as never]])).toThrow(RangeError);
    }
    expect([...map]).toEqual([[5, inside[1]]]);
  });

  test('takes memory for as many values as there are, however often they come and go', () => {
    const map = make(type);
    for (let round = 0; round < 20; round++) {
      for (let key = 0; key < 500; key++) map.set(key * 3, inside[0] as never);
      if (round % 2 === 0) expect(map.deleteRange(0, 1_499)).toBe(500);
      else for (let key = 0; key < 500; key++) map.delete(key * 3);
    }
    expect(map.byteLength).toBeLessThan(500 * 3 * 5.1 * 2 + 1_024 * 8 + 2_000);
    map.compact();
    expect(map.byteLength).toBe(0);
  });

  test('uses slots again that were given back before and after the memory grew', () => {
    const map = make(type);
    const [a, b] = [inside[0]!, inside[1]!];
    const set = (first: number, last: number, value: unknown): void => {
      for (let key = first; key <= last; key++) map.set(key, value as never);
    };
    set(0, 5, a);
    map.deleteRange(1, 3);
    set(10, 12, b);
    set(20, 99, a);
    map.deleteRange(20, 59);
    set(100, 139, b);
    const { byteLength } = map;
    map.delete(0);
    set(140, 140, b);
    expect(map.byteLength).toBe(byteLength);
    const keys = [4, 5, 10, 11, 12, ...Array.from({ length: 81 }, (_, i) => 60 + i)];
    expect([...map]).toEqual(keys.map((key) => [key, key < 6 || (key >= 60 && key < 100) ? a : b]));
  });
});

test('add sums, and refuses a sum that is not of the kind', () => {
  const f64 = new TypedMap('f64');
  expect([f64.add(1, 0.5), f64.add(1, -2), f64.add(1, Infinity), f64.add(1, -Infinity)]).toEqual([
    0.5,
    -1.5,
    Infinity,
    Number.NaN,
  ]);
  const i32 = new TypedMap('i32', [[1, 2 ** 31 - 2]]);
  expect(i32.add(1, 1)).toBe(2 ** 31 - 1);
  expect(() => i32.add(1, 1)).toThrow(
    'TypedMap.add: n: got 1, expected one with which 2147483647 becomes an integer -2147483648…2147483647',
  );
  expect(() => i32.add(2, 0.5)).toThrow(RangeError);
  expect(() => i32.add(2, 1n as never)).toThrow('n: got 1n, expected a number');
  expect([...i32]).toEqual([[1, 2 ** 31 - 1]]);
  const u64 = new TypedMap('u64');
  expect([u64.add(7, 2n ** 64n - 1n), u64.add(7, -5n)]).toEqual([2n ** 64n - 1n, 2n ** 64n - 6n]);
  expect(() => u64.add(7, 6n)).toThrow(/0n…18446744073709551615n/);
  expect(() => u64.add(8, -1n)).toThrow(RangeError);
  expect(u64.has(8)).toBe(false);
});

test.each([
  ['i32', 0],
  ['u32', 0],
  ['f64', -0],
] as const)('%s: what is given for −0 is what is kept: %s', (type, kept) => {
  const map = make(type);
  const answers = [map.getOrInsert(1, -0), map.getOrInsertComputed(2, () => -0), map.get(1), map.get(2)];
  expect(answers).toEqual([kept, kept, kept, kept]);
});

test('keys and kinds that there are not are refused', () => {
  const map = new TypedMap('f64');
  for (const bad of [-1, 0.5, 2 ** 32, Number.NaN, '1' as never, null as never]) {
    for (const call of [
      () => map.get(bad),
      () => map.set(bad, 1),
      () => map.add(bad, 1),
      () => map.delete(bad),
      () => map.range(bad),
      () => map.reversed(bad),
      () => map.find(bad),
      () => map.deleteRange(bad, 5),
    ]) {
      expect(call).toThrow(/TypedMap\.\w+: \w+: got/);
    }
    expect(map.has(bad)).toBe(false);
  }
  for (const bad of ['f32', 'toString', undefined, 5]) {
    expect(() => new TypedMap(bad as never)).toThrow(
      /new TypedMap: type: got .*, expected one of f64, i32, u32, i64, u64/,
    );
  }
  expect(() => new TypedMap('f64', [1] as never)).toThrow('new TypedMap: entries[0]: got 1, expected [key, value]');
  expect(() => new TypedMap('f64', 5 as never)).toThrow(/entries: got 5, expected an iterable/);
});

test('maps of other kinds are not equal, nor those with another value', () => {
  const map = new TypedMap('f64', [
    [1, Number.NaN],
    [2, 0],
  ]);
  expect(
    map.equals(
      new TypedMap('f64', [
        [2, -0],
        [1, Number.NaN],
      ]),
    ),
  ).toBe(true);
  expect(
    map.equals(
      new TypedMap('f64', [
        [2, 0],
        [1, 5],
      ]),
    ),
  ).toBe(false);
  expect(map.equals(new TypedMap('f64', [[2, 0]]))).toBe(false);
  expect(
    map.equals(
      new TypedMap('f64', [
        [1, Number.NaN],
        [3, 0],
      ]),
    ),
  ).toBe(false);
  expect(new TypedMap('i32', [[1, 1]]).equals(new TypedMap('u32', [[1, 1]]) as never)).toBe(false);
  expect(map.equals(5 as never)).toBe(false);
});

test('JSON has what JSON can hold, and what it cannot is refused, not lost', () => {
  const map = new TypedMap('f64', [
    [2, 0.5],
    [1, -3],
  ]);
  expect(JSON.stringify(map)).toBe('[[1,-3],[2,0.5]]');
  expect(new TypedMap('f64', JSON.parse(JSON.stringify(map))).equals(map)).toBe(true);
  for (const value of [Number.NaN, Infinity, -0]) {
    expect(() => JSON.stringify(new TypedMap('f64', [[9, value]]))).toThrow(
      /TypedMap.toJSON: the value of 9: got .*snapshot\(\) keeps all/,
    );
  }
  expect(() => JSON.stringify(new TypedMap('i64', [[9, 1n]]))).toThrow(/got 1n/);
});

test('iterators meet what is set ahead, and stay at their end', () => {
  const map = new TypedMap('f64', [
    [1, 1],
    [5, 5],
  ]);
  const seen: unknown[] = [];
  for (const [key] of map) {
    seen.push(key);
    if (key === 1) map.set(3, 3).delete(5);
  }
  expect(seen).toEqual([1, 3]);
  const values = map.values();
  expect([...values, ...values]).toEqual([1, 3]);
  expect(Object.prototype.toString.call(map)).toBe('[object TypedMap]');
});

describe('snapshots', () => {
  const map = new TypedMap('i64', [
    [0, -1n],
    [77, 2n ** 62n],
    [MAX_INDEX, 5n],
  ]);
  const bytes = map.snapshot();
  /** Written by the first version; 64 bytes of header, three keys and a word, three values, zeros. */
  const FIRST = '544d41500100000003000000030000000000000000000000000000000000000000000000000000000000000000000000';

  test('have a form that stays', () => {
    expect(Buffer.from(bytes.subarray(0, 48)).toString('hex')).toBe(FIRST);
    expect(bytes.length).toBe(128);
    expect(Buffer.from(bytes.subarray(64, 80)).toString('hex')).toBe('000000004d000000ffffffff00000000');
    expect(Buffer.from(bytes.subarray(80, 104)).toString('hex')).toBe(
      'ffffffffffffffff00000000000000400500000000000000',
    );
    expect([...TypedMap.from(bytes)]).toEqual([...map]);
    expect(TypedMap.from(new TypedMap('f64').snapshot()).size).toBe(0);
  });

  test('that were cut or damaged at any byte are refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => TypedMap.from(bytes.subarray(0, length)), `${length}`).toThrow(XArrayError);
    }
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 0x80]) {
        const bad = bytes.slice();
        bad[at]! ^= bit;
        expect(() => TypedMap.from(bad), `${at}`).toThrow(XArrayError);
      }
    }
    /** Damaged by one who knows how to compute the checksum. */
    const forged = (at: number, word: number): Uint8Array => {
      const words = new Int32Array(bytes.slice().buffer);
      words[at] = word;
      seal(words, 14);
      return new Uint8Array(words.buffer);
    };
    const code = (at: number, word: number): string => {
      try {
        TypedMap.from(forged(at, word));
        return 'read';
      } catch (error) {
        return (error as XArrayError).code;
      }
    };
    // A kind that there is not, sizes, a spare word, keys that do not ascend, the word between and one behind the values.
    expect([code(2, 5), code(2, -1), code(3, 4), code(3, 2 ** 31 - 1), code(3, -1), code(5, 1)]).toEqual([
      'bad-header',
      'bad-header',
      'bad-structure',
      'bad-length',
      'bad-header',
      'bad-header',
    ]);
    expect([code(17, 0), code(17, -1), code(19, 1), code(31, 1), code(17, 78)]).toEqual([
      'bad-structure',
      'bad-structure',
      'bad-structure',
      'bad-structure',
      'read',
    ]);
    for (const bad of [undefined, null, 5, 'x', new ArrayBuffer(64)])
      expect(() => TypedMap.from(bad as never)).toThrow(RangeError);
  });
});
