// Small maps, many of them: made and filled, read, visited and weighed, at sizes that most maps have.
import { HashTable } from '@idspace/hash-table';
import { GenerationalId, IdPool } from '@idspace/next-id';
import type { Contestants, Params, Workload } from '@idspace/testkit/bench';
import { Ida, IntMap, TypedMap, XArray, XArrayOf } from '@idspace/xarray';
import { SparseXArray } from '@idspace/xarray/sparse';

/** A map from small integers, or a set of them. */
interface Small<M> {
  make(): M;
  put(map: M, key: number): void;
  has(map: M, key: number): unknown;
  /** Visits each, in any order. */
  visit(map: M): void;
}

/** Most entries of all maps of a run together, and most maps. */
const ENTRIES = 1e6;
const MAPS = 1e5;

const countOf = ({ n }: Params): number => Math.min(MAPS, Math.ceil(ENTRIES / Number(n)));

let found = 0;

/** As in maps.ts: looks at a value and keeps nothing. */
function look(value: number): void {
  if (value === -1) found++;
}

// The timed loops are functions of the module: code optimised for a closure is thrown away with it.

function fillAll<M>(small: Small<M>, count: number, n: number): M[] {
  const maps: M[] = [];
  for (let i = 0; i < count; i++) {
    const map = small.make();
    for (let key = 0; key < n; key++) small.put(map, key);
    maps.push(map);
  }
  return maps;
}

function readAll<M>(small: Small<M>, maps: M[], n: number): number {
  let met = 0;
  for (const map of maps) {
    // Every key once, not in order, for sizes that 7 does not divide.
    for (let i = 0, key = 0; i < n; i++) {
      if (small.has(map, key)) met++;
      key += 7;
      if (key >= n) key %= n;
    }
  }
  return met;
}

function visitAll<M>(small: Small<M>, maps: M[]): number {
  for (const map of maps) small.visit(map);
  return found;
}

function held(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function smallWorkloads<M>(small: Small<M>): Record<string, Workload> {
  const reading =
    (read: (maps: M[], n: number) => number): Workload =>
    (params) => {
      const maps = fillAll(small, Math.min(countOf(params), 1000), Number(params.n));
      return { ops: maps.length * Number(params.n), run: () => read(maps, Number(params.n)) };
    };
  return {
    'small: make and fill, per map': (params) => {
      const count = countOf(params);
      return { ops: count, run: () => fillAll(small, count, Number(params.n)) };
    },
    'small: look up, random': reading((maps, n) => readAll(small, maps, n)),
    'small: visit': reading((maps) => visitAll(small, maps)),
    'small: bytes per map': (params) => {
      const before = held();
      const maps = fillAll(small, countOf(params), Number(params.n));
      return { ops: 1, run: () => maps, figure: () => (held() - before) / maps.length };
    },
  };
}

/** Finds the place of a key, or of the next one above. */
function placeOf(pairs: number[], key: number): number {
  let low = 0;
  let high = pairs.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[2 * middle]! < key) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

export const smallContestants: Contestants = {
  IntMap: smallWorkloads<IntMap>({
    make: () => new IntMap(),
    put: (m, key) => m.set(key, key),
    has: (m, key) => m.get(key) >= 0,
    visit: (m) => m.forEach(look),
  }),
  Map: smallWorkloads<Map<number, number>>({
    make: () => new Map(),
    put: (m, key) => m.set(key, key),
    has: (m, key) => m.get(key)! >= 0,
    visit: (m) => m.forEach(look),
  }),
  '[]': smallWorkloads<number[]>({
    make: () => [],
    put: (m, key) => {
      m[key] = key;
    },
    has: (m, key) => m[key]! >= 0,
    visit: (m) => m.forEach(look),
  }),
  Object: smallWorkloads<Record<number, number>>({
    make: () => ({}),
    put: (m, key) => {
      m[key] = key;
    },
    has: (m, key) => m[key]! >= 0,
    visit: (m) => {
      for (const key in m) look(m[key]!);
    },
  }),
  'sorted array': smallWorkloads<number[]>({
    make: () => [],
    put: (m, key) => {
      const at = placeOf(m, key);
      if (at === m.length) m.push(key, key);
      else if (m[at] !== key) m.splice(at, 0, key, key);
    },
    has: (m, key) => {
      const at = placeOf(m, key);
      return at < m.length && m[at] === key;
    },
    visit: (m) => {
      for (let at = 1; at < m.length; at += 2) look(m[at]!);
    },
  }),
  XArray: smallWorkloads<XArray>({
    make: () => new XArray(),
    put: (m, key) => m.store(key, key + 1),
    has: (m, key) => m.load(key) > 0,
    visit: (m) => m.forEach(look),
  }),
  XArrayOf: smallWorkloads<XArrayOf<number>>({
    make: () => new XArrayOf(),
    put: (m, key) => m.store(key, key),
    has: (m, key) => m.load(key)! >= 0,
    visit: (m) => m.forEach(look),
  }),
  "TypedMap 'f64'": smallWorkloads<TypedMap<'f64'>>({
    make: () => new TypedMap('f64'),
    put: (m, key) => m.set(key, key),
    has: (m, key) => m.get(key)! >= 0,
    visit: (m) => m.forEach(look),
  }),
  SparseXArray: smallWorkloads<SparseXArray>({
    make: () => new SparseXArray(),
    put: (m, key) => m.store(key, key + 1),
    has: (m, key) => m.load(key) > 0,
    visit: (m) => m.forEach(look),
  }),
  Ida: smallWorkloads<Ida>({
    make: () => new Ida(),
    put: (m) => m.allocate(),
    has: (m, key) => m.has(key),
    visit: (m) => m.forEach(look),
  }),
  IdPool: smallWorkloads<IdPool>({
    make: () => new IdPool(),
    put: (m) => m.allocate(),
    has: (m, key) => m.has(key),
    visit: (m) => {
      for (let key = 0; key < m.size; key++) look(key);
    },
  }),
  // Its IDs are the numbers of its slots while none was freed.
  GenerationalId: smallWorkloads<GenerationalId>({
    make: () => new GenerationalId(),
    put: (m) => m.allocate(),
    has: (m, key) => m.has(key),
    visit: (m) => {
      for (const id of m) look(id);
    },
  }),
  HashTable: smallWorkloads<HashTable>({
    make: () => new HashTable(),
    put: (m, key) => m.insert(0, 0, key, key + 1),
    has: (m, key) => m.find(0, 0, key) > 0,
    visit: (m) =>
      m.forEach((_ownerLo, _ownerHi, id) => {
        look(id);
      }),
  }),
  Set: smallWorkloads<Set<number>>({
    make: () => new Set(),
    put: (m, key) => m.add(key),
    has: (m, key) => m.has(key),
    visit: (m) => m.forEach(look),
  }),
};
