// Maps with values of their own, and what they are compared with.
import { expectSame, type Models, modelCase, type Random } from '@idspace/testkit';
import { IntMap, TypedMap, type ValueType, XArrayOf } from '../../src/index.ts';
import { Oracle } from '../oracle.ts';
import { MAX_INDEX } from '../sound.ts';

type Cases = Models[string];
type Value = number | bigint;
type AnyMap = TypedMap<ValueType>;

function sorted<V>(map: Map<number, V>): [number, V][] {
  return [...map].sort(([a], [b]) => a - b);
}

const key = (rng: Random): number => (rng.chance(0.8) ? rng.below(500) : (rng.below(40) * 0x0666_6666) >>> 0);

export const INT_MAP_CASES: Cases = {
  'dense and far keys': () =>
    modelCase<IntMap, Map<number, number>>({
      subject: new IntMap(),
      oracle: new Map<number, number>(),
      operations: {
        get: {
          args: (rng) => [key(rng)],
          subject: (map, k: never) => map.get(k),
          oracle: (map, k: never) => map.get(k) ?? -1,
        },
        set: {
          weight: 3,
          args: (rng) => [key(rng), rng.below(2 ** 31 - 1)],
          subject: (map, k: never, v: never) => map.set(k, v).size,
          oracle: (map, k: never, v: never) => map.set(k, v).size,
        },
        has: {
          args: (rng) => [key(rng)],
          subject: (map, k: never) => map.has(k),
          oracle: (map, k: never) => map.has(k),
        },
        delete: {
          weight: 3,
          args: (rng) => [key(rng)],
          subject: (map, k: never) => map.delete(k),
          oracle: (map, k: never) => map.delete(k),
        },
      },
      check: (map, oracle) => expectSame([...map], sorted(oracle)),
      checkEvery: 1000,
    }),
};

function xarrayOf(alloc: 'from0' | 'from1' | undefined): ReturnType<typeof modelCase> {
  const at = (rng: Random): number => (rng.chance(0.7) ? rng.below(300) : (rng.below(20) * 0x0666_6666) >>> 0);
  // The oracle keeps numbers: 0 is nothing there.
  const boxed = (value: number): { value: number } | undefined => (value === 0 ? undefined : boxes[value]);
  const boxes = Array.from({ length: 50 }, (_, value) => ({ value }));
  const open = (box: { value: number } | undefined): number => box?.value ?? 0;
  type Subject = XArrayOf<{ value: number }>;
  const value = (rng: Random): number => rng.below(50);
  const allocation = {
    alloc: {
      weight: 3,
      args: (rng: Random) => [value(rng), at(rng), at(rng)],
      subject: (a: Subject, v: never, min: never, max: never) => a.alloc(boxed(v), min, max),
      oracle: (o: Oracle, v: never, min: never, max: never) => o.alloc(v, min, Math.min(max, min + 400)),
    },
  };

  return modelCase<Subject, Oracle>({
    subject: new XArrayOf<{ value: number }>({ alloc }),
    oracle: new Oracle(alloc === undefined ? -1 : alloc === 'from0' ? 0 : 1),
    operations: {
      load: { args: (r) => [at(r)], subject: (a, i: never) => open(a.load(i)), oracle: (o, i: never) => o.load(i) },
      store: {
        weight: 3,
        args: (r) => [at(r), value(r)],
        subject: (a, i: never, v: never) => open(a.store(i, boxed(v))),
        oracle: (o, i: never, v: never) => o.store(i, v),
      },
      insert: {
        args: (r) => [at(r), value(r)],
        subject: (a, i: never, v: never) => a.insert(i, boxed(v)),
        oracle: (o, i: never, v: never) => o.insert(i, v),
      },
      cmpxchg: {
        weight: 2,
        args: (r) => [at(r), value(r), value(r)],
        subject: (a, i: never, old: never, v: never) => open(a.cmpxchg(i, boxed(old), boxed(v))),
        oracle: (o, i: never, old: never, v: never) => o.cmpxchg(i, old, v),
      },
      'cmpxchg of what is there': {
        args: (r) => [at(r), value(r)],
        subject: (a, i: never, v: never) => open(a.cmpxchg(i, a.load(i), boxed(v))),
        oracle: (o, i: never, v: never) => o.cmpxchg(i, o.load(i), v),
      },
      erase: {
        weight: 3,
        args: (r) => [at(r)],
        subject: (a, i: never) => open(a.erase(i)),
        oracle: (o, i: never) => o.erase(i),
      },
      release: {
        args: (r) => [at(r)],
        subject: (a, i: never) => a.release(i),
        oracle: (o, i: never) => o.release(i),
      },
      compact: { args: () => [], subject: (a) => a.compact(), oracle: () => undefined },
      ...(alloc === undefined ? {} : allocation),
    },
    check: (a, o) => {
      expectSame(
        [...a].map(([index, box]) => [index, open(box)]),
        o.contents(),
      );
      expectSame(a.size, o.size);
    },
    checkEvery: 1000,
  });
}

export const XARRAY_OF_CASES: Cases = Object.fromEntries(
  ([undefined, 'from0', 'from1'] as const).map((alloc) => [`alloc ${alloc}`, () => xarrayOf(alloc)]),
);

/** Values of each kind that are hard to keep. */
export const HARD_VALUES: Record<ValueType, Value[]> = {
  f64: [0, -0, 1.5, -1, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 2 ** 53 - 1, 0.1 + 0.2],
  i32: [0, -1, 2 ** 31 - 1, -(2 ** 31)],
  u32: [0, 1, 2 ** 31, 2 ** 32 - 1],
  i64: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
  u64: [0n, 1n, 2n ** 63n, 2n ** 64n - 1n],
};

function typedMap(type: ValueType, near: number): ReturnType<typeof modelCase> {
  const inside = HARD_VALUES[type];
  const key = (rng: Random): number => rng.below(near);
  return modelCase<AnyMap, Map<number, Value>>({
    subject: new TypedMap<ValueType>(type),
    oracle: new Map(),
    operations: {
      set: {
        weight: 10,
        args: (r) => [key(r), r.pick(inside)],
        subject: (map, at: number, value: never) => map.set(at, value).get(at),
        oracle: (model, at: number, value: never) => model.set(at, value).get(at),
      },
      delete: {
        weight: 7,
        args: (r) => [key(r)],
        subject: (map, at: number) => map.delete(at),
        oracle: (model, at: number) => model.delete(at),
      },
      get: {
        weight: 3,
        args: (r) => [key(r)],
        subject: (map, at: number) => [map.get(at), map.get(at, 'none'), map.has(at)],
        oracle: (model, at: number) => [model.get(at), model.get(at) ?? 'none', model.has(at)],
      },
      deleteRange: {
        args: (r) => [key(r)],
        subject: (map, at: number) => map.deleteRange(at, Math.min(at + near / 20, MAX_INDEX) >>> 0),
        oracle: (model, at: number) => {
          const last = Math.min(at + near / 20, MAX_INDEX) >>> 0;
          return [...model.keys()].filter((one) => one >= at && one <= last && model.delete(one)).length;
        },
      },
      compact: { args: () => [], subject: (map) => map.compact(), oracle: () => undefined },
      values: {
        args: () => [],
        subject: (map) => [...map.values()],
        oracle: (model) => sorted(model).map(([, value]) => value),
      },
      forEach: {
        args: () => [],
        subject: (map) => {
          const seen: unknown[] = [];
          map.forEach(function (this: unknown[], value, at, self) {
            this.push([at, value]);
            if (self !== map) this.push('another');
          }, seen);
          return seen;
        },
        oracle: (model) => sorted(model),
      },
    },
    check: (map, model) => {
      expectSame(map.size, model.size);
      expectSame([...map], sorted(model));
    },
  });
}

export const TYPED_MAP_CASES: Cases = Object.fromEntries(
  (Object.keys(HARD_VALUES) as ValueType[]).flatMap((type) =>
    [100, 5_000, 2 ** 32].map((near) => [`${type}, keys below ${near}`, () => typedMap(type, near)]),
  ),
);
