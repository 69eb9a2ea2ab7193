// Small maps and arrays: what takes no memory before it holds something, and IntMap's few pairs, up to and beyond the sixteen there
// is room for.
import { deepStrictEqual, notDeepStrictEqual } from 'node:assert';
import { budget, expectSame, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '../src/index.ts';
import { MAX_INDEX } from './sound.ts';

const FEW = 16;
const pairs = (n: number, step = 1): [number, number][] => Array.from({ length: n }, (_, i) => [i * step, i]);

test('bytes: none while empty, 16 for each of sixteen keys, then a tree', () => {
  expect([new XArray(), new XArrayOf(), new TypedMap('i64'), new Ida(), new IntMap()].map((a) => a.byteLength)).toEqual(
    [0, 0, 0, 0, 0],
  );
  const map = new IntMap();
  for (const [key, value] of pairs(FEW)) expect(map.set(key, value).byteLength).toBe((key + 1) * 16);
  expect(map.byteLength).toBe(256);
  expect(map.set(3, 7).byteLength).toBe(256);
  expect(map.set(FEW, 0).byteLength).toBe(4 * 320);
  map.clear();
  expect([map.byteLength, map.size]).toEqual([0, 0]);
  const ida = new Ida([5]);
  expect(ida.byteLength).toBe(2 * 35 * 4);
  ida.clear();
  expect(ida.byteLength).toBe(0);
});

/** Fails unless the memory that all empty ones share is zero: the first thing that was wrongly written would show in a new one. */
function expectUntouched(): void {
  const array = new XArray();
  const { slots, meta } = array.state();
  expect([slots.every((word) => word === 0), meta.every((word) => word === 0)]).toEqual([true, true]);
  expect(new Ida().nodes.every((word) => word === 0)).toBe(true);
}

test('the memory of empty ones is never written to', () => {
  const calls: ((array: XArray, index: number) => unknown)[] = [
    (a, i) => a.store(i, 5),
    (a, i) => a.store(i, 0),
    (a, i) => a.insert(i, 0),
    (a, i) => a.reserve(i),
    (a, i) => a.release(i),
    (a, i) => a.erase(i),
    (a, i) => a.cmpxchg(i, 0, 9),
    (a, i) => a.storeOrder(i, 0, 3),
    (a, i) => a.storeOrder(i, 7, 3),
    (a, i) => a.storeOrder(i, 32, 0),
    (a, i) => a.storeRange(0, i, 4),
    (a, i) => a.fillRange(0, i & 255, 4),
    (a) => a.fillRange(0, 0, 4),
    (a, i) => a.eraseRange(0, i),
    (a, i) => a.setMark(i, 1),
    (a, i) => a.split(i, 30),
    (a, i) => a.find(i) + a.findLast(i) + a.findAbsent(i) + a.count(0, i) + a.nth(i),
    (a, i) => a.cursor(i).store(6),
    (a, i) => a.cursor(i).next(),
    (a) => [...a, ...a.reversed()],
    (a) => a.compact(),
    (a) => a.clear(),
    (a) => a.snapshot(),
  ];
  for (const alloc of [undefined, 'from0', 'from1'] as const) {
    for (const index of [0, 1, 63, 64, MAX_INDEX]) {
      for (const first of calls) {
        for (const second of calls) {
          const array = new XArray({ alloc });
          first(array, index);
          second(array, index);
          if (alloc !== undefined) array.alloc(1);
        }
      }
    }
    expectUntouched();
  }
  for (const first of [0, 31, 32, 1023, 1024, 2 ** 31 - 1]) {
    const calls: ((ids: Ida) => unknown)[] = [
      (ids) => ids.allocate(first),
      (ids) => ids.peek(first),
      (ids) => ids.free(first),
      (ids) => ids.add(first),
      (ids) => ids.reserveRange(first, first),
      (ids) => ids.freeRange(0, first),
      (ids) => ids.allocateRun(2),
      (ids) => ids.union(new Ida()),
      (ids) => ids.findLast() + ids.rank(first) + ids.nth(0) + ids.count(),
      (ids) => ids.compact(),
    ];
    for (const one of calls) for (const other of calls) for (const ids of [new Ida()]) [one(ids), other(ids)];
    expectUntouched();
  }
});

describe('IntMap', () => {
  test('a map of every size up to twenty: reads, order, copies, comparison', () => {
    for (let n = 0; n <= 20; n++) {
      for (const order of [pairs(n), pairs(n).reverse(), random(n).shuffle(pairs(n, 214_748_364))]) {
        const map = new IntMap(order);
        const sorted = [...order].sort(([a], [b]) => a - b);
        expect([...map]).toEqual(sorted);
        expect([[...map.keys()], [...map.values()], map.size]).toEqual([
          sorted.map(([key]) => key),
          sorted.map(([, value]) => value),
          n,
        ]);
        const seen: unknown[] = [];
        map.forEach(function (this: unknown, value, key, whole) {
          seen.push([key, value]);
          expect([this, whole]).toEqual([7, map]);
        }, 7);
        expect(seen).toEqual(sorted);
        for (const [key, value] of sorted) expect([map.get(key), map.has(key), map.has(key + 1)]).toContain(value);
        expect([map.get(77), map.get(77, undefined), map.get(77, 5)]).toEqual(n > 77 ? [] : [-1, undefined, 5]);
        const copy = IntMap.from(map.snapshot());
        expect(map.byteLength).toBe(n <= FEW ? 16 * n : map.byteLength);
        deepStrictEqual(copy, map);
        expect(copy).toStrictEqual(map);
        expect(copy.equals(map) && map.equals(copy)).toBe(true);
        map.compact();
        expect([...map]).toEqual(sorted);
        copy.set(1_000, 1);
        notDeepStrictEqual(copy, map);
        expect(copy).not.toEqual(map);
      }
    }
  });

  test('searches and ranges are those of a tree', () => {
    const keys = [0, 5, 63, 64, 70_000, MAX_INDEX];
    const make = (): IntMap => new IntMap(keys.map((key) => [key, key & 255]));
    const tree = make();
    for (let key = 100; key < 120; key++) tree.set(key, 1);
    tree.deleteRange(100, 119);
    for (const at of [0, 1, 5, 63, 64, 65, MAX_INDEX - 1, MAX_INDEX]) {
      for (const call of ['find', 'findAfter', 'findLast', 'findBefore', 'rank'] as const) {
        expect([call, at, make()[call](at)]).toEqual([call, at, tree[call](at)]);
      }
      expect([make().nth(at), make().count(at), [...make().range(at)], [...make().reversed(at)]]).toEqual([
        tree.nth(at),
        tree.count(at),
        [...tree.range(at)],
        [...tree.reversed(at)],
      ]);
    }
    const map = make();
    expect([map.deleteRange(1, 64), map.fillRange(9, 10, 3).size]).toEqual([3, 5]);
  });

  test('bad arguments are refused by a map of each kind, and change nothing', () => {
    for (const map of [new IntMap(), new IntMap(pairs(3)), new IntMap(pairs(99))]) {
      const before = [...map];
      for (const bad of [-1, 0.5, 2 ** 32, Number.NaN, '1' as never]) {
        for (const call of ['get', 'delete', 'find', 'rank', 'nth'] as const)
          expect(() => map[call](bad)).toThrow('IntMap.');
        expect(() => map.set(bad, 1)).toThrow('IntMap.set');
        expect(() => map.add(1, 2 ** 31)).toThrow('IntMap.add');
        expect(map.has(bad)).toBe(false);
      }
      expect([...map]).toEqual(before);
    }
  });

  test('an iterator goes on through what is set and deleted, a tree that comes, and clear', () => {
    const map = new IntMap();
    const [before, none] = [map.keys(), map.entries()];
    expect(none.next().done).toBe(true);
    map.set(5, 50);
    expect([none.next().done, before.next().value]).toEqual([true, 5]);
    map.set(4, 40).set(6, 60);
    expect(before.next().value).toBe(6);
    map.delete(6);
    map.delete(5);
    for (let key = 7; key < 40; key++) map.set(key, key);
    expect([...before]).toEqual(Array.from({ length: 33 }, (_, i) => i + 7));
    map.set(50, 1);
    expect(before.next().done).toBe(true);
    const last = new IntMap([[MAX_INDEX, 1]]);
    const end = last.values();
    expect(end.next().value).toBe(1);
    for (let key = 0; key < 40; key++) last.set(key, key);
    expect([end.next().done, end.next().done]).toEqual([true, true]);
    const cleared = new IntMap(pairs(4));
    const rest = cleared[Symbol.iterator]();
    rest.next();
    cleared.clear();
    cleared.set(2, 2);
    expect([...rest]).toEqual([[2, 2]]);
  });

  test('an iterator that was made of few keys goes through the tree that comes, from where it is', () => {
    for (const seen of [0, 1, 2, 16]) {
      const map = new IntMap(pairs(FEW, 2));
      const iterators = [map.keys(), map.values(), map.entries()];
      const walked: unknown[][] = iterators.map((it) => Array.from({ length: seen }, () => it.next().value));
      for (const [key, value] of pairs(100)) map.set(key, value + 1000);
      // Of the tree, all keys above the last one seen.
      const from = seen === 0 ? 0 : 2 * seen - 1;
      const rest = Array.from({ length: 100 - from }, (_, i) => from + i);
      expect(walked[0]).toEqual(Array.from({ length: seen }, (_, i) => 2 * i));
      expect([...iterators[0]!], `keys, ${seen} seen`).toEqual(rest);
      expect([...iterators[1]!], `values, ${seen} seen`).toEqual(rest.map((key) => key + 1000));
      expect([...iterators[2]!], `entries, ${seen} seen`).toEqual(rest.map((key) => [key, key + 1000]));
    }
  });

  test('forEach and getOrInsertComputed may make the map grow', () => {
    const map = new IntMap([[0, 0]]);
    const seen: number[] = [];
    map.forEach((_, key) => {
      seen.push(key);
      if (key < 30) map.set(key + 1, 0);
    });
    expect(seen).toEqual(Array.from({ length: 31 }, (_, i) => i));
    const cleared: number[] = [];
    const few = new IntMap(pairs(5));
    few.forEach((_, key) => {
      cleared.push(key);
      if (key === 1) few.clear();
      if (key === 1) few.set(0, 0).set(7, 7).set(9, 9);
      if (key === 7) few.set(8, 8).delete(7);
    });
    expect(cleared).toEqual([0, 1, 7, 8, 9]);
    const end = new IntMap([[MAX_INDEX, 1]]);
    end.forEach(() => {
      for (let key = 0; key < 20; key++) end.set(key, key);
    });
    expect(end.size).toBe(21);
    const other = new IntMap(pairs(FEW));
    const value = other.getOrInsertComputed(900, () => {
      for (let key = 100; key < 130; key++) other.set(key, 1);
      return 4;
    });
    expect([value, other.get(900), other.size]).toEqual([4, 4, FEW + 31]);
  });

  test('a frozen map is compared, and can be changed as before', () => {
    const map = Object.freeze(new IntMap());
    for (let n = 1; n < 20; n++) {
      map.set(n - 1, n - 1);
      deepStrictEqual(map, new IntMap(pairs(n)));
      notDeepStrictEqual(map, new IntMap(pairs(n + 1)));
    }
  });

  test('a comparison that fails says where', () => {
    for (const size of [1, 40]) {
      const map = new IntMap(pairs(size, 3));
      const other = new IntMap(map).set(MAX_INDEX, 1);
      expect(() => deepStrictEqual(map, other)).toThrow(/4294967295/);
    }
  });

  test('random calls answer as a Map does, at sizes around sixteen', () => {
    for (let round = 0; round < budget(400, 40); round++) {
      const rng: Random = random(8_000 + round);
      const map = new IntMap();
      const oracle = new Map<number, number>();
      const keys = Array.from({ length: rng.between(1, 24) }, () => (rng.chance(0.3) ? rng.u32() : rng.below(100)));
      const sorted = (): [number, number][] => [...oracle].sort(([a], [b]) => a - b);
      for (let step = 0; step < 120; step++) {
        const key = rng.pick(keys);
        const call = rng.below(9);
        const where = `seed ${rng.seed}, step ${step}`;
        if (call < 3) {
          map.set(key, step);
          oracle.set(key, step);
        } else if (call === 3) expect(map.delete(key), where).toBe(oracle.delete(key));
        else if (call === 4) {
          oracle.set(key, (oracle.get(key) ?? 0) + 3);
          expect(map.add(key, 3), where).toBe(oracle.get(key));
        } else if (call === 5) {
          if (!oracle.has(key)) oracle.set(key, 9);
          expect(map.getOrInsert(key, 9), where).toBe(oracle.get(key));
        } else if (call === 6) {
          if (!oracle.has(key)) oracle.set(key, 8);
          expect(
            map.getOrInsertComputed(key, () => 8),
            where,
          ).toBe(oracle.get(key));
        } else if (rng.chance(0.03)) {
          map.clear();
          oracle.clear();
        }
        expectSame(
          [map.get(key, undefined), map.has(key), map.size],
          [oracle.get(key), oracle.has(key), oracle.size],
          where,
        );
        if (step % 20 === 0) {
          expect([...map], where).toEqual(sorted());
          expect([...IntMap.from(map.snapshot())], where).toEqual(sorted());
        }
      }
      expect(map.toJSON(), `seed ${rng.seed}`).toEqual(sorted());
    }
  });
});
