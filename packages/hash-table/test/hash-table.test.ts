import { inspect } from 'node:util';
import { expectSame, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { GOLDEN_RATIO_PRIME_32, HashTable, hash32, jhash2 } from '../src/index.ts';

const UINT_MAX = 2 ** 32 - 1;

type Key = [ownerLo: number, ownerHi: number, id: number];

describe('HashTable', () => {
  test('puts a key into the bucket its hash says', () => {
    const rng = random(6);
    for (const buckets of [1, 2, 512, 32_768]) {
      for (const golden of [undefined, GOLDEN_RATIO_PRIME_32]) {
        const bits = Math.log2(buckets);
        const key: Key = [rng.u32(), rng.u32(), rng.below(2 ** 31)];
        const multiplied = new HashTable({ buckets, ...(golden && { golden }) });
        const jenkins = new HashTable({ buckets, hash: 'jhash2' });
        multiplied.insert(...key, 1);
        jenkins.insert(...key, 1);
        expect(multiplied.chainLengths().indexOf(1)).toBe(bits === 0 ? 0 : hash32(...key, bits, golden));
        expect(jenkins.chainLengths().indexOf(1)).toBe(jhash2(...key) % buckets);
      }
    }
  });

  test('keeps the first handle of a key', () => {
    const table = new HashTable();
    expect([table.insert(1, 2, 3, 10), table.insert(1, 2, 3, 11), table.find(1, 2, 3)]).toEqual([true, false, 10]);
  });

  test('unlinks the head, the middle and the end of a chain', () => {
    for (const victim of [1, 2, 3]) {
      const table = new HashTable({ buckets: 1 });
      for (const id of [1, 2, 3]) table.insert(0, 0, id, id);
      expect(table.remove(0, 0, victim)).toBe(victim);
      expect([1, 2, 3].map((id) => table.find(0, 0, id))).toEqual([1, 2, 3].map((id) => (id === victim ? 0 : id)));
      expect(table.remove(0, 0, victim)).toBe(0);
    }
  });

  test('uses the entry freed last first, so that churn needs no memory', () => {
    const table = new HashTable({ capacity: 4 });
    for (const id of [1, 2, 3, 4]) table.insert(0, 0, id, id);
    const { byteLength } = table;
    table.remove(0, 0, 2);
    table.remove(0, 0, 3);
    table.insert(0, 0, 30, 30);
    table.insert(0, 0, 20, 20);
    const order: number[] = [];
    table.forEach((_lo, _hi, id) => {
      order.push(id);
    });
    expect(order).toEqual([1, 20, 30, 4]);
    for (let i = 0; i < 1000; i++) table.insert(0, 0, i + 100, table.remove(0, 0, i === 0 ? 1 : i + 99));
    expect([table.size, table.byteLength]).toEqual([4, byteLength]);
  });

  test('doubles the entries and nothing else', () => {
    const table = new HashTable({ buckets: 8, locking: 'bucket', capacity: 3 });
    expect(table.byteLength).toBe(4 * 20 + 8 * 4 + 8 * 4);
    for (let id = 0; id < 3; id++) table.insert(0, 0, id, 1);
    expect(table.byteLength).toBe(4 * 20 + 64);
    table.insert(0, 0, 3, 1);
    expect(table.byteLength).toBe(8 * 20 + 64);
    expect([0, 1, 2, 3].map((id) => table.find(0, 0, id))).toEqual([1, 1, 1, 1]);
    expect(new HashTable({ buckets: 8, capacity: 3 }).byteLength).toBe(4 * 20 + 8 * 4 + 4);
  });

  test('takes 328 bytes up to 15 keys, then 20 for each beside its buckets, and finds all whatever its arrays share', () => {
    const table = new HashTable();
    const made = table.byteLength;
    const lengths = [made];
    // Arrays of 16, of up to 1,024 and of more entries are made in three ways.
    for (let id = 0; id < 40_000; id++) {
      table.insert(id & 1, id >> 1, id, id + 1);
      if (table.byteLength !== lengths.at(-1)) lengths.push(table.byteLength);
    }
    expect(made).toBe(16 * 20 + 4 + 4);
    const later = lengths.slice(1).map((bytes) => (bytes - 512 * 4 - 4) / 20);
    expect(later).toEqual(Array.from({ length: 12 }, (_, i) => 32 << i));
    for (let id = 0; id < 40_000; id++) expectSame(table.find(id & 1, id >> 1, id), id + 1);
    for (let id = 0; id < 40_000; id += 3) expectSame(table.remove(id & 1, id >> 1, id), id + 1);
    const copy = HashTable.from(table.snapshot());
    for (let id = 0; id < 40_000; id++) expectSame(copy.find(id & 1, id >> 1, id), id % 3 === 0 ? 0 : id + 1);
  });

  test('counts a lock for each insert and remove, none for a find, and no thread waits', () => {
    const table = new HashTable({ locking: 'bucket' });
    const { locks } = table;
    table.insert(1, 2, 3, 4);
    table.insert(1, 2, 3, 4);
    table.find(1, 2, 3);
    table.remove(1, 2, 3);
    table.remove(1, 2, 3);
    expect(locks).toEqual({ acquired: 4, contended: 0 });
    expect(table.locks).toBe(locks);
  });

  test('leaves no lock held when the hash throws or the input is refused', () => {
    const table = new HashTable({
      hash: () => {
        throw new Error('no hash today');
      },
    });
    expect(() => table.insert(0, 0, 0, 1)).toThrow('no hash today');
    expect(() => table.insert(0, 0, -1, 1)).toThrow(RangeError);
    expect([table.locks.acquired, table.size]).toEqual([0, 0]);
  });

  test('forEach stands removal of any key while it runs', () => {
    const table = new HashTable({ buckets: 2 });
    for (let id = 0; id < 20; id++) table.insert(7, UINT_MAX, id, id + 1);
    const seen: number[] = [];
    table.forEach((lo, hi, id) => {
      seen.push(id);
      table.remove(lo, hi, id);
      table.remove(lo, hi, id + 1);
    });
    expect(seen).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect([table.size, table.chainStats().empty]).toEqual([0, 2]);
  });

  test('clear empties it and keeps the memory', () => {
    const table = new HashTable({ buckets: 4 });
    for (let id = 0; id < 100; id++) table.insert(0, 0, id, 1);
    table.remove(0, 0, 50);
    const { byteLength } = table;
    table.clear();
    expect([table.size, table.find(0, 0, 7), table.chainStats().max]).toEqual([0, 0, 0]);
    for (let id = 0; id < 100; id++) table.insert(0, 0, id, id + 1);
    expect([table.size, table.find(0, 0, 7), table.byteLength]).toEqual([100, 8, byteLength]);
  });

  test('a word is the same as u32 and as int32', () => {
    const words: number[] = [];
    const hash = (lo: number, hi: number): number => words.push(lo, hi) & 0;
    for (const table of [new HashTable(), new HashTable({ hash: 'jhash2' }), new HashTable({ hash })]) {
      expect(table.insert(0xffff_8881, 0x8000_0000, 5, 9)).toBe(true);
      expect(table.insert(0xffff_8881 | 0, 0x8000_0000 | 0, 5, 10)).toBe(false);
      expect(table.find(0xffff_8881 | 0, 0x8000_0000 | 0, 5)).toBe(9);
      expect(table.remove(0xffff_8881 | 0, 0x8000_0000, 5)).toBe(9);
    }
    expect(new Set(words)).toEqual(new Set([0xffff_8881, 0x8000_0000]));
  });

  test('refuses misuse, naming it', () => {
    const table = new HashTable();
    expect(() => table.find(-1.5, 0, 0)).toThrow('ownerLo: got -1.5, expected an integer -2147483648…4294967295');
    expect(() => table.find(0, 2 ** 32, 0)).toThrow('ownerHi: got 4294967296');
    expect(() => table.find(-(2 ** 31) - 1, 0, 0)).toThrow('ownerLo: got -2147483649');
    expect(() => table.remove(0, 0, 2 ** 31)).toThrow('id: got 2147483648, expected an integer 0…2147483647');
    expect(() => table.find(0, 0, 0.5)).toThrow(RangeError);
    for (const handle of [0, -1, 2 ** 31, 1.5, Number.NaN]) {
      expect(() => table.insert(0, 0, 0, handle)).toThrow(`handle: got ${handle}, expected an integer 1…2147483647`);
    }
    for (const buckets of [0, 3, 513, -512, 1.5, Number.NaN, 2 ** 29]) {
      expect(() => new HashTable({ buckets })).toThrow(`buckets: got ${buckets}, expected a power of two 1…268435456`);
    }
    expect(() => new HashTable({ hash: 'md5' as 'hash32' })).toThrow("hash: got 'md5', expected 'hash32', 'jhash2'");
    expect(() => new HashTable({ locking: 'none' as 'global' })).toThrow("locking: got 'none', expected 'global' or");
    expect(() => new HashTable({ golden: -1 })).toThrow('golden: got -1');
    expect(() => new HashTable({ capacity: -1 })).toThrow('capacity: got -1');
  });

  test('shows itself in one line', () => {
    const table = new HashTable({ hash: 'jhash2', locking: 'bucket' });
    table.insert(1, 2, 3, 4);
    expect(inspect(table)).toBe("HashTable(1) { buckets: 512, hash: 'jhash2', locking: 'bucket' }");
  });
});
