// Cyclic allocation: the next free ID after the last one, against probing a Set or a Map from there.
import { IdPool } from '@idspace/next-id';
import type { Contestants, Workload } from '@idspace/testkit/bench';
import { XArray } from '@idspace/xarray';

/** Hands out IDs below `space` in turn. */
interface Cyclic {
  allocate(): number;
  free(id: number): void;
}

const OPS = 1 << 16;

/** Frees the IDs of a ring one after the other and puts new ones in their places. */
function rotate(ids: Cyclic, ring: Int32Array, from: number): number {
  let at = from;
  for (let i = 0; i < OPS; i++) {
    ids.free(ring[at]!);
    ring[at] = ids.allocate();
    if (++at === ring.length) at = 0;
  }
  return at;
}

function workloads(make: (space: number) => Cyclic): Record<string, Workload> {
  /** Keeps the last `live` IDs in use: allocates one, frees the oldest. State goes on from run to run. */
  const window = (live: number, space: number): Workload => {
    let state: { ids: Cyclic; ring: Int32Array; at: number } | undefined;
    return () => {
      if (!state) {
        const ids = make(space);
        state = { ids, ring: Int32Array.from({ length: live }, () => ids.allocate()), at: 0 };
      }
      const { ids, ring } = state;
      return {
        ops: OPS,
        run: () => {
          state!.at = rotate(ids, ring, state!.at);
        },
      };
    };
  };
  /** 99 % of the IDs stay in use; the rest come and go. */
  const crowded = (space: number): Workload => {
    let ids: Cyclic | undefined;
    let moving: Int32Array;
    let at = 0;
    return () => {
      if (!ids) {
        ids = make(space);
        for (let i = 0; i < space; i++) ids.allocate();
        // One in a hundred, evenly spread, is free or about to be.
        moving = Int32Array.from({ length: space / 200 }, (_, i) => i * 200);
        for (let i = 0; i < space / 200; i++) ids.free(i * 200 + 100);
      }
      const live = ids;
      return {
        ops: OPS,
        run: () => {
          at = rotate(live, moving, at);
        },
      };
    };
  };
  return {
    'alloc cyclic, window of 1000': window(1000, 2 ** 31),
    'alloc cyclic, 99 % full': crowded(100_000),
  };
}

class CyclicXArray implements Cyclic {
  private readonly ids = new XArray({ alloc: 'from0' });
  private readonly max: number;
  private next = 0;
  constructor(space: number) {
    this.max = space - 1;
  }
  allocate(): number {
    const id = this.ids.allocCyclic(1, this.next, 0, this.max);
    this.next = id === this.max ? 0 : id + 1;
    return id;
  }
  free(id: number): void {
    this.ids.erase(id);
  }
}

class Probing<C extends { has(id: number): boolean; delete(id: number): boolean }> implements Cyclic {
  private readonly taken: C;
  private readonly take: (taken: C, id: number) => void;
  private readonly space: number;
  private next = 0;
  constructor(taken: C, take: (taken: C, id: number) => void, space: number) {
    this.taken = taken;
    this.take = take;
    this.space = space;
  }
  allocate(): number {
    let id = this.next;
    while (this.taken.has(id)) if (++id === this.space) id = 0;
    this.take(this.taken, id);
    this.next = id + 1 === this.space ? 0 : id + 1;
    return id;
  }
  free(id: number): void {
    this.taken.delete(id);
  }
}

export const cyclicContestants: Contestants = {
  XArray: workloads((space) => new CyclicXArray(space)),
  IdPool: workloads((space) => {
    const pool = new IdPool({ max: space - 1, reuse: 'cyclic' });
    return { allocate: () => pool.allocate(), free: (id) => pool.free(id) };
  }),
  'Set, probing': workloads((space) => new Probing(new Set<number>(), (set, id) => set.add(id), space)),
  'Map, probing': workloads((space) => new Probing(new Map<number, number>(), (map, id) => map.set(id, 1), space)),
};
