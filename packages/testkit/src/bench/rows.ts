// The headline rows of a package: each states a piece of work once, for its package and for one named alternative.
import type { Contestants, Prepared } from './workload.ts';

/** One row of `packages/NAME/bench/rows.ts`, which exports them as `rows`. */
export interface Row {
  /** Says what is done, to how many: 'IdPool: allocate, from empty, 100,000'. Names are unique in a file, and results are kept under them. */
  name: string;
  /** Prepares one run of the package's own code, which takes 0.1 ms at least. It has one thread: the clock is CPU time. */
  setup(): Prepared;
  /** The alternative that does the same work. */
  peer: { name: string; setup(): Prepared };
}

/** Makes of rows what processes of contestants run: `own` and `peer`, with an operation for each row. */
export function contestantsOf(rows: readonly Row[]): Contestants {
  return {
    own: Object.fromEntries(rows.map(({ name, setup }) => [name, setup])),
    peer: Object.fromEntries(rows.map(({ name, peer }) => [name, peer.setup])),
  };
}
