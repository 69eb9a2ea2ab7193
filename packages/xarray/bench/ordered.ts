// What only an order makes possible: steps down, counts, ranks and ranges; and maps to values that are no u31.

import type { Contestants, Params, Workload } from '@idspace/testkit/bench';
import { IntMap, TypedMap, XArray, XArrayOf } from '@idspace/xarray';
import { SparseXArray } from '@idspace/xarray/sparse';
import { ascending, type Pattern, shuffled } from './keys.ts';
import { BTree, RedBlackTree } from './peers.ts';

/** How one class does it; what it lacks is left out. */
interface Ordered<M> {
  make(keys: Uint32Array): M;
  /** Adds up keys by an iterator, upwards and downwards. */
  up?(map: M): number;
  down?(map: M): number;
  /** Counts the keys from one to another. */
  count?(map: M, first: number, last: number): number;
  nth?(map: M, k: number): number;
  rank?(map: M, key: number): number;
  eraseRange?(map: M, first: number, last: number): void;
}

const CALLS = 1_000;

function ordered<M>(kind: Ordered<M>): Record<string, Workload> {
  const keysOf = ({ pattern, n }: Params): Uint32Array => ascending(pattern as Pattern, Number(n));
  const whole = (visit: (map: M) => number): Workload => {
    let map: M | undefined;
    return (params) => {
      map ??= kind.make(keysOf(params));
      return { ops: Number(params.n), run: () => visit(map!) };
    };
  };
  const asked = (ask: (map: M, keys: Uint32Array, random: Uint32Array, i: number) => number): Workload => {
    let map: M | undefined;
    return (params) => {
      const keys = keysOf(params);
      const random = shuffled(params.pattern as Pattern, Number(params.n));
      map ??= kind.make(keys);
      return {
        ops: CALLS,
        run: () => {
          let sum = 0;
          for (let i = 0; i < CALLS; i++) sum = (sum + ask(map!, keys, random, i % random.length)) | 0;
          return sum;
        },
      };
    };
  };
  const workloads: Record<string, Workload> = {};
  const { up, down, count, nth, rank, eraseRange } = kind;
  if (up) workloads['step up'] = whole(up);
  if (down) workloads['step down'] = whole(down);
  if (count)
    workloads['count a random range'] = asked((map, _, r, i) =>
      count(map, Math.min(r[i]!, r[i + 1] ?? 0), Math.max(r[i]!, r[i + 1] ?? 0)),
    );
  if (nth)
    workloads['nth, random'] = asked((map, keys, _, i) => nth(map, Math.imul(i, 0x9e3779b1) >>> 0) % keys.length);
  if (rank) workloads['rank, random'] = asked((map, _, r, i) => rank(map, r[i]!));
  if (eraseRange)
    workloads['erase the middle half'] = (params) => {
      const keys = keysOf(params);
      const map = kind.make(keys);
      const [first, last] = [keys[keys.length >> 2]!, keys[(3 * keys.length) >> 2]!];
      return { ops: keys.length / 2, run: () => eraseRange(map, first, last) };
    };
  return workloads;
}

function sumOfKeys(pairs: Iterable<readonly [number, unknown]>): number {
  let sum = 0;
  for (const [key] of pairs) sum = (sum + key) | 0;
  return sum;
}

/** The classes of this package, which have one interface. */
function ours<M extends XArray | SparseXArray>(create: () => M): Ordered<M> {
  return {
    make: (keys) => {
      const array = create();
      for (const key of keys) array.store(key, 1);
      return array;
    },
    up: (array) => sumOfKeys(array.range()),
    down: (array) => sumOfKeys(array.reversed()),
    count: (array, first, last) => array.count(first, last),
    nth: (array, k) => array.nth(k % array.size),
    rank: (array, key) => array.rank(key),
    eraseRange: (array, first, last) => void array.eraseRange(first, last),
  };
}

/** Maps from u32 to a value: what is timed is `get`, `set` from empty, and the iterator. */
function valued<M>(
  make: () => M,
  set: (map: M, key: number) => void,
  get: (map: M, key: number) => unknown,
): Record<string, Workload> {
  const filled = (n: number): M => {
    const map = make();
    for (let key = 0; key < n; key++) set(map, key);
    return map;
  };
  let map: M | undefined;
  return {
    'typed: set from empty': ({ n }) => ({ ops: Number(n), run: () => filled(Number(n)) }),
    'typed: get, random': ({ n }) => {
      const keys = shuffled('dense', Number(n));
      map ??= filled(Number(n));
      const full = map;
      return {
        ops: keys.length,
        run: () => {
          let found = 0;
          for (let i = 0; i < keys.length; i++) if (get(full, keys[i]!) !== undefined) found++;
          return found;
        },
      };
    },
  };
}

const BIAS = 2 ** 31;
/** The k-th of 64-bit keys in runs of 1,000, each with another upper half. */
const wide = (k: number): bigint => (BigInt(Math.floor(k / 1_000)) << 33n) | BigInt(k % 1_000);

export const orderedContestants: Contestants = {
  XArray: ordered(ours(() => new XArray())),
  SparseXArray: ordered(ours(() => new SparseXArray())),
  'sorted-btree': ordered<InstanceType<typeof BTree>>({
    make: (keys) => {
      const tree = new BTree();
      for (const key of keys) tree.set(key, 1);
      return tree;
    },
    up: (tree) => sumOfKeys(tree.entries()),
    down: (tree) => sumOfKeys(tree.entriesReversed()),
    count: (tree, first, last) => tree.forRange(first, last, true),
    eraseRange: (tree, first, last) => void tree.deleteRange(first, last, true),
  }),
  'functional-red-black-tree': ordered({
    make: (keys) => {
      let tree = RedBlackTree();
      for (const key of keys) tree = tree.insert(key, 1);
      return tree;
    },
    count: (tree, first, last) => tree.gt(last).index - tree.ge(first).index,
    nth: (tree, k) => tree.at(k % tree.length).key,
    rank: (tree, key) => tree.ge(key).index,
  }),
  IntMap: valued(
    () => new IntMap(),
    (m, k) => m.set(k, k),
    (m, k) => m.get(k),
  ),
  "TypedMap 'f64'": valued(
    () => new TypedMap('f64'),
    (m, k) => m.set(k, k + 0.5),
    (m, k) => m.get(k),
  ),
  "TypedMap 'i64'": valued(
    () => new TypedMap('i64'),
    (m, k) => m.set(k, BigInt(k)),
    (m, k) => m.get(k),
  ),
  'XArrayOf, floats': valued(
    () => new XArrayOf<number>(),
    (m, k) => m.store(k, k + 0.5),
    (m, k) => m.load(k),
  ),
  'Map, floats': valued(
    () => new Map<number, number>(),
    (m, k) => m.set(k, k + 0.5),
    (m, k) => m.get(k),
  ),
  'Map, bigints': valued(
    () => new Map<number, bigint>(),
    (m, k) => m.set(k, BigInt(k)),
    (m, k) => m.get(k),
  ),
  'IntMap, keys from −2³¹': valued(
    () => new IntMap(),
    (m, k) => m.set(k - 50_000 + BIAS, k),
    (m, k) => m.get(k - 50_000 + BIAS),
  ),
  'Map, keys from −2³¹': valued(
    () => new Map<number, number>(),
    (m, k) => m.set(k - 50_000, k),
    (m, k) => m.get(k - 50_000),
  ),
  'IntMap per upper half': valued(
    () => new Map<number, IntMap>(),
    (m, k) => {
      const key = wide(k);
      const high = Number(key >> 32n);
      let half = m.get(high);
      if (half === undefined) m.set(high, (half = new IntMap()));
      half.set(Number(key & 0xffff_ffffn), k);
    },
    (m, k) => {
      const key = wide(k);
      return m.get(Number(key >> 32n))?.get(Number(key & 0xffff_ffffn));
    },
  ),
  'Map of bigint keys': valued(
    () => new Map<bigint, number>(),
    (m, k) => m.set(wide(k), k),
    (m, k) => m.get(wide(k)),
  ),
};
