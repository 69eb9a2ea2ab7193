// ID allocators: each contestant as two small functions, the operations on them once.
import { IdPool } from '@idspace/next-id';
import { random } from '@idspace/testkit';
import type { Contestants, Params, Workload } from '@idspace/testkit/bench';
import { Ida, XArray } from '@idspace/xarray';

/** Hands out integers from 0 (or 1) on. */
export interface Allocator<A> {
  make(capacity: number): A;
  allocate(ids: A): number;
  free(ids: A, id: number): void;
}

/** A binary heap of free IDs: the lowest comes first. It checks nothing: freeing twice hands out twice. */
class FreeHeap {
  private readonly heap: number[] = [];
  private next = 0;

  allocate(): number {
    const { heap } = this;
    if (heap.length === 0) return this.next++;
    const lowest = heap[0]!;
    const last = heap.pop()!;
    const n = heap.length;
    if (n > 0) {
      let i = 0;
      for (let child = 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && heap[child + 1]! < heap[child]!) child++;
        if (heap[child]! >= last) break;
        heap[i] = heap[child]!;
        i = child;
      }
      heap[i] = last;
    }
    return lowest;
  }

  free(id: number): void {
    const { heap } = this;
    let i = heap.length;
    heap.push(id);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]! <= id) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = id;
  }
}

// The timed loops are functions of the module: code optimised for a closure is thrown away with it.

function allocateAll<A>(ids: Allocator<A>, a: A, n: number): A {
  for (let i = 0; i < n; i++) ids.allocate(a);
  return a;
}

function replaceAll<A>(ids: Allocator<A>, a: A, live: Int32Array, picks: Uint32Array): void {
  for (let i = 0; i < picks.length; i++) {
    const pick = picks[i]!;
    ids.free(a, live[pick]!);
    live[pick] = ids.allocate(a);
  }
}

/** The operations of one allocator. */
export function idWorkloads<A>(ids: Allocator<A>): Record<string, Workload> {
  const full = (n: number): A => allocateAll(ids, ids.make(n), n);
  /** Frees a random ID and allocates again, with `holes` IDs kept free; state goes on from run to run. */
  const churn = (share: number): Workload => {
    let state: { a: A; live: Int32Array; picks: Uint32Array } | undefined;
    let made = -1;
    return ({ n: size }: Params) => {
      const n = Number(size);
      const rng = random(7);
      if (!state || made !== n) {
        const a = full(n);
        const live = rng.shuffle(Int32Array.from({ length: n }, (_, i) => i));
        const holes = Math.floor(n * share);
        for (let i = 0; i < holes; i++) ids.free(a, live[i]!);
        const kept = live.subarray(holes);
        const picks = Uint32Array.from({ length: 1 << 16 }, () => rng.below(kept.length));
        state = { a, live: kept, picks };
        made = n;
      }
      const { a, live, picks } = state;
      return {
        ops: picks.length,
        run: () => replaceAll(ids, a, live, picks),
      };
    };
  };
  return {
    'alloc, fill from empty': ({ n }) => ({ ops: Number(n), run: () => full(Number(n)) }),
    'free random, alloc lowest': churn(0),
    'free random, alloc lowest, 10 % holes': churn(0.1),
  };
}

export const idContestants: Contestants = {
  XArray: idWorkloads<XArray>({
    make: () => new XArray({ alloc: 'from0' }),
    allocate: (a) => a.alloc(1),
    free: (a, id) => a.erase(id),
  }),
  Ida: idWorkloads<Ida>({
    make: () => new Ida(),
    allocate: (a) => a.allocate(),
    free: (a, id) => a.free(id),
  }),
  // What keeps an entry beside each ID, as XArray does, at the least: the floor of the rows at random.
  'Ida and Int32Array': idWorkloads<{ ids: Ida; entries: Int32Array }>({
    make: (capacity) => ({ ids: new Ida(), entries: new Int32Array(capacity) }),
    allocate: ({ ids, entries }) => {
      const id = ids.allocate();
      entries[id] = 1;
      return id;
    },
    free: ({ ids, entries }, id) => {
      entries[id] = 0;
      ids.free(id);
    },
  }),
  IdPool: idWorkloads<IdPool>({
    make: () => new IdPool(),
    allocate: (a) => a.allocate(),
    free: (a, id) => a.free(id),
  }),
  heap: idWorkloads<FreeHeap>({
    make: () => new FreeHeap(),
    allocate: (a) => a.allocate(),
    free: (a, id) => a.free(id),
  }),
};
