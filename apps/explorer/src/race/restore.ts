// Restores of plain timers, planned: the IDs alone decide what they cost.
import {
  type Checkpoint,
  clockName,
  type PlanOptions,
  type ProcessPlan,
  planRestore,
} from '@idspace/restore-planner/plan';

export const INT_MAX: number = 2 ** 31 - 1;
/** The timers of the published example. Source: ec2d0c04624b, March 2025. */
export const EXAMPLE_IDS: readonly number[] = [1_000_000, 2_000_000];
/** RLIMIT_SIGPENDING, timers a user may have, on a machine with 24 GiB. */
export const USUAL_LIMIT = 96_365;

const CLOCK_MONOTONIC = 1;
const PID = 1000;
const ZERO = { sec: 0n, nsec: 0n };

/** Makes the checkpoint of one process that has plain timers under these IDs. */
export function plainCheckpoint(ids: readonly number[]): Checkpoint {
  const timers = ids.map((id) => ({
    id,
    clock: CLOCK_MONOTONIC,
    clockName: clockName(CLOCK_MONOTONIC),
    notify: 'none' as const,
    signo: 0,
    sival: 0n,
    interval: ZERO,
    value: ZERO,
    overrun: 0,
  }));
  const process = { pid: PID, ppid: 0, threads: [PID], timers, rlimitSigpending: null };
  return { source: 'this page', format: 'criu-v1.1', processes: [process] };
}

/** Plans how these IDs come back in one process. */
export function planOf(ids: readonly number[], options: PlanOptions): ProcessPlan {
  return planRestore(plainCheckpoint(ids), options).processes[0];
}
