// compact: a pool whose peak is over takes what it needs, and gives out the same IDs as one that was never compacted.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { compact, freeRanges, IdPool, peek, quarantine, quarantined, reserveRange, takenRanges } from '../src/index.ts';

/** Bytes of a bitmap of so many words, a power of two, and of the levels above it. */
function bytesOf(words: number): number {
  return words === 1 ? 4 : 4 * words + bytesOf(Math.ceil(words / 32));
}

const wordsFor = (ids: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, Math.ceil(ids / 32))));

describe.each(['lowest', 'cyclic'] as const)('%s', (reuse) => {
  test.each([1, 31, 32, 33, 63, 64, 65, 127, 128, 1023, 1024, 1025, 2049])('the lowest %i IDs stay', (left) => {
    const [pool, twin] = [0, 1].map(() => {
      const pool = new IdPool({ max: 200_000, reuse });
      reserveRange(pool, 0, left - 1);
      reserveRange(pool, 70_000, 70_000);
      pool.free(70_000);
      return pool;
    });
    compact(pool!);
    expect(pool!.byteLength).toBe(bytesOf(wordsFor(left)));
    // A level above that says 'full' of a word is one that is.
    const given = Array.from({ length: 3000 }, () => [pool!.allocate(), twin!.allocate()]);
    expect(given.filter(([a, b]) => a !== b)).toEqual([]);
    expect([...takenRanges(pool!)]).toEqual([[0, left + 2999]]);
  });
});

test('an empty pool is as it was made', () => {
  const pool = new IdPool({ max: 200_000 });
  reserveRange(pool, 70_000, 70_000);
  pool.free(70_000);
  compact(pool);
  expect([pool.byteLength, pool.allocate()]).toEqual([4, 0]);
});

test('with a cursor, a bitmap reaches up to it', () => {
  for (const cursor of [1, 31, 32, 33, 64, 1000, 1024, 5000]) {
    const pool = new IdPool({ max: 200_000, reuse: 'cyclic' });
    for (let id = 0; id < cursor; id++) pool.allocate();
    for (let id = 0; id < cursor; id++) pool.free(id);
    reserveRange(pool, 70_000, 70_000);
    pool.free(70_000);
    compact(pool);
    expect([cursor, pool.byteLength, pool.allocate()]).toEqual([cursor, bytesOf(wordsFor(cursor)), cursor]);
  }
});

test('at random: the same IDs as of a pool that is never compacted', () => {
  for (let run = 0; run < budget(200, 20); run++) {
    const rng = random(run + 1);
    const options = { max: rng.pick([100, 5000, 100_000]), reuse: rng.pick(['lowest', 'cyclic'] as const) };
    const [pool, twin] = [new IdPool(options), new IdPool(options)];
    for (let round = 0; round < 6; round++) {
      for (let step = rng.below(3000); step > 0; step--) expect(pool.allocate()).toBe(twin.allocate());
      const [resting] = [...takenRanges(pool)].at(rng.pick([0, -1])) ?? [];
      if (resting !== undefined) expect(quarantine(pool, resting, 5000)).toBe(quarantine(twin, resting, 5000));
      const first = rng.below(options.max);
      for (const [from, to] of [...takenRanges(pool)]) {
        for (let id = Math.max(from, first); id <= to; id++)
          expect([pool.free(id), twin.free(id)]).toEqual([true, true]);
      }
      const before = pool.byteLength;
      compact(pool);
      expect(pool.byteLength, `seed ${rng.seed}`).toBeLessThanOrEqual(before);
      expect(quarantined(pool)).toEqual(quarantined(twin));
      expect([[...takenRanges(pool)], [...freeRanges(pool)], peek(pool)], `seed ${rng.seed}`).toEqual([
        [...takenRanges(twin)],
        [...freeRanges(twin)],
        peek(twin),
      ]);
      const length = 1 + rng.below(100);
      const at = rng.below(options.max - length);
      expect(reserveRange(pool, at, at + length - 1)).toBe(reserveRange(twin, at, at + length - 1));
    }
  }
});
