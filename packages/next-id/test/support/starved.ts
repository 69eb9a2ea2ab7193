// What is called on each class of this package while the engine has no memory, and what it is compared with.
import type { Random } from '@idspace/testkit';
import { type StarvedScene, scene } from '@idspace/testkit/starve-tests';
import { expect } from 'vitest';
import {
  allocateRun,
  compact,
  freeRange,
  GenerationalId,
  IdPool,
  NextId,
  poolFrom,
  quarantine,
  type Reuse,
  reserveRange,
  SecondaryMap,
  SlotMap,
  snapshot,
  unquarantine,
} from '../../src/index.ts';
import { SharedIdPool, SharedNextId } from '../../src/shared/index.ts';
import { GenerationalOracle, PoolOracle } from './oracles.ts';

const REUSES: Reuse[] = ['lowest', 'cyclic', { delay: 0 }, { delay: 7 }];

export const SCENES: Record<string, StarvedScene> = {
  IdPool: scene<IdPool, PoolOracle>({
    runs: 60,
    steps: 150,
    make: (rng) => {
      const reuse = rng.pick(REUSES);
      const min = rng.below(40);
      const max = min + rng.pick([100, 5000]);
      const id = (r: Random): number => r.between(min, Math.min(max, min + 2 ** r.below(13)));
      return {
        subject: new IdPool({ min, max, reuse }),
        oracle: new PoolOracle(min, max, reuse),
        operations: {
          allocate: { weight: 20, args: () => [], subject: (p) => p.allocate(), oracle: (o) => o.allocate() },
          reserve: {
            weight: 3,
            args: (r) => [id(r)],
            subject: (p, i: never) => p.reserve(i),
            oracle: (o, i: never) => o.reserve(i),
          },
          free: {
            weight: 9,
            args: (r) => [id(r)],
            subject: (p, i: never) => p.free(i),
            oracle: (o, i: never) => o.free(i),
          },
          'allocateRun reserveRange freeRange': {
            weight: 3,
            args: (r) => [id(r), r.below(3)],
            subject: (p, i: never, which: never) =>
              which === 0
                ? allocateRun(p, 1 + (i % 50))
                : (which === 1 ? reserveRange : freeRange)(p, i, Math.min(max, i + 40)),
            oracle: (o, i: never, which: never) => {
              if (which === 0) return o.allocateRun(1 + (i % 50));
              return which === 1 ? o.reserveRange(i, Math.min(max, i + 40)) : o.freeRange(i, Math.min(max, i + 40));
            },
          },
          'quarantine and back': {
            weight: 3,
            args: (r) => [id(r), r.pick([1, 9])],
            subject: (p, i: never, n: never) => [quarantine(p, i, n), n === 1 && unquarantine(p, i)],
            oracle: (o, i: never, n: never) => [o.quarantine(i, n), n === 1 && o.unquarantine(i)],
          },
          'compact poolFrom snapshot': {
            args: () => [],
            subject: (p) => {
              compact(p);
              return poolFrom(snapshot(p)).size;
            },
            oracle: (o) => o.size,
          },
          clear: {
            args: (r) => [r.chance(0.1)],
            subject: (p, really: never) => (really ? p.clear() : undefined),
            oracle: (o, really: never) => (really ? o.clear() : undefined),
          },
        },
        check: (p, o) => {
          const held = (pool: IdPool | PoolOracle): number[] => {
            return Array.from({ length: max - min + 1 }, (_, i) => min + i).filter((i) => pool.has(i));
          };
          expect([p.size, held(p)]).toEqual([o.size, held(o)]);
        },
      };
    },
  }),

  GenerationalId: scene<GenerationalId, GenerationalOracle>({
    runs: 60,
    steps: 150,
    make: (rng) => {
      const slotBits = rng.pick([4, 7, 12]);
      const reuse = rng.pick(REUSES);
      const live = (o: GenerationalOracle, nth: number): number => [...o.live.keys()][nth % (o.live.size || 1)] ?? -1;
      const oracle = new GenerationalOracle({ slotBits }, reuse);
      return {
        subject: new GenerationalId({ slotBits, reuse }),
        oracle,
        operations: {
          allocate: { weight: 20, args: () => [], subject: (g) => g.allocate(), oracle: (o) => o.allocate() },
          reserve: {
            weight: 3,
            args: (r) => [r.below(2 ** 31)],
            subject: (g, id: never) => g.reserve(id),
            oracle: (o, id: never) => o.reserve(id),
          },
          free: {
            weight: 9,
            args: (r) => [live(oracle, r.below(50))],
            subject: (g, id: never) => g.free(id),
            oracle: (o, id: never) => o.free(id),
          },
          clear: {
            args: (r) => [r.chance(0.05)],
            subject: (g, really: never) => (really ? g.clear() : undefined),
            oracle: (o, really: never) => (really ? o.clear() : undefined),
          },
          'from snapshot': {
            args: () => [],
            subject: (g) => {
              const copy = GenerationalId.from(g.snapshot());
              return [copy.size, [...oracle.live.keys()].filter((id) => copy.has(id))];
            },
            oracle: (o) => [o.live.size, [...o.live.keys()]],
          },
        },
        check: (g, o) => {
          expect(g.size).toBe(o.live.size);
          for (const [id, slot] of o.live) expect(g.slot(id)).toBe(slot);
        },
      };
    },
  }),

  'SlotMap and SecondaryMap': scene<{ map: SlotMap<number>; second: SecondaryMap<number> }, Map<number, number>>({
    runs: 20,
    steps: 100,
    make: (rng) => {
      const map = new SlotMap<number>({ slotBits: 12, bits: rng.pick([31, 53]) });
      const oracle = new Map<number, number>();
      const handle = (nth: number): number => [...oracle.keys()][nth % (oracle.size || 1)] ?? -1;
      return {
        subject: { map, second: new SecondaryMap<number>(map) },
        oracle,
        operations: {
          insert: {
            weight: 20,
            args: (r) => [r.u32()],
            subject: ({ map }, value: never) => map.get(map.insert(value)),
            oracle: (o, value: never) => {
              o.set([...map.keys()].find((one) => !o.has(one)) ?? -1, value);
              return value;
            },
          },
          set: {
            weight: 4,
            args: (r) => [handle(r.below(50)), r.u32()],
            subject: ({ map, second }, h: never, v: never) => [map.set(h, v), second.set(h, v), second.get(h)],
            oracle: (o, h: never, v: never) => {
              if (!o.has(h)) return [false, false, undefined];
              o.set(h, v);
              return [true, true, v];
            },
          },
          delete: {
            weight: 6,
            args: (r) => [handle(r.below(50))],
            subject: ({ map, second }, h: never) => [second.delete(h) || true, map.delete(h)],
            oracle: (o, h: never) => [true, o.delete(h)],
          },
          clear: {
            args: (r) => [r.chance(0.05)],
            subject: ({ map, second }, really: never) => {
              if (!really) return;
              map.clear();
              second.clear();
            },
            oracle: (o, really: never) => (really ? o.clear() : undefined),
          },
        },
        check: ({ map }, o) => {
          expect(map.size).toBe(o.size);
          for (const [h, value] of o) expect(map.get(h)).toBe(value);
        },
      };
    },
  }),

  // These ask for memory when they are made and never again.
  'NextId and SharedNextId': scene<{ ids: NextId | SharedNextId }, { next: number }>({
    runs: 10,
    steps: 60,
    make: (rng) => {
      const shared = rng.chance(0.5);
      const make = (next: number): NextId | SharedNextId => (shared ? new SharedNextId(next, 9) : new NextId(next, 9));
      const after = (o: { next: number }, taken: number): number => {
        o.next = (taken + 1) % 10;
        return taken;
      };
      return {
        subject: { ids: make(0) },
        oracle: { next: 0 },
        operations: {
          new: {
            args: (r) => [r.below(10)],
            subject: (s, next: never) => (s.ids = make(next)).next,
            oracle: (o, next: never) => (o.next = next),
          },
          take: { args: () => [], subject: ({ ids }) => ids.take(), oracle: (o) => after(o, o.next) },
          moveTo: {
            args: (r) => [r.below(10)],
            subject: ({ ids }, id: never) => ids.moveTo(id),
            oracle: (o, id: never) => void (o.next = id),
          },
          allocate: {
            args: (r) => [r.below(10)],
            subject: ({ ids }, wanted: never) => ids.allocate((id) => id === wanted),
            oracle: (o, wanted: never) => after(o, wanted),
          },
          attach: {
            args: () => [],
            subject: (s) => {
              if (s.ids instanceof SharedNextId) s.ids = SharedNextId.attach(s.ids.handle);
            },
            oracle: () => undefined,
          },
        },
        check: ({ ids }, { next }) => expect(ids.next).toBe(next),
      };
    },
  }),

  SharedIdPool: scene<{ pool: SharedIdPool }, { pool: PoolOracle }>({
    runs: 20,
    steps: 60,
    make: (rng) => {
      const reuse = rng.pick(['lowest', 'cyclic'] as const);
      const [min, max] = [5, 5 + rng.pick([20, 100, 2000])];
      const id = (r: Random): number => r.between(min, max);
      const owners = rng.pick([0, 2]);
      const fresh = (): SharedIdPool =>
        new SharedIdPool({ min, max, reuse, owners, owner: owners === 0 ? undefined : 1 });
      const attached = ({ handle }: SharedIdPool, owner: number): SharedIdPool =>
        SharedIdPool.attach(handle, owners === 0 ? {} : { owner });
      return {
        subject: { pool: fresh() },
        oracle: { pool: new PoolOracle(min, max, reuse) },
        operations: {
          new: {
            args: () => [],
            subject: (s) => void (s.pool = fresh()),
            oracle: (o) => void (o.pool = new PoolOracle(min, max, reuse)),
          },
          attach: {
            args: () => [],
            subject: (s) => void (s.pool = attached(s.pool, 1)),
            oracle: () => undefined,
          },
          // A burial changes shared memory alone: nothing of it can fail, and the IDs of the dead come back each time.
          bury: {
            weight: owners,
            args: (r) => [r.below(9)],
            subject: ({ pool }, count: never) => {
              if (owners === 0) return [];
              const other = attached(pool, 2);
              const taken = Array.from({ length: count }, () => other.allocate()).filter((one) => one >= 0);
              return [taken, pool.bury(2)];
            },
            oracle: ({ pool }, count: never) => {
              if (owners === 0) return [];
              const taken = Array.from({ length: count }, () => pool.allocate()).filter((one) => one >= 0);
              for (const one of taken) pool.free(one);
              return [taken, [...taken].sort((a, b) => a - b)];
            },
          },
          allocate: {
            weight: 20,
            args: () => [],
            subject: ({ pool }) => pool.allocate(),
            oracle: ({ pool }) => pool.allocate(),
          },
          reserve: {
            weight: 5,
            args: (r) => [id(r)],
            subject: ({ pool }, i: never) => pool.reserve(i),
            oracle: ({ pool }, i: never) => pool.reserve(i),
          },
          free: {
            weight: 5,
            args: (r) => [id(r)],
            subject: ({ pool }, i: never) => pool.free(i),
            oracle: ({ pool }, i: never) => pool.free(i),
          },
        },
        check: ({ pool }, oracle) => expect(pool.size).toBe(oracle.pool.size),
      };
    },
  }),
};
