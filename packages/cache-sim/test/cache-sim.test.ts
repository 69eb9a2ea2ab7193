// The hierarchy against a naive model that keeps each set as a list of line numbers (BigInt, so no address is special).
import { inspect } from 'node:util';
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CacheSim, type CacheSimOptions, type Geometry, type Level } from '../src/index.ts';

/** A cache as the textbook has it. */
class NaiveCache {
  private readonly sets = new Map<bigint, bigint[]>();
  private readonly geometry: Geometry;

  constructor(geometry: Geometry) {
    this.geometry = geometry;
  }

  /** Uses every line the bytes lie on; true when all were there. */
  touch(address: number, bytes: number): boolean {
    const { size, ways, line } = this.geometry;
    const sets = BigInt(size / ways / line);
    const last = (BigInt(address) + BigInt(bytes) - 1n) / BigInt(line);
    let hit = true;
    for (let each = BigInt(address) / BigInt(line); each <= last; each++) {
      const set = this.sets.get(each % sets) ?? [];
      this.sets.set(each % sets, set);
      const place = set.indexOf(each);
      if (place >= 0) set.splice(place, 1);
      else hit = false;
      set.unshift(each);
      if (set.length > ways) set.pop();
    }
    return hit;
  }
}

class NaiveSim {
  private readonly data: NaiveCache[];
  private readonly fetches: NaiveCache[];

  constructor({ levels, instruction }: CacheSimOptions) {
    this.data = levels.map((level) => new NaiveCache(level));
    this.fetches = instruction ? [new NaiveCache(instruction), ...this.data.slice(1)] : this.data;
  }

  access(kind: 'fetch' | 'read' | 'write', address: number, bytes: number): number {
    const path = kind === 'fetch' ? this.fetches : this.data;
    const level = path.findIndex((cache) => cache.touch(address, bytes));
    return level < 0 ? path.length : level;
  }
}

function randomGeometry(rng: Random, name: string): Geometry {
  const ways = rng.pick([1, 1, 2, 3, 4, 5, 8, 12, 16, 20]);
  const line = 2 ** rng.between(3, 8);
  return { name, ways, line, size: 2 ** rng.between(0, 5) * ways * line };
}

/** Starts of the stretches a trace's addresses come from: low, around 2³¹ and 2³², far apart, at the very end. */
const STRETCHES = [0, 2 ** 31 - 512, 2 ** 32 - 512, 2 ** 33 - 512, 0x1fff000d00, 2 ** 47, 2 ** 52, 2 ** 53 - 1024];

/** Plays one random trace on both and compares every answer and the counts at the end. */
function compare(seed: number, steps: number, stretches: readonly number[]): void {
  const rng = random(seed);
  const levels = Array.from({ length: rng.between(1, 4) }, (_, i) => randomGeometry(rng, `L${i + 1}`));
  const options = { levels, ...(rng.chance(0.5) && { instruction: randomGeometry(rng, 'I1') }) };
  const sim = new CacheSim(options);
  const naive = new NaiveSim(options);
  const spread = 2 ** rng.between(6, 10);
  const served = { fetch: [] as number[], read: [] as number[], write: [] as number[] };
  for (let step = 0; step < steps; step++) {
    const kind = rng.pick(['fetch', 'read', 'write'] as const);
    const bytes = rng.chance(0.1) ? rng.between(1, 300) : 2 ** rng.between(0, 3);
    const address = Math.min(rng.pick(stretches) + rng.below(spread), 2 ** 53 - bytes);
    const got = sim[kind](address, bytes);
    const expected = naive.access(kind, address, bytes);
    if (got !== expected) {
      throw new Error(`seed ${rng.seed}, step ${step}: ${kind}(${address}, ${bytes}) got ${got}, expected ${expected}`);
    }
    served[kind].push(got);
  }
  const count = (kind: keyof typeof served, from: number): number =>
    served[kind].filter((level) => level >= from).length;
  const last = levels.length;
  // biome-ignore format: what belongs together stands in a row
  expect(sim.stats(), `seed ${seed}`).toMatchObject({
    Ir: count('fetch', 0), I1mr: count('fetch', 1), ILmr: count('fetch', last),
    Dr: count('read', 0), D1mr: count('read', 1), DLmr: count('read', last),
    Dw: count('write', 0), D1mw: count('write', 1), DLmw: count('write', last),
    levels: levels.map((_, i) => ({
      reads: count('read', i),
      readMisses: count('read', i + 1),
      writes: count('write', i),
      writeMisses: count('write', i + 1),
    })),
  });
}

describe('against the naive model', () => {
  const SEEDS = budget(1500);

  test(`${SEEDS} random traces and shapes, straddling accesses, up to four levels`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) compare(seed, 400, STRETCHES.slice(0, 1 + (seed % STRETCHES.length)));
  });

  test('random replacement: another seed, other misses; the same seed, the same ones', () => {
    const misses = (seed: number): number[] => {
      const sim = new CacheSim({ levels: [{ name: 'L1', size: 256, ways: 4, line: 64 }], policy: 'random', seed });
      const rng = random(1);
      return Array.from({ length: 200 }, () => sim.read(64 * rng.below(8), 4));
    };
    expect(misses(1)).toEqual(misses(1));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => misses(seed).join())).size).toBe(5);
  });

  test('more regions of 4 GiB than narrow tags can tell apart', () => {
    for (let seed = 1; seed <= budget(60); seed++) {
      const rng = random(seed);
      const stretches = Array.from({ length: 300 }, () => rng.below(2 ** 21) * 2 ** 32 + rng.pick([0, 2 ** 32 - 300]));
      compare(seed, 3000, stretches);
    }
  });

  test('regions that come back after the tags went wide still hit', () => {
    const sim = new CacheSim({ levels: [{ name: 'L1', size: 8 * 64, ways: 64, line: 8 }] });
    const address = (region: number): number => region * 2 ** 32 + 2 ** 31 + region * 8;
    for (let region = 0; region < 20; region++) expect(sim.read(address(region))).toBe(1);
    for (let region = 0; region < 20; region++) expect(sim.read(address(region))).toBe(0);
  });
});

describe('the rules', () => {
  const L1 = { name: 'L1', size: 128, ways: 2, line: 64 };
  const LL = { name: 'LL', size: 4096, ways: 4, line: 64 };

  test('an access over two lines is counted once and leaves both in', () => {
    const sim = new CacheSim({ levels: [L1, LL] });
    expect(sim.read(60, 8)).toBe(2);
    expect(sim.read(0)).toBe(0);
    expect(sim.read(64)).toBe(0);
    expect(sim.stats()).toMatchObject({ Dr: 3, D1mr: 1, DLmr: 1 });
  });

  test('it misses when only its second line does, and goes on as a whole', () => {
    const sim = new CacheSim({ levels: [L1, LL] });
    sim.read(0);
    expect(sim.write(60, 8)).toBe(2);
    expect(sim.stats()).toMatchObject({ Dw: 1, D1mw: 1, DLmw: 1 });
  });

  test('the least recently used line goes first', () => {
    const sim = new CacheSim({ levels: [L1] });
    sim.read(0);
    sim.read(64);
    sim.read(0);
    sim.read(128);
    expect([sim.read(0), sim.read(64)]).toEqual([0, 1]);
  });

  test('fetches have a first level of their own and share the rest', () => {
    const sim = new CacheSim({ levels: [L1, LL], instruction: { ...L1, name: 'I1' } });
    expect(sim.fetch(0, 4)).toBe(2);
    expect(sim.read(0, 4)).toBe(1);
    expect(sim.stats().instruction).toMatchObject({ name: 'I1', fetches: 1, fetchMisses: 1, reads: 0 });
    expect(sim.stats().levels[0]).toMatchObject({ name: 'L1', fetches: 0, reads: 1, readMisses: 1 });
    expect(sim.stats().levels[1]).toMatchObject({ name: 'LL', fetches: 1, fetchMisses: 1, reads: 1, readMisses: 0 });
  });

  test('resetCounters keeps the lines, clear forgets them, a snapshot of stats stays', () => {
    const sim = new CacheSim({ levels: [L1] });
    sim.read(0);
    const before = sim.stats();
    sim.resetCounters();
    expect(sim.read(0)).toBe(0);
    expect(sim.stats()).toMatchObject({ Dr: 1, D1mr: 0 });
    sim.clear();
    expect(sim.stats()).toMatchObject({ Dr: 0 });
    expect(sim.read(0)).toBe(1);
    expect(before).toMatchObject({ Dr: 1, D1mr: 1 });
  });

  test('the last byte there is can be used, the one after it not', () => {
    const sim = new CacheSim({ levels: [L1] });
    expect([sim.read(2 ** 53 - 1), sim.read(2 ** 53 - 8, 8)]).toEqual([1, 0]);
    expect(() => sim.read(2 ** 53 - 1, 2)).toThrow(/address: got 9007199254740991 of 2 bytes, expected/);
  });

  test('console.log tells the shape', () => {
    expect(inspect(new CacheSim({ levels: [L1, LL] }))).toBe('CacheSim { L1 128,2,64 · LL 4096,4,64 }');
  });
});

describe('misuse', () => {
  const sim = new CacheSim({ levels: [{ name: 'L1', size: 128, ways: 2, line: 64 }] });
  const bad = [-1, 0.5, Number.NaN, 2 ** 53, 2 ** 40 + 0.5, Number.POSITIVE_INFINITY];
  test.each(bad)('address %s', (address) => {
    expect(() => sim.read(address)).toThrow(RangeError);
  });
  test.each([0, -1, 1.5, Number.NaN, 2 ** 30 + 1, 2 ** 32])('%s bytes', (bytes) => {
    expect(() => sim.write(0, bytes)).toThrow(RangeError);
  });
  test('another core', () => {
    expect(() => sim.fetch(0, 1, 1)).toThrow(/core: got 1, expected 0$/);
  });
  test('refused calls count nothing', () => {
    expect(sim.stats()).toMatchObject({ Ir: 0, Dr: 0, Dw: 0 });
  });
  test('more lines than memory is kept for, in all caches of all cores', () => {
    const level = (name: string, lines: number): Level => ({ name, size: lines * 64, ways: 16, line: 64 });
    const most = 2 ** 26;
    expect(() => new CacheSim({ levels: [level('L1', 2 ** 25), level('L2', 2 ** 25), level('L3', 16)] })).toThrow(
      `new CacheSim: levels: got ${most + 16} lines in all caches of 1 cores, expected at most ${most}`,
    );
    const cores = 1024;
    expect(() => new CacheSim({ levels: [level('L1', 2 ** 17), level('LL', 16)], cores })).toThrow(
      /1024 cores, expected/,
    );
    expect(new CacheSim({ levels: [level('L1', 16), level('LL', 2 ** 20)], cores }).cores).toBe(cores);
  });

  test('no levels, too many levels', () => {
    expect(() => new CacheSim({ levels: [] })).toThrow(/got 0 levels, expected 1…8/);
    const level = { name: 'L', size: 64, ways: 1, line: 64 };
    expect(() => new CacheSim({ levels: Array(9).fill(level) })).toThrow(/got 9 levels/);
  });
});
