// The options of a workload.
/** What a workload can be told; each has a usual value of its own. */
export interface WorkloadOptions {
  processes?: number;
  threads?: number;
  /** Of each thread. */
  timers?: number;
  /** From one ID to the next. */
  stride?: number;
  /** IDs handed out per second. */
  rate?: number;
  seed: number;
}
export type WorkloadOption = Exclude<keyof WorkloadOptions, 'seed'>;
