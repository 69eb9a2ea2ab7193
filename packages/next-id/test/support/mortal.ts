// Shared pools and counters whose threads end amid calls, and what they may leave.
import { expectSame } from '@idspace/testkit';
import { type MortalCases, mortalCase, OWNERS } from '@idspace/testkit/death-tests';
import { SharedIdPool, SharedNextId } from '../../src/shared/index.ts';
import { PoolOracle } from './oracles.ts';

/** The word of the next ID in cyclic order. */
const CURSOR = 16;
/** A thread that had IDs before, and keeps them. */
const NEIGHBOUR = OWNERS;

/** A pool, and which IDs the thread has that ends; the ID that it ended with may be counted, or not. */
class MortalOracle extends PoolOracle {
  readonly victims: Set<number> = new Set();
  uncounted = 0;

  /** Where the search in cyclic order begins. */
  get cursor(): number {
    return this.last === this.max ? this.min : this.last + 1;
  }

  took(id: number): number {
    if (id >= 0) this.victims.add(id);
    return id;
  }

  bury(areOwned: boolean): void {
    this.uncounted++;
    for (const id of areOwned ? this.victims : []) this.free(id);
    this.victims.clear();
  }
}

interface PoolShape {
  min: number;
  max: number;
  reuse: 'lowest' | 'cyclic';
  owners: number;
  /** IDs that a neighbour has. */
  taken: number;
}

const POOLS: Record<string, PoolShape> = {
  'one word': { min: 5, max: 16, reuse: 'lowest', owners: OWNERS, taken: 3 },
  'nearly full words, cyclic': { min: 0, max: 69, reuse: 'cyclic', owners: OWNERS, taken: 64 },
  'two levels': { min: 100, max: 100 + 9 * 32 - 1, reuse: 'lowest', owners: OWNERS, taken: 280 },
  'two levels, without owners': { min: 0, max: 9 * 32 - 1, reuse: 'cyclic', owners: 0, taken: 284 },
};

function pool({ taken, ...shape }: PoolShape): ReturnType<MortalCases[string]> {
  const { min, max, reuse, owners } = shape;
  const first = new SharedIdPool({ ...shape, ...(owners > 0 && { owner: NEIGHBOUR }) });
  const oracle = new MortalOracle(min, max, reuse);
  for (let id = 0; id < taken; id++) expectSame(first.allocate(), oracle.allocate());
  return mortalCase<SharedIdPool, MortalOracle>({
    memory: first.handle,
    oracle,
    operations: {
      allocate: {
        weight: 3,
        args: () => [],
        subject: (p) => p.allocate(),
        oracle: (o) => o.took(o.allocate()),
        // It is taken, and the next search begins at it.
        between: (o) => {
          const id = o.peek();
          if (id >= 0) o.reserve(o.took(id));
          return [o];
        },
      },
      free: {
        weight: 3,
        args: (r) => [r.between(min - 1, max + 1)],
        subject: (p, id: number) => p.free(id),
        oracle: (o, id: number) => {
          o.victims.delete(id);
          return o.free(id);
        },
      },
      reserve: {
        args: (r) => [r.between(min - 1, max + 1)],
        subject: (p, id: number) => p.reserve(id),
        oracle: (o, id: number) => o.reserve(id) && o.took(id) === id,
      },
    },
    attach: (owner) => SharedIdPool.attach(first.handle, owners > 0 ? { owner } : {}),
    detach: () => undefined,
    bury: (thread, owner) => void (owners > 0 && thread.bury(owner)),
    buried: (o) => o.bury(owners > 0),
    check: (thread, o) => {
      for (let id = min; id <= max; id++) expectSame(thread.has(id), o.has(id), `whether ${id} is taken`);
      expectSame(Math.abs(thread.size - o.size) <= o.uncounted, true, 'whether the size is near');
      const { words } = thread as unknown as { words: Int32Array };
      if (reuse === 'cyclic') expectSame(words[CURSOR]! + min, o.cursor, 'the next ID');
    },
    end: (thread, o) => {
      const free = max - min + 1 - o.size;
      const ids = new Set(Array.from({ length: free }, () => thread.allocate()));
      expectSame([ids.size, ids.has(-1), thread.allocate()], [free, false, -1], 'IDs that can be had');
    },
  });
}

interface Counter {
  next: number;
}

function counter(max: number): ReturnType<MortalCases[string]> {
  const take = (o: Counter): number => {
    const id = o.next;
    o.next = id === max ? 0 : id + 1;
    return id;
  };
  const first = new SharedNextId(0, max);
  return mortalCase<SharedNextId, Counter>({
    memory: first.handle,
    oracle: { next: 0 },
    operations: {
      take: { args: () => [], subject: (ids) => ids.take(), oracle: take },
      allocate: {
        args: (r) => [r.between(0, max), r.below(max + 2)],
        subject: (ids, free: number, tries: number) => ids.allocate((id) => id === free, tries),
        oracle: (o, free: number, tries: number) => {
          for (let left = tries; left > 0; left--) if (take(o) === free) return free;
          return -1;
        },
        // Some offers were made.
        between: (o, free: number, tries: number) => {
          const states: Counter[] = [];
          for (let left = tries; left > 0 && take(o) !== free; left--) states.push({ ...o });
          return states;
        },
      },
      moveTo: {
        args: (r) => [r.between(max - 2, max)],
        subject: (ids, id: number) => ids.moveTo(id),
        oracle: (o, id: number) => void (o.next = id),
      },
    },
    attach: () => SharedNextId.attach(first.handle),
    detach: () => undefined,
    bury: () => undefined,
    check: (ids, o) => expectSame(ids.next, o.next, 'the next ID'),
    end: (ids, o) => expectSame(ids.take(), o.next, 'an ID'),
  });
}

export const MORTALS: MortalCases = {
  ...Object.fromEntries(Object.entries(POOLS).map(([name, shape]) => [`SharedIdPool, ${name}`, () => pool(shape)])),
  SharedNextId: () => counter(9),
};
