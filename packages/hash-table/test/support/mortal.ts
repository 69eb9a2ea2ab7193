// A shared table whose threads end amid calls, and what they may leave.
import { expectSame } from '@idspace/testkit';
import { type MortalCases, type MortalOperation, mortalCase } from '@idspace/testkit/death-tests';
import { HashTable, hash32, jhash2 } from '../../src/index.ts';
import { SharedHashTable, SharedHashTableError, type SharedHashTableOptions } from '../../src/shared/index.ts';
import { check, key, type Mirror, operations, type Table } from './models.ts';

/** So few keys that the table holds them all, and that one thread can have all free entries to itself. */
const OWNERS = [1, 2 ** 31];
const IDS = [0, 1, 2, 63, 2 ** 31 - 1];
const CAPACITY = 24;
const BUCKETS = 4;

type Hash = (lo: number, hi: number, id: number) => number;
const inTwoChains: Hash = (_lo, _hi, id) => id % 2;

const TABLES: Record<string, SharedHashTableOptions & { bucketOf: Hash }> = {
  'one lock': { locking: 'global', bucketOf: (lo, hi, id) => hash32(lo, hi, id, 2) },
  'locks of stripes, no lock-free reads': {
    locking: 'striped',
    hash: 'jhash2',
    lockFreeReads: false,
    bucketOf: (lo, hi, id) => jhash2(lo, hi, id) & 3,
  },
  'a lock for each bucket': { locking: 'bucket', hash: inTwoChains, bucketOf: inTwoChains },
};

function table({ bucketOf, ...options }: SharedHashTableOptions & { bucketOf: Hash }): ReturnType<MortalCases[string]> {
  const { hash, lockFreeReads } = options;
  const first = new SharedHashTable({ ...options, buckets: BUCKETS, capacity: CAPACITY });
  first.detach();
  const { insert, insertNew, replace, compareExchange, remove, find } = operations(OWNERS, IDS);
  const calls: Record<string, MortalOperation<Table, Mirror>> = {
    insert: insert!,
    insertNew: insertNew!,
    replace: replace!,
    compareExchange: compareExchange!,
    remove: remove!,
    find: { ...find!, weight: 1 },
    snapshot: {
      args: () => [],
      subject: (table) =>
        HashTable.from((table as SharedHashTable).snapshot(), typeof hash === 'function' ? { hash } : {}).size,
      oracle: (map) => map.size,
      weight: 1,
    },
    retain: {
      args: (rng) => [rng.pick(OWNERS), rng.pick(OWNERS)],
      subject: (table, lo: number, hi: number) => table.retain((owner, high) => owner !== lo || high !== hi),
      oracle: (map, lo: number, hi: number) => {
        for (const id of IDS) map.delete(key(lo, hi, id));
      },
      // Each key goes by itself, in the order of chains.
      between: (map, lo: number, hi: number) =>
        subsets(IDS.map((id) => key(lo, hi, id)).filter((name) => map.has(name))).map((gone) => without(map, gone)),
    },
    clear: {
      args: () => [],
      subject: (table) => table.clear(),
      oracle: (map) => map.clear(),
      // One bucket after the other.
      between: (map) =>
        Array.from({ length: BUCKETS }, (_, emptied) =>
          without(
            map,
            [...map.keys()].filter((name) => bucketOf(...keyOf(name)) < emptied),
          ),
        ),
    },
  };
  return mortalCase<Table, Mirror>({
    memory: first.handle,
    oracle: new Map(),
    operations: calls,
    attach: (owner) =>
      SharedHashTable.attach(first.handle, {
        owner,
        lockFreeReads,
        timeoutMs: 0,
        ...(typeof hash === 'function' && { hash }),
      }),
    detach: (thread) => (thread as SharedHashTable).detach(),
    bury: (thread, owner) => void (thread as SharedHashTable).bury(owner),
    check,
    end: (thread, map) => {
      for (let id = 0; map.size + id < CAPACITY; id++) expectSame(thread.insert(7, 7, id, 1), true);
      expectSame(
        isFull(() => thread.insert(7, 7, CAPACITY, 1)),
        true,
        'whether a table of all its keys is full',
      );
      thread.clear();
      check(thread, new Map());
    },
  });
}

function isFull(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    return error instanceof SharedHashTableError && error.code === 'full';
  }
}

const keyOf = (name: string): [lo: number, hi: number, id: number] =>
  name.split(',').map(Number) as [number, number, number];

function without(map: Mirror, names: readonly string[]): Mirror {
  return new Map([...map].filter(([name]) => !names.includes(name)));
}

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, i) => (bits >> i) & 1));
}

export const MORTALS: MortalCases = Object.fromEntries(
  Object.entries(TABLES).map(([name, options]) => [`SharedHashTable, ${name}`, () => table(options)]),
);
