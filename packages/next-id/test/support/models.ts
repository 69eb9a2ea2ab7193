// Every class, with its oracle, for the tests and for `pnpm model`.
import { expectSame, inTurns, type Models, modelCase, type Operation } from '@idspace/testkit';
import { GenerationalId, NextId, type Reuse } from '../../src/index.ts';
import { SharedIdPool, SharedNextId } from '../../src/shared/index.ts';
import { GenerationalOracle, type Layout, PoolOracle } from './oracles.ts';
import { ID_POOL_CASES } from './pool-models.ts';
import { SLOT_MAP_CASES } from './slot-map-models.ts';

type Cases = Models[string];

/** Threads of a shared structure. */
const ACTORS = 3;

const REUSES: Reuse[] = ['lowest', 'cyclic', { delay: 3 }];
const LAYOUTS: Layout[] = [
  { slotBits: 3, bits: 5 },
  { slotBits: 3, bits: 5, wrap: 'retire' },
  { slotBits: 4, bits: 7, epochBits: 2, epoch: 3, wrap: 'retire' },
  { slotBits: 4, bits: 31, epochBits: 4, epoch: 15 },
  { slotBits: 4, bits: 32 },
  { slotBits: 4, bits: 33, epochBits: 20, epoch: 2 ** 20 - 1, wrap: 'retire' },
  { slotBits: 5, bits: 53, epochBits: 3, epoch: 5 },
  { slotBits: 5, bits: 53, epochBits: 20, epoch: 777_777, wrap: 'retire' },
];

function generational(layout: Layout, reuse: Reuse): ReturnType<typeof modelCase> {
  const { slotBits, bits = 31 } = layout;
  const seen: number[] = [0];

  return modelCase<{ ids: GenerationalId }, GenerationalOracle>({
    subject: { ids: new GenerationalId({ ...layout, reuse }) },
    oracle: new GenerationalOracle(layout, reuse),
    checkEvery: 200,
    check: ({ ids }, o) => {
      expectSame([ids.size, [...ids], ids.peek(), ids.retired], [o.live.size, o.sorted, o.peek(), o.retiredCount]);
      for (const id of seen) expectSame(ids.slot(id), o.live.get(id) ?? -1, String(id));
    },
    operations: {
      allocate: {
        weight: 6,
        args: () => [],
        subject: ({ ids }) => seen[seen.push(ids.allocate()) - 1],
        oracle: (o) => o.allocate(),
      },
      free: {
        weight: 5,
        args: (r) => [seen[Math.max(0, seen.length - 1 - r.below(2 ** slotBits + 2))]],
        subject: ({ ids }, id: number) => ids.free(id),
        oracle: (o, id: number) => o.free(id),
      },
      reserve: {
        args: (r) => [
          Math.max(0, seen[seen.push(r.chance(0.5) ? r.pick(seen) : Math.floor((r.u32() / 2 ** 32) * 2 ** bits)) - 1]!),
        ],
        subject: ({ ids }, id: number) => ids.reserve(id),
        oracle: (o, id: number) => o.reserve(id),
      },
      // The copy goes on: with the same epoch, or another one.
      'from snapshot': {
        args: (r) => [r.chance(0.5) ? r.below(2 ** (layout.epochBits ?? 0)) : undefined],
        subject: (s, epoch: number | undefined) => {
          const bytes = s.ids.snapshot();
          expectSame(GenerationalId.from(bytes).snapshot(), bytes);
          s.ids = GenerationalId.from(bytes, { epoch });
          return s.ids.epoch;
        },
        oracle: (o, epoch: number | undefined) => {
          o.epoch = epoch ?? o.epoch;
          return o.epoch;
        },
      },
      clear: {
        args: (r) => [r.chance(0.05)],
        subject: ({ ids }, really: boolean) => (really ? ids.clear() : undefined),
        oracle: (o, really: boolean) => (really ? o.clear() : undefined),
      },
    },
  });
}

const GENERATIONAL_ID: Cases = Object.fromEntries(
  [...LAYOUTS, ...[1, 3, 5, 6].map((slotBits): Layout => ({ slotBits }))].flatMap((layout) =>
    REUSES.filter((reuse) => typeof reuse === 'string' || reuse.delay < 2 ** layout.slotBits).map((reuse) => [
      `${JSON.stringify(layout)}, ${JSON.stringify(reuse)}`,
      () => generational(layout, reuse),
    ]),
  ),
);

/** What hands out the next ID, and which IDs are taken, as the callers know. */
interface Counter {
  readonly ids: NextId | SharedNextId;
  readonly busy: Set<number>;
}

interface CounterOracle {
  next: number;
  readonly busy: Set<number>;
}

function counterCalls(max: number): Record<string, Operation<Counter, CounterOracle>> {
  const take = (state: CounterOracle): number => {
    const id = state.next;
    state.next = id === max ? 0 : id + 1;
    return id;
  };
  return {
    allocate: {
      weight: 4,
      args: (rng) => [rng.chance(0.2) ? rng.below(3) : Math.min(max, 100) + 1],
      subject: ({ ids, busy }, tries: number) => ids.allocate((id) => !busy.has(id) && busy.add(id).size > 0, tries),
      oracle: (state, tries: number) => {
        for (let left = tries; left > 0; left--) {
          const id = take(state);
          if (state.busy.has(id)) continue;
          state.busy.add(id);
          return id;
        }
        return -1;
      },
    },
    take: { args: () => [], subject: ({ ids }) => ids.take(), oracle: take },
    free: {
      weight: 3,
      args: (rng) => [rng.between(0, Math.min(max, 100))],
      subject: ({ busy }, id: number) => busy.delete(id),
      oracle: (state, id: number) => state.busy.delete(id),
    },
    moveTo: {
      args: (rng) => [rng.between(rng.chance(0.5) ? 0 : Math.max(max - 2, 0), max + 2)],
      subject: ({ ids }, id: number) => ids.moveTo(id),
      oracle: (state, id: number) => {
        if (id > max) throw new RangeError();
        state.next = id;
      },
    },
    next: { args: () => [], subject: ({ ids }) => ids.next, oracle: (state) => state.next },
  };
}

function nextId(max: number): ReturnType<typeof modelCase> {
  return modelCase<Counter, CounterOracle>({
    subject: { ids: new NextId(0, max), busy: new Set() },
    oracle: { next: 0, busy: new Set() },
    operations: counterCalls(max),
  });
}

/** Threads in turns; one that ends leaves nothing. */
function sharedNextId(max: number): ReturnType<typeof modelCase> {
  const busy = new Set<number>();
  const first = new SharedNextId(0, max);
  const attach = (): Counter => ({ ids: SharedNextId.attach(first.handle), busy });
  return modelCase<Counter[], CounterOracle>({
    subject: [{ ids: first, busy }, attach(), attach()],
    oracle: { next: 0, busy: new Set() },
    operations: inTurns(counterCalls(max), ACTORS, (all, victim) => {
      all[victim] = attach();
    }),
    check: (all, { next }) => {
      for (const { ids } of all) expectSame(ids.next, next, 'the next ID');
    },
  });
}

/** A pool of which each ID is some thread's. */
class OwnedOracle extends PoolOracle {
  readonly ownerOf: Map<number, number> = new Map();
}

/** What a thread calls, and under which number. */
interface Thread {
  pool: SharedIdPool;
  owner: number;
}

const SHARED: [min: number, max: number, reuse: 'lowest' | 'cyclic'][] = [
  [0, 6, 'lowest'],
  [5, 36, 'cyclic'],
  [100, 1123, 'lowest'],
  [0, 1024, 'cyclic'],
];

/** Three threads in turns; one that ends gives back what it had. */
function sharedPool(min: number, max: number, reuse: 'lowest' | 'cyclic'): ReturnType<typeof modelCase> {
  const first = new SharedIdPool({ min, max, reuse, owners: ACTORS, owner: 1 });
  const attach = (owner: number): Thread => ({ pool: SharedIdPool.attach(first.handle, { owner }), owner });
  const took = (o: OwnedOracle, id: number, owner: number): number => {
    if (id >= 0) o.ownerOf.set(id, owner);
    return id;
  };
  const operations: Record<string, Operation<Thread[], OwnedOracle>> = {
    allocate: {
      weight: 10,
      args: (r) => [r.below(ACTORS)],
      subject: (all, at: number) => all[at]!.pool.allocate(),
      oracle: (o, at: number) => took(o, o.allocate(), at + 1),
    },
    free: {
      weight: 9,
      args: (r) => [r.below(ACTORS), r.between(min - 1, max + 1)],
      subject: (all, at: number, id: number) => all[at]!.pool.free(id),
      oracle: (o, _: number, id: number) => {
        o.ownerOf.delete(id);
        return o.free(id);
      },
    },
    reserve: {
      weight: 2,
      args: (r) => [r.below(ACTORS), r.between(min - 1, max + 1)],
      subject: (all, at: number, id: number) => all[at]!.pool.reserve(id),
      oracle: (o, at: number, id: number) => o.reserve(id) && took(o, id, at + 1) === id,
    },
    has: {
      args: (r) => [r.below(ACTORS), r.between(min, max)],
      subject: (all, at: number, id: number) => all[at]!.pool.has(id),
      oracle: (o, _: number, id: number) => o.has(id),
    },
    'a thread ends': {
      args: (r) => [r.below(ACTORS), r.chance(0.3)],
      subject: (all, at: number, really: boolean) => {
        if (!really) return [];
        const gone = all[(at + 1) % ACTORS]!.pool.bury(at + 1);
        all[at] = attach(at + 1);
        return gone;
      },
      oracle: (o, at: number, really: boolean) => {
        const gone = really ? [...o.ownerOf].filter(([, owner]) => owner === at + 1).map(([id]) => id) : [];
        for (const id of gone) {
          o.free(id);
          o.ownerOf.delete(id);
        }
        return gone.sort((a, b) => a - b);
      },
    },
  };
  return modelCase<Thread[], OwnedOracle>({
    subject: [{ pool: first, owner: 1 }, attach(2), attach(3)],
    oracle: new OwnedOracle(min, max, reuse),
    operations,
    checkEvery: 200,
    check: (all, o) => {
      for (const { pool } of all) expectSame(pool.size, o.size);
      for (let id = min; id <= max; id++) expectSame(first.has(id), o.has(id), `${id}`);
    },
  });
}

/** Largest IDs of counters. */
const MAXIMA = [0, 4, 30, 2 ** 31 - 1];

export const MODELS: {
  readonly [Name in 'GenerationalId' | 'IdPool' | 'NextId' | 'SharedIdPool' | 'SharedNextId' | 'SlotMap']: Cases;
} = {
  GenerationalId: GENERATIONAL_ID,
  IdPool: ID_POOL_CASES,
  NextId: Object.fromEntries(MAXIMA.map((max) => [`up to ${max}`, () => nextId(max)])),
  SharedIdPool: Object.fromEntries(
    SHARED.map(([min, max, reuse]) => [`${reuse}, ${min}…${max}`, () => sharedPool(min, max, reuse)]),
  ),
  SharedNextId: Object.fromEntries(MAXIMA.map((max) => [`up to ${max}`, () => sharedNextId(max)])),
  SlotMap: SLOT_MAP_CASES,
};
