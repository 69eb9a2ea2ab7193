import { inspect } from 'node:util';
import { random } from '@idspace/testkit';
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
    expect(() => new SharedNextId(10, 9)).toThrow('next is 10, expected an integer 0…9');
    expect(() => new SharedNextId(0, -1)).toThrow('max is -1');
    expect(() => ids.moveTo(10)).toThrow('id is 10');
    expect(() => ids.allocate(() => true, -1)).toThrow('tries is -1');
  });
});

describe('SharedIdPool', () => {
  test.each(['lowest', 'cyclic'] as const)('%s: 6,000 random calls answer as IdPool does', (reuse) => {
    for (const [min, max] of [
      [0, 0],
      [1, 63],
      [7, 200],
      [2 ** 32 - 100, 2 ** 32 - 1],
    ]) {
      const rng = random(63);
      const alone = new IdPool({ min, max, reuse });
      const pools = [new SharedIdPool({ min, max, reuse })];
      pools.push(SharedIdPool.attach(pools[0].handle));
      for (let step = 0; step < 1500; step++) {
        const id = rng.between(min, max);
        const pool = rng.pick(pools);
        const where = `seed ${rng.seed}, step ${step}, ID ${id}`;
        const kind = rng.below(8);
        if (kind < 4) expect(pool.allocate(), where).toBe(alone.allocate());
        else if (kind < 5) expect(pool.reserve(id), where).toBe(alone.reserve(id));
        else expect(pool.free(id), where).toBe(alone.free(id));
        expect([pool.has(id), pool.size], where).toEqual([alone.has(id), alone.size]);
      }
    }
  });

  test('reserves a bit for each of 2³¹ IDs, and takes no memory for them', () => {
    const before = process.memoryUsage().rss;
    const pool = new SharedIdPool();
    expect([pool.allocate(), pool.reserve(INT_MAX), pool.size]).toEqual([0, true, 2]);
    expect(pool.byteLength).toBe(2 ** 28 + 256);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
    expect(inspect(pool)).toBe("SharedIdPool(2) { min: 0, max: 2147483647, reuse: 'lowest' }");
  });

  test('refuses misuse, naming it', () => {
    const pool = new SharedIdPool({ min: 5, max: 9 });
    for (const id of [4, 10, 5.5]) {
      expect(() => pool.free(id)).toThrow(`id is ${id}, expected an integer 5…9`);
      expect(() => pool.reserve(id)).toThrow(RangeError);
      expect(() => pool.has(id)).toThrow(RangeError);
    }
    expect(() => new SharedIdPool({ min: 5, max: 4 })).toThrow('max is 4');
    expect(() => new SharedIdPool({ reuse: 'random' as 'cyclic' })).toThrow(
      "reuse is random, expected 'lowest' or 'cyclic'",
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
    expect(code(() => SharedIdPool.attach(other as SharedArrayBuffer))).toBe('HANDLE');
    expect(code(() => SharedNextId.attach(other as SharedArrayBuffer))).toBe('HANDLE');
  }
  expect([code(() => SharedNextId.attach(pool.handle)), code(() => SharedIdPool.attach(ids.handle))]).toEqual([
    'HANDLE',
    'HANDLE',
  ]);
  new Int32Array(pool.handle)[3] = 1000;
  expect(code(() => SharedIdPool.attach(pool.handle))).toBe('SIZE');
  new Int32Array(pool.handle)[0]++;
  expect(code(() => SharedIdPool.attach(pool.handle))).toBe('VERSION');
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

test('threads, some of them killed: no ID is with two, none is lost', async () => {
  const counts = await stress({ seed: 64, until: ({ rounds, kills }) => rounds >= 12 && kills >= 3 });
  expect(counts.violations).toEqual([]);
  expect(counts.operations).toBeGreaterThan(100_000);
});
