// insertNew and retain, mixed with the calls they must go with, against a Map.
import { inspect } from 'node:util';
import { runModel } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { HashTable, type HashTableOptions } from '../src/index.ts';

const INT_MAX = 2 ** 31 - 1;
const OWNERS = [0, 1, 2 ** 31, 2 ** 32 - 1];
const IDS = [0, 1, 2, 63, 64, 512, INT_MAX];
const TABLES: HashTableOptions[] = [
  {},
  { buckets: 1, capacity: 0 },
  { buckets: 64, hash: 'jhash2', locking: 'bucket' },
  { buckets: 16, hash: (_lo, _hi, id) => id % 3 },
];
type Entry = [owner: number, id: number, handle: number];

test.each(TABLES.map((options) => [inspect(options), options] as const))('%s', (_, options) => {
  const key = (owner: number, id: number): string => `${owner},${id}`;
  runModel({
    seed: 8,
    steps: 10_000,
    subject: new HashTable(options),
    oracle: new Map<string, number>(),
    checkEvery: 1000,
    check: (table, oracle) => {
      const visited = new Map<string, number>();
      table.forEach((lo, _hi, id, handle) => {
        visited.set(key(lo, id), handle);
      });
      expect(new Map([...visited].sort())).toEqual(new Map([...oracle].sort()));
      expect(table.chainLengths().reduce((sum, length) => sum + length)).toBe(oracle.size);
    },
    operations: {
      insertNew: {
        weight: 8,
        args: (rng) => [rng.pick(OWNERS), rng.pick(IDS), rng.between(1, INT_MAX)],
        subject: (table, owner: number, id: number, handle: number) => {
          if (table.find(owner, 7, id) === 0) table.insertNew(owner, 7, id, handle);
        },
        oracle: (map, ...[owner, id, handle]: Entry) => {
          if (!map.has(key(owner, id))) map.set(key(owner, id), handle);
        },
      },
      insert: {
        weight: 4,
        args: (rng) => [rng.pick(OWNERS), rng.pick(IDS), rng.between(1, INT_MAX)],
        subject: (table, owner: number, id: number, handle: number) => table.insert(owner, 7, id, handle),
        oracle: (map, ...[owner, id, handle]: Entry) =>
          !map.has(key(owner, id)) && map.set(key(owner, id), handle).size > 0,
      },
      remove: {
        weight: 4,
        args: (rng) => [rng.pick(OWNERS), rng.pick(IDS)],
        subject: (table, owner: number, id: number) => table.remove(owner, 7, id),
        oracle: (map, owner: number, id: number) => {
          const handle = map.get(key(owner, id)) ?? 0;
          map.delete(key(owner, id));
          return handle;
        },
      },
      retain: {
        args: (rng) => [rng.pick(OWNERS), rng.pick(IDS)],
        subject: (table, owner: number, busy: number) => table.retain((lo, _hi, id) => lo !== owner && id !== busy),
        oracle: (map, owner: number, busy: number) => {
          for (const name of [...map.keys()]) {
            const [lo, id] = name.split(',').map(Number);
            if (lo === owner || id === busy) map.delete(name);
          }
        },
      },
      size: { args: () => [], subject: (table) => table.size, oracle: (map) => map.size },
    },
  });
});
