// The functions over an IdPool, each against loops over sets.
import { budget, type Random, runModel } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import {
  allocateRun,
  compact,
  count,
  freeRange,
  freeRanges,
  IdPool,
  peek,
  poolFrom,
  quarantine,
  quarantined,
  type Reuse,
  range,
  reserveRange,
  snapshot,
  takenRanges,
  unquarantine,
} from '../src/index.ts';
import { PoolOracle } from './support/oracles.ts';

const UINT_MAX = 2 ** 32 - 1;
const REUSES: Reuse[] = ['lowest', 'cyclic', { delay: 0 }, { delay: 5 }];

/** Runs of consecutive numbers among `from`…`max` for which `is` holds. */
function runsWhere(from: number, max: number, is: (id: number) => boolean): [number, number][] {
  const runs: [number, number][] = [];
  for (let id = from; id <= max; id++) {
    const last = runs.at(-1);
    if (!is(id)) continue;
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs;
}

describe('against loops over a set', () => {
  const ranges = [
    [0, 6],
    [5, 36],
    [0, 1024],
    [100, 1123],
    [UINT_MAX - 99, UINT_MAX],
  ] as const;
  for (const reuse of REUSES) {
    for (const [min, max] of ranges) {
      test(`${JSON.stringify(reuse)}, ${min}…${max}`, () => {
        const anId = (rng: Random): number => rng.between(min, max);
        const aRange = (rng: Random): [number, number] => {
          const first = anId(rng);
          return [first, Math.min(max, first + rng.below(rng.pick([2, 40, 700])))];
        };
        runModel<{ pool: IdPool }, PoolOracle>({
          seed: max % 83,
          steps: budget(6000),
          subject: { pool: new IdPool({ min, max, reuse }) },
          oracle: new PoolOracle(min, max, reuse),
          checkEvery: 200,
          check: ({ pool }, o) => {
            const is = (id: number): boolean => o.has(id);
            expect([pool.size, peek(pool)]).toEqual([o.size, o.peek()]);
            expect([...takenRanges(pool)]).toEqual(runsWhere(min, max, is));
            expect([...freeRanges(pool)]).toEqual(runsWhere(min, max, (id) => o.isFree(id)));
            expect(quarantined(pool)).toEqual([...o.held].sort(([a], [b]) => a - b));
          },
          operations: {
            allocate: {
              weight: 8,
              args: () => [],
              subject: ({ pool }) => [peek(pool), pool.allocate()],
              oracle: (o) => [o.peek(), o.allocate()],
            },
            free: {
              weight: 9,
              args: (r) => [anId(r)],
              subject: ({ pool }, id: number) => pool.free(id),
              oracle: (o, id: number) => o.free(id),
            },
            reserve: {
              weight: 2,
              args: (r) => [anId(r)],
              subject: ({ pool }, id: number) => pool.reserve(id),
              oracle: (o, id: number) => o.reserve(id),
            },
            allocateRun: {
              weight: 2,
              args: (r) => [r.pick([1, 2, 5, 33, 300])],
              subject: ({ pool }, n: number) => allocateRun(pool, n),
              oracle: (o, n: number) => o.allocateRun(n),
            },
            reserveRange: {
              args: aRange,
              subject: ({ pool }, a: number, b: number) => reserveRange(pool, a, b),
              oracle: (o, a: number, b: number) => o.reserveRange(a, b),
            },
            freeRange: {
              args: aRange,
              subject: ({ pool }, a: number, b: number) => freeRange(pool, a, b),
              oracle: (o, a: number, b: number) => o.freeRange(a, b),
            },
            quarantine: {
              weight: 3,
              args: (r) => [anId(r), r.pick([1, 2, 9, 40, Number.POSITIVE_INFINITY])],
              subject: ({ pool }, id: number, n: number) => [quarantine(pool, id, n), pool.has(id)],
              oracle: (o, id: number, n: number) => [o.quarantine(id, n), o.has(id)],
            },
            unquarantine: {
              weight: 2,
              args: (r) => [anId(r)],
              subject: ({ pool }, id: number) => unquarantine(pool, id),
              oracle: (o, id: number) => o.unquarantine(id),
            },
            ids: {
              args: aRange,
              subject: ({ pool }, a: number, b: number) => [
                [...range(pool, a, b)],
                count(pool, a, b),
                [...takenRanges(pool, a, b)],
                [...freeRanges(pool, a, b)],
              ],
              oracle: (o, a: number, b: number) => {
                const runs = runsWhere(a, b, (id) => o.has(id));
                const ids = runs.flatMap(([first, last]) =>
                  Array.from({ length: last - first + 1 }, (_, i) => first + i),
                );
                return [ids, ids.length, runs, runsWhere(a, b, (id) => o.isFree(id))];
              },
            },
            compact: { args: () => [], subject: ({ pool }) => compact(pool), oracle: () => undefined },
            'poolFrom snapshot': {
              args: () => [],
              subject: (s) => {
                const bytes = snapshot(s.pool);
                s.pool = poolFrom(bytes);
                expect(snapshot(s.pool)).toEqual(bytes);
              },
              oracle: () => undefined,
            },
            clear: {
              args: (r) => [r.chance(0.1)],
              subject: ({ pool }, really: boolean) => (really ? pool.clear() : undefined),
              oracle: (o, really: boolean) => (really ? o.clear() : undefined),
            },
          },
        });
      });
    }
  }
});

describe('at their boundaries', () => {
  test('of a whole pool of 2³² IDs: what is beyond the bitmap is free', () => {
    const pool = new IdPool({ max: UINT_MAX });
    pool.reserve(70);
    expect([...freeRanges(pool)]).toEqual([
      [0, 69],
      [71, UINT_MAX],
    ]);
    expect([[...takenRanges(pool)], [...range(pool, 71)], count(pool), [...freeRanges(pool, 5000, 6000)]]).toEqual([
      [[70, 70]],
      [],
      1,
      [[5000, 6000]],
    ]);
    expect([allocateRun(pool, 71), peek(pool), allocateRun(pool, 2 ** 32)]).toEqual([71, 0, -1]);
    expect(reserveRange(pool, 60, 70)).toBe(false);
    expect(pool.size).toBe(72);
  });

  test('IDs may be freed and taken while they are visited', () => {
    const pool = new IdPool();
    for (let n = 0; n < 40; n++) pool.allocate();
    const seen: number[] = [];
    for (const id of range(pool)) {
      seen.push(id);
      if (id === 3) {
        freeRange(pool, 4, 38);
        pool.reserve(1000);
      }
    }
    expect(seen).toEqual([0, 1, 2, 3, 39, 1000]);
  });

  test('compact gives back what a peak has left, not what a cursor needs', () => {
    const pool = new IdPool();
    reserveRange(pool, 0, 99_999);
    freeRange(pool, 5, 99_999);
    const before = pool.byteLength;
    compact(pool);
    expect([before > 12_000, pool.byteLength, pool.size, pool.allocate()]).toEqual([true, 4, 5, 5]);
    const cyclic = new IdPool({ reuse: 'cyclic' });
    for (let n = 0; n < 1000; n++) cyclic.free(cyclic.allocate());
    compact(cyclic);
    expect(cyclic.allocate()).toBe(1000);
  });

  test('an ID in quarantine is free after the frees it was given, not one earlier', () => {
    const pool = new IdPool({ max: 9 });
    reserveRange(pool, 0, 9);
    expect([quarantine(pool, 4, 2), quarantine(pool, 4, 2), quarantine(pool, 7)]).toEqual([true, false, true]);
    // That of 7 counts, too.
    expect([quarantined(pool), pool.size, pool.reserve(4), pool.allocate()]).toEqual([
      [
        [4, 1],
        [7, Number.POSITIVE_INFINITY],
      ],
      8,
      false,
      -1,
    ]);
    pool.free(0);
    expect([quarantined(pool), pool.allocate(), pool.allocate(), pool.allocate()]).toEqual([
      [[7, Number.POSITIVE_INFINITY]],
      0,
      4,
      -1,
    ]);
    expect([unquarantine(pool, 7), unquarantine(pool, 7), unquarantine(pool, 'x' as never), pool.allocate()]).toEqual([
      true,
      false,
      false,
      7,
    ]);
  });

  test('each names itself, and what it got', () => {
    const pool = new IdPool({ min: 5, max: 9 });
    const calls = {
      peek,
      allocateRun,
      reserveRange,
      freeRange,
      compact,
      range,
      takenRanges,
      freeRanges,
      count,
      quarantine,
      unquarantine,
      quarantined,
    };
    for (const [name, call] of Object.entries(calls)) {
      for (const bad of [{}, null, 5])
        expect(() => (call as (pool: unknown) => unknown)(bad)).toThrow(`${name}: pool: got`);
    }
    expect(() => allocateRun(pool, 0)).toThrow('allocateRun: length: got 0, expected an integer 1…4294967296');
    expect(() => reserveRange(pool, 4, 6)).toThrow('reserveRange: first: got 4, expected an integer 5…9');
    expect(() => range(pool, 5, 10)).toThrow('range: max: got 10, expected an integer 5…9');
    expect(() => quarantine(pool, 5, 0)).toThrow('quarantine: frees: got 0, expected an integer 1…2147483647');
  });
});
