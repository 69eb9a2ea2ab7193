// Integer-keyed maps: each contestant as six small functions, the operations on them once.

import type { Contestants, Params, Prepared, Workload } from '@idspace/testkit/bench';
import { IntMap, XArray } from '@idspace/xarray';
import { SparseXArray } from '@idspace/xarray/sparse';
import { ascending, type Pattern, shuffled } from './keys.ts';
import { OpenHash } from './open-hash.ts';

/** A map from u32 to a positive int32. */
export interface IntegerMap<M> {
  /** `capacity`: an upper bound on keys; only those that cannot do without use it. */
  make(capacity: number): M;
  set(map: M, key: number, value: number): void;
  get(map: M, key: number): number;
  delete?(map: M, key: number): void;
  /** Shows `look` each value, in ascending order of key where the map has an order. */
  lookAll?(map: M): void;
  /** The first key at or after `key`, or −1. */
  ceiling?(map: M, key: number): number;
  /** Bytes it holds, where it can say so itself. */
  bytes?(map: M): number;
  /** Gives back what it holds too much. */
  compact?(map: M): void;
}

const read = ({ pattern, n }: Params): [Pattern, number] => [pattern as Pattern, Number(n)];

// The timed loops and what they call back are functions of the module: code optimised for a closure is thrown away with it.

let found = 0;

/**
 * What is called for each value: looks at it and keeps nothing. Adding it up in a variable takes 1 to 5 ns by where that
 * happens to lie, as each call waits for what the one before has written: that would be all this measures.
 */
export function look(value: number): void {
  if (value === -1) found++;
}

function fill<M>(m: M, keys: Uint32Array, set: IntegerMap<M>['set']): M {
  for (let i = 0; i < keys.length; i++) set(m, keys[i]!, (keys[i]! >>> 1) + 1);
  return m;
}

/** Calls whose time is taken together. */
const BATCH = 64;

/** Fills a map with ascending keys; returns the most milliseconds of CPU that a batch of calls took. */
function longestBatch<M>(m: M, n: number, set: IntegerMap<M>['set']): number {
  let most = 0;
  for (let key = 0; key < n; ) {
    const start = process.cpuUsage();
    for (const end = Math.min(key + BATCH, n); key < end; key++) set(m, key, key + 1);
    const { user, system } = process.cpuUsage(start);
    most = Math.max(most, user + system);
  }
  return most / 1000;
}

function visitAll<M>(m: M, keys: Uint32Array, visit: (m: M, key: number) => number): number {
  let sum = 0;
  for (let i = 0; i < keys.length; i++) sum = (sum + visit(m, keys[i]!)) | 0;
  return sum;
}

function eraseAll<M>(m: M, keys: Uint32Array, remove: (m: M, key: number) => void): void {
  for (let i = 0; i < keys.length; i++) remove(m, keys[i]!);
}

/** The operations of one map. */
export function mapWorkloads<M>(map: IntegerMap<M>): Record<string, Workload> {
  const filled = (params: Params): M => {
    const keys = ascending(...read(params));
    return fill(map.make(keys[keys.length - 1]! + 1), keys, map.set);
  };
  /** Reading changes nothing: one map serves every run of the same parameters. */
  const reading = (prepare: (m: M, params: Params) => Prepared): Workload => {
    let m: M | undefined;
    let made = '';
    return (params) => {
      if (made !== JSON.stringify(params)) m = filled(params);
      made = JSON.stringify(params);
      return prepare(m!, params);
    };
  };
  const inOrder = (keysOf: typeof ascending, visit: (m: M, key: number) => number): Workload =>
    reading((m, params) => {
      const keys = keysOf(...read(params));
      return { ops: keys.length, run: () => visitAll(m, keys, visit) };
    });
  const store =
    (keysOf: typeof ascending): Workload =>
    (params) => {
      const keys = keysOf(...read(params));
      const highest = ascending(...read(params))[keys.length - 1]!;
      return {
        ops: keys.length,
        run: () => fill(map.make(highest + 1), keys, map.set),
      };
    };
  const workloads: Record<string, Workload> = {
    'load, random': inOrder(shuffled, map.get),
    'load, sequential': inOrder(ascending, map.get),
    'store, sequential from empty': store(ascending),
    'store, random from empty': store(shuffled),
    'longest 64 sets, in ms': ({ n }) => {
      let most = 0;
      return {
        ops: 1,
        run: () => {
          const m = map.make(Number(n));
          most = longestBatch(m, Number(n), map.set);
          return m;
        },
        figure: () => most,
      };
    },
    'bytes per entry': (params) => {
      globalThis.gc?.();
      const before = held();
      const m = filled(params);
      return {
        ops: 1,
        run: () => map.compact?.(m),
        figure: () => {
          globalThis.gc?.();
          return (map.bytes?.(m) ?? held() - before) / Number(params.n);
        },
      };
    },
  };
  const { delete: remove, lookAll, ceiling } = map;
  if (remove) {
    workloads['erase all, shuffled'] = (params) => {
      const m = filled(params);
      const keys = shuffled(...read(params));
      return {
        ops: keys.length,
        run: () => eraseAll(m, keys, remove),
      };
    };
  }
  if (lookAll) {
    workloads['iterate, in order'] = reading((m, { n }) => ({
      ops: Number(n),
      run: () => {
        lookAll(m);
        return found;
      },
    }));
  }
  if (ceiling) workloads['find ≥ k, random'] = inOrder(shuffled, (m, key) => ceiling(m, key - 1));
  return workloads;
}

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const xarray: IntegerMap<XArray> = {
  make: () => new XArray(),
  set: (m, k, v) => m.store(k, v),
  get: (m, k) => m.load(k),
  delete: (m, k) => m.erase(k),
  lookAll: (m) => m.forEach(look),
  ceiling: (m, k) => m.find(Math.max(k, 0)),
  bytes: (m) => m.byteLength,
  compact: (m) => m.compact(),
};

/** Nodes a dense array of n entries needs. */
const nodesFor = (n: number): number => Math.ceil(n / 63) + 6;

export const mapContestants: Contestants = {
  XArray: mapWorkloads(xarray),
  'XArray, capacity given': mapWorkloads({ ...xarray, make: (n) => new XArray({ capacity: nodesFor(n) }) }),
  SparseXArray: mapWorkloads<SparseXArray>({
    make: () => new SparseXArray(),
    set: (m, k, v) => m.store(k, v),
    get: (m, k) => m.load(k),
    delete: (m, k) => m.erase(k),
    ceiling: (m, k) => m.find(Math.max(k, 0)),
    bytes: (m) => m.byteLength,
    compact: (m) => m.compact(),
  }),
  IntMap: mapWorkloads<IntMap>({
    make: () => new IntMap(),
    set: (m, k, v) => m.set(k, v),
    get: (m, k) => m.get(k),
    delete: (m, k) => m.delete(k),
    lookAll: (m) => m.forEach(look),
  }),
  'open hash': mapWorkloads<OpenHash>({
    make: () => new OpenHash(),
    set: (m, k, v) => m.set(k, v),
    get: (m, k) => m.get(k),
    bytes: (m) => m.byteLength,
  }),
  Map: mapWorkloads<Map<number, number>>({
    make: () => new Map(),
    set: (m, k, v) => m.set(k, v),
    get: (m, k) => m.get(k)!,
    delete: (m, k) => m.delete(k),
    lookAll: (m) => m.forEach(look),
  }),
  '[]': mapWorkloads<number[]>({
    make: () => [],
    set: (m, k, v) => {
      m[k] = v;
    },
    get: (m, k) => m[k]!,
    lookAll: (m) => m.forEach(look),
  }),
  Int32Array: mapWorkloads<Int32Array>({
    make: (capacity) => new Int32Array(capacity),
    set: (m, k, v) => {
      m[k] = v;
    },
    get: (m, k) => m[k]!,
    delete: (m, k) => {
      m[k] = 0;
    },
    lookAll: (m) => {
      for (let i = 0; i < m.length; i++) look(m[i]!);
    },
    bytes: (m) => m.byteLength,
  }),
};
