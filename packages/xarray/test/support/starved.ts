// What is called on each class of this package while the engine has no memory, and what it is compared with.
import { type Random, runModel } from '@idspace/testkit';
import { type StarvedScene, scene } from '@idspace/testkit/starve-tests';
import { expect } from 'vitest';
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '../../src/index.ts';
import { SharedXArray } from '../../src/shared/index.ts';
import { SparseXArray } from '../../src/sparse/index.ts';
import { CursorOracle } from '../cursor-oracle.ts';
import { Oracle } from '../oracle.ts';
import { contents } from '../sound.ts';
import { SpanOracle } from '../span-oracle.ts';
import { SortedOracle } from '../sparse/sorted-oracle.ts';
import * as map from './map-operations.ts';
import * as spans from './span-operations.ts';
import * as sparse from './sparse-operations.ts';

const MAX_ID = 2 ** 31 - 1;
const KINDS = [undefined, 'from0', 'from1'] as const;

type Made = ReturnType<StarvedScene<never, never>['make']>;

/** Plays some calls first, with all the memory they need: what comes then meets an object in use. */
function used<T extends object>(rng: Random, most: number, made: T): T {
  runModel({ seed: rng.u32(), steps: rng.below(most), ...(made as unknown as Made) });
  return made;
}

/** Up to `n` items: a broken structure may have no end. */
function first<T>(items: Iterable<T>, n: number): T[] {
  const found: T[] = [];
  for (const item of items) if (found.push(item) === n) break;
  return found;
}

const rarely = (rng: Random): unknown[] => [rng.chance(0.1)];
const sorted = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);

const base = (alloc: (typeof KINDS)[number]): number => (alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1);

/** IDs near a few places, so that leaves and levels come and go. */
function ids(rng: Random): (rng: Random) => number {
  const places = Array.from({ length: 6 }, () => rng.u32() >>> rng.between(1, 31));
  return (r) => Math.min(r.pick(places) + r.below(40) * 32, MAX_ID);
}

/** The first of min…max that a set lacks, or −1. */
function lowest(set: ReadonlySet<number>, min: number, max: number): number {
  for (let id = min; id <= max; id++) if (!set.has(id)) return id;
  return -1;
}

/** The lowest run of n free numbers up to max, as its ends, or −1 twice. */
function lowestRun(set: ReadonlySet<number>, n: number, max: number): [number, number] {
  let first = 0;
  for (const one of sorted(set)) {
    if (one - first >= n) break;
    first = one + 1;
  }
  return first + n - 1 <= max ? [first, first + n - 1] : [-1, -1];
}

export const SCENES: Record<string, StarvedScene> = {
  Ida: scene<Ida, Set<number>>({
    runs: 60,
    steps: 150,
    make: (rng) => {
      const id = ids(rng);
      const ida = new Ida();
      const oracle = new Set<number>();
      for (let dense = rng.pick([0, 1, 31, 1024, 1025, 5000]); dense > 0; dense--) oracle.add(ida.allocate());
      return used(rng, 20, {
        subject: ida,
        oracle,
        operations: {
          allocate: {
            weight: 12,
            args: (r: Random) => (r.chance(0.2) ? [0, MAX_ID] : [id(r), r.chance(0.5) ? MAX_ID : id(r)]),
            subject: (a: Ida, min: number, max: number) => a.allocate(min, max),
            oracle: (set: Set<number>, min: number, max: number) => {
              const got = lowest(set, min, max);
              if (got >= 0) set.add(got);
              return got;
            },
          },
          free: {
            weight: 5,
            args: (r: Random) => [r.below(50)],
            subject: (a: Ida, nth: number) => a.free([...a][nth] ?? -1),
            oracle: (set: Set<number>, nth: number) => set.delete(sorted(set)[nth] ?? -1),
          },
          'add reserve': {
            weight: 3,
            args: (r: Random) => [id(r)],
            subject: (a: Ida, i: number) => (i & 1 ? a.reserve(i) : a.add(i).size),
            oracle: (set: Set<number>, i: number) =>
              i & 1 ? !set.has(i) && set.add(i) !== undefined : set.add(i).size,
          },
          'allocateRun reserveRange': {
            weight: 2,
            args: (r: Random) => [id(r), r.pick([2, 33, 1500])],
            subject: (a: Ida, i: number, n: number) =>
              i & 1 ? a.allocateRun(n, 0, i) : a.reserveRange(i, Math.min(MAX_ID, i + n)),
            oracle: (set: Set<number>, i: number, n: number) => {
              const run = i & 1 ? lowestRun(set, n, i) : [i, Math.min(MAX_ID, i + n)];
              const isFree = run[0]! >= 0 && sorted(set).every((one) => one < run[0]! || one > run[1]!);
              if (isFree) for (let one = run[0]!; one <= run[1]!; one++) set.add(one);
              return i & 1 ? run[0] : isFree;
            },
          },
          'delete freeRange': {
            args: (r: Random) => [id(r), r.pick([0, 40, 1500])],
            subject: (a: Ida, i: number, n: number) =>
              n === 0 ? a.delete(i) : a.freeRange(i, Math.min(MAX_ID, i + n)),
            oracle: (set: Set<number>, i: number, n: number) => {
              if (n === 0) return set.delete(i);
              return sorted(set).filter((one) => one >= i && one <= i + n && set.delete(one)).length;
            },
          },
          'union intersection difference symmetricDifference': {
            args: (r: Random) => [id(r), r.below(4)],
            subject: (a: Ida, i: number, which: number) => {
              const call = (['union', 'intersection', 'difference', 'symmetricDifference'] as const)[which]!;
              return [...a[call](new Set([i]))].length;
            },
            oracle: (set: Set<number>, i: number, which: number) => {
              const has = set.has(i);
              return which === 1 ? Number(has) : set.size + (has ? (which === 0 ? 0 : -1) : which === 2 ? 0 : 1);
            },
          },
          compact: { args: () => [], subject: (a: Ida) => a.compact(), oracle: () => undefined },
          'from snapshot': {
            args: () => [],
            subject: (a: Ida) => [...Ida.from(a.snapshot())].length,
            oracle: (set: Set<number>) => set.size,
          },
          clear: {
            args: rarely,
            subject: (a: Ida, really: boolean) => (really ? a.clear() : undefined),
            oracle: (set: Set<number>, really: boolean) => (really ? set.clear() : undefined),
          },
        },
        check: (a: Ida, set: Set<number>) => {
          const all = sorted(set);
          // As a text: thousands of numbers one by one take most of the test.
          const text = first(a, all.length + 1).join();
          expect([a.size, a.findFirst(), text]).toEqual([all.length, all[0] ?? -1, all.join()]);
        },
      });
    },
  }),

  IntMap: scene<IntMap, Map<number, number>>({
    runs: 40,
    steps: 120,
    make: (rng) => {
      const key = ids(rng);
      const same = (m: Map<number, number>): [number, number][] => [...m].sort(([a], [b]) => a - b);
      return used(rng, 60, {
        subject: new IntMap(),
        oracle: new Map<number, number>(),
        operations: {
          set: {
            weight: 12,
            args: (r: Random) => [key(r), r.below(9)],
            subject: (m: IntMap, k: number, v: number) => m.set(k, v).size,
            oracle: (m: Map<number, number>, k: number, v: number) => m.set(k, v).size,
          },
          delete: {
            weight: 6,
            args: (r: Random) => [key(r)],
            subject: (m: IntMap, k: number) => m.delete(k),
            oracle: (m: Map<number, number>, k: number) => m.delete(k),
          },
          getOrInsert: {
            weight: 3,
            args: (r: Random) => [key(r), r.below(9)],
            subject: (m: IntMap, k: number, v: number) => m.getOrInsert(k, v),
            oracle: (m: Map<number, number>, k: number, v: number) => m.get(k) ?? m.set(k, v).get(k),
          },
          getOrInsertComputed: {
            weight: 3,
            args: (r: Random) => [key(r), r.below(9)],
            subject: (m: IntMap, k: number, v: number) => m.getOrInsertComputed(k, () => v),
            oracle: (m: Map<number, number>, k: number, v: number) => m.get(k) ?? m.set(k, v).get(k),
          },
          add: {
            weight: 3,
            args: (r: Random) => [key(r), r.below(9)],
            subject: (m: IntMap, k: number, n: number) => m.add(k, n),
            oracle: (m: Map<number, number>, k: number, n: number) => m.set(k, (m.get(k) ?? 0) + n).get(k),
          },
          deleteRange: {
            args: (r: Random) => [key(r), r.below(500)],
            subject: (m: IntMap, k: number, n: number) => m.deleteRange(k, k + n),
            oracle: (m: Map<number, number>, k: number, n: number) =>
              [...m.keys()].filter((one) => one >= k && one <= k + n && m.delete(one)).length,
          },
          fillRange: {
            args: (r: Random) => [key(r), r.below(100)],
            subject: (m: IntMap, k: number, n: number) => m.fillRange(k, k + n, 3).size,
            oracle: (m: Map<number, number>, k: number, n: number) => {
              for (let one = k; one <= k + n; one++) m.set(one, 3);
              return m.size;
            },
          },
          compact: { args: () => [], subject: (m: IntMap) => m.compact(), oracle: () => undefined },
          'from snapshot': {
            args: () => [],
            subject: (m: IntMap) => [...IntMap.from(m.snapshot())],
            oracle: (m: Map<number, number>) => same(m),
          },
          clear: {
            args: rarely,
            subject: (m: IntMap, really: boolean) => (really ? m.clear() : undefined),
            oracle: (m: Map<number, number>, really: boolean) => (really ? m.clear() : undefined),
          },
        },
        check: (m: IntMap, oracle: Map<number, number>) =>
          expect([m.size, [...m]]).toEqual([oracle.size, same(oracle)]),
      });
    },
  }),

  TypedMap: scene<TypedMap<'i64'>, Map<number, bigint>>({
    runs: 40,
    steps: 120,
    make: (rng) => {
      const key = ids(rng);
      type Subject = TypedMap<'i64'>;
      type Model = Map<number, bigint>;
      const same = (m: Model): [number, bigint][] => [...m].sort(([a], [b]) => a - b);
      const getOrInsert = (m: Model, k: number, v: number) => m.get(k) ?? m.set(k, BigInt(v)).get(k);
      return used(rng, 60, {
        subject: new TypedMap('i64'),
        oracle: new Map<number, bigint>(),
        operations: {
          set: {
            weight: 12,
            args: (r: Random) => [key(r), r.u32()],
            subject: (m: Subject, k: number, v: number) => m.set(k, -BigInt(v)).size,
            oracle: (m: Model, k: number, v: number) => m.set(k, -BigInt(v)).size,
          },
          getOrInsert: {
            weight: 3,
            args: (r: Random) => [key(r), r.u32()],
            subject: (m: Subject, k: number, v: number) => m.getOrInsert(k, BigInt(v)),
            oracle: getOrInsert,
          },
          getOrInsertComputed: {
            weight: 3,
            args: (r: Random) => [key(r), r.u32()],
            subject: (m: Subject, k: number, v: number) => m.getOrInsertComputed(k, () => BigInt(v)),
            oracle: getOrInsert,
          },
          add: {
            weight: 5,
            args: (r: Random) => [key(r), r.u32()],
            subject: (m: Subject, k: number, v: number) => m.add(k, BigInt(v) << 20n),
            oracle: (m: Model, k: number, v: number) => m.set(k, (m.get(k) ?? 0n) + (BigInt(v) << 20n)).get(k),
          },
          delete: {
            weight: 6,
            args: (r: Random) => [key(r)],
            subject: (m: Subject, k: number) => m.delete(k),
            oracle: (m: Model, k: number) => m.delete(k),
          },
          deleteRange: {
            args: (r: Random) => [key(r), r.below(500)],
            subject: (m: Subject, k: number, n: number) => m.deleteRange(k, k + n),
            oracle: (m: Model, k: number, n: number) =>
              [...m.keys()].filter((one) => one >= k && one <= k + n && m.delete(one)).length,
          },
          compact: { args: () => [], subject: (m: Subject) => m.compact(), oracle: () => undefined },
          'from snapshot': {
            args: () => [],
            subject: (m: Subject) => [...TypedMap.from(m.snapshot())],
            oracle: (m: Model) => same(m),
          },
          clear: {
            args: rarely,
            subject: (m: Subject, really: boolean) => (really ? m.clear() : undefined),
            oracle: (m: Model, really: boolean) => (really ? m.clear() : undefined),
          },
        },
        check: (m: Subject, oracle: Model) => expect([m.size, [...m]]).toEqual([oracle.size, same(oracle)]),
      });
    },
  }),

  'XArray and Cursor': scene<spans.Subject, spans.Model>({
    runs: 90,
    steps: 100,
    make: (rng) => {
      const alloc = rng.pick(KINDS);
      const array = new XArray({ alloc, capacity: rng.below(4) });
      const oracle = new SpanOracle(base(alloc));
      const shape = rng.pick(Object.values(spans.SHAPES));
      const index = (r: Random): number => r.pick(shape.centres) + r.below(64);
      return used(rng, 80, {
        subject: { array, cursors: [array.cursor(), array.cursor()] },
        oracle: { array: oracle, cursors: [0, 1].map(() => new CursorOracle(oracle, () => array.height)) },
        operations: {
          ...spans.operations(shape, alloc !== undefined),
          'cursor.createRange': {
            args: (r: Random) => [index(r), r.below(12)],
            subject: ({ array }: spans.Subject, i: number, order: number) =>
              array.cursor().setOrder(i, order).createRange(),
            oracle: () => undefined,
          },
          reserve: {
            args: (r: Random) => [index(r)],
            subject: ({ array }: spans.Subject, i: number) => array.reserve(i),
            oracle: ({ array }: spans.Model, i: number) => void array.insert(i, 0),
          },
          compact: { args: () => [], subject: ({ array }: spans.Subject) => array.compact(), oracle: () => undefined },
          'from snapshot': {
            args: () => [],
            subject: ({ array }: spans.Subject) => [...XArray.from(array.snapshot())],
            oracle: ({ array }: spans.Model) => array.entries().map(({ first, entry }) => [first, entry]),
          },
          clear: {
            args: rarely,
            subject: ({ array }: spans.Subject, really: boolean) => (really ? array.clear() : undefined),
            oracle: ({ array }: spans.Model, really: boolean) => (really ? array.clear() : undefined),
          },
        },
        check: spans.check,
      });
    },
  }),

  XArrayOf: scene<XArrayOf<{ value: number }>, Oracle>({
    runs: 90,
    steps: 120,
    make: (rng) => {
      const alloc = rng.pick(KINDS);
      const at = ids(rng);
      const boxes = Array.from({ length: 50 }, (_, value) => ({ value }));
      // The oracle keeps numbers: 0 is nothing there.
      const boxed = (value: number): { value: number } | undefined => (value === 0 ? undefined : boxes[value]);
      const open = (box: { value: number } | undefined): number => box?.value ?? 0;
      type Subject = XArrayOf<{ value: number }>;
      const two = (r: Random): unknown[] => [at(r), r.below(50)];
      const allocating = {
        alloc: {
          weight: 5,
          args: (r: Random) => [r.below(50), at(r)],
          subject: (a: Subject, v: number, min: number) => a.alloc(boxed(v), min, min + 400),
          oracle: (o: Oracle, v: number, min: number) => o.alloc(v, min, min + 400),
        },
        allocCyclic: {
          weight: 3,
          args: (r: Random) => [r.below(50), at(r)],
          subject: (a: Subject, v: number, min: number) => a.allocCyclic(boxed(v), min + 9, min, min + 400),
          oracle: (o: Oracle, v: number, min: number) => o.allocCyclic(v, min + 9, min, min + 400),
        },
      };
      return used(rng, 80, {
        subject: new XArrayOf<{ value: number }>({ alloc, capacity: rng.below(4) }),
        oracle: new Oracle(base(alloc)),
        operations: {
          store: {
            weight: 8,
            args: two,
            subject: (a: Subject, i: number, v: number) => open(a.store(i, boxed(v))),
            oracle: (o: Oracle, i: number, v: number) => o.store(i, v),
          },
          insert: {
            weight: 4,
            args: two,
            subject: (a: Subject, i: number, v: number) => a.insert(i, boxed(v)),
            oracle: (o: Oracle, i: number, v: number) => o.insert(i, v),
          },
          cmpxchg: {
            weight: 3,
            args: (r: Random) => [at(r), r.chance(0.7) ? 0 : r.below(50), r.below(50)],
            subject: (a: Subject, i: number, old: number, v: number) => open(a.cmpxchg(i, boxed(old), boxed(v))),
            oracle: (o: Oracle, i: number, old: number, v: number) => o.cmpxchg(i, old, v),
          },
          eraseRange: {
            args: (r: Random) => [at(r), r.below(500)],
            subject: (a: Subject, i: number, n: number) => a.eraseRange(i, i + n),
            oracle: (o: Oracle, i: number, n: number) => o.eraseRange(i, i + n),
          },
          erase: {
            weight: 3,
            args: (r: Random) => [at(r)],
            subject: (a: Subject, i: number) => open(a.erase(i)),
            oracle: (o: Oracle, i: number) => o.erase(i),
          },
          reserve: {
            args: (r: Random) => [at(r)],
            subject: (a: Subject, i: number) => a.reserve(i),
            oracle: (o: Oracle, i: number) => void o.insert(i, 0),
          },
          release: {
            args: (r: Random) => [at(r)],
            subject: (a: Subject, i: number) => a.release(i),
            oracle: (o: Oracle, i: number) => o.release(i),
          },
          setMark: {
            args: (r: Random) => [at(r), r.below(3)],
            subject: (a: Subject, i: number, mark: number) => a.setMark(i, mark),
            oracle: (o: Oracle, i: number, mark: number) => o.setMark(i, mark),
          },
          clearMark: {
            args: (r: Random) => [at(r), r.below(3)],
            subject: (a: Subject, i: number, mark: number) => a.clearMark(i, mark),
            oracle: (o: Oracle, i: number, mark: number) => o.clearMark(i, mark),
          },
          'from snapshot': {
            args: () => [],
            subject: (a: Subject) => [...XArrayOf.from(a.snapshot())].length,
            oracle: (o: Oracle) => o.size,
          },
          compact: { args: () => [], subject: (a: Subject) => a.compact(), oracle: () => undefined },
          clear: {
            args: rarely,
            subject: (a: Subject, really: boolean) => (really ? a.clear() : undefined),
            oracle: (o: Oracle, really: boolean) => (really ? o.clear() : undefined),
          },
          ...(alloc === undefined ? {} : allocating),
        },
        check: (a: Subject, o: Oracle) => {
          expect([a.size, [...a].map(([index, box]) => [index, open(box)])]).toEqual([o.size, o.contents()]);
          for (const mark of [0, 1, 2]) expect(a.marked(mark)).toBe(o.marked(mark));
        },
      });
    },
  }),

  SparseXArray: scene<SparseXArray, SortedOracle>({
    runs: 60,
    steps: 400,
    make: (rng) => {
      const draws = Object.values(sparse.SHAPES);
      return used(rng, 300, {
        subject: new SparseXArray(),
        oracle: new SortedOracle(),
        operations: {
          ...sparse.operations(rng.pick(draws), 40, rng.pick([1, 10])),
          'from snapshot': {
            args: () => [],
            subject: (a: SparseXArray) => SparseXArray.from(a.snapshot()).size,
            oracle: (o: SortedOracle) => o.size,
          },
          compact: { args: () => [], subject: (a: SparseXArray) => a.compact(), oracle: () => undefined },
          clear: {
            args: (r: Random) => [r.chance(0.02)],
            subject: (a: SparseXArray, really: boolean) => (really ? a.clear() : undefined),
            oracle: (o: SortedOracle, really: boolean) => (really ? o.clear() : undefined),
          },
        },
        check: sparse.check,
      });
    },
  }),

  // All its memory is there from the beginning: what needs more than nothing is what copies.
  SharedXArray: scene<map.Subject, Oracle>({
    runs: 20,
    steps: 150,
    make: (rng) => {
      const alloc = rng.pick(KINDS);
      return used(rng, 150, {
        subject: new SharedXArray({ alloc, capacity: 510, lockFreeReads: false }) as map.Subject,
        oracle: new Oracle(base(alloc)),
        operations: {
          ...map.operations(rng.pick(Object.values(map.SHAPES)), alloc !== undefined),
          'snapshot from': {
            args: () => [],
            subject: (a: map.Subject) => contents(XArray.from(a.snapshot())),
            oracle: (o: Oracle) => o.contents(),
          },
          'from of a shared one': {
            args: () => [],
            subject: (a: map.Subject) => {
              const copy = SharedXArray.from(a.snapshot(), { capacity: 510 });
              copy.detach();
              return copy.size;
            },
            oracle: (o: Oracle) => o.size,
          },
          'attach detach bury': {
            args: (r: Random) => [r.chance(0.5)],
            subject: (a: map.Subject, dies: boolean) => {
              const other = SharedXArray.attach((a as SharedXArray).handle);
              if (dies) (a as SharedXArray).bury(other.owner);
              else other.detach();
              return other.size;
            },
            oracle: (o: Oracle) => o.size,
          },
          clear: {
            args: (r: Random) => [r.chance(0.3)],
            subject: (a: map.Subject, really: boolean) => (really ? a.clear() : undefined),
            oracle: (o: Oracle, really: boolean) => (really ? o.clear() : undefined),
          },
        },
        check: map.check,
      });
    },
  }),
};
