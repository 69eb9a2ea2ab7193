// Calls on a SparseXArray and on the oracle, for keys of several shapes.
import { expectSame, type Operation, type Random, random } from '@idspace/testkit';
import type { SparseXArray } from '../../src/sparse/index.ts';
import { MAX_INDEX } from '../sound.ts';
import type { SortedOracle } from '../sparse/sorted-oracle.ts';
import { expectSound } from '../sparse/sound.ts';

type Op = Operation<SparseXArray, SortedOracle>;
type Shared = Omit<SortedOracle, 'indices' | 'contents' | 'between' | 'rank' | 'places'>;
type Draw = (random: Random) => number;

const pool = (n: number, seed: number, draw: Draw): number[] => {
  const rng = random(seed);
  return Array.from({ length: n }, () => draw(rng));
};
/** Keys to draw from: few enough that calls meet one another. */
export const SHAPES: Record<string, Draw> = {
  uniform: (
    (keys) => (r: Random) =>
      r.pick(keys)
  )(pool(6000, 1, (r) => r.u32())),
  dense: (r) => r.below(3000),
  clustered: (
    (centres) => (r: Random) =>
      Math.min(r.pick(centres) + r.below(40), MAX_INDEX)
  )([...pool(60, 2, (r) => r.u32()), 0, 2 ** 31 - 20, MAX_INDEX - 39]),
  // As many keys in 2ᵏ…2ᵏ⁺¹ for every k, and again downwards from the top: the deepest and most lopsided tree there is.
  'both ends': (r) => {
    const far = 2 ** r.below(32) + r.below(3) * 2 ** r.below(20);
    return Math.min(Math.max(r.chance(0.5) ? far : MAX_INDEX - far, 0), MAX_INDEX);
  },
  // Pairs that differ in one low bit, each in a subtree of its own.
  'lone paths': (r) => (Math.imul(r.below(900), 0x9e3779b1) >>> 6) * 64 + (r.below(2) << r.below(6)),
};

export function operations(index: Draw, growing: number, shrinking: number): Record<string, Op> {
  const entry: Draw = (r) => (r.chance(0.05) ? 0 : r.chance(0.1) ? 2 ** 31 - 1 : r.between(1, 9));
  const anyMark = (r: Random): number | undefined => (r.chance(0.5) ? undefined : r.below(3));
  const max: Draw = (r) => (r.chance(0.5) ? MAX_INDEX : index(r));
  const near: Draw = (r) => Math.min(Math.max(index(r) + r.between(-1, 1), 0), MAX_INDEX);
  const searching = (r: Random): unknown[] => [near(r), max(r), anyMark(r)];
  const searchingDown = (r: Random): unknown[] => [near(r), r.chance(0.5) ? 0 : index(r), anyMark(r)];
  const same = (weight: number, args: Op['args'], call: (array: Shared, ...args: never[]) => unknown): Op => ({
    weight,
    args,
    subject: (array, ...rest) => call(array, ...rest),
    oracle: (oracle, ...rest) => call(oracle, ...rest),
  });
  const marking = (r: Random): unknown[] => [near(r), r.below(3)];
  return {
    load: same(
      3,
      (r) => [near(r)],
      (a, i) => a.load(i),
    ),
    store: same(
      growing,
      (r) => [index(r), entry(r)],
      (a, i, e) => a.store(i, e),
    ),
    erase: same(
      shrinking,
      (r) => [index(r)],
      (a, i) => a.erase(i),
    ),
    // What is at or after an index, so that shrinking comes to an end with any shape.
    'erase found': same(
      shrinking,
      (r) => [index(r)],
      (a, i) => {
        const found = a.find(i, MAX_INDEX);
        return found < 0 ? -1 : a.erase(found);
      },
    ),
    insert: same(
      4,
      (r) => [index(r), r.between(1, 9)],
      (a, i, e) => a.insert(i, e),
    ),
    cmpxchg: same(
      3,
      (r) => [index(r), entry(r), entry(r)],
      (a, i, old, e) => a.cmpxchg(i, old, e),
    ),
    find: same(4, searching, (a, from, to, m) => a.find(from, to, m)),
    findAfter: same(3, searching, (a, from, to, m) => a.findAfter(from, to, m)),
    findLast: same(3, searchingDown, (a, from, to, m) => a.findLast(from, to, m)),
    findBefore: same(3, searchingDown, (a, from, to, m) => a.findBefore(from, to, m)),
    count: same(2, searching, (a, from, to, m) => a.count(from, to, m)),
    nth: same(
      2,
      (r) => [r.below(200), anyMark(r)],
      (a, k, m) => a.nth(k, m),
    ),
    eraseRange: same(
      1,
      (r) => {
        const first = near(r);
        return [first, Math.min(first + r.below(r.pick([10, 2 ** 20])), MAX_INDEX)];
      },
      (a, first, last) => a.eraseRange(first, last),
    ),
    getMark: same(2, marking, (a, i, m) => a.getMark(i, m)),
    setMark: same(
      5,
      (r) => [index(r), r.below(3)],
      (a, i, m) => a.setMark(i, m),
    ),
    clearMark: same(3, marking, (a, i, m) => a.clearMark(i, m)),
    'clear a mark found': same(
      2,
      (r) => [index(r), r.below(3)],
      (a, i, m) => {
        const found = a.find(i, MAX_INDEX, m);
        if (found >= 0) a.clearMark(found, m);
        return found;
      },
    ),
    marked: same(
      1,
      (r) => [r.below(3)],
      (a, m) => a.marked(m),
    ),
    size: same(
      1,
      () => [],
      (a) => a.size,
    ),
    extract: {
      args: searching,
      subject: (array, from: never, to: never, m: never) => {
        const dst = new Int32Array(70);
        return [...dst.subarray(0, array.extract(dst, from, to, m))];
      },
      oracle: (oracle, from: never, to: never, m: never) => oracle.between(from, to, m, 70).map(([, e]) => e),
    },
  };
}

export function check(array: SparseXArray, oracle: SortedOracle): void {
  expectSound(array);
  expectSame([...array], oracle.contents());
  for (const mark of [undefined, 0, 1, 2]) {
    const seen: [number, number][] = [];
    array.forEach((entry, index) => void seen.push([index, entry]), 0, MAX_INDEX, mark);
    expectSame(seen, oracle.between(0, MAX_INDEX, mark, oracle.size));
    expectSame([...array.range(0, MAX_INDEX, mark)], seen);
    expectSame([...array.reversed(MAX_INDEX, 0, mark)], seen.toReversed());
  }
  if (oracle.size % 5 === 0) array.compact();
}
