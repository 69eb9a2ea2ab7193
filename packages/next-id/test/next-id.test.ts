import { inspect } from 'node:util';
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { NextId } from '../src/index.ts';

const INT_MAX = 2 ** 31 - 1;

describe('NextId', () => {
  test('counts from 0 and starts again behind INT_MAX', () => {
    const ids = new NextId();
    expect([ids.take(), ids.take(), ids.next]).toEqual([0, 1, 2]);
    ids.moveTo(INT_MAX - 1);
    expect([ids.take(), ids.take(), ids.take(), ids.take()]).toEqual([INT_MAX - 1, INT_MAX, 0, 1]);
    expect(new NextId(INT_MAX).take()).toBe(INT_MAX);
  });

  test('moves backwards as well', () => {
    const ids = new NextId(100);
    ids.moveTo(3);
    expect([ids.next, ids.take(), ids.next]).toEqual([3, 3, 4]);
  });

  test('wraps as (id + 1) & INT_MAX does, around every boundary', () => {
    for (const start of [0, 1, 2 ** 15 - 1, 2 ** 16, 2 ** 30 - 1, 2 ** 30, INT_MAX - 2]) {
      const ids = new NextId(start);
      let oracle = start;
      for (let i = 0; i < 5; i++) {
        expect(ids.take()).toBe(oracle);
        oracle = (oracle + 1) & INT_MAX;
      }
    }
  });

  test('a restricted space wraps at any maximum', () => {
    const ids = new NextId(9, 9);
    expect([ids.take(), ids.take()]).toEqual([9, 0]);
    const single = new NextId(0, 0);
    expect([single.take(), single.take(), single.next]).toEqual([0, 0, 0]);
  });

  test('allocate skips busy IDs, burning each offer', () => {
    const ids = new NextId(5);
    const busy = new Set([5, 6]);
    expect(ids.allocate((id) => !busy.has(id))).toBe(7);
    expect(ids.next).toBe(8);
    expect(ids.allocate(() => false, 3)).toBe(-1);
    expect(ids.next).toBe(11);
    expect(ids.allocate(() => true, 0)).toBe(-1);
    expect(ids.next).toBe(11);
  });

  test('allocate offers each ID of a full space exactly once, then gives up', () => {
    for (const start of [0, 7, 15]) {
      const ids = new NextId(start, 15);
      const offers: number[] = [];
      expect(ids.allocate((id) => offers.push(id) < 0)).toBe(-1);
      expect(offers).toEqual(Array.from({ length: 16 }, (_, i) => (start + i) % 16));
      expect(ids.next).toBe(start);
    }
  });

  test('the cursor stands behind the offer while claim runs, and stays when it throws', () => {
    const ids = new NextId(3);
    expect(ids.allocate((id) => ids.next === id + 1)).toBe(3);
    expect(() =>
      ids.allocate(() => {
        throw new Error('no memory');
      }),
    ).toThrow('no memory');
    expect(ids.next).toBe(5);
  });

  test('refuses what is not an ID of the space', () => {
    expect(() => new NextId(-1)).toThrow('new NextId: next: got -1, expected an integer 0…2147483647');
    expect(() => new NextId(2 ** 31)).toThrow(RangeError);
    expect(() => new NextId(16, 15)).toThrow('next: got 16, expected an integer 0…15');
    expect(() => new NextId(0, 2 ** 31)).toThrow('max: got 2147483648');
    expect(() => new NextId().moveTo(0.5)).toThrow('id: got 0.5');
    expect(() => new NextId(0, 15).moveTo(16)).toThrow(RangeError);
    expect(() => new NextId().allocate(() => true, Number.NaN)).toThrow('tries: got NaN');
  });

  test('take is the same as allocate with a claim that never refuses', () => {
    const rng = random(2);
    const a = new NextId(0, 1000);
    const b = new NextId(0, 1000);
    for (let i = 0; i < 5000; i++) {
      if (rng.chance(0.01)) {
        const id = rng.between(0, 1000);
        a.moveTo(id);
        b.moveTo(id);
      }
      expect(a.take(), `seed ${rng.seed}, step ${i}`).toBe(b.allocate(() => true));
    }
  });
});

test('console.log shows the next ID and the limit', () => {
  const ids = new NextId(7, 9);
  expect(inspect(ids)).toBe('NextId { next: 7, max: 9 }');
});
