/** What a workload is told: sizes, key patterns, seeds; whatever its benchmark needs. */
export type Params = Readonly<Record<string, number | string>>;

/** One timed run, prepared: everything that must not be timed is done before. */
export interface Prepared {
  /** Is timed as a whole. */
  run(): unknown;
  /** Operations in one run; the figure is nanoseconds per operation. */
  ops: number;
  /** Instead of a time, the figure is what this returns after the run (bytes, counts). */
  figure?(): number;
}

/** Prepares one run. Called again before each, so that creation and growth can be inside or outside the timed part. */
export type Workload = (params: Params) => Prepared;

/** The workloads of each contestant, by operation. A benchmark module exports this as `contestants`. */
export type Contestants = Record<string, Record<string, Workload>>;
