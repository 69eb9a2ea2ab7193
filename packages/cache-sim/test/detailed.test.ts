// Every option against the naive model: the level that served each access, and all counts at the end.
import { budget, type Random, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CacheSim, type CacheSimOptions, type Level, type Policy } from '../src/index.ts';
import { type Kind, type NaiveCounts, NaiveSim } from './support/naive-sim.ts';

const POLICIES: readonly Policy[] = ['lru', 'fifo', 'random', 'plru'];

function randomLevel(rng: Random, name: string, policy: Policy, line: number): Level {
  const ways = policy === 'plru' ? rng.pick([2, 4, 8, 16]) : rng.pick([1, 2, 3, 4, 5, 8]);
  return { name, ways, line, size: 2 ** rng.between(0, 3) * ways * line, policy };
}

/** A random mixture of everything that goes together. */
function randomOptions(rng: Random, policy: Policy): CacheSimOptions {
  const cores = rng.chance(0.02) ? 33 : rng.pick([1, 1, 2, 3]);
  const inclusive = rng.chance(0.4);
  const oneLine = cores > 1 || inclusive ? 2 ** rng.between(3, 6) : undefined;
  const depth = rng.between(1, 3);
  const level = (name: string, at: number): Level => {
    const shape = randomLevel(rng, name, policy, oneLine ?? 2 ** rng.between(3, 7));
    if (cores > 1) return shape;
    return {
      ...shape,
      ...(rng.chance(0.3) && { write: 'through' as const }),
      ...(rng.chance(0.3) && !(inclusive && at > 0) && { allocate: false }),
      ...(rng.chance(0.3) && { prefetch: 'next-line' as const }),
    };
  };
  // biome-ignore format: what belongs together stands in a row
  return {
    levels: Array.from({ length: depth }, (_, at) => level(`L${at + 1}`, at)),
    ...(rng.chance(0.4) && { instruction: level('I1', 0) }),
    cores, inclusive, seed: rng.u32(), traffic: true, usage: true, classify: true,
  };
}

/** Played accesses on both; compares every answer, and all counts at the end. */
function compare(seed: number, policy: Policy, steps: number): void {
  const rng = random(seed);
  const options = randomOptions(rng, policy);
  const sim = new CacheSim(options);
  const naive = new NaiveSim(options);
  const span = 2 ** rng.between(6, 11);
  const base = rng.pick([0, 2 ** 32 - 512, 2 ** 40]);
  const cores = options.cores!;
  for (let step = 0; step < steps; step++) {
    const kind = rng.pick<Kind>(['fetch', 'read', 'read', 'write']);
    const [address, bytes, core] = [base + rng.below(span), rng.pick([1, 4, 8, 8, 70]), rng.below(cores)];
    const got = sim[kind](address, bytes, core);
    const expected = naive.access(kind, address, bytes, core);
    if (got !== expected) {
      const call = `${kind}(${address}, ${bytes}, ${core})`;
      throw new Error(`seed ${rng.seed}, ${policy}, step ${step}: ${call} got ${got}, expected ${expected}`);
    }
    if (cores > 1 && step % 16 === 0) {
      const other = rng.below(cores);
      const state = naive.state(other, Math.floor(address / options.levels[0].line));
      if (sim.state(address, other) !== state) throw new Error(`seed ${rng.seed}, step ${step}: state is not ${state}`);
    }
  }
  sim.flush();
  naive.flush();
  checkCounts(sim, naive, `seed ${rng.seed}, ${policy}`);
}

function checkCounts(sim: CacheSim, naive: NaiveSim, where: string): void {
  const stats = sim.stats();
  // biome-ignore format: what belongs together stands in a row
  const wanted = (counts: NaiveCounts, { name, line }: Level): object => ({
    name,
    fetches: counts.refs.fetch, fetchMisses: counts.misses.fetch,
    reads: counts.refs.read, readMisses: counts.misses.read,
    writes: counts.refs.write, writeMisses: counts.misses.write,
    // biome-ignore format: what belongs together stands in a row
    traffic: {
      linesIn: counts.linesIn, bytesIn: counts.linesIn * line,
      writebacks: counts.writebacks, bytesOut: counts.bytesOut,
      prefetches: counts.prefetches, prefetchHits: counts.prefetchHits,
      backInvalidations: counts.backInvalidations,
    },
    classes: { compulsory: counts.compulsory, capacity: counts.capacity, conflict: counts.conflict },
  });
  expect(stats.levels, where).toEqual(sim.levels.map((level, at) => wanted(naive.levels[at], level)));
  if (sim.instruction) expect(stats.instruction, where).toEqual(wanted(naive.instruction!, sim.instruction));
  if (sim.cores > 1) expect(stats.coherence, where).toMatchObject({ ...naive.moves, ...naive.sharing() });
  const firsts = naive.data.map(([first]) => first);
  const used = firsts.flatMap((cache) => [...cache.usedBytes, ...cache.slots.map(({ bytes }) => bytes.size)]);
  expect(stats.usage, where).toMatchObject({ lines: used.length, bytes: used.reduce((sum, bytes) => sum + bytes, 0) });
}

const SEEDS = budget(1000);

describe.each(withinBudget(POLICIES, { least: 2 }))('%s, with everything else at random', (policy) => {
  test(`${SEEDS} random traces and hierarchies`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) compare(seed, policy, 100);
  });
  test('long traces', () => {
    for (let seed = 1001; seed <= 1000 + budget(4); seed++) compare(seed, policy, 2000);
  });
});
