// Calls on an XArray, private or shared, and on the oracle, over keys of three shapes.
import { expectSame, type Operation, type Random } from '@idspace/testkit';
import { XArray } from '../../src/index.ts';
import type { SharedXArray } from '../../src/shared/index.ts';
import type { Oracle } from '../oracle.ts';
import { contents, MAX_INDEX } from '../sound.ts';

export type Subject = XArray | SharedXArray;
type Op = Operation<Subject, Oracle>;
/** What array and oracle have in common. */
type Shared = Pick<
  XArray,
  | 'load'
  | 'store'
  | 'erase'
  | 'insert'
  | 'cmpxchg'
  | 'release'
  | 'find'
  | 'findAfter'
  | 'findLast'
  | 'findBefore'
  | 'count'
  | 'nth'
  | 'eraseRange'
  | 'fillRange'
  | 'alloc'
  | 'allocCyclic'
  | 'getMark'
  | 'setMark'
  | 'clearMark'
  | 'marked'
  | 'size'
>;
type Draw = (random: Random) => number;

/** Around which indices the keys lie; `near` of them, so that leaves fill up and empty. */
export const SHAPES: Record<string, { centres: number[]; near: number }> = {
  dense: { centres: [0, 50, 100, 150, 200], near: 70 },
  clustered: { centres: [0, 4060, 64 ** 3 - 20, 2 ** 24 - 3, 2 ** 31 - 40, MAX_INDEX - 65], near: 70 },
  sparse: { centres: Array.from({ length: 90 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> (i % 13)), near: 2 },
};

export function operations(shape: { centres: number[]; near: number }, allocating: boolean): Record<string, Op> {
  const index: Draw = (random) => Math.min(random.pick(shape.centres) + random.below(shape.near), MAX_INDEX);
  const entry: Draw = (random) => (random.chance(0.1) ? 0 : random.chance(0.1) ? 2 ** 31 - 1 : random.between(1, 9));
  const mark: Draw = (random) => random.below(3);
  const anyMark = (random: Random): number | undefined => (random.chance(0.5) ? undefined : random.below(3));
  const max: Draw = (random) => (random.chance(0.5) ? MAX_INDEX : index(random));
  const searching = (random: Random): unknown[] => [index(random), max(random), anyMark(random)];
  const searchingDown = (random: Random): unknown[] => [
    index(random),
    random.chance(0.5) ? 0 : index(random),
    anyMark(random),
  ];
  const limits = (random: Random): [number, number] => {
    const min = index(random);
    return [min, Math.min(min + random.below(shape.near), MAX_INDEX)];
  };
  const same = (weight: number, args: Op['args'], call: (array: Shared, ...args: never[]) => unknown): Op => ({
    weight,
    args,
    subject: (array, ...rest) => call(array, ...rest),
    oracle: (oracle, ...rest) => call(oracle, ...rest),
  });
  const always: Record<string, Op> = {
    load: same(
      3,
      (r) => [index(r)],
      (a, i) => a.load(i),
    ),
    store: same(
      12,
      (r) => [index(r), entry(r)],
      (a, i, e) => a.store(i, e),
    ),
    erase: same(
      14,
      (r) => [index(r)],
      (a, i) => a.erase(i),
    ),
    insert: same(
      4,
      (r) => [index(r), entry(r)],
      (a, i, e) => a.insert(i, e),
    ),
    cmpxchg: same(
      5,
      (r) => [index(r), entry(r), entry(r)],
      (a, i, old, e) => a.cmpxchg(i, old, e),
    ),
    reserve: {
      weight: 2,
      args: (r) => [index(r)],
      subject: (array, i: never) => array.reserve(i),
      oracle: (oracle, i: never) => void oracle.insert(i, 0),
    },
    release: same(
      3,
      (r) => [index(r)],
      (a, i) => a.release(i),
    ),
    find: same(2, searching, (a, from, to, m) => a.find(from, to, m)),
    findAfter: same(2, searching, (a, from, to, m) => a.findAfter(from, to, m)),
    findLast: same(2, searchingDown, (a, from, to, m) => a.findLast(from, to, m)),
    findBefore: same(2, searchingDown, (a, from, to, m) => a.findBefore(from, to, m)),
    count: same(2, searching, (a, from, to, m) => a.count(from, to, m)),
    nth: same(
      2,
      (r) => [r.below(90), anyMark(r)],
      (a, k, m) => a.nth(k, m),
    ),
    eraseRange: same(1, limits, (a, first, last) => a.eraseRange(first, last)),
    fillRange: same(
      1,
      (r) => [...limits(r), r.between(1, 9)],
      (a, first, last, e) => a.fillRange(first, last, e),
    ),
    getMark: same(
      2,
      (r) => [index(r), mark(r)],
      (a, i, m) => a.getMark(i, m),
    ),
    setMark: same(
      6,
      (r) => [index(r), mark(r)],
      (a, i, m) => a.setMark(i, m),
    ),
    clearMark: same(
      2,
      (r) => [index(r), mark(r)],
      (a, i, m) => a.clearMark(i, m),
    ),
    marked: same(
      1,
      (r) => [mark(r)],
      (a, m) => a.marked(m),
    ),
    size: same(
      1,
      () => [],
      (a) => a.size,
    ),
    forEach: {
      args: searching,
      subject: (array, from: never, to: never, m: never) => {
        const seen: [number, number][] = [];
        array.forEach((e, i) => void seen.push([i, e]), from, to, m);
        return seen;
      },
      oracle: (oracle, from: never, to: never, m: never) => oracle.between(from, to, m),
    },
    extract: {
      args: searching,
      subject: (array, from: never, to: never, m: never) => {
        const dst = new Int32Array(20);
        return [...dst.subarray(0, array.extract(dst, from, to, m))];
      },
      oracle: (oracle, from: never, to: never, m: never) =>
        oracle
          .between(from, to, m)
          .slice(0, 20)
          .map(([, e]) => e),
    },
  };
  if (!allocating) return always;
  return {
    ...always,
    alloc: same(
      6,
      (r) => [entry(r), ...limits(r)],
      (a, e, lo, hi) => a.alloc(e, lo, hi),
    ),
    'alloc lowest': same(
      2,
      (r) => [entry(r)],
      (a, e) => a.alloc(e, 0, 2 ** 31 - 1),
    ),
    allocCyclic: same(
      3,
      (r) => {
        const [min, to] = limits(r);
        return [entry(r), r.between(min, to), min, to];
      },
      (a, e, next, lo, hi) => a.allocCyclic(e, next, lo, hi),
    ),
  };
}

export function check(array: Subject, oracle: Oracle): void {
  const expected = oracle.contents();
  expectSame(contents(array), expected);
  const copy = XArray.from(array.snapshot());
  expectSame(contents(copy), expected);
  expectSame([array.size, copy.size], [expected.length, expected.length]);
  for (const mark of [0, 1, 2]) {
    expectSame(
      oracle.taken().filter((index) => array.getMark(index, mark) !== oracle.getMark(index, mark)),
      [],
    );
  }
  // A lone reserved index 0 may have a node or be in the head, depending on what was before; so may an entry put over it.
  const nodes = oracle.nodeCount();
  if (nodes > 0 || oracle.taken().length === 0) expectSame(array.nodeCount, nodes);
  else expectSame(array.nodeCount <= 1, true);
  if (array instanceof XArray && expected.length % 7 === 0) array.compact();
}
