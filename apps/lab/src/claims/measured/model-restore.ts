// Restores planned, and then carried out call by call on a model of the kernel.
import { Kernel } from '@idspace/posix-timers';
import {
  type Checkpoint,
  clockName,
  executePlan,
  type Outcome,
  planRestore,
  type Strategy,
} from '@idspace/restore-planner';

/** RLIMIT_SIGPENDING of a machine with 24 GiB. */
export const USUAL_LIMIT = 96_365;
const CLOCK_MONOTONIC = 1;
const FIRST_PID = 1000;

/** Makes a checkpoint: for each list a process that has plain timers under these IDs. */
export function checkpointOf(...idLists: readonly (readonly number[])[]): Checkpoint {
  const zero = { sec: 0n, nsec: 0n };
  const plain = { clock: CLOCK_MONOTONIC, clockName: clockName(CLOCK_MONOTONIC), notify: 'none', signo: 0 } as const;
  const processes = idLists.map((ids, i) => ({
    pid: FIRST_PID + i,
    ppid: 0,
    threads: [FIRST_PID + i],
    timers: ids.map((id) => ({ id, ...plain, sival: 0n, interval: zero, value: zero, overrun: 0 })),
    rlimitSigpending: null,
  }));
  return { source: 'a claim', format: 'criu-v1.1', processes };
}

/** How a restore went. */
export interface ModelRestore {
  kernel: string;
  criu: string;
  outcome: Outcome;
  strategy: Strategy;
  creates: number;
  deletes: number;
  prctls: number;
  peakTimers: number;
  /** Whether the model answered every call as planned, and the timers were there at the end. */
  asPlanned: boolean;
}

export interface ModelOptions {
  /** RLIMIT_SIGPENDING. */
  sigpending?: number;
  /** Called with how much of the calls is done, 0…1. */
  onProgress?: (share: number) => void;
}

/** Plans the restore of IDs in one process, and makes its calls on a fresh kernel of that release. */
export async function restoreOnModel(
  ids: readonly number[],
  kernel: string,
  criu: string,
  { sigpending = USUAL_LIMIT, onProgress = () => {} }: ModelOptions = {},
): Promise<ModelRestore> {
  const [plan] = planRestore(checkpointOf(ids), { kernel, criu, sigpending }).processes;
  const report = await executePlan(plan, new Kernel({ release: kernel, sigpending }).spawn(), {
    onProgress: ({ done, total }) => onProgress(done / total),
  });
  const isThere = plan.outcome !== 'ok' || report.restored.length === ids.length;
  const { outcome, strategy, creates, deletes, prctls, peakTimers } = plan;
  const asPlanned = report.ending === 'as-planned' && isThere;
  return { kernel, criu, outcome, strategy, creates, deletes, prctls, peakTimers, asPlanned };
}
