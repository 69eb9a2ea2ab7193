// How evenly the two hashes fill a table: the sums the 2025 rework of Linux's POSIX timers was argued with.
import { describe, expect, test } from 'vitest';
import { type ChainStats, HashTable, type HashTableOptions } from '../src/index.ts';

/** Bytes from one signal_struct to the next in its slab: 1144 rounded up to whole cache lines. */
const SLAB_STRIDE = 1152;

/** Chains after `count` IDs, `stride` apart, for each of `owners` neighbours in a slab. */
function fill(options: HashTableOptions, count: number, stride: number, owners = 1): ChainStats {
  const table = new HashTable({ capacity: count * owners, ...options });
  for (let owner = 0; owner < owners; owner++) {
    const lo = 0x00ea_9a00 + owner * SLAB_STRIDE;
    for (let i = 0; i < count; i++) table.insert(lo, 0xffff_8881, i * stride, i + 1);
  }
  expect(table.size).toBe(count * owners);
  return table.chainStats();
}

/** Standard deviations of the chain lengths under hash_32 and under jhash2, in the table of a machine with 64 CPUs. */
function spread(count: number, stride: number, owners = 1): { hash32: number; jhash2: number } {
  const { sd: hash32 } = fill({ buckets: 32_768, hash: 'hash32' }, count, stride, owners);
  const { sd: jhash2 } = fill({ buckets: 32_768, hash: 'jhash2' }, count, stride, owners);
  return { hash32, jhash2 };
}

describe('chain lengths', () => {
  test('100,000 timers: about 200 per bucket of 512, 3 per bucket of 32768', () => {
    const old = fill({ buckets: 512, hash: 'hash32' }, 100_000, 1);
    const scaled = fill({ buckets: 32_768, hash: 'jhash2' }, 100_000, 1);
    expect(old.mean.toFixed(1)).toBe('195.3');
    expect(scaled.mean.toFixed(2)).toBe('3.05');
    expect(old.max).toBeGreaterThanOrEqual(196);
  });

  test('dense IDs of one owner: hash_32 is more even than jhash2', () => {
    for (const count of [20_000, 100_000]) {
      const { hash32, jhash2 } = spread(count, 1);
      expect(hash32).toBeLessThan(0.7 * jhash2);
    }
  });

  test('large strides: jhash2 is more even than hash_32', () => {
    for (const stride of [512, 1024]) {
      const { hash32, jhash2 } = spread(100_000, stride);
      expect(jhash2, `stride ${stride}`).toBeLessThan(0.85 * hash32);
    }
  });

  test('neighbouring owners with strided IDs: owner XOR ID makes them share buckets under hash_32 only', () => {
    for (const stride of [64, 512]) {
      const { hash32, jhash2 } = spread(1000, stride, 100);
      expect(hash32, `stride ${stride}`).toBeGreaterThan(4 * jhash2);
    }
  });

  test('jhash2 is about as even as a random function, whatever the stride', () => {
    for (const stride of [1, 64, 512, 20_000]) {
      const { jhash2 } = spread(100_000, stride);
      expect(Math.abs(jhash2 / Math.sqrt(100_000 / 32_768) - 1), `stride ${stride}`).toBeLessThan(0.05);
    }
  });

  test('mean, maximum, empty buckets and deviation of a table small enough to count by hand', () => {
    const table = new HashTable({ buckets: 4, hash: (_lo, _hi, id) => (id < 4 ? 1 : id) });
    for (const id of [0, 1, 2, 3, 6, 7]) table.insert(0, 0, id, 1);
    expect([...table.chainLengths()]).toEqual([0, 4, 1, 1]);
    expect(table.chainStats()).toEqual({ mean: 1.5, max: 4, empty: 1, sd: Math.sqrt(9 / 4) });
  });
});
