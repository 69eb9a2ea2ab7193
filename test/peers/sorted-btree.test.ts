// sorted-btree's calls on IntMap: keys and values are integers.

import { createRequire } from 'node:module';
import { IntMap } from '@idspace/xarray';
import { expect } from 'vitest';
import { type Behaviour, compare } from '../support/behaviours.ts';

// TypeScript takes its types for those of a CommonJS module without a default.
const { default: BTree } = createRequire(import.meta.url)('sorted-btree') as {
  default: new (entries?: Pair[]) => Tree;
};

type Pair = [number, number];

/** The part of BTree that IntMap has. */
class Tree {
  readonly map: IntMap;

  constructor(entries: Pair[] | IntMap = []) {
    this.map = entries instanceof IntMap ? entries : new IntMap(entries);
  }

  get size(): number {
    return this.map.size;
  }
  get isEmpty(): boolean {
    return this.map.size === 0;
  }
  get(key: number, missing?: number): number | undefined {
    return this.map.get(key, missing);
  }
  has(key: number): boolean {
    return this.map.has(key);
  }
  set(key: number, value: number, overwrite = true): boolean {
    const isNew = !this.map.has(key);
    if (isNew || overwrite) this.map.set(key, value);
    return isNew;
  }
  setIfNotPresent(key: number, value: number): boolean {
    return this.set(key, value, false);
  }
  changeIfPresent(key: number, value: number): boolean {
    if (!this.map.has(key)) return false;
    this.map.set(key, value);
    return true;
  }
  delete(key: number): boolean {
    return this.map.delete(key);
  }
  clear(): void {
    this.map.clear();
  }
  minKey(): number | undefined {
    return orUndefined(this.map.find());
  }
  maxKey(): number | undefined {
    return orUndefined(this.map.findLast());
  }
  nextHigherKey(key: number | undefined): number | undefined {
    return key === undefined ? this.minKey() : orUndefined(this.map.findAfter(key));
  }
  nextLowerKey(key: number | undefined): number | undefined {
    return key === undefined ? this.maxKey() : orUndefined(this.map.findBefore(key));
  }
  nextHigherPair(key: number | undefined): Pair | undefined {
    return this.pair(this.nextHigherKey(key));
  }
  nextLowerPair(key: number | undefined): Pair | undefined {
    return this.pair(this.nextLowerKey(key));
  }
  getPairOrNextHigher(key: number): Pair | undefined {
    return this.pair(orUndefined(this.map.find(key)));
  }
  getPairOrNextLower(key: number): Pair | undefined {
    return this.pair(orUndefined(this.map.findLast(key)));
  }
  getRange(low: number, high: number, includeHigh = false, maxLength = Number.POSITIVE_INFINITY): Pair[] {
    const pairs: Pair[] = [];
    if (high < low || (high === low && !includeHigh)) return pairs;
    for (const pair of this.map.range(low, includeHigh ? high : high - 1)) {
      if (pairs.length >= maxLength) break;
      pairs.push(pair);
    }
    return pairs;
  }
  deleteRange(low: number, high: number, includeHigh: boolean): number {
    if (high < low || (high === low && !includeHigh)) return 0;
    return this.map.deleteRange(low, includeHigh ? high : high - 1);
  }
  entries(lowest?: number): Iterator<Pair> & Iterable<Pair> {
    return this.map.range(lowest) as Iterator<Pair> & Iterable<Pair>;
  }
  entriesReversed(highest?: number): Iterable<Pair> {
    return this.map.reversed(highest);
  }
  keys(first?: number): Iterable<number> {
    return [...this.map.range(first)].map(([key]) => key);
  }
  keysArray(): number[] {
    return [...this.map.keys()];
  }
  valuesArray(): number[] {
    return [...this.map.values()];
  }
  toArray(): Pair[] {
    return [...this.map];
  }
  forEachPair(fn: (key: number, value: number) => void): void {
    for (const [key, value] of this.map) fn(key, value);
  }
  setPairs(pairs: Pair[]): number {
    return pairs.filter(([key, value]) => this.set(key, value)).length;
  }
  deleteKeys(keys: number[]): number {
    return keys.filter((key) => this.delete(key)).length;
  }
  clone(): Tree {
    return new Tree(IntMap.from(this.map.snapshot()));
  }
  freeze(): void {
    throw new Error('IntMap cannot be frozen');
  }

  private pair(key: number | undefined): Pair | undefined {
    return key === undefined ? undefined : [key, this.map.get(key)];
  }
}

const orUndefined = (key: number): number | undefined => (key < 0 ? undefined : key);

type Make = (entries?: Pair[]) => Tree;

/** 0, 10, 20 … 990, each with its tenth: more than one node of either. */
const TENS: Pair[] = Array.from({ length: 100 }, (_, i) => [i * 10, i]);

const behaviours: Behaviour<Make>[] = [
  [
    'a new tree is empty',
    (make) =>
      expect([make().size, make().isEmpty, make().minKey(), make().maxKey(), make().toArray()]).toEqual([
        0,
        true,
        undefined,
        undefined,
        [],
      ]),
  ],
  [
    'a tree is made of pairs in any order',
    (make) =>
      expect(
        make([
          [5, 1],
          [2, 0],
          [9, 3],
        ]).toArray(),
      ).toEqual([
        [2, 0],
        [5, 1],
        [9, 3],
      ]),
  ],
  [
    'of two pairs with one key, the last counts',
    (make) =>
      expect(
        make([
          [5, 1],
          [5, 2],
        ]).toArray(),
      ).toEqual([[5, 2]]),
  ],
  [
    'a value is found by its key',
    (make) => expect([make(TENS).get(500), make(TENS).get(505)]).toEqual([50, undefined]),
  ],
  ['a missing key has the value given for it', (make) => expect(make().get(1, 7)).toBe(7)],
  [
    'whether a key is there is told',
    (make) => expect([make(TENS).has(990), make(TENS).has(991)]).toEqual([true, false]),
  ],
  [
    'set says whether the key is new',
    (make) => {
      const tree = make();
      expect([tree.set(1, 2), tree.set(1, 3), tree.get(1)]).toEqual([true, false, 3]);
    },
  ],
  [
    'set can leave a value as it is',
    (make) => {
      const tree = make([[1, 2]]);
      expect([tree.set(1, 3, false), tree.get(1)]).toEqual([false, 2]);
    },
  ],
  [
    'setIfNotPresent',
    (make) => {
      const tree = make([[1, 2]]);
      expect([tree.setIfNotPresent(1, 3), tree.setIfNotPresent(2, 3), tree.toArray()]).toEqual([
        false,
        true,
        [
          [1, 2],
          [2, 3],
        ],
      ]);
    },
  ],
  [
    'changeIfPresent',
    (make) => {
      const tree = make([[1, 2]]);
      expect([tree.changeIfPresent(1, 3), tree.changeIfPresent(2, 3), tree.toArray()]).toEqual([true, false, [[1, 3]]]);
    },
  ],
  [
    'delete says whether the key was there',
    (make) => {
      const tree = make(TENS);
      expect([tree.delete(500), tree.delete(500), tree.size, tree.has(500)]).toEqual([true, false, 99, false]);
    },
  ],
  [
    'all keys can be deleted, from either end',
    (make) => {
      const tree = make(TENS);
      for (let i = 0; i < 50; i++) {
        tree.delete(i * 10);
        tree.delete(990 - i * 10);
      }
      expect([tree.size, tree.minKey()]).toEqual([0, undefined]);
    },
  ],
  [
    'clear empties',
    (make) => {
      const tree = make(TENS);
      tree.clear();
      expect([tree.size, tree.set(3, 3), tree.toArray()]).toEqual([0, true, [[3, 3]]]);
    },
  ],
  ['the ends are known', (make) => expect([make(TENS).minKey(), make(TENS).maxKey()]).toEqual([0, 990])],
  [
    'the next higher key, from a key or between keys',
    (make) => expect([0, 5, 985, 990].map((key) => make(TENS).nextHigherKey(key))).toEqual([10, 10, 990, undefined]),
  ],
  [
    'the next lower key, from a key or between keys',
    (make) => expect([990, 5, 10, 0].map((key) => make(TENS).nextLowerKey(key))).toEqual([980, 0, 0, undefined]),
  ],
  [
    'without a key, the next higher is the first and the next lower the last',
    (make) => expect([make(TENS).nextHigherKey(undefined), make(TENS).nextLowerKey(undefined)]).toEqual([0, 990]),
  ],
  [
    'the next pairs',
    (make) =>
      expect([make(TENS).nextHigherPair(15), make(TENS).nextLowerPair(15)]).toEqual([
        [20, 2],
        [10, 1],
      ]),
  ],
  [
    'a pair or the next higher',
    (make) =>
      expect([20, 21, 991].map((key) => make(TENS).getPairOrNextHigher(key))).toEqual([[20, 2], [30, 3], undefined]),
  ],
  [
    'a pair or the next lower',
    (make) =>
      expect([20, 29, 2000].map((key) => make(TENS).getPairOrNextLower(key))).toEqual([
        [20, 2],
        [20, 2],
        [990, 99],
      ]),
  ],
  [
    'a range without its end',
    (make) =>
      expect(make(TENS).getRange(10, 30)).toEqual([
        [10, 1],
        [20, 2],
      ]),
  ],
  [
    'a range with its end',
    (make) =>
      expect(make(TENS).getRange(10, 30, true)).toEqual([
        [10, 1],
        [20, 2],
        [30, 3],
      ]),
  ],
  [
    'a range between keys',
    (make) =>
      expect(make(TENS).getRange(11, 35)).toEqual([
        [20, 2],
        [30, 3],
      ]),
  ],
  [
    'no more pairs of a range than asked for',
    (make) =>
      expect(make(TENS).getRange(0, 990, true, 2)).toEqual([
        [0, 0],
        [10, 1],
      ]),
    { theirs: 'one more' },
  ],
  [
    'a range from high to low is empty',
    (make) => expect([make(TENS).getRange(30, 10), make(TENS).getRange(10, 10)]).toEqual([[], []]),
  ],
  [
    'a range is deleted, and counted',
    (make) => {
      const tree = make(TENS);
      expect([tree.deleteRange(10, 900, false), tree.size, tree.nextHigherKey(0)]).toEqual([89, 11, 900]);
    },
  ],
  [
    'a range is deleted with its end',
    (make) => {
      const tree = make(TENS);
      expect([tree.deleteRange(10, 900, true), tree.nextHigherKey(0)]).toEqual([90, 910]);
    },
  ],
  [
    'entries from a key',
    (make) =>
      expect([...make(TENS).entries(975)]).toEqual([
        [980, 98],
        [990, 99],
      ]),
  ],
  [
    'entries backwards from a key',
    (make) =>
      expect([...make(TENS).entriesReversed(15)]).toEqual([
        [10, 1],
        [0, 0],
      ]),
  ],
  ['entries backwards from the end', (make) => expect([...make(TENS).entriesReversed()][0]).toEqual([990, 99])],
  ['keys from a key', (make) => expect([...make(TENS).keys(975)]).toEqual([980, 990])],
  [
    'keys and values as arrays',
    (make) =>
      expect([
        make([
          [2, 5],
          [1, 6],
        ]).keysArray(),
        make([
          [2, 5],
          [1, 6],
        ]).valuesArray(),
      ]).toEqual([
        [1, 2],
        [6, 5],
      ]),
  ],
  [
    'forEachPair visits in order',
    (make) => {
      const seen: number[] = [];
      make(TENS).forEachPair((key) => void seen.push(key));
      expect(seen).toEqual(TENS.map(([key]) => key));
    },
  ],
  [
    'many pairs are set, and the new ones counted',
    (make) => {
      const tree = make([[1, 1]]);
      expect([
        tree.setPairs([
          [1, 2],
          [2, 2],
          [3, 3],
        ]),
        tree.get(1),
      ]).toEqual([2, 2]);
    },
  ],
  ['many keys are deleted, and counted', (make) => expect(make(TENS).deleteKeys([10, 11, 20])).toBe(2)],
  [
    'a clone is a tree of its own',
    (make) => {
      const tree = make(TENS);
      const clone = tree.clone();
      clone.delete(0);
      tree.set(5, 5);
      expect([tree.has(0), clone.has(5), clone.size]).toEqual([true, false, 99]);
    },
  ],
  [
    'an entry ahead of an iteration that is deleted is not visited',
    (make) => {
      const tree = make([
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
      const seen: number[] = [];
      for (const [key] of tree.entries(0)) {
        seen.push(key);
        tree.delete(2);
      }
      expect(seen).toEqual([1, 3]);
    },
  ],
  [
    'keys may be negative',
    (make) => expect(make([[-1, 1]]).minKey()).toBe(-1),
    { ours: 'a RangeError: keys are 0…2³²−1' },
  ],
  ['keys may be fractions', (make) => expect(make([[0.5, 1]]).get(0.5)).toBe(1), { ours: 'a RangeError' }],
  [
    'values may be anything',
    (make) => expect(make([[1, 'x' as unknown as number]]).get(1)).toBe('x'),
    { ours: 'a RangeError: values are 0…2³¹−2' },
  ],
  [
    'a frozen tree refuses changes',
    (make) => {
      const tree = make([[1, 1]]);
      tree.freeze();
      expect(() => tree.set(2, 2)).toThrow();
      expect(tree.get(1)).toBe(1);
    },
    { ours: 'there is no freezing' },
  ],
];

compare<Make>({
  peer: 'sorted-btree',
  ours: 'IntMap',
  makeTheirs: () => (entries) => new BTree(entries),
  makeOurs: () => (entries) => new Tree(entries),
  behaviours,
  counts: { both: 36, theirs: 4, ours: 1 },
});
