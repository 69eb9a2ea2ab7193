// The levels above the bitmap: 32² IDs fill a word of the first, 32³ one of the second. What is freed behind a full one is found again.
import { describe, expect, test } from 'vitest';
import { freeRange, freeRanges, IdPool, type IdPoolOptions, peek, reserveRange } from '../src/index.ts';

const FILLS: Record<string, (pool: IdPool) => void> = {
  'one by one': (pool) => {
    while (pool.allocate() >= 0);
  },
  'as a range': (pool) => void reserveRange(pool, 0, pool.max),
  'word by word': (pool) => {
    for (let id = 0; id <= pool.max; id += 32) reserveRange(pool, id, Math.min(id + 31, pool.max));
  },
};
// Two, three and four levels; just beyond a full word of each.
const HIGHEST = [1023, 1024, 2100, 32_767, 32_768, 40_000];

describe.each(HIGHEST)('a full pool of 0…%i', (max) => {
  const ids = [0, 31, 32, 1023, 1024, 1055, 2048, 2100, 32_767, 32_768, 33_000, max].filter((id) => id <= max);
  for (const [name, fill] of Object.entries(FILLS)) {
    test.each<IdPoolOptions['reuse']>(['lowest', 'cyclic'])(`filled ${name}: gives out what is freed, %s`, (reuse) => {
      const pool = new IdPool({ max, reuse: reuse! });
      fill(pool);
      expect([pool.size, pool.allocate(), peek(pool)]).toEqual([max + 1, -1, -1]);
      for (const id of ids) {
        expect(pool.free(id)).toBe(true);
        expect([id, peek(pool), pool.allocate(), pool.allocate()]).toEqual([id, id, id, -1]);
      }
      // Lower IDs stay taken: the search climbs from a full word to the one that is free.
      for (const id of ids) pool.free(id);
      const free = [...new Set(ids)].sort((a, b) => a - b);
      expect([...freeRanges(pool)].flatMap(([first, last]) => (first === last ? [first] : [first, last]))).toEqual(
        free,
      );
      expect(free.map(() => pool.allocate()).sort((a, b) => a - b)).toEqual(free);
      expect(pool.allocate()).toBe(-1);
    });
  }

  test('a range that fills words is passed over', () => {
    const pool = new IdPool({ max });
    const last = Math.min(max, 1024 + (max >>> 1)) - 1;
    expect(reserveRange(pool, 0, last)).toBe(true);
    expect([peek(pool), pool.allocate()]).toEqual(last === max ? [-1, -1] : [last + 1, last + 1]);
  });
});

test('the last ID that has a bit is not reserved a second time, and is given back', () => {
  for (let size = 1; size <= 200; size++) {
    const pool = new IdPool({ max: 1000 });
    for (let id = 0; id < size; id++) pool.allocate();
    expect([size, reserveRange(pool, size - 1, size + 3), reserveRange(pool, size - 1, size - 1), pool.size]).toEqual([
      size,
      false,
      false,
      size,
    ]);
    expect([freeRange(pool, size - 1, size + 3), pool.size]).toEqual([1, size - 1]);
  }
});

test('what lies behind the last bit is free, though words of the levels above are there', () => {
  for (const size of [1, 31, 32, 64, 96, 128, 1024, 2048]) {
    const full = (): IdPool => {
      const pool = new IdPool({ max: 100_000 });
      for (let id = 0; id < size; id++) pool.allocate();
      return pool;
    };
    for (const id of [size, size + 1, size + 31, 2 * size + 1])
      expect([size, id, full().reserve(id), reserveRange(full(), id, id + 3)]).toEqual([size, id, true, true]);
    for (const id of [size, size + 1, size + 31])
      expect([size, id, full().free(id), full().has(id)]).toEqual([size, id, false, false]);
    expect([size, full().allocate()]).toEqual([size, size]);
  }
});
