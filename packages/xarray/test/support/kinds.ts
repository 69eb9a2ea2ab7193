// The ordered classes by one interface, so that one suite puts the same questions to all of them.
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '../../src/index.ts';
import { SharedXArray } from '../../src/shared/index.ts';
import { SparseXArray } from '../../src/sparse/index.ts';
import { expectSound, MAX_INDEX } from '../sound.ts';

/** Searches and iterators of all of them. */
export interface Ordered {
  find(from?: number, max?: number): number;
  findAfter(from: number, max?: number): number;
  findLast(from?: number, min?: number): number;
  findBefore(from: number, min?: number): number;
  range(from?: number, max?: number): Iterable<number | [number, unknown]>;
  reversed(from?: number, min?: number): Iterable<number | [number, unknown]>;
}

/** Makes an object of a class with some keys, and says how one is removed. */
export interface Kind {
  /** The highest key there can be. */
  top: number;
  make(keys: readonly number[]): Ordered & { take(key: number): void };
}

function kind<T extends Ordered>(
  top: number,
  create: () => T,
  put: (made: T, key: number) => void,
  drop: (made: T, key: number) => void,
): Kind {
  return {
    top,
    make: (keys) => {
      const made = create();
      for (const key of keys) put(made, key);
      return Object.assign(made, { take: (key: number) => drop(made, key) });
    },
  };
}

const value = (key: number): number => key & 0x3fff_ffff;
const store = (array: { store(i: number, e: number): unknown }, key: number): unknown =>
  array.store(key, value(key) + 1);
const erase = (array: { erase(i: number): unknown }, key: number): unknown => array.erase(key);

export const KINDS: Record<string, Kind> = {
  IntMap: kind(
    MAX_INDEX,
    () => new IntMap(),
    (map, key) => map.set(key, value(key)),
    (map, key) => map.delete(key),
  ),
  TypedMap: kind(
    MAX_INDEX,
    () => new TypedMap('f64'),
    (map, key) => map.set(key, value(key) / 7),
    (map, key) => map.delete(key),
  ),
  XArray: kind(MAX_INDEX, () => new XArray(), store, erase),
  XArrayOf: kind(
    MAX_INDEX,
    () => new XArrayOf<string>(),
    (array, key) => array.store(key, `${key}`),
    erase,
  ),
  SparseXArray: kind(MAX_INDEX, () => new SparseXArray(), store, erase),
  SharedXArray: kind(MAX_INDEX, () => new SharedXArray({ capacity: 3_000 }), store, erase),
  Ida: kind(
    2 ** 31 - 1,
    () => new Ida(),
    (ida, key) => ida.allocate(key, key),
    (ida, key) => ida.free(key),
  ),
};

/** The calls on ranges, with values 1…2³¹−2 in every class; marks where the class has them. */
export interface Ranged {
  size(): number;
  get(key: number): number;
  set(key: number, entry: number): void;
  drop(key: number): void;
  count(first: number, last: number, mark?: number): number;
  rank(key: number, mark?: number): number;
  nth(k: number, mark?: number): number;
  eraseRange(first: number, last: number): number;
  pairs(from: number, max: number): [number, number][];
  downwards(from: number, min: number): [number, number][];
  fillRange?(first: number, last: number, entry: number): void;
  setMark?(key: number, mark: number): void;
  getMark?(key: number, mark: number): boolean;
  /** Fails if what is inside is unsound. */
  check(): void;
}

type Kernel = XArray | SharedXArray | SparseXArray;

function ranged(array: Kernel, check: () => void): Ranged {
  return {
    size: () => array.size,
    get: (key) => array.load(key),
    set: (key, entry) => array.store(key, entry),
    drop: (key) => array.erase(key),
    count: (first, last, mark) => array.count(first, last, mark),
    rank: (key, mark) => array.rank(key, mark),
    nth: (k, mark) => array.nth(k, mark),
    eraseRange: (first, last) => array.eraseRange(first, last),
    pairs: (from, max) => [...array.range(from, max)],
    downwards: (from, min) => [...array.reversed(from, min)],
    ...('fillRange' in array ? { fillRange: (first, last, entry) => array.fillRange(first, last, entry) } : {}),
    setMark: (key, mark) => array.setMark(key, mark),
    getMark: (key, mark) => array.getMark(key, mark),
    check,
  };
}

const sound = <T extends XArray | SharedXArray>(array: T): Ranged => ranged(array, () => expectSound(array));

export const RANGED: Record<string, () => Ranged> = {
  IntMap: () => {
    const map = new IntMap();
    return {
      size: () => map.size,
      get: (key) => map.get(key) + 1,
      set: (key, entry) => map.set(key, entry - 1),
      drop: (key) => map.delete(key),
      count: (first, last) => map.count(first, last),
      rank: (key) => map.rank(key),
      nth: (k) => map.nth(k),
      eraseRange: (first, last) => map.deleteRange(first, last),
      pairs: (from, max) => Array.from(map.range(from, max), ([key, one]) => [key, one + 1]),
      downwards: (from, min) => Array.from(map.reversed(from, min), ([key, one]) => [key, one + 1]),
      fillRange: (first, last, entry) => map.fillRange(first, last, entry - 1),
      check: () => {
        IntMap.from(map.snapshot()); // it verifies the whole tree
      },
    };
  },
  TypedMap: () => {
    const map = new TypedMap('u64');
    const number = ([key, one]: [number, bigint]): [number, number] => [key, Number(one)];
    return {
      size: () => map.size,
      get: (key) => Number(map.get(key, 0n)),
      set: (key, entry) => map.set(key, BigInt(entry)),
      drop: (key) => map.delete(key),
      count: (first, last) => map.count(first, last),
      rank: (key) => map.rank(key),
      nth: (k) => map.nth(k),
      eraseRange: (first, last) => map.deleteRange(first, last),
      pairs: (from, max) => Array.from(map.range(from, max), number),
      downwards: (from, min) => Array.from(map.reversed(from, min), number),
      check: () => map.compact(),
    };
  },
  XArray: () => sound(new XArray()),
  'XArray from 0': () => sound(new XArray({ alloc: 'from0' })),
  'XArray from 1': () => sound(new XArray({ alloc: 'from1' })),
  'XArray with a reservation': () => {
    const array = new XArray();
    array.reserve(2 ** 20 + 3);
    return sound(array);
  },
  'XArray with an entry of many indices': () => {
    // Far from where the suite looks, but from then on nothing may be taken for granted.
    const array = new XArray();
    array.storeOrder(3 * 2 ** 30, 20, 5);
    array.setMark(3 * 2 ** 30, 2);
    return { ...sound(array), size: () => array.size };
  },
  XArrayOf: () => {
    const array = new XArrayOf<number>();
    return {
      size: () => array.size,
      get: (key) => array.load(key) ?? 0,
      set: (key, entry) => array.store(key, entry),
      drop: (key) => array.erase(key),
      count: (first, last, mark) => array.count(first, last, mark),
      rank: (key, mark) => array.rank(key, mark),
      nth: (k, mark) => array.nth(k, mark),
      eraseRange: (first, last) => array.eraseRange(first, last),
      pairs: (from, max) => [...array.range(from, max)],
      downwards: (from, min) => [...array.reversed(from, min)],
      setMark: (key, mark) => array.setMark(key, mark),
      getMark: (key, mark) => array.getMark(key, mark),
      check: () => array.compact(),
    };
  },
  SparseXArray: () => {
    const array = new SparseXArray();
    return ranged(array, () => array.compact());
  },
  SharedXArray: () => sound(new SharedXArray({ capacity: 1_000 })),
  'SharedXArray from 1': () => sound(new SharedXArray({ capacity: 1_000, alloc: 'from1' })),
};
