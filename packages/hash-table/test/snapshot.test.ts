// snapshot and from of HashTable and SharedHashTable: a copy goes on as the original, and nothing unsound comes in.
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { seal } from '../src/checksum.ts';
import { HashTable, HashTableError, type HashTableErrorCode, type HashTableOptions } from '../src/index.ts';
import { SharedHashTable } from '../src/shared/index.ts';
import SNAPSHOTS from './fixtures/snapshots-v1.json' with { type: 'json' };

const HEADER = 64;
const CHECKSUM = 14;
const custom = (_lo: number, hi: number, id: number): number => hi ^ (id * 7);

const OPTIONS: HashTableOptions[] = [
  { buckets: 1 },
  { buckets: 8 },
  { buckets: 16, hash: 'jhash2', locking: 'bucket' },
  { buckets: 8, seed: 2 ** 53 - 1 },
  { buckets: 8, golden: 0x9e370001 },
  { buckets: 4, hash: custom },
];

/** What version 1 wrote, as base64: it must be read forever. */
const FIXTURES: readonly string[] = SNAPSHOTS;

/** A table with keys at random, some of them gone again and some twice. */
function filled(options: HashTableOptions, rng: Random, keys: number): HashTable {
  const table = new HashTable(options);
  for (let n = rng.below(keys); n > 0; n--) {
    table.insert(rng.below(3), rng.u32(), rng.below(20), 1 + rng.below(1000));
    if (rng.chance(0.05)) table.insertNew(1, 2, rng.below(3), 1 + rng.below(1000));
    if (rng.chance(0.2)) table.retain(() => rng.chance(0.9));
  }
  return table;
}

/** The tables that the fixtures hold: the same whatever the seed of the tests. */
const samples = (): HashTable[] =>
  OPTIONS.map((options) => {
    const table = new HashTable(options);
    for (let n = 1; n <= 12; n++) table.insert(n % 3, (n * 0x9e37_79b1) >>> 0, n, n * n);
    for (const n of [2, 7, 9]) table.remove(n % 3, (n * 0x9e37_79b1) >>> 0, n);
    table.insert(5, 5, 5, 5);
    table.insertNew(5, 5, 5, 6);
    return table;
  });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const read = (bytes: Uint8Array, options: HashTableOptions): HashTable =>
  HashTable.from(bytes, typeof options.hash === 'function' ? { hash: options.hash } : {});

type AnyTable = Pick<HashTable, 'forEach' | 'size' | 'chainLengths'>;
const keysOf = (table: AnyTable): number[][] => {
  const keys: number[][] = [];
  table.forEach((...key) => void keys.push(key));
  return keys;
};

test('what version 1 wrote is read, and written again byte for byte', () => {
  expect(FIXTURES.length).toBe(OPTIONS.length);
  for (const [n, table] of samples().entries()) {
    const bytes = new Uint8Array(Buffer.from(FIXTURES[n]!, 'base64'));
    expect(bytes[4]).toBe(1);
    expect(hex(table.snapshot())).toBe(FIXTURES[n] && hex(bytes));
    expect(hex(read(bytes, OPTIONS[n]!).snapshot())).toBe(hex(bytes));
    expect(keysOf(read(bytes, OPTIONS[n]!))).toEqual(keysOf(table));
  }
});

test('a copy finds, visits and goes on as the original', () => {
  const rng = random(81);
  for (let round = 0; round < budget(300); round++) {
    const where = `seed ${rng.seed}, round ${round}`;
    const options = rng.pick(OPTIONS);
    const table = filled(options, rng, 120);
    const bytes = table.snapshot();
    const copy = read(bytes, options);
    bytes.fill(255);
    expect([copy.buckets, copy.hash, copy.locking, copy.size]).toEqual([
      table.buckets,
      table.hash,
      table.locking,
      table.size,
    ]);
    for (let n = 0; n < 60; n++) {
      const key = [rng.below(3), rng.chance(0.5) ? 2 : rng.u32(), rng.below(20)] as const;
      const [call, handle] = [rng.below(4), 1 + rng.below(99)];
      const act = (t: HashTable): unknown => [
        t.find(...key),
        call === 0
          ? t.remove(...key)
          : call === 1
            ? t.insert(...key, handle)
            : call === 2
              ? t.replace(...key, handle)
              : t.size,
      ];
      expect(act(copy), where).toEqual(act(table));
    }
    expect(copy.chainLengths(), where).toEqual(table.chainLengths());
    expect(keysOf(copy).map(String).sort(), where).toEqual(keysOf(table).map(String).sort());
  }
});

test('a shared table has what the table had, the newest first in each chain', () => {
  const rng = random(82);
  for (let round = 0; round < budget(60); round++) {
    const options = rng.pick(OPTIONS);
    const table = filled(options, rng, 80);
    const hash = typeof options.hash === 'function' ? options.hash : undefined;
    const shared = SharedHashTable.from(table.snapshot(), { hash });
    const where = `seed ${rng.seed}, round ${round}`;
    expect([shared.size, shared.buckets, shared.hash], where).toEqual([table.size, table.buckets, table.hash]);
    expect(shared.chainLengths(), where).toEqual(table.chainLengths());
    for (const [lo, hi, id] of keysOf(table)) expect(shared.find(lo!, hi!, id!), where).toBe(table.find(lo!, hi!, id!));
    const bytes = shared.snapshot();
    const alone = HashTable.from(bytes, { hash });
    expect([alone.size, alone.hash, alone.locking], where).toEqual([table.size, table.hash, 'bucket']);
    expect(alone.chainLengths(), where).toEqual(table.chainLengths());
    for (const [lo, hi, id] of keysOf(table)) expect(alone.find(lo!, hi!, id!), where).toBe(table.find(lo!, hi!, id!));
    const together = SharedHashTable.from(bytes, { hash, lockFreeReads: false, locking: 'striped' });
    expect(hex(together.snapshot()), where).toBe(hex(bytes));
    for (const made of [shared, together]) made.detach();
  }
  const table = new HashTable();
  for (let id = 0; id < 9; id++) table.insert(1, 1, id, 1);
  expect(() => SharedHashTable.from(table.snapshot(), { capacity: 3 })).toThrow(
    'SharedHashTable: keys: got more than 3, expected at most 3, the capacity',
  );
  expect(() => SharedHashTable.from(table.snapshot(), { bukets: 3 } as never)).toThrow(
    "SharedHashTable.from: options: got the key 'bukets'",
  );
});

test('a subclass makes one of its own, and bytes may lie anywhere', () => {
  class Mine extends HashTable {}
  const table = new Mine();
  table.insert(1, 2, 3, 4);
  const shifted = new Uint8Array(table.snapshot().length + 3).subarray(3);
  shifted.set(table.snapshot());
  const copy = Mine.from(Buffer.from(shifted));
  expect([copy instanceof Mine, copy.find(1, 2, 3), copy.size]).toEqual([true, 4, 1]);
});

/** What the reader says: a code, or 'sound', and then it writes the same bytes. */
function verdict(bytes: Uint8Array, options: HashTableOptions): HashTableErrorCode | 'sound' {
  try {
    expect(hex(read(bytes, options).snapshot())).toBe(hex(bytes));
    return 'sound';
  } catch (error) {
    if (!(error instanceof HashTableError)) throw error;
    expect(error.offset).toBeLessThanOrEqual(Math.max(bytes.length, HEADER));
    expect(error.message).toMatch(/^HashTable\.from: bytes: byte \d+: .+: got .+, expected .+$/);
    return error.code;
  }
}

describe('damaged snapshots are refused', () => {
  test('a chain that goes wrong is told by the place of the link that does', () => {
    const table = new HashTable({ buckets: 1 });
    for (let id = 0; id < 4; id++) table.insert(1, 2, id, 3);
    const bytes = table.snapshot();
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const [head, links] = [HEADER / 4, HEADER / 4 + 1];
    // The chain's links, in its order: the bucket's, and then that of each entry but the last.
    const places: number[] = [];
    for (let at = head; words[at] !== 0; at = links + words[at]! - 1) places.push(at);
    expect(places).toHaveLength(4);
    for (const place of places) {
      const damaged = bytes.slice();
      new Int32Array(damaged.buffer)[place] = 99;
      seal(new Int32Array(damaged.buffer), CHECKSUM);
      expect(() => HashTable.from(damaged), String(place)).toThrow(
        expect.objectContaining({ code: 'bad-structure', offset: 4 * place }),
      );
    }
  });

  test('every truncation, a byte or a block too many, and every byte changed', () => {
    const rng = random(83);
    for (const [n, table] of samples().entries()) {
      const bytes = table.snapshot();
      const options = OPTIONS[n]!;
      for (let length = 0; length < bytes.length; length++)
        expect(verdict(bytes.slice(0, length), options)).toBe('bad-length');
      for (const more of [1, 4, 64]) {
        const longer = new Uint8Array(bytes.length + more);
        longer.set(bytes);
        expect(verdict(longer, options)).toBe('bad-length');
      }
      for (let at = 0; at < bytes.length; at++) {
        const kept = bytes[at]!;
        bytes[at] = kept ^ rng.between(1, 255);
        if (at / 4 >= 3 && at / 4 < 4 && bytes[at]! < 4) bytes[at] = 9;
        expect(verdict(bytes, options), `seed ${rng.seed}, byte ${at}`).not.toBe('sound');
        bytes[at] = kept;
      }
    }
  });

  test('words changed under a right checksum: refused, or another sound table', () => {
    const rng = random(84);
    const counts: Record<string, number> = {};
    for (let round = 0; round < budget(8000); round++) {
      const options = rng.pick(OPTIONS.slice(0, 5));
      const bytes = filled(options, rng, 20).snapshot();
      const words = new Int32Array(bytes.buffer);
      for (let n = rng.between(1, 3); n > 0; n--) {
        const at = rng.chance(0.2) ? rng.pick([2, 4, 5, 6, 7, 8]) : rng.below(words.length);
        if (at === 3) continue;
        words[at] = rng.pick([0, 1, -1, words[at]! ^ (1 << rng.below(32)), rng.below(30), 2 ** 31 - 1]);
      }
      seal(words, CHECKSUM);
      const got = verdict(bytes, options);
      counts[got] = (counts[got] ?? 0) + 1;
    }
    expect(counts['bad-checksum'], `seed ${rng.seed}`).toBeUndefined();
    expect(Object.keys(counts).sort()).toEqual([
      'bad-header',
      'bad-length',
      'bad-magic',
      'bad-structure',
      'bad-version',
      'sound',
    ]);
  });

  test('a chain that goes round, a chain of two buckets, and gigabytes of buckets', () => {
    const table = new HashTable({ buckets: 1 });
    for (let id = 0; id < 3; id++) table.insert(1, 1, id, 5);
    const forged = (word: number, value: number): Uint8Array => {
      const words = new Int32Array(table.snapshot().buffer);
      words[word] = value;
      seal(words, CHECKSUM);
      return new Uint8Array(words.buffer);
    };
    expect(() => HashTable.from(forged(17, 3))).toThrow('an entry of a chain: got 3, expected 1…3, and each once');
    expect(() => HashTable.from(forged(16, 1))).toThrow(
      'byte 32: the number of entries: got 3, expected 1, as the chains have',
    );
    expect(() => HashTable.from(forged(2, 28))).toThrow('its length: got 128, expected');
    expect(() => HashTable.from(forged(26, -1))).toThrow('an ID: got -1, expected 0…2147483647');
  });

  test('what is no bytes, a hash that is missing, and one too much', () => {
    for (const bad of [null, undefined, 'HTBL', {}, [1], new Int32Array(16)]) {
      expect(() => HashTable.from(bad as never)).toThrow('HashTable.from: bytes: got');
      expect(() => SharedHashTable.from(bad as never)).toThrow('SharedHashTable.from: bytes: got');
    }
    const bytes = new HashTable({ hash: custom }).snapshot();
    expect(() => HashTable.from(bytes)).toThrow(
      'HashTable.from: hash: got undefined, expected the function that the table was made with',
    );
    expect(() => HashTable.from(new HashTable().snapshot(), { hash: custom })).toThrow(
      'expected none: the snapshot names its hash',
    );
    const other = new HashTable({ hash: custom, buckets: 64 });
    other.insert(1, 2, 3, 4);
    expect(() => HashTable.from(other.snapshot(), { hash: () => 7 })).toThrow(
      'the bucket of an entry: got 23, expected 7, by its key',
    );
  });
});

test('a wrong checksum is told with both: what is there, and what its words sum up to', () => {
  const bytes = Buffer.from(FIXTURES[0]!, 'base64');
  const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const hex = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`;
  const right = `${hex(words[CHECKSUM]!)} ${hex(words[CHECKSUM + 1]!)}`;
  words[CHECKSUM] = 0x12;
  words[CHECKSUM + 1] = 0xffff_ffff;
  const wrong = (): HashTable => HashTable.from(new Uint8Array(words.buffer));
  expect(wrong).toThrow(right);
  expect(wrong).toThrow('0x00000012 0xffffffff');
});
