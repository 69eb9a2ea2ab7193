import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { GenerationalId, type Reuse } from '../src/index.ts';

describe('GenerationalId', () => {
  test('fills holes, and tells stale IDs from live ones', () => {
    const ids = new GenerationalId();
    const [a, b] = [ids.allocate(), ids.allocate()];
    expect([ids.slot(a), ids.slot(b)]).toEqual([0, 1]);
    expect(ids.free(a)).toBe(true);
    const again = ids.allocate();
    expect([ids.slot(again), again === a]).toEqual([0, false]);
    expect([ids.has(a), ids.free(a), ids.slot(a), ids.has(again), ids.size]).toEqual([false, false, -1, true, 2]);
  });

  test('takes a given ID if its slot is free, and goes on from its generation', () => {
    const ids = new GenerationalId({ slotBits: 4 });
    expect([ids.reserve(5 * 16 + 3), ids.reserve(5 * 16 + 3), ids.reserve(3)]).toEqual([true, false, false]);
    expect([ids.has(5 * 16 + 3), ids.has(3), ids.size]).toEqual([true, false, 1]);
    expect(ids.free(5 * 16 + 3)).toBe(true);
    expect([0, 1, 2, 3].map(() => ids.allocate())).toEqual([0, 1, 2, 6 * 16 + 3]);
    expect([ids.reserve(2 ** 31 - 1), ids.slot(2 ** 31 - 1)]).toEqual([true, 15]);
    expect(() => ids.reserve(2 ** 31)).toThrow(RangeError);
    expect(() => ids.reserve(-1)).toThrow(RangeError);
  });

  test('a stale ID comes back to life after 2^(31 − slotBits) frees of its slot, not one earlier', () => {
    const aliasedAfter = (slotBits: number, reuse: Reuse): number => {
      const ids = new GenerationalId({ slotBits, reuse });
      const stale = ids.allocate();
      ids.free(stale);
      for (let frees = 1; ; frees++) {
        const id = ids.allocate();
        if (id === stale) return frees;
        expect(ids.has(stale)).toBe(false);
        ids.free(id);
      }
    };
    expect(aliasedAfter(20, 'lowest')).toBe(2048);
    expect(aliasedAfter(27, 'lowest')).toBe(16);
    expect(aliasedAfter(30, 'lowest')).toBe(2);
    expect(aliasedAfter(27, { delay: 9 })).toBe(16 * 10);
  });

  test('is full after 2^slotBits IDs and recovers', () => {
    const ids = new GenerationalId({ slotBits: 7 });
    const all = Array.from({ length: 128 }, () => ids.allocate());
    expect(new Set(all.map((id) => ids.slot(id))).size).toBe(128);
    expect([ids.allocate(), ids.free(all[77]), ids.slot(ids.allocate()), ids.allocate()]).toEqual([-1, true, 77, -1]);
  });

  test('what was never handed out is neither live nor free-able', () => {
    const ids = new GenerationalId({ slotBits: 4 });
    for (let i = 0; i < 3; i++) ids.allocate();
    for (const id of [3, 15, 16, -1, -4, 1.5, Number.NaN, 2 ** 31, 2 ** 32, 2 ** 32 + 1]) {
      expect([id, ids.has(id), ids.free(id), ids.slot(id)]).toEqual([id, false, false, -1]);
    }
    // The ID that slot 0 will have next is not live before it is handed out.
    ids.free(0);
    expect([ids.has(16), ids.allocate(), ids.has(16)]).toEqual([false, 16, true]);
  });

  test('refuses slot bits that leave no generation or no slot', () => {
    expect(() => new GenerationalId({ slotBits: 31 })).toThrow(
      'new GenerationalId: slotBits: got 31, expected an integer 1…30',
    );
    expect(() => new GenerationalId({ slotBits: 0 })).toThrow(RangeError);
  });

  test('shows itself in one line, and says what it costs', () => {
    const ids = new GenerationalId();
    expect([ids.byteLength, new GenerationalId({ bits: 53 }).byteLength]).toEqual([4 + 4, 8 + 4]);
    for (let i = 0; i < 1024; i++) ids.allocate();
    expect(inspect(ids)).toBe('GenerationalId(1024) { slotBits: 20 }');
    expect(ids.byteLength).toBe(1024 * 4 + (32 + 1) * 4);
  });
});

test('a slot that retires takes no ID of a generation that it has left behind', () => {
  for (let slot = 0; slot < 5; slot++) {
    const ids = new GenerationalId({ bits: 12, slotBits: 3, wrap: 'retire' });
    const given = Array.from({ length: 6 }, () => ids.allocate());
    const id = given[slot]!;
    expect([ids.free(id), ids.reserve(id), ids.has(id)]).toEqual([true, false, false]);
  }
});
