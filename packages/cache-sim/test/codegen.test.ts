// The generated code against the simulator that needs none: every policy, narrow and wide tags, one by one and in batches.
import { budget, type Random, random, withinBudget } from '@idspace/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AccessBatch, CacheSim, type CacheSimOptions, type Level, type Policy } from '../src/index.ts';

const POLICIES: readonly Policy[] = ['lru', 'fifo', 'random', 'plru'];

function randomLevel(rng: Random, name: string, policy: Policy): Level {
  const ways = policy === 'plru' ? rng.pick([2, 4, 8, 16, 32]) : rng.pick([1, 2, 3, 4, 5, 8, 12, 16, 31, 32, 33, 40]);
  const line = 2 ** rng.between(3, 8);
  return { name, ways, line, size: 2 ** rng.between(0, 4) * ways * line, policy };
}

function randomBatch(rng: Random, length: number, stretches: readonly number[], spread: number): AccessBatch {
  const bytes = Int32Array.from({ length }, () => (rng.chance(0.05) ? rng.between(1, 400) : 2 ** rng.between(0, 3)));
  const addresses = Float64Array.from(bytes, (size) =>
    Math.min(rng.pick(stretches) + rng.below(spread), 2 ** 53 - size),
  );
  return { kinds: Uint8Array.from({ length }, () => rng.below(3)), addresses, bytes, length };
}

const STRETCHES = [0, 2 ** 31 - 512, 2 ** 32 - 512, 2 ** 33 - 512, 0x1fff000d00, 2 ** 47, 2 ** 53 - 1024];

function compare(seed: number, policy: Policy, stretchesOf: (rng: Random) => readonly number[]): void {
  const rng = random(seed);
  const levels = Array.from({ length: rng.between(1, 4) }, (_, at) => randomLevel(rng, `L${at + 1}`, policy));
  const options: CacheSimOptions = {
    levels,
    seed: rng.u32(),
    ...(rng.chance(0.5) && { instruction: randomLevel(rng, 'I1', policy) }),
  };
  const batch = randomBatch(rng, 400, stretchesOf(rng), 2 ** rng.between(6, 12));
  const single = new CacheSim(options);
  const batched = new CacheSim(options);
  const plain = new CacheSim({ ...options, codegen: false });
  for (let round = 0; round < 2; round++) {
    for (let at = 0; at < batch.length; at++) {
      const call = (['fetch', 'read', 'write'] as const)[batch.kinds[at]];
      const got = single[call](batch.addresses[at], batch.bytes[at]);
      const expected = plain[call](batch.addresses[at], batch.bytes[at]);
      if (got !== expected) throw new Error(`seed ${rng.seed}, ${policy}, ${at}: got ${got}, expected ${expected}`);
    }
    batched.play(round === 0 ? batch : structuredClone(batch));
    expect(single.stats(), `seed ${seed}`).toEqual(plain.stats());
    expect(batched.stats(), `seed ${seed}`).toEqual(plain.stats());
    if (round === 0) for (const sim of [single, batched, plain]) sim.clear();
  }
}

const SEEDS = budget(250);

describe.each(withinBudget(POLICIES, { least: 2 }))('%s', (policy) => {
  test(`${SEEDS} random hierarchies and traces`, () => {
    for (let seed = 1; seed <= SEEDS; seed++)
      compare(seed, policy, () => STRETCHES.slice(0, 1 + (seed % STRETCHES.length)));
  });

  test('more regions of 4 GiB than narrow tags can tell apart', () => {
    const many = (rng: Random): number[] =>
      Array.from({ length: 300 }, () => rng.below(2 ** 21) * 2 ** 32 + rng.pick([0, 2 ** 32 - 300]));
    for (let seed = 1; seed <= budget(10, 2); seed++) compare(seed, policy, many);
  });
});

describe('where code may not be generated', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('the counts are the same', () => {
    const play = (): object => {
      const sim = new CacheSim({ levels: [{ name: 'L1', size: 1024, ways: 2, line: 64 }] });
      for (let at = 0; at < 1000; at++) sim.read((at * 7919) % 4096, 8);
      return sim.stats();
    };
    const usual = play();
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('Refused to evaluate a string as JavaScript');
    });
    expect(play()).toEqual(usual);
  });
});

describe('by default', () => {
  afterEach(() => {
    CacheSim.codegen = true;
    vi.unstubAllGlobals();
  });

  test('no code is generated where CacheSim.codegen is false, unless an option asks for it', () => {
    const tried = vi.fn(function refuse() {
      throw new EvalError('Refused to evaluate a string as JavaScript');
    });
    vi.stubGlobal('Function', tried);
    CacheSim.codegen = false;
    const levels = [{ name: 'L1', size: 1024, ways: 2, line: 64 }];
    new CacheSim({ levels }).read(0);
    expect(tried).not.toHaveBeenCalled();
    new CacheSim({ levels, codegen: true }).read(0);
    expect(tried).toHaveBeenCalled();
  });
});

describe('lines', () => {
  const levels = [
    { name: 'L1', size: 512, ways: 2, line: 64 },
    { name: 'L2', size: 2048, ways: 4, line: 64 },
  ];
  /** Set by set, in ascending order: the places within a set are each simulator's own. */
  const sorted = (sim: CacheSim, level: number): number[][] => {
    const { ways } = levels[level];
    const lines = [...sim.lines(level)];
    return Array.from({ length: lines.length / ways }, (_, set) =>
      lines.slice(set * ways, (set + 1) * ways).sort((a, b) => a - b),
    );
  };

  test.each(withinBudget([1, 2, 3]))('are the same with and without generated code, near and far: seed %d', (seed) => {
    const rng = random(seed);
    const [fast, slow] = [true, false].map((codegen) => new CacheSim({ levels, codegen }));
    expect(sorted(fast, 0)).toEqual(Array.from({ length: 4 }, () => [-1, -1]));
    for (let i = 0; i < 2000; i++) {
      const address = rng.below(200) * 2 ** 32 * (i < 1000 ? 0 : 1) + rng.below(8192);
      for (const sim of [fast, slow]) sim.read(address, 1);
      if (i % 97 > 0) continue;
      for (const level of [0, 1]) expect(sorted(fast, level)).toEqual(sorted(slow, level));
      expect(fast.lines(0)).toContain(Math.floor(address / 64));
    }
  });

  test('are a copy, and of a cache that there is', () => {
    const sim = new CacheSim({ levels, codegen: false });
    sim.lines().fill(7);
    expect(sim.read(7 * 64)).toBe(2);
    expect(() => sim.lines(2)).toThrow('level');
    expect(() => sim.lines(0, 1)).toThrow('core');
    expect(() => new CacheSim({ levels, compat: 'pycachesim' }).lines()).toThrow('pycachesim');
  });
});

describe('batches', () => {
  const sim = (): CacheSim => new CacheSim({ levels: [{ name: 'L1', size: 1024, ways: 2, line: 64 }] });
  const batch = (kind: number, address: number, bytes: number): AccessBatch => ({
    kinds: Uint8Array.of(1, kind, 1),
    addresses: Float64Array.of(0, address, 0),
    bytes: Int32Array.of(4, bytes, 4),
    length: 3,
  });

  test.each([
    [3, 0, 4, /kind: got 3, expected 0 fetch, 1 read or 2 write/],
    [1, -1, 4, /address: got -1/],
    [1, 0.5, 4, /address: got 0\.5/],
    [1, Number.NaN, 4, /address: got NaN/],
    [1, 2 ** 53, 4, /address: got 9007199254740992/],
    [1, 2 ** 53 - 2, 4, /address: got 9007199254740990/],
    [1, 5, 0, /bytes: got 0/],
    [2, 5, -4, /bytes: got -4/],
    [2, 5, 2 ** 30 + 1, /bytes: got 1073741825/],
  ])('kind %d, address %d, %d bytes: refused, those before it are played', (kind, address, bytes, message) => {
    for (const codegen of [true, false]) {
      const cache = new CacheSim({ levels: [{ name: 'L1', size: 1024, ways: 2, line: 64 }], codegen });
      expect(() => cache.play(batch(kind, address, bytes))).toThrow(message);
      expect(cache.stats()).toMatchObject({ Ir: 0, Dr: 1, Dw: 0 });
    }
  });

  test('a length beyond the arrays', () => {
    expect(() => sim().play({ ...batch(1, 0, 1), length: 4 })).toThrow(/length: got 4, expected 0…3/);
  });

  test('longer than a batch that is played or copied: the first arrays, others, the first again', () => {
    const rng = random(7);
    const [first, other] = [randomBatch(rng, 40_000, STRETCHES, 4096), randomBatch(rng, 50_000, STRETCHES, 4096)];
    const [cache, plain] = [undefined, false].map((codegen) => {
      const levels = [{ name: 'L1', size: 4096, ways: 4, line: 64 }];
      return new CacheSim({ levels, ...(codegen === false && { codegen }) });
    });
    for (const each of [first, other, first]) {
      cache.play(each);
      plain.play(each);
      expect(cache.stats()).toEqual(plain.stats());
    }
  });

  test('the access that goes over the end of a region is in its place', () => {
    const cache = sim();
    cache.play(batch(1, 2 ** 32 - 4, 8));
    expect(cache.stats()).toMatchObject({ Dr: 3, D1mr: 2 });
  });
});
