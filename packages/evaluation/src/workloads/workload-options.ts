// The options of a workload.

import { MAX_PROCESSES, MAX_SEED, MAX_THREADS, MAX_TIMERS } from '../evaluate/limits.ts';
import { INT_MAX } from '../int-max.ts';
import { checkKeys, refusal, whole } from '../refusal.ts';

/** What a workload can be told; each has a usual value of its own. */
export interface WorkloadOptions {
  /** 1…4096. */
  processes?: number | undefined;
  /** 1…1024. */
  threads?: number | undefined;
  /** Of each thread, 1…2²². */
  timers?: number | undefined;
  /** From one ID to the next, 1…2³¹−1. */
  stride?: number | undefined;
  /** IDs handed out per second, above 0. */
  rate?: number | undefined;
  /** u32. */
  seed: number;
}
/** The name of an option that workloads may use. */
export type WorkloadOption = Exclude<keyof WorkloadOptions, 'seed'>;

/** Each whole number, and the highest it may be. */
const WHOLE = { processes: MAX_PROCESSES, threads: MAX_THREADS, timers: MAX_TIMERS, stride: INT_MAX };
const KEYS: readonly string[] = [...Object.keys(WHOLE), 'rate', 'seed'];

/** Returns options that are in range. @throws RangeError naming the one that is not, or that there is not. */
export function checkWorkload(options: WorkloadOptions): WorkloadOptions {
  checkKeys('options', options, KEYS);
  for (const [key, max] of Object.entries(WHOLE)) {
    const value = options[key as keyof typeof WHOLE];
    if (value !== undefined) whole(key, value, 1, max);
  }
  whole('seed', options.seed, 0, MAX_SEED);
  const { rate } = options;
  if (rate === undefined || (Number.isFinite(rate) && rate > 0)) return options;
  throw refusal('rate', String(rate), 'IDs per second, above 0');
}
