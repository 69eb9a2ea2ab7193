// What the language promises of Map, on IntMap: keys and values are integers.
import { IntMap } from '@idspace/xarray';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

type Pairs = Iterable<readonly [number, number]>;

/** IntMap, with Map's answer for a missing key. */
class OnIntMap extends IntMap {
  override get(key: number, missing?: unknown): never {
    return super.get(key, missing) as never;
  }
}

/** The class: Map, or ours. */
type MapClass = new (entries?: Pairs | null) => Map<number, number>;

const THREE: [number, number][] = [
  [1, 10],
  [2, 20],
  [3, 30],
];
const keysSeen = (map: Map<number, number>, during: (key: number) => void): number[] => {
  const seen: number[] = [];
  for (const [key] of map) {
    seen.push(key);
    during(key);
  }
  return seen;
};

const behaviours: Behaviour<MapClass>[] = [
  [
    'new without entries is empty',
    (Class) => expect([new Class().size, new Class(null).size, new Class(undefined).size]).toEqual([0, 0, 0]),
  ],
  ['the class must be called with new', (Class) => expect(() => (Class as unknown as () => void)()).toThrow(TypeError)],
  ['entries come from any iterable', (Class) => expect([...new Class(new Map(THREE))]).toEqual(THREE)],
  [
    'entries come from a generator',
    (Class) => {
      const pairs = (function* (): Generator<[number, number]> {
        yield* THREE;
      })();
      expect(new Class(pairs).size).toBe(3);
    },
  ],
  ['what is not iterable is refused', (Class) => expect(() => new Class(7 as unknown as Pairs)).toThrow()],
  ['an entry that is no object is refused', (Class) => expect(() => new Class([7] as unknown as Pairs)).toThrow()],
  [
    'an iterator is closed when an entry is refused',
    (Class) => {
      let isClosed = false;
      const pairs = (function* () {
        try {
          yield 7;
        } finally {
          isClosed = true;
        }
      })();
      expect(() => new Class(pairs as unknown as Pairs)).toThrow();
      expect(isClosed).toBe(true);
    },
  ],
  [
    'of two entries with one key the last counts',
    (Class) =>
      expect([
        ...new Class([
          [1, 2],
          [1, 3],
        ]),
      ]).toEqual([[1, 3]]),
  ],
  [
    'set returns the map',
    (Class) => {
      const map = new Class();
      expect(map.set(1, 1)).toBe(map);
    },
  ],
  [
    'set replaces, and the size stays',
    (Class) => {
      const map = new Class(THREE).set(2, 5);
      expect([map.get(2), map.size]).toEqual([5, 3]);
    },
  ],
  ['get of a missing key is undefined', (Class) => expect(new Class(THREE).get(9)).toBeUndefined()],
  [
    'a value of 0 is a value',
    (Class) => {
      const map = new Class([[1, 0]]);
      expect([map.get(1), map.has(1)]).toEqual([0, true]);
    },
  ],
  [
    'a key of 0 is a key',
    (Class) => {
      const map = new Class([[0, 1]]);
      expect([map.get(0), map.has(0), map.delete(0), map.size]).toEqual([1, true, true, 0]);
    },
  ],
  [
    '−0 is 0',
    (Class) => {
      const map = new Class().set(-0, 1);
      expect([map.get(0), Object.is([...map.keys()][0], 0)]).toEqual([1, true]);
    },
  ],
  [
    'has says what is there',
    (Class) => expect([new Class(THREE).has(1), new Class(THREE).has(4)]).toEqual([true, false]),
  ],
  [
    'has of what can be no key is false',
    (Class) =>
      expect(['1', null, {}, Number.NaN, -1, 0.5].map((key) => new Class(THREE).has(key as number))).toEqual([
        false,
        false,
        false,
        false,
        false,
        false,
      ]),
  ],
  [
    'delete says what was there',
    (Class) => {
      const map = new Class(THREE);
      expect([map.delete(2), map.delete(2), map.size]).toEqual([true, false, 2]);
    },
  ],
  [
    'a deleted key can be set again',
    (Class) => {
      const map = new Class(THREE);
      map.delete(2);
      expect(map.set(2, 7).get(2)).toBe(7);
    },
  ],
  [
    'clear empties and returns nothing',
    (Class) => {
      const map = new Class(THREE);
      expect([map.clear(), map.size, [...map]]).toEqual([undefined, 0, []]);
    },
  ],
  ['size cannot be written', (Class) => expect(() => Object.assign(new Class(), { size: 3 })).toThrow(TypeError)],
  ['size is a property of the prototype', (Class) => expect(Object.hasOwn(new Class(), 'size')).toBe(false)],
  [
    'the methods are not enumerable',
    (Class) => {
      const map = new Class(THREE);
      expect(Object.keys(Object.getPrototypeOf(map) as object)).toEqual([]);
    },
  ],
  [
    'keys, values, entries',
    (Class) => {
      const map = new Class(THREE);
      expect([[...map.keys()], [...map.values()], [...map.entries()]]).toEqual([[1, 2, 3], [10, 20, 30], THREE]);
    },
  ],
  ['the map iterates over its entries', (Class) => expect([...new Class(THREE)]).toEqual(THREE)],
  [
    'an entry is a pair of its own',
    (Class) => {
      const map = new Class(THREE);
      const [first] = map;
      first![1] = 99;
      expect(map.get(1)).toBe(10);
    },
  ],
  [
    'an iterator iterates over itself',
    (Class) => {
      const keys = new Class(THREE).keys();
      expect(keys[Symbol.iterator]()).toBe(keys);
    },
  ],
  [
    'an iterator that has ended stays so',
    (Class) => {
      const map = new Class([[1, 1]]);
      const keys = map.keys();
      expect([keys.next().done, keys.next().done]).toEqual([false, true]);
      map.set(5, 5);
      expect(keys.next()).toEqual({ value: undefined, done: true });
    },
  ],
  [
    'two iterators do not disturb each other',
    (Class) => {
      const map = new Class(THREE);
      const [a, b] = [map.keys(), map.keys()];
      a.next();
      expect([a.next().value, b.next().value]).toEqual([2, 1]);
    },
  ],
  [
    'an entry added ahead is visited',
    (Class) => {
      const map = new Class(THREE);
      expect(keysSeen(map, (key) => void (key === 1 && map.set(9, 9)))).toEqual([1, 2, 3, 9]);
    },
  ],
  [
    'an entry deleted ahead is not visited',
    (Class) => {
      const map = new Class(THREE);
      expect(keysSeen(map, () => void map.delete(2))).toEqual([1, 3]);
    },
  ],
  [
    'deleting the entry visited is safe',
    (Class) => {
      const map = new Class(THREE);
      expect([keysSeen(map, (key) => void map.delete(key)), map.size]).toEqual([[1, 2, 3], 0]);
    },
  ],
  [
    'clearing ends an iteration',
    (Class) => {
      const map = new Class(THREE);
      expect(keysSeen(map, () => map.clear())).toEqual([1]);
    },
  ],
  [
    'forEach passes value, key and map',
    (Class) => {
      const map = new Class([[1, 10]]);
      const calls: unknown[] = [];
      map.forEach((...args) => void calls.push(args));
      expect(calls).toEqual([[10, 1, map]]);
    },
  ],
  [
    'forEach passes its this',
    (Class) => {
      const it = {};
      let got: unknown;
      new Class(THREE).forEach(function (this: unknown) {
        got = this;
      }, it);
      expect(got).toBe(it);
    },
  ],
  ['forEach returns nothing', (Class) => expect(new Class(THREE).forEach(() => {})).toBeUndefined()],
  [
    'forEach visits what is added ahead, not what is deleted',
    (Class) => {
      const map = new Class(THREE);
      const seen: number[] = [];
      map.forEach((_, key) => {
        seen.push(key);
        map.delete(2);
        if (key === 1) map.set(9, 9);
      });
      expect(seen).toEqual([1, 3, 9]);
    },
  ],
  [
    'an error in forEach ends it, and comes out',
    (Class) => {
      let calls = 0;
      expect(() =>
        new Class(THREE).forEach(() => {
          calls++;
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(calls).toBe(1);
    },
  ],
  ['forEach refuses what is no function', (Class) => expect(() => new Class(THREE).forEach(7 as never)).toThrow()],
  [
    'a subclass is a class of its own',
    (Class) => {
      class Sub extends Class {
        sum(): number {
          return [...this.values()].reduce((a, b) => a + b, 0);
        }
      }
      expect([new Sub(THREE).sum(), new Sub() instanceof Class]).toEqual([60, true]);
    },
  ],
  [
    'the constructor sets by the set of a subclass',
    (Class) => {
      class Double extends Class {
        override set(key: number, value: number): this {
          return super.set(key, 2 * value);
        }
      }
      expect(new Double(THREE).get(3)).toBe(60);
    },
  ],
  [
    'a method of another object is refused',
    (Class) => expect(() => Class.prototype.get.call({} as never, 1)).toThrow(TypeError),
  ],
  [
    'Set takes its keys for a union',
    (Class) =>
      expect(new Class(THREE)).toMatchObject({ size: 3, has: expect.any(Function), keys: expect.any(Function) }),
  ],
  [
    'many entries',
    (Class) => {
      const map = new Class();
      for (let i = 0; i < 5_000; i++) map.set((i * 7919) % 10_007, i);
      let sum = 0;
      for (let i = 0; i < 5_000; i++) sum += Number(map.get((i * 7919) % 10_007) === i);
      expect([map.size, sum]).toEqual([5_000, 5_000]);
    },
  ],
  [
    'entries come in the order they were added',
    (Class) =>
      expect([
        ...new Class([
          [2, 0],
          [1, 0],
        ]).keys(),
      ]).toEqual([2, 1]),
    { ours: 'in the order of keys' },
  ],
  ['NaN is a key', (Class) => expect(new Class([[Number.NaN, 1]]).get(Number.NaN)).toBe(1), { ours: 'a RangeError' }],
  [
    'a string is a key',
    (Class) => expect(new Class([['a' as unknown as number, 1]]).size).toBe(1),
    { ours: 'a RangeError' },
  ],
  [
    'undefined is a value',
    (Class) => expect(new Class([[1, undefined as unknown as number]]).has(1)).toBe(true),
    { ours: 'a RangeError' },
  ],
  [
    'structuredClone copies it',
    (Class) => expect(structuredClone(new Class(THREE))).toBeInstanceOf(Map),
    { ours: 'send snapshot()' },
  ],
];

compare<MapClass>({
  peer: 'Map',
  ours: 'IntMap',
  makeTheirs: () => Map as MapClass,
  makeOurs: () => OnIntMap as unknown as MapClass,
  behaviours,
  counts: { both: 43, theirs: 5, ours: 0 },
});
