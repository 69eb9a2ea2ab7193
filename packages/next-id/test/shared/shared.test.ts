import { inspect } from 'node:util';
import { budget, random } from '@idspace/testkit';
import { killsEndThreads } from '@idspace/testkit/crew';
import { explore } from '@idspace/testkit/explore';
import { describe, expect, test } from 'vitest';
import { IdPool, NextId } from '../../src/index.ts';
import { SharedIdError, SharedIdPool, SharedNextId } from '../../src/shared/index.ts';
import { stress } from '../../stress/stress.ts';

const INT_MAX = 2 ** 31 - 1;
const code = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof SharedIdError) return error.code;
    throw error;
  }
  return 'nothing';
};

describe('SharedNextId', () => {
  test.each([
    [0, 0],
    [0, 1],
    [2, 6],
    [INT_MAX - 3, INT_MAX],
    [0, INT_MAX],
  ])('from %d to %d as NextId does', (next, max) => {
    const alone = new NextId(next, max);
    const mine = new SharedNextId(next, max);
    const theirs = SharedNextId.attach(mine.handle);
    for (let i = 0; i < 20; i++) {
      const shared = i % 2 === 0 ? mine : theirs;
      expect([shared.next, shared.take()]).toEqual([alone.next, alone.take()]);
    }
    mine.moveTo(max);
    expect([theirs.next, theirs.take(), theirs.take()]).toEqual([max, max, 0]);
    const busy = (id: number): boolean => id % 3 === 2;
    alone.moveTo(0);
    mine.moveTo(0);
    expect([theirs.allocate(busy, 5), theirs.next]).toEqual([alone.allocate(busy, 5), alone.next]);
  });

  test('shows itself and refuses misuse', () => {
    const ids = new SharedNextId(3, 9);
    expect(inspect(ids)).toBe('SharedNextId { next: 3, max: 9 }');
    expect(() => new SharedNextId(10, 9)).toThrow('next: got 10, expected an integer 0…9');
    expect(() => new SharedNextId(0, -1)).toThrow('max: got -1');
    expect(() => ids.moveTo(10)).toThrow('id: got 10');
    expect(() => ids.allocate(() => true, -1)).toThrow('tries: got -1');
  });
});

describe('SharedIdPool', () => {
  test.each([100, 4095, 4096, 20_000, 300_000])('counts what 70 threads take of %i IDs', (ids) => {
    const pool = new SharedIdPool({ max: ids - 1 });
    const threads = Array.from({ length: 70 }, () => SharedIdPool.attach(pool.handle));
    const taken = threads.map((thread) => thread.allocate());
    expect([pool.size, threads[3]!.size, new Set(taken).size]).toEqual([70, 70, 70]);
    // Each gives back what another took, in a place where it may count below 0.
    expect(taken.map((id, i) => threads[69 - i]!.free(id))).not.toContain(false);
    expect([pool.size, threads[3]!.size, pool.allocate()]).toEqual([0, 0, 0]);
  });

  test.each(['lowest', 'cyclic'] as const)('%s: random calls answer as IdPool does', (reuse) => {
    for (const [min, max] of [
      [0, 0],
      [1, 63],
      [7, 200],
      [0, 2400],
      [2 ** 32 - 100, 2 ** 32 - 1],
    ]) {
      const rng = random(63);
      const alone = new IdPool({ min, max, reuse });
      const pools = [new SharedIdPool({ min, max, reuse })];
      pools.push(SharedIdPool.attach(pools[0].handle));
      for (let step = 0; step < budget(1500); step++) {
        const id = rng.chance(0.9) ? rng.between(min, max) : rng.pick([min - 1, max + 1, -1, 1.5, 2 ** 32]);
        const pool = rng.pick(pools);
        const where = `seed ${rng.seed}, step ${step}, ID ${id}`;
        const kind = rng.below(8);
        if (kind < 4) expect(pool.allocate(), where).toBe(alone.allocate());
        else if (kind < 5 && id >= min && id <= max && id % 1 === 0)
          expect(pool.reserve(id), where).toBe(alone.reserve(id));
        else expect(pool.free(id), where).toBe(alone.free(id));
        expect([pool.has(id), pool.size], where).toEqual([alone.has(id), alone.size]);
      }
    }
  });

  test('has a bit per ID, a tree of words over them, and a count for each 4,096 IDs, 64 at most', () => {
    for (const ids of [1, 32, 4095, 4096, 2 ** 17, 63 * 4096 - 1, 63 * 4096, 2 ** 20]) {
      const levels = [Math.ceil(ids / 32)];
      do levels.push(Math.ceil(levels.at(-1)! / 8));
      while (levels.at(-1)! > 1);
      const counts = Math.min(64, 1 + Math.floor(ids / 4096));
      const words = 32 + 16 * counts + levels.reduce((sum, length) => sum + length);
      expect(new SharedIdPool({ max: ids - 1 }).byteLength, `${ids} IDs`).toBe(4 * words);
    }
  });

  test('reserves a bit for each of 2³¹ IDs, and takes no memory for them', () => {
    const before = process.memoryUsage().rss;
    const pool = new SharedIdPool();
    expect([pool.allocate(), pool.reserve(INT_MAX), pool.size]).toEqual([0, true, 2]);
    // A bit each, and a seventh of that for the summaries.
    expect(pool.byteLength * 8).toBeLessThan(1.15 * 2 ** 31);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
    expect(inspect(pool)).toBe("SharedIdPool(2) { min: 0, max: 2147483647, reuse: 'lowest' }");
  });

  test.each(['lowest', 'cyclic'] as const)('%s: a full pool answers after a few reads, however large', (reuse) => {
    const steps = [1, 10, 100, 1000].map((words) => {
      const made = new SharedIdPool({ max: words * 32 - 1, reuse });
      while (made.allocate() >= 0);
      const call = (act: (pool: SharedIdPool) => number) => (memory: SharedArrayBuffer) =>
        act(SharedIdPool.attach(memory));
      // Explored, what one thread does is a single schedule: its length is the number of accesses.
      const accesses = (act: (pool: SharedIdPool) => number): number =>
        explore({
          bytes: made.handle.byteLength,
          setup: (memory) => void Buffer.from(memory).set(Buffer.from(made.handle)),
          actors: { thread: call(act) },
        }).longest;
      const attaching = accesses(() => 0);
      return [
        accesses((pool) => pool.allocate()) - attaching,
        accesses((pool) => Number(pool.free(made.max))) - attaching,
        accesses((pool) => Number(pool.free(made.max)) + pool.allocate()) - attaching,
      ];
    });
    for (const [allocate, free, both] of steps) {
      expect(allocate).toBeLessThanOrEqual(20);
      expect(free).toBeLessThanOrEqual(30);
      expect(both).toBeLessThanOrEqual(60);
    }
    console.log(
      `${reuse}: accesses of allocate, free, both in a pool of 1, 10, 100, 1,000 full words: ${steps.join(' · ')}`,
    );
  });

  test('refuses misuse, naming it', () => {
    const pool = new SharedIdPool({ min: 5, max: 9 });
    for (const id of [4, 10, 5.5]) expect(() => pool.reserve(id)).toThrow(`id: got ${id}, expected an integer 5…9`);
    expect(() => new SharedIdPool({ min: 5, max: 4 })).toThrow('max: got 4');
    expect(() => new SharedIdPool({ reuse: 'random' as 'cyclic' })).toThrow(
      "reuse: got 'random', expected 'lowest' or 'cyclic'",
    );
  });
});

test('attach refuses what is not of its class, version and size', () => {
  const pool = new SharedIdPool({ max: 99 });
  const ids = new SharedNextId();
  for (const other of [
    undefined,
    null,
    5,
    new ArrayBuffer(400),
    new SharedArrayBuffer(3),
    new SharedArrayBuffer(4000),
  ]) {
    expect(code(() => SharedIdPool.attach(other as SharedArrayBuffer))).toBe('bad-handle');
    expect(code(() => SharedNextId.attach(other as SharedArrayBuffer))).toBe('bad-handle');
    expect(() => SharedIdPool.attach(other as SharedArrayBuffer)).toThrow('SharedIdPool.attach: handle: got');
    expect(() => SharedNextId.attach(other as SharedArrayBuffer)).toThrow('SharedNextId.attach: handle: got');
  }
  expect([code(() => SharedNextId.attach(pool.handle)), code(() => SharedIdPool.attach(ids.handle))]).toEqual([
    'bad-handle',
    'bad-handle',
  ]);
  new Int32Array(pool.handle)[3] = 1000;
  expect(code(() => SharedIdPool.attach(pool.handle))).toBe('bad-size');
  // Words that no pool has, one at a time: min above max, an order that is none, too few and too many owners.
  for (const [word, value] of [
    [2, 100],
    [4, -1],
    [4, 2],
    [5, -1],
    [5, 256],
  ] as const) {
    const damaged = new SharedIdPool({ max: 99, owners: 1 });
    new Int32Array(damaged.handle)[word] = value;
    expect([word, value, code(() => SharedIdPool.attach(damaged.handle))]).toEqual([word, value, 'bad-size']);
  }
  new Int32Array(pool.handle)[0]++;
  expect(code(() => SharedIdPool.attach(pool.handle))).toBe('bad-version');
});

test('the layout of the memory, pinned: another one takes another version', () => {
  const words = ({ handle }: { handle: SharedArrayBuffer }): Record<number, string> => {
    const all = Object.entries(new Int32Array(handle)).filter(([, word]) => word !== 0);
    return Object.fromEntries(all.map(([at, word]) => [at, (word >>> 0).toString(16)]));
  };
  const pool = new SharedIdPool({ min: 5, max: 5 + 299, reuse: 'cyclic' });
  for (let i = 0; i < 40; i++) pool.allocate();
  pool.reserve(300);
  pool.free(6);
  // Nine words and 12 bits; the first had been closed, was opened, and has counted one who did so.
  // biome-ignore format: what belongs together stands in a row
  expect(words(pool)).toEqual({
    0: '53495004', 1: '3d', 2: '5', 3: '130', 4: '1', 16: '28', 32: '28',
    48: 'fffffffd', 49: 'ff', 57: 'fffff080', 58: '10000', 59: 'fc', 60: 'fc',
  });
  const ids = new SharedNextId(7, 9);
  expect(words(ids)).toEqual({ 0: '534e4901', 1: '20', 2: '9', 16: '7' });
});

test('attach on a subclass makes one of that, if its constructor hands on what it gets', () => {
  class SubPool extends SharedIdPool {
    readonly label = 'pool';
  }
  class SubIds extends SharedNextId {
    readonly label = 'ids';
  }
  class Deaf extends SharedIdPool {
    constructor() {
      super({ max: 9 });
    }
  }
  const { handle } = new SharedIdPool({ max: 99 });
  const pool = SubPool.attach(handle);
  expect([pool.constructor, pool.label, pool.max]).toEqual([SubPool, 'pool', 99]);
  const ids = SubIds.attach(new SharedNextId(5).handle);
  expect([ids.constructor, ids.label, ids.take()]).toEqual([SubIds, 'ids', 5]);
  expect(() => Deaf.attach(handle)).toThrow('must hand on all its arguments');
  const { attach } = SharedIdPool;
  expect((attach as (handle: SharedArrayBuffer) => SharedIdPool)(handle).constructor).toBe(SharedIdPool);
});

test('threads, some of them killed: no ID is with two, none is lost', async ({ skip }) => {
  if (!(await killsEndThreads())) skip();
  const counts = await stress({ seed: 64, until: ({ rounds, kills }) => rounds >= 12 && kills >= 3 });
  expect(counts.violations).toEqual([]);
  expect(counts.operations).toBeGreaterThan(100_000);
});
