// What HashTable and SharedHashTable have in common, said once and held to both.
import { inspect } from 'node:util';
import { random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { HashTable, type HashTableOptions, hash32, jhash2 } from '../src/index.ts';
import { SharedHashTable } from '../src/shared/index.ts';

type Table = HashTable | SharedHashTable;
type Options = Omit<HashTableOptions, 'locking'>;
type Key = [ownerLo: number, ownerHi: number, id: number];

const UINT_MAX = 2 ** 32 - 1;
const INT_MIN = -(2 ** 31);

const KINDS: [name: string, make: (options?: Options) => Table][] = [
  ['HashTable', (options) => new HashTable(options)],
  ...(['global', 'striped', 'bucket'] as const).map((locking): [string, (options?: Options) => Table] => [
    `SharedHashTable, ${locking}`,
    (options) => new SharedHashTable({ capacity: 5_000, locking, ...options }),
  ]),
  [
    'SharedHashTable that reads under its locks',
    (options) => new SharedHashTable({ capacity: 5_000, lockFreeReads: false, ...options }),
  ],
];

const entriesOf = (table: Table): number[][] => {
  const entries: number[][] = [];
  table.forEach((...entry) => {
    entries.push(entry);
  });
  return entries.sort();
};

describe.each(withinBudget(KINDS, { least: 3 }))('%s', (_, make) => {
  test('compareExchange changes a handle only if it is the one expected', () => {
    const table = make();
    table.insert(1, 2, 3, 10);
    expect([table.compareExchange(1, 2, 3, 11, 12), table.find(1, 2, 3)]).toEqual([10, 10]);
    expect([table.compareExchange(1, 2, 3, 10, 12), table.find(1, 2, 3)]).toEqual([10, 12]);
    expect([table.compareExchange(1, 2, 4, 10, 12), table.find(1, 2, 4), table.size]).toEqual([0, 0, 1]);
    for (const bad of [0, -1, 2 ** 31, 1.5, '10', null, undefined]) {
      expect(() => table.compareExchange(1, 2, 3, bad as number, 1)).toThrow('compareExchange: expected: got');
      expect(() => table.compareExchange(1, 2, 3, 12, bad as number)).toThrow('compareExchange: handle: got');
    }
    expect(() => table.compareExchange(1, 2, -1, 1, 1)).toThrow('compareExchange: id: got -1');
    expect(table.find(1, 2, 3)).toBe(12);
  });

  test('forEach and retain refuse what is no function, of an empty table, too, and do nothing', () => {
    const table = make();
    for (const size of [0, 1]) {
      for (const bad of ['f', null, undefined, {}]) {
        const expected = /^(Shared)?HashTable\.(forEach: fn|retain: keep): got .*, expected a function$/;
        expect(() => table.forEach(bad as never)).toThrow(expected);
        expect(() => table.retain(bad as never)).toThrow(expected);
      }
      expect(table.size).toBe(size);
      table.insert(1, 2, 3, 10);
    }
  });

  test('keeps the first handle of a key until it is replaced or removed', () => {
    const table = make();
    expect([table.insert(1, 2, 3, 10), table.insert(1, 2, 3, 11), table.find(1, 2, 3)]).toEqual([true, false, 10]);
    expect([table.replace(1, 2, 3, 12), table.find(1, 2, 3), table.replace(1, 2, 4, 9)]).toEqual([10, 12, 0]);
    expect([table.find(1, 2, 4), table.size, table.remove(1, 2, 3), table.replace(1, 2, 3, 1)]).toEqual([0, 1, 12, 0]);
    expect(entriesOf(table)).toEqual([]);
  });

  test.each([{}, { hash: 'jhash2' as const }, { seed: 5 }, { buckets: 1 }])(
    'a word is the same as u32 and as int32: %o',
    (options) => {
      const table = make(options);
      const words: [u32: number, int32: number][] = [
        [UINT_MAX, -1],
        [2 ** 31, INT_MIN],
        [0xffff_8881, 0xffff_8881 | 0],
      ];
      for (const [i, [lo, lo32]] of words.entries()) {
        for (const [hi, hi32] of words) {
          expect([table.insert(lo, hi, i, 9), table.insert(lo32, hi32, i, 8)]).toEqual([true, false]);
          expect([table.find(lo32, hi, i), table.replace(lo, hi32, i, 7), table.remove(lo32, hi32, i)]).toEqual([
            9, 9, 7,
          ]);
          table.insertNew(lo32, hi32, i, 6);
          expect(entriesOf(table)).toEqual([[lo, hi, i, 6]]);
          table.retain((seenLo, seenHi) => seenLo !== lo || seenHi !== hi);
          expect([table.find(lo, hi, i), table.size]).toEqual([0, 0]);
        }
      }
    },
  );

  test('gives a hash function u32 words, whichever way they come', () => {
    const seen: number[] = [];
    const table = make({ hash: (lo, hi) => seen.push(lo, hi) & 0 });
    table.insert(-1, INT_MIN, 5, 1);
    expect([table.find(UINT_MAX, 2 ** 31, 5), table.hash]).toEqual([1, 'custom']);
    expect(new Set(seen)).toEqual(new Set([UINT_MAX, 2 ** 31]));
  });

  test('takes what a hash function returns as an int32, whatever it is', () => {
    const bucketOf = (hash: number): number => {
      const table = make({ buckets: 16, hash: () => hash });
      table.insert(1, 1, 1, 7);
      expect([table.find(1, 1, 1), table.size]).toEqual([7, 1]);
      return table.chainLengths().indexOf(1);
    };
    const hashes = [99, -1, 2.9, 2 ** 32 + 5, Number.NaN, Number.POSITIVE_INFINITY];
    expect(hashes.map(bucketOf)).toEqual([3, 15, 2, 5, 0, 0]);
  });

  test('insertNew takes the caller at its word', () => {
    const table = make({ buckets: 4 });
    table.insertNew(1, 1, 1, 5);
    table.insertNew(1, 1, 1, 6);
    expect([table.find(1, 1, 1), table.size, table.remove(1, 1, 1), table.find(1, 1, 1)]).toEqual([6, 2, 6, 5]);
    table.insertNew(1, 1, 1, 7);
    table.retain((_lo, _hi, _id, handle) => handle !== 5);
    expect(entriesOf(table)).toEqual([[1, 1, 1, 7]]);
  });

  test('retain stops where its function throws: what was refused before is out, and the table works on', () => {
    const table = make({ buckets: 4 });
    for (let id = 0; id < 40; id++) table.insert(0, 0, id, 1);
    let calls = 0;
    const keep = (): boolean => {
      if (++calls > 10) throw new Error('no more');
      return false;
    };
    expect(() => table.retain(keep)).toThrow('no more');
    expect([table.size, entriesOf(table).length]).toEqual([30, 30]);
    for (let id = 0; id < 40; id++) table.insert(0, 0, id, 1);
    expect(table.size).toBe(40);
    table.retain(() => false);
    expect([table.size, table.chainStats().max]).toEqual([0, 0]);
  });

  test('counts a lock for each change, none for a lookup, and none that was waited for', () => {
    const table = make({ buckets: 8 });
    table.insert(1, 2, 3, 4);
    table.insertNew(1, 2, 4, 4);
    table.replace(1, 2, 3, 5);
    table.remove(1, 2, 3);
    const { acquired } = table.locks;
    expect(acquired).toBe(4);
    table.find(1, 2, 4);
    expect([table.locks.acquired <= 5, table.locks.contended]).toEqual([true, 0]);
  });

  test.each(['insert', 'insertNew', 'replace', 'find', 'remove'] as const)(
    '%s refuses misuse, and nothing has changed',
    (call) => {
      const table = make();
      table.insert(0, 0, 0, 1);
      const shown = (value: unknown): string =>
        typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? '[object Array]' : String(value);
      const go = (lo: unknown, hi: unknown, id: unknown, handle: unknown = 1): unknown =>
        table[call](lo as number, hi as number, id as number, handle as number);
      for (const word of [1.5, 2 ** 32, INT_MIN - 1, Number.NaN, null, '', '1', [], false, undefined]) {
        expect(() => go(word, 0, 0), inspect(word)).toThrow(`ownerLo: got ${shown(word)}, expected an integer -2`);
        expect(() => go(0, word, 0), inspect(word)).toThrow(`ownerHi: got ${shown(word)}, expected an integer -2`);
      }
      for (const id of [-1, 2 ** 31, 0.5, Number.NaN, null, '', '1', [], false, undefined]) {
        expect(() => go(0, 0, id), inspect(id)).toThrow(`id: got ${shown(id)}, expected an integer 0…2147483647`);
      }
      if (call !== 'find' && call !== 'remove') {
        for (const handle of [0, -1, 2 ** 31, 1.5, Number.NaN, null, '', '1', [], true]) {
          expect(() => go(0, 0, 0, handle), inspect(handle)).toThrow(`handle: got ${shown(handle)}, expected`);
        }
      }
      expect(entriesOf(table)).toEqual([[0, 0, 0, 1]]);
    },
  );

  test('refuses a seed that is none, and one beside a function', () => {
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN, '1' as unknown as number]) {
      expect(() => make({ seed })).toThrow(
        `seed: got ${typeof seed === 'string' ? `'${seed}'` : seed}, expected an integer 0…9007199254740991`,
      );
    }
    expect(() => make({ seed: 1, hash: () => 0 })).toThrow('seed: got 1, expected none beside a hash function');
    expect([make({ seed: 0 }).hash, make({ seed: 2 ** 53 - 1 }).hash, make().hash]).toEqual([
      'halfsiphash',
      'halfsiphash',
      'hash32',
    ]);
  });

  test('names the class in console.log, also of a subclass', () => {
    const table = make({ buckets: 8, seed: 1 });
    class Timers extends (table.constructor as typeof HashTable) {}
    expect(inspect(table)).toContain(`${table.constructor.name}(0) { buckets: 8, hash: 'halfsiphash', locking: `);
    expect(inspect(new Timers({ buckets: 8, capacity: 4 }))).toMatch(/^Timers\(0\) \{ buckets: 8/);
  });
});

describe('keys that others choose', () => {
  const BUCKETS = 512;
  const COUNT = 1_000;

  /** Keys that share a bucket under a hash, as an attacker can find them. */
  function colliding(hash: (...key: Key) => number): Key[] {
    const rng = random(16);
    const keys = new Map<string, Key>();
    const wanted = hash(1, 2, 3) % BUCKETS;
    while (keys.size < COUNT) {
      const key: Key = [rng.u32(), rng.u32(), rng.below(2 ** 31)];
      if (hash(...key) % BUCKETS === wanted) keys.set(key.join(), key);
    }
    return [...keys.values()];
  }

  const CRAFTED: [name: 'hash32' | 'jhash2', keys: Key[]][] = [
    ['hash32', colliding((lo, hi, id) => hash32(lo, hi, id, 9))],
    // Owner and ID trade bits: one hash in all 32 bits, whatever the number of buckets.
    ['hash32', Array.from({ length: COUNT }, (_, i): Key => [0x00ea_9a00 ^ i, 0xffff_8881, i])],
    ['jhash2', colliding(jhash2)],
  ];

  test.each(withinBudget(CRAFTED, { least: 2 }))(
    '%s: all of them in one chain; under any seed spread as at random',
    (hash, keys) => {
      for (const [name, make] of KINDS) {
        const fill = (options: Options): Table => {
          const table = make({ buckets: BUCKETS, hash, ...options });
          keys.forEach((key, i) => {
            table.insert(...key, i + 1);
          });
          return table;
        };
        expect(fill({}).chainStats().max, name).toBe(COUNT);
        const rng = random(17);
        for (const seed of [0, 1, 2 ** 32, 2 ** 53 - 1, rng.u32(), rng.u32()]) {
          const table = fill({ seed });
          const { max, sd } = table.chainStats();
          // A random function gives a standard deviation of √(1000/512) = 1.4, and chains of about 8.
          expect(sd, `${name}, seed ${seed}`).toBeLessThan(1.8);
          expect(max, `${name}, seed ${seed}`).toBeLessThan(16);
          expect(keys.map((key) => table.find(...key))).toEqual(keys.map((_, i) => i + 1));
        }
      }
    },
  );

  test('seeds that differ in any bit place keys otherwise', () => {
    const places = (seed: number): string => {
      const table = new HashTable({ buckets: 64, seed });
      for (let id = 0; id < 32; id++) table.insert(0, 0, id, 1);
      return table.chainLengths().join();
    };
    const seeds = [0, ...Array.from({ length: 53 }, (_, bit) => 2 ** bit)];
    expect(new Set(seeds.map(places)).size).toBe(seeds.length);
  });

  test('a thread that attaches has the seed from the memory', () => {
    const table = new SharedHashTable({ capacity: 100, buckets: 64, seed: 2 ** 52 + 12_345 });
    const other = SharedHashTable.attach(table.handle);
    for (let id = 0; id < 50; id++) table.insert(7, 7, id, id + 1);
    expect(Array.from({ length: 50 }, (_, id) => other.find(7, 7, id))).toEqual(
      Array.from({ length: 50 }, (_, id) => id + 1),
    );
    expect([other.hash, [...other.chainLengths()]]).toEqual(['halfsiphash', [...table.chainLengths()]]);
  });
});
