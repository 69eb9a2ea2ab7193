// IdPool: its methods, and with the functions over it, each against loops over sets.
import { expectSame, type Models, modelCase, type Random } from '@idspace/testkit';
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
} from '../../src/index.ts';
import { PoolOracle } from './oracles.ts';

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

const POLICIES: Reuse[] = ['lowest', 'cyclic', { delay: 0 }, { delay: 1 }, { delay: 5 }];

const INT_MAX = 2 ** 31 - 1;

function methods(min: number, max: number, reuse: Reuse, fullness: number): ReturnType<typeof modelCase> {
  return modelCase<IdPool, PoolOracle>({
    subject: new IdPool({ min, max, reuse }),
    oracle: new PoolOracle(min, max, reuse),
    checkEvery: 1000,
    check: (pool, oracle) => {
      const all = Array.from({ length: max - min + 1 }, (_, i) => min + i);
      expectSame(
        all.filter((id) => pool.has(id)),
        all.filter((id) => oracle.has(id)),
      );
    },
    operations: {
      allocate: { weight: 10 + fullness, args: () => [], subject: (p) => p.allocate(), oracle: (o) => o.allocate() },
      free: {
        weight: 12,
        args: (rng) => [rng.between(min - 1, max + 1)],
        subject: (p, id: number) => p.free(id),
        oracle: (o, id: number) => o.free(id),
      },
      reserve: {
        weight: 2,
        args: (rng) => [rng.between(min - 1, max + 1)],
        subject: (p, id: number) => p.reserve(id),
        oracle: (o, id: number) => o.reserve(id),
      },
      has: {
        args: (rng) => [rng.between(min - 1, max + 1)],
        subject: (p, id: number) => p.has(id),
        oracle: (o, id: number) => o.has(id),
      },
      size: { args: () => [], subject: (p) => p.size, oracle: (o) => o.size },
    },
  });
}

function calls(min: number, max: number, reuse: Reuse): ReturnType<typeof modelCase> {
  const anId = (rng: Random): number => rng.between(min, max);
  const aRange = (rng: Random): [number, number] => {
    const first = anId(rng);
    return [first, Math.min(max, first + rng.below(rng.pick([2, 40, 700])))];
  };

  return modelCase<{ pool: IdPool }, PoolOracle>({
    subject: { pool: new IdPool({ min, max, reuse }) },
    oracle: new PoolOracle(min, max, reuse),
    checkEvery: 200,
    check: ({ pool }, o) => {
      const is = (id: number): boolean => o.has(id);
      expectSame([pool.size, peek(pool)], [o.size, o.peek()]);
      expectSame([...takenRanges(pool)], runsWhere(min, max, is));
      expectSame(
        [...freeRanges(pool)],
        runsWhere(min, max, (id) => o.isFree(id)),
      );
      expectSame(
        quarantined(pool),
        [...o.held].sort(([a], [b]) => a - b),
      );
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
          const ids = runs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
          return [ids, ids.length, runs, runsWhere(a, b, (id) => o.isFree(id))];
        },
      },
      compact: { args: () => [], subject: ({ pool }) => compact(pool), oracle: () => undefined },
      'poolFrom snapshot': {
        args: () => [],
        subject: (s) => {
          const bytes = snapshot(s.pool);
          s.pool = poolFrom(bytes);
          expectSame(snapshot(s.pool), bytes);
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
}

// Ranges around one word, one word of words (32² = 1024) and beyond; at both ends of u32.
const RANGES: [number, number][] = [
  [0, 6],
  [5, 36],
  [0, 32],
  [100, 1123],
  [0, 1024],
  [INT_MAX - 40, INT_MAX],
  [UINT_MAX - 63, UINT_MAX],
];

const RANGES_OF_CALLS: [number, number][] = [
  [0, 6],
  [5, 36],
  [0, 1024],
  [100, 1123],
  [UINT_MAX - 99, UINT_MAX],
];

export const ID_POOL_CASES: Models[string] = Object.fromEntries([
  ...POLICIES.flatMap((reuse) =>
    RANGES.flatMap(([min, max]) =>
      [0, 20].map((fullness) => [
        `${JSON.stringify(reuse)}, ${min}…${max}, fullness ${fullness}`,
        () => methods(min, max, reuse, fullness),
      ]),
    ),
  ),
  ...REUSES.flatMap((reuse) =>
    RANGES_OF_CALLS.map(([min, max]) => [
      `functions, ${JSON.stringify(reuse)}, ${min}…${max}`,
      () => calls(min, max, reuse),
    ]),
  ),
]);
