import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CacheSim, ReuseDistance } from '../src/index.ts';

/** Distances by keeping the lines in the order of use. */
function naive(lines: readonly number[]): number[] {
  const order: number[] = [];
  return lines.map((line) => {
    const at = order.indexOf(line);
    if (at >= 0) order.splice(at, 1);
    order.unshift(line);
    return at;
  });
}

function randomLines(rng: Random, length: number): number[] {
  const spread = rng.pick([3, 50, 1000]);
  const bases = [0, 2 ** 26, 2 ** 40].slice(0, rng.between(1, 3));
  const jump = rng.pick([1, 8, 64]);
  return Array.from({ length }, (_, i) => rng.pick(bases) + jump * (rng.chance(0.5) ? rng.below(spread) : i % spread));
}

describe('exact', () => {
  test('every miss ratio as a list in the order of use has it', () => {
    for (let seed = 1; seed <= budget(300); seed++) {
      const rng = random(seed);
      const lines = randomLines(rng, rng.pick([100, 1000, 6000]));
      const reuse = new ReuseDistance();
      for (const line of lines) reuse.use(line * 64 + rng.below(57), 8);
      const distances = naive(lines);
      for (const size of [1, 2, 3, 10, 31, 32, 33, 100, 1000, 5000]) {
        const misses = distances.filter((distance) => distance < 0 || distance >= size).length;
        expect(reuse.missRatio(size), `seed ${seed}, ${size} lines`).toBe(misses / lines.length);
      }
      expect(reuse.lines, `seed ${seed}`).toBe(new Set(lines).size);
    }
  });

  test('after resetCounters only what follows is counted, at its distance from what was before', () => {
    for (let seed = 1; seed <= budget(40); seed++) {
      const rng = random(seed);
      const lines = randomLines(rng, 1000);
      const warmUp = rng.below(1000);
      const reuse = new ReuseDistance();
      for (const line of lines.slice(0, warmUp)) reuse.use(line * 64);
      reuse.resetCounters();
      for (const line of lines.slice(warmUp)) reuse.use(line * 64);
      const distances = naive(lines).slice(warmUp);
      for (const size of [1, 10, 100]) {
        const misses = distances.filter((distance) => distance < 0 || distance >= size).length;
        expect(reuse.missRatio(size), `seed ${seed}, ${size} lines`).toBe(misses / distances.length);
      }
      expect(reuse.lines, `seed ${seed}`).toBe(new Set(lines).size);
    }
  });

  test('a fully associative cache misses as the curve says', () => {
    const rng = random(7);
    const lines = randomLines(rng, 20_000);
    const reuse = new ReuseDistance();
    for (const line of lines) reuse.read(line * 64, 4);
    for (const { size, missRatio } of reuse.curve().slice(0, 6)) {
      const sim = new CacheSim({ levels: [{ name: 'L1', size, ways: size / 64, line: 64 }] });
      for (const line of lines) sim.read(line * 64, 4);
      expect(sim.stats().D1mr / lines.length).toBe(missRatio);
    }
  });

  test('a sweep again and again: all or nothing', () => {
    const reuse = new ReuseDistance({ line: 32 });
    for (let round = 0; round < 4; round++) for (let at = 0; at < 1024; at += 32) reuse.use(at);
    expect(reuse.histogram()).toEqual([
      { from: 16, refs: 96 },
      { from: Number.POSITIVE_INFINITY, refs: 32 },
    ]);
    expect(reuse.curve()).toEqual([
      ...[32, 64, 128, 256, 512].map((size) => ({ size, missRatio: 1 })),
      { size: 1024, missRatio: 0.25 },
    ]);
    reuse.clear();
    expect([reuse.refs, reuse.lines, reuse.missRatio(1)]).toEqual([0, 0, 0]);
    expect(reuse.curve()).toEqual([{ size: 32, missRatio: 0 }]);
  });

  test('an access on several lines uses each of them', () => {
    const reuse = new ReuseDistance();
    reuse.write(60, 8);
    reuse.fetch(0, 200);
    expect(reuse.refs).toBe(6);
    expect(reuse.histogram()).toEqual([
      { from: 1, refs: 2 },
      { from: Number.POSITIVE_INFINITY, refs: 4 },
    ]);
  });

  test('a batch counts as its accesses', () => {
    const one = new ReuseDistance();
    const other = new ReuseDistance();
    const addresses = Float64Array.from({ length: 1000 }, (_, i) => (i * i) % 9973);
    for (const address of addresses) one.use(address, 4);
    other.play({ kinds: new Uint8Array(1000), addresses, bytes: new Int32Array(1000).fill(4), length: 1000 });
    expect(other.histogram()).toEqual(one.histogram());
  });
});

describe('sampled', () => {
  /** A zipf-like mixture: few lines often, many seldom. */
  function skewed(rng: Random): number {
    return Math.floor(2 ** ((rng.u32() / 2 ** 32) * 16));
  }

  test('the corrected curve is close to the exact one', () => {
    const rng = random(3);
    const exact = new ReuseDistance();
    const sampled = new ReuseDistance({ rate: 0.1 });
    for (let step = 0; step < 300_000; step++) {
      const address = skewed(rng) * 64;
      exact.use(address);
      sampled.use(address);
    }
    const sizes = exact.curve().filter(({ size }) => size / 64 >= 100 / sampled.rate);
    const errors = sizes.map(({ size, missRatio }) => Math.abs(sampled.missRatio(size / 64) - missRatio));
    expect(errors.length).toBeGreaterThan(5);
    expect(Math.max(...errors)).toBeLessThan(0.01);
    expect(Math.abs(sampled.lines / exact.lines - 1)).toBeLessThan(0.05);
    expect(sampled.refs).toBe(exact.refs);
  });

  test('a rate of 1 is exact', () => {
    expect(new ReuseDistance({ rate: 1 }).rate).toBe(1);
  });
});

test.each([
  [{ line: 48 }, /line: got 48, expected a power of two/],
  [{ line: 2 ** 31 }, /line: got 2147483648, expected a power of two, 1…1073741824/],
  [{ rate: 0 }, /rate: got 0, expected above 0, at most 1/],
  [{ rate: 1.5 }, /rate: got 1\.5/],
  [{ rate: Number.NaN }, /rate: got NaN/],
])('%o is refused', (options, message) => {
  expect(() => new ReuseDistance(options)).toThrow(message);
});

test.each([
  [-1, 1],
  [0.5, 1],
  [0, 0],
  [0, 1.5],
  [2 ** 53 - 1, 2],
])('%d, %d bytes is refused', (address, bytes) => {
  expect(() => new ReuseDistance().use(address, bytes)).toThrow(RangeError);
});

test('an empty batch uses nothing, and the longest line is 2³⁰', () => {
  const reuse = new ReuseDistance({ line: 2 ** 30 });
  reuse.play({ kinds: new Uint8Array(1), addresses: new Float64Array(1), bytes: new Int32Array(1), length: 0 });
  expect(reuse.refs).toBe(0);
  reuse.use(2 ** 30 - 1, 2);
  expect([reuse.refs, reuse.lines]).toEqual([2, 2]);
});
