import { describe, expect, test } from 'vitest';
import {
  allocateRun,
  compact,
  count,
  freeRange,
  freeRanges,
  IdPool,
  peek,
  quarantine,
  quarantined,
  range,
  reserveRange,
  takenRanges,
  unquarantine,
} from '../src/index.ts';

const UINT_MAX = 2 ** 32 - 1;

describe('at their boundaries', () => {
  test('of a whole pool of 2³² IDs: what is beyond the bitmap is free', () => {
    const pool = new IdPool({ max: UINT_MAX });
    pool.reserve(70);
    expect([...freeRanges(pool)]).toEqual([
      [0, 69],
      [71, UINT_MAX],
    ]);
    expect([[...takenRanges(pool)], [...range(pool, 71)], count(pool), [...freeRanges(pool, 5000, 6000)]]).toEqual([
      [[70, 70]],
      [],
      1,
      [[5000, 6000]],
    ]);
    expect([allocateRun(pool, 71), peek(pool), allocateRun(pool, 2 ** 32)]).toEqual([71, 0, -1]);
    expect(reserveRange(pool, 60, 70)).toBe(false);
    expect(pool.size).toBe(72);
  });

  test('IDs may be freed and taken while they are visited', () => {
    const pool = new IdPool();
    for (let n = 0; n < 40; n++) pool.allocate();
    const seen: number[] = [];
    for (const id of range(pool)) {
      seen.push(id);
      if (id === 3) {
        freeRange(pool, 4, 38);
        pool.reserve(1000);
      }
    }
    expect(seen).toEqual([0, 1, 2, 3, 39, 1000]);
  });

  test('compact gives back what a peak has left, not what a cursor needs', () => {
    const pool = new IdPool();
    reserveRange(pool, 0, 99_999);
    freeRange(pool, 5, 99_999);
    const before = pool.byteLength;
    compact(pool);
    expect([before > 12_000, pool.byteLength, pool.size, pool.allocate()]).toEqual([true, 4, 5, 5]);
    const cyclic = new IdPool({ reuse: 'cyclic' });
    for (let n = 0; n < 1000; n++) cyclic.free(cyclic.allocate());
    compact(cyclic);
    expect(cyclic.allocate()).toBe(1000);
  });

  test('an ID in quarantine is free after the frees it was given, not one earlier', () => {
    const pool = new IdPool({ max: 9 });
    reserveRange(pool, 0, 9);
    expect([quarantine(pool, 4, 2), quarantine(pool, 4, 2), quarantine(pool, 7)]).toEqual([true, false, true]);
    // That of 7 counts, too.
    expect([quarantined(pool), pool.size, pool.reserve(4), pool.allocate()]).toEqual([
      [
        [4, 1],
        [7, Number.POSITIVE_INFINITY],
      ],
      8,
      false,
      -1,
    ]);
    pool.free(0);
    expect([quarantined(pool), pool.allocate(), pool.allocate(), pool.allocate()]).toEqual([
      [[7, Number.POSITIVE_INFINITY]],
      0,
      4,
      -1,
    ]);
    expect([unquarantine(pool, 7), unquarantine(pool, 7), unquarantine(pool, 'x' as never), pool.allocate()]).toEqual([
      true,
      false,
      false,
      7,
    ]);
  });

  test('each names itself, and what it got', () => {
    const pool = new IdPool({ min: 5, max: 9 });
    const calls = {
      peek,
      allocateRun,
      reserveRange,
      freeRange,
      compact,
      range,
      takenRanges,
      freeRanges,
      count,
      quarantine,
      unquarantine,
      quarantined,
    };
    for (const [name, call] of Object.entries(calls)) {
      for (const bad of [{}, null, 5])
        expect(() => (call as (pool: unknown) => unknown)(bad)).toThrow(`${name}: pool: got`);
    }
    expect(() => allocateRun(pool, 0)).toThrow('allocateRun: length: got 0, expected an integer 1…4294967296');
    expect(() => reserveRange(pool, 4, 6)).toThrow('reserveRange: first: got 4, expected an integer 5…9');
    expect(() => range(pool, 5, 10)).toThrow('range: max: got 10, expected an integer 5…9');
    expect(() => quarantine(pool, 5, 0)).toThrow('quarantine: frees: got 0, expected an integer 1…2147483647');
  });
});
