// The headline rows: `pnpm bench keep next-id`, `pnpm bench compare REV next-id`.
import { GenerationalId, IdPool } from '@idspace/next-id';
import { SharedIdPool } from '@idspace/next-id/shared';
import { random } from '@idspace/testkit';
import type { Prepared, Row } from '@idspace/testkit/bench';

/** What hands out IDs. */
interface Ids {
  allocate(): number;
  free(id: number): unknown;
}

const N = 100_000;

// The timed loops are functions of the module: code optimised for a closure is thrown away with it.

function fill(ids: Ids): Float64Array {
  const all = new Float64Array(N);
  for (let i = 0; i < N; i++) all[i] = ids.allocate();
  return all;
}

function replaceAll(ids: Ids, all: Float64Array, at: Int32Array): void {
  for (let i = 0; i < at.length; i++) {
    ids.free(all[at[i]!]!);
    all[at[i]!] = ids.allocate();
  }
}

function countHeld(ids: { has(id: number): boolean }, all: Float64Array, at: Int32Array): number {
  let held = 0;
  for (let i = 0; i < at.length; i++) if (ids.has(all[at[i]!]!)) held++;
  return held;
}

const filling = (make: () => Ids) => (): Prepared => ({ ops: N, run: () => fill(make()) });

/** What is made once for a process and goes on from run to run. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** IDs in use, all of them, and the same in one shuffled order. */
const full = <I extends Ids>(make: () => I): (() => { ids: I; all: Float64Array; at: Int32Array }) =>
  once(() => {
    const ids = make();
    const at = random(1).shuffle(Int32Array.from({ length: N }, (_, i) => i));
    return { ids, all: fill(ids), at };
  });

const replacing = (make: () => Ids): (() => Prepared) => {
  const state = full(make);
  return () => {
    const { ids, all, at } = state();
    return { ops: N, run: () => replaceAll(ids, all, at) };
  };
};

const asking = (make: () => Ids & { has(id: number): boolean }): (() => Prepared) => {
  const state = full(make);
  return () => {
    const { ids, all, at } = state();
    return { ops: N, run: () => countHeld(ids, all, at) };
  };
};

/** What programs write by hand: a number that goes up, and a Set of those in use. */
class CountedSet implements Ids {
  private readonly taken = new Set<number>();
  private next = 0;
  allocate(): number {
    this.taken.add(this.next);
    return this.next++;
  }
  free(id: number): boolean {
    return this.taken.delete(id);
  }
  has(id: number): boolean {
    return this.taken.has(id);
  }
}

const SET = 'counter and Set';
const pool = (): IdPool => new IdPool();
/** With as many IDs as are taken: nothing is free but what was just given back. */
const shared = (): SharedIdPool => new SharedIdPool({ max: N - 1 });
const generational = (): GenerationalId => new GenerationalId();
const set = (): CountedSet => new CountedSet();

export const rows: readonly Row[] = [
  { name: 'IdPool: allocate from empty', setup: filling(pool), peer: { name: SET, setup: filling(set) } },
  {
    name: 'IdPool: free at random and allocate',
    setup: replacing(pool),
    peer: { name: SET, setup: replacing(set) },
  },
  { name: 'IdPool: has, at random', setup: asking(pool), peer: { name: SET, setup: asking(set) } },
  {
    name: 'IdPool, cyclic: free at random and allocate',
    setup: replacing(() => new IdPool({ reuse: 'cyclic' })),
    peer: { name: SET, setup: replacing(set) },
  },
  {
    name: 'GenerationalId: allocate from empty',
    setup: filling(generational),
    peer: { name: SET, setup: filling(set) },
  },
  {
    name: 'GenerationalId: free at random and allocate',
    setup: replacing(generational),
    peer: { name: SET, setup: replacing(set) },
  },
  { name: 'GenerationalId: has, at random', setup: asking(generational), peer: { name: SET, setup: asking(set) } },
  {
    name: 'SharedIdPool: allocate from empty',
    setup: filling(shared),
    peer: { name: SET, setup: filling(set) },
  },
  {
    name: 'SharedIdPool, all IDs taken: free at random and allocate',
    setup: replacing(shared),
    peer: { name: SET, setup: replacing(set) },
  },
];
