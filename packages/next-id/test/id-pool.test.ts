import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { IdPool, type IdPoolOptions, quarantine, type Reuse } from '../src/index.ts';

const INT_MAX = 2 ** 31 - 1;
const UINT_MAX = 2 ** 32 - 1;
const POLICIES: Reuse[] = ['lowest', 'cyclic', { delay: 0 }, { delay: 1 }, { delay: 5 }];

describe('IdPool', () => {
  test('clear makes a pool as new', () => {
    for (const reuse of POLICIES) {
      const pool = new IdPool({ max: 99, reuse });
      for (let i = 0; i < 50; i++) pool.allocate();
      for (let i = 0; i < 20; i++) pool.free(i);
      pool.clear();
      expect([pool.size, pool.has(30)]).toEqual([0, false]);
      expect(Array.from({ length: 100 }, () => pool.allocate())).toEqual(Array.from({ length: 100 }, (_, i) => i));
      expect(pool.allocate()).toBe(-1);
    }
  });
});

describe('IdPool at its boundaries', () => {
  const fill = (options: IdPoolOptions): number[] => {
    const pool = new IdPool(options);
    const ids: number[] = [];
    for (let id = pool.allocate(); id !== -1; id = pool.allocate()) ids.push(id);
    expect(pool.size).toBe(ids.length);
    expect(ids.filter((id) => !pool.free(id))).toEqual([]);
    expect(pool.size).toBe(0);
    return ids;
  };

  test('fills every range completely and in order, whatever the shape of its levels', () => {
    for (const count of [1, 2, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 32_767, 32_768, 32_769]) {
      for (const reuse of ['lowest', 'cyclic'] as const) {
        const ids = fill({ min: 7, max: 6 + count, reuse });
        expect(ids).toEqual(Array.from({ length: count }, (_, i) => 7 + i));
      }
    }
  });

  test('one ID only', () => {
    for (const id of [0, INT_MAX, UINT_MAX]) {
      const pool = new IdPool({ min: id, max: id });
      expect([pool.allocate(), pool.allocate(), pool.free(id), pool.allocate()]).toEqual([id, -1, true, id]);
    }
  });

  test('cyclic goes on behind the last ID and wraps over the end of u32', () => {
    const pool = new IdPool({ min: UINT_MAX - 2, max: UINT_MAX, reuse: 'cyclic' });
    expect([pool.allocate(), pool.allocate()]).toEqual([UINT_MAX - 2, UINT_MAX - 1]);
    pool.free(UINT_MAX - 2);
    expect([pool.allocate(), pool.allocate(), pool.allocate()]).toEqual([UINT_MAX, UINT_MAX - 2, -1]);
  });

  test('a reservation far away leaves the lowest free where it was', () => {
    const pool = new IdPool();
    expect([pool.reserve(1_000_000), pool.reserve(1_000_000), pool.reserve(0)]).toEqual([true, false, true]);
    expect([pool.allocate(), pool.allocate(), pool.size]).toEqual([1, 2, 4]);
    expect(pool.free(1_000_000)).toBe(true);
    expect(pool.byteLength).toBeLessThan(140_000);
  });

  test('reaches the last ID of the whole u32 range', () => {
    const pool = new IdPool({ min: 1, max: UINT_MAX, reuse: 'cyclic' });
    expect([pool.reserve(UINT_MAX), pool.has(UINT_MAX), pool.has(UINT_MAX - 1)]).toEqual([true, true, false]);
    expect([pool.allocate(), pool.free(UINT_MAX), pool.size]).toEqual([1, true, 1]);
  });

  test('grows with a full bitmap below: levels that appear later know it', () => {
    const pool = new IdPool();
    for (let i = 0; i < 32; i++) pool.allocate();
    expect(pool.reserve(100_000)).toBe(true);
    expect([pool.allocate(), pool.free(3), pool.allocate(), pool.allocate()]).toEqual([32, true, 3, 33]);
  });

  test('grows by one word, which is found behind a full one', () => {
    const pool = new IdPool();
    for (let i = 0; i < 33; i++) pool.allocate();
    expect([pool.free(3), pool.allocate(), pool.allocate()]).toEqual([true, 3, 33]);
  });

  test('needs 1.04 bits per ID', () => {
    const pool = new IdPool();
    for (let i = 0; i < 2 ** 16; i++) pool.allocate();
    expect((pool.byteLength * 8) / 2 ** 16).toBeCloseTo(1.0327, 3);
  });

  test('takes 4 bytes for the first 32 IDs, with a delay 4 more and 4 for each that may rest', () => {
    expect(new IdPool().byteLength).toBe(4);
    expect(new IdPool({ reuse: { delay: 0 } }).byteLength).toBe(4);
    expect(new IdPool({ reuse: { delay: 3 } }).byteLength).toBe(4 + 4 + 3 * 4);
  });

  test('an ID that rests does so in one pool alone', () => {
    const [pool, other] = [new IdPool(), new IdPool()];
    for (const one of [pool, other]) one.allocate();
    quarantine(pool, 0);
    expect([pool.allocate(), other.free(0), other.allocate()]).toEqual([1, true, 0]);
  });
});

describe('IdPool with a delay', () => {
  test('an ID rests until as many others were freed', () => {
    const pool = new IdPool({ max: 9, reuse: { delay: 2 } });
    for (let i = 0; i < 5; i++) pool.allocate();
    pool.free(0);
    expect([pool.allocate(), pool.has(0), pool.free(0), pool.reserve(0)]).toEqual([5, false, false, false]);
    pool.free(1);
    expect(pool.allocate()).toBe(6);
    pool.free(2);
    expect([pool.allocate(), pool.allocate()]).toEqual([0, 7]);
  });

  test('the promise is strict: −1 rather than an ID that rests, and an empty pool has one to give', () => {
    const pool = new IdPool({ max: 3, reuse: { delay: 3 } });
    for (let i = 0; i < 4; i++) pool.allocate();
    const answers: number[] = [];
    for (let i = 0; i < 4; i++) {
      pool.free(i);
      answers.push(pool.allocate());
    }
    expect(answers).toEqual([-1, -1, -1, 0]);
    expect(() => new IdPool({ max: 3, reuse: { delay: 4 } })).toThrow('delay: got 4, expected an integer 0…3');
  });
});

describe('IdPool with invalid arguments', () => {
  test('refuses misuse, naming it', () => {
    expect(() => new IdPool({ min: -1 })).toThrow('new IdPool: min: got -1, expected an integer 0…4294967295');
    expect(() => new IdPool({ min: 5, max: 4 })).toThrow('max: got 4, expected an integer 5…4294967295');
    expect(() => new IdPool({ max: 2 ** 32 })).toThrow(RangeError);
    expect(() => new IdPool({ reuse: 'random' as Reuse })).toThrow("reuse: got 'random', expected 'lowest'");
    expect(() => new IdPool({ max: 9 }).reserve(10)).toThrow('id: got 10, expected an integer 0…9');
    expect(() => new IdPool().reserve(1.5)).toThrow(RangeError);
  });

  test('freeing or asking for what was never taken is harmless', () => {
    const pool = new IdPool({ min: 10, max: 19 });
    pool.allocate();
    for (const id of [9, 11, 20, -1, 10.5, Number.NaN, Infinity, 2 ** 32 + 10, -(2 ** 32) + 10]) {
      expect([id, pool.has(id), pool.free(id)]).toEqual([id, false, false]);
    }
    expect([pool.free(10), pool.free(10), pool.size]).toEqual([true, false, 0]);
  });

  test('shows itself in one line', () => {
    const pool = new IdPool({ max: 9 });
    pool.allocate();
    expect(inspect(pool)).toBe('IdPool(1) { min: 0, max: 9 }');
  });
});
