// What is called on each table while the engine has no memory, and what it is compared with.
import type { Random } from '@idspace/testkit';
import { type StarvedScene, scene } from '@idspace/testkit/starve-tests';
import { expect } from 'vitest';
import { HashTable } from '../../src/index.ts';
import { SharedHashTable } from '../../src/shared/index.ts';

type Table = HashTable | SharedHashTable;

const entries = (table: Table): [number, number][] => {
  const found: [number, number][] = [];
  table.forEach((_lo, _hi, id, handle) => void found.push([id, handle]));
  return found.sort(([a], [b]) => a - b);
};

function tables(make: (r: Random) => Table, keys: number): StarvedScene {
  const key = (r: Random): number[] => [r.below(keys), r.between(1, 99)];
  return scene<Table, Map<number, number>>({
    runs: 40,
    steps: 300,
    make: (rng) => ({
      subject: make(rng),
      oracle: new Map(),
      operations: {
        insert: {
          weight: 20,
          args: key,
          subject: (t, id: number, handle: number) => t.insert(7, 7, id, handle),
          oracle: (map, id: number, handle: number) => !map.has(id) && map.set(id, handle).size > 0,
        },
        insertNew: {
          weight: 10,
          args: key,
          subject: (t, id: number, handle: number) =>
            t.find(7, 7, id) === 0 ? t.insertNew(7, 7, id, handle) : undefined,
          oracle: (map, id: number, handle: number) => void (map.has(id) || map.set(id, handle)),
        },
        replace: {
          weight: 3,
          args: key,
          subject: (t, id: number, handle: number) => t.replace(7, 7, id, handle),
          oracle: (map, id: number, handle: number) => {
            const old = map.get(id) ?? 0;
            if (old !== 0) map.set(id, handle);
            return old;
          },
        },
        compareExchange: {
          weight: 3,
          args: key,
          subject: (t, id: number, handle: number) => t.compareExchange(7, 7, id, t.find(7, 7, id) || 1, handle),
          oracle: (map, id: number, handle: number) => {
            const old = map.get(id) ?? 0;
            if (old !== 0) map.set(id, handle);
            return old;
          },
        },
        remove: {
          weight: 3,
          args: key,
          subject: (t, id: number) => t.remove(7, 7, id),
          oracle: (map, id: number) => {
            const old = map.get(id) ?? 0;
            map.delete(id);
            return old;
          },
        },
        retain: {
          args: (r) => [r.between(2, 9)],
          subject: (t, n: number) => t.retain((_lo, _hi, id) => id % n !== 0),
          oracle: (map, n: number) => {
            for (const id of [...map.keys()]) if (id % n === 0) map.delete(id);
          },
        },
        'chainLengths chainStats': {
          args: () => [],
          subject: (t) => t.chainLengths().reduce((sum, length) => sum + length),
          oracle: (map) => map.size,
        },
        clear: {
          args: (r) => [r.chance(0.1)],
          subject: (t, really: boolean) => (really ? t.clear() : undefined),
          oracle: (map, really: boolean) => (really ? map.clear() : undefined),
        },
        'from snapshot': {
          args: () => [],
          subject: (t) => {
            if (t instanceof SharedHashTable) return t.size;
            const shared = SharedHashTable.from(t.snapshot());
            shared.detach();
            return Math.min(HashTable.from(t.snapshot()).size, shared.size);
          },
          oracle: (map) => map.size,
        },
        'attach detach bury': {
          args: () => [],
          subject: (t) => {
            if (t instanceof SharedHashTable) SharedHashTable.attach(t.handle).detach();
          },
          oracle: () => undefined,
        },
      },
      check: (t, map) => expect([t.size, entries(t)]).toEqual([map.size, [...map].sort(([a], [b]) => a - b)]),
    }),
  });
}

export const SCENES: Record<string, StarvedScene> = {
  HashTable: tables((r) => new HashTable({ buckets: 4, capacity: r.below(5) }), 1000),
  // Its memory is there from the beginning.
  SharedHashTable: tables(() => new SharedHashTable({ buckets: 4, capacity: 2000 }), 1000),
};
