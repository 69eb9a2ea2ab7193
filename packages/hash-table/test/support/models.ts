// Both kinds of table against a Map, for the tests and for `pnpm model`.
import { inspect } from 'node:util';
import { expectSame, inTurns, type ModelCase, type Models, modelCase, type Operation } from '@idspace/testkit';
import { GOLDEN_RATIO_PRIME_32, HashTable, type HashTableOptions } from '../../src/index.ts';
import { SharedHashTable, type SharedHashTableOptions } from '../../src/shared/index.ts';

const INT_MAX = 2 ** 31 - 1;
const UINT_MAX = 2 ** 32 - 1;

const TABLES: HashTableOptions[] = [
  {},
  { buckets: 1, capacity: 0 },
  { buckets: 2, locking: 'bucket', golden: GOLDEN_RATIO_PRIME_32 },
  { buckets: 64, hash: 'jhash2', locking: 'bucket', capacity: 1000 },
  { buckets: 16, seed: 7 },
  // Everything in a few chains, through negative and fractional hashes.
  { buckets: 16, hash: (_lo, _hi, id) => -(id % 3) - 0.5 },
];

/** The same, in shared memory; few keys are used, so that the smallest capacity has room for them. */
const SHARED_TABLES: SharedHashTableOptions[] = TABLES.flatMap((options, i) => [
  { ...options, capacity: 1000, locking: (['global', 'striped', 'bucket'] as const)[i % 3] },
  { ...options, capacity: 260, lockFreeReads: false },
]);

export type Table = HashTable | SharedHashTable;
type Key = [ownerLo: number, ownerHi: number, id: number];
type Entry = [...Key, handle: number];

/** Keys that differ in one part only, and have the sign bit in each; one owner is written in both ways. */
const OWNERS = [0, 1, INT_MAX, 2 ** 31, UINT_MAX, -1];
const IDS = [0, 1, 2, 63, 64, 511, 512, 513, INT_MAX - 1, INT_MAX];

export type Mirror = Map<string, number>;
export const key = (lo: number, hi: number, id: number): string => [lo >>> 0, hi >>> 0, id].join();

export function check(table: Table, oracle: Mirror): void {
  const visited = new Map<string, number>();
  table.forEach((lo, hi, id, handle) => {
    visited.set(key(lo, hi, id), handle);
  });
  expectSame(new Map([...visited].sort()), new Map([...oracle].sort()));
  const lengths = table.chainLengths();
  expectSame(lengths.length, table.buckets);
  expectSame(
    lengths.reduce((sum, length) => sum + length),
    oracle.size,
  );
}

/** Calls on keys of certain owners' words and IDs. */
export function operations(
  owners: readonly number[],
  ids: readonly number[],
): Record<string, Operation<Table, Mirror>> {
  return {
    insert: {
      weight: 10,
      args: (rng) => [rng.pick(owners), rng.pick(owners), rng.pick(ids), rng.between(1, INT_MAX)],
      subject: (table, lo: number, hi: number, id: number, handle: number) => table.insert(lo, hi, id, handle),
      oracle: (map, lo: number, hi: number, id: number, handle: number) =>
        !map.has(key(lo, hi, id)) && map.set(key(lo, hi, id), handle).size > 0,
    },
    insertNew: {
      weight: 3,
      args: (rng) => [rng.pick(owners), rng.pick(owners), rng.pick(ids), rng.between(1, INT_MAX)],
      subject: (table, ...[lo, hi, id, handle]: Entry) => {
        if (table.find(lo, hi, id) === 0) table.insertNew(lo, hi, id, handle);
      },
      oracle: (map, ...[lo, hi, id, handle]: Entry) => {
        if (!map.has(key(lo, hi, id))) map.set(key(lo, hi, id), handle);
      },
    },
    replace: {
      weight: 5,
      args: (rng) => [rng.pick(owners), rng.pick(owners), rng.pick(ids), rng.between(1, INT_MAX)],
      subject: (table, ...entry: Entry) => table.replace(...entry),
      oracle: (map, ...[lo, hi, id, handle]: Entry) => {
        const old = map.get(key(lo, hi, id)) ?? 0;
        if (old !== 0) map.set(key(lo, hi, id), handle);
        return old;
      },
    },
    compareExchange: {
      weight: 5,
      args: (rng) => [rng.pick(owners), rng.pick(owners), rng.pick(ids), rng.chance(0.7), rng.between(1, INT_MAX)],
      subject: (table, lo: number, hi: number, id: number, isRight: boolean, handle: number) =>
        table.compareExchange(lo, hi, id, isRight ? table.find(lo, hi, id) || 1 : 1, handle),
      oracle: (map, lo: number, hi: number, id: number, isRight: boolean, handle: number) => {
        const old = map.get(key(lo, hi, id)) ?? 0;
        if (old !== 0 && (isRight || old === 1)) map.set(key(lo, hi, id), handle);
        return old;
      },
    },
    retain: {
      args: (rng) => [rng.chance(0.2), rng.pick(owners) >>> 0, rng.pick(ids)],
      subject: (table, really: boolean, owner: number, busy: number) => {
        if (really) table.retain((lo, _hi, id) => lo !== owner && id !== busy);
      },
      oracle: (map, really: boolean, owner: number, busy: number) => {
        for (const name of really ? [...map.keys()] : []) {
          const [lo, , id] = name.split(',').map(Number);
          if (lo === owner || id === busy) map.delete(name);
        }
      },
    },
    remove: {
      weight: 9,
      args: (rng) => [rng.pick(owners), rng.pick(owners), rng.pick(ids)],
      subject: (table, ...words: Key) => table.remove(...words),
      oracle: (map, ...words: Key) => {
        const handle = map.get(key(...words)) ?? 0;
        map.delete(key(...words));
        return handle;
      },
    },
    find: {
      weight: 5,
      args: (rng) => [rng.pick(owners), rng.pick(owners), rng.pick(ids)],
      subject: (table, ...words: Key) => table.find(...words),
      oracle: (map, ...words: Key) => map.get(key(...words)) ?? 0,
    },
    clear: {
      args: (rng) => [rng.chance(0.01)],
      subject: (table, really: boolean) => (really ? table.clear() : undefined),
      oracle: (map, really: boolean) => (really ? map.clear() : undefined),
    },
    size: { args: () => [], subject: (table) => table.size, oracle: (map) => map.size },
  };
}

const OPERATIONS = operations(OWNERS, IDS);

const ACTORS = 3;

/** Three threads in turns; each may end between two calls. */
function shared(options: SharedHashTableOptions): ModelCase {
  const first = new SharedHashTable(options);
  const attach = (): SharedHashTable =>
    SharedHashTable.attach(first.handle, {
      hash: typeof options.hash === 'function' ? options.hash : undefined,
      lockFreeReads: options.lockFreeReads,
    });
  const kill = (actors: Table[], victim: number): void => {
    const { owner } = actors[victim] as SharedHashTable;
    (actors[(victim + 1) % ACTORS] as SharedHashTable).bury(owner);
    actors[victim] = attach();
  };
  return modelCase<Table[], Mirror>({
    subject: [first, attach(), attach()],
    oracle: new Map(),
    operations: inTurns(OPERATIONS, ACTORS, kill),
    checkEvery: 1000,
    check: (actors, oracle) => {
      for (const table of actors) check(table, oracle);
    },
  });
}

const one = (options: HashTableOptions): ModelCase =>
  modelCase<Table, Mirror>({
    subject: new HashTable(options),
    oracle: new Map(),
    operations: OPERATIONS,
    checkEvery: 1000,
    check,
  });

export const MODELS: { readonly [Name in 'HashTable' | 'SharedHashTable']: Models[string] } = {
  HashTable: Object.fromEntries(TABLES.map((options) => [inspect(options), () => one(options)])),
  SharedHashTable: Object.fromEntries(SHARED_TABLES.map((options) => [inspect(options), () => shared(options)])),
};
