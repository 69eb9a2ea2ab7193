// A job for a child process: finds out by experiment how the running kernel hands out timer IDs, and what that costs.
import type { JobContext } from '../job.ts';
import type { LiveProcess } from '../live-process.ts';
import { openIdleProcess, openLiveProcess } from '../open-live-process.ts';
import { CLOCK_MONOTONIC, PR_TIMER_CREATE_RESTORE_IDS, SIGEV_NONE } from '../timer-types.ts';
import { type Cost, costOf } from './cost.ts';
import { findPolicy, hasRestoreCall, type PolicyFound } from './find-policy.ts';
import { median } from './median.ts';

/** How long to measure. */
export interface MeasureInput {
  /** Samples of each quantity; the medians count. */
  readonly rounds: number;
  /** Create+delete pairs in a sample. */
  readonly pairs: number;
}

/** What was found. Times are wall time in nanoseconds, as a C program would see them. */
export interface KernelMeasures extends PolicyFound {
  /** prctl(PR_TIMER_CREATE_RESTORE_IDS) is there. */
  readonly restoreCall: boolean;
  readonly nsPerPair: number;
  /** null without the restore call. */
  readonly nsPerRestore: number | null;
  /** The same with its spread: 'create + delete', then 'create by ID' if there is the restore call. */
  readonly costs: readonly Cost[];
  /** What of a pair's time as measured from here was the way to the kernel and back, and is not in `nsPerPair`. */
  readonly callingNsPerPair: number;
  /** The kernel lists timers in /proc/PID/timers. */
  readonly listing: boolean;
}

const NONE = { notify: SIGEV_NONE };
/** Timers made by ID in a sample: few enough for any RLIMIT_SIGPENDING. */
const RESTORES = 200;

/** Measures the kernel this process runs on. Its IDs are used up: run it in a child. */
export async function measureKernel(
  { rounds, pairs }: MeasureInput,
  { signal, onProgress }: JobContext<number>,
): Promise<KernelMeasures> {
  const live = await openLiveProcess();
  const idle = await openIdleProcess();
  const policy = findPolicy(live);
  const restoreCall = hasRestoreCall(live);
  const samples = {
    pair: [] as number[],
    idlePair: [] as number[],
    restore: [] as number[],
    idleRestore: [] as number[],
  };
  for (const kernel of [live, idle]) timePairs(kernel, pairs); // warm up
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    samples.pair.push(timePairs(live, pairs));
    samples.idlePair.push(timePairs(idle, pairs));
    if (restoreCall) {
      samples.restore.push(timeRestores(live));
      samples.idleRestore.push(timeRestores(idle));
    }
    onProgress((round + 1) / rounds);
    await new Promise(setImmediate); // lets an abort come through
  }
  const { user, system } = process.cpuUsage(cpu);
  const cpuShare = ((user + system) * 1000) / Number(process.hrtime.bigint() - wall);
  const calling = median(samples.idlePair);
  return {
    ...policy,
    restoreCall,
    nsPerPair: Math.round(median(samples.pair) - calling),
    nsPerRestore: restoreCall ? Math.round(median(samples.restore) - median(samples.idleRestore)) : null,
    costs: [
      costOf('create + delete', samples.pair, calling, cpuShare),
      ...(restoreCall ? [costOf('create by ID', samples.restore, median(samples.idleRestore), cpuShare)] : []),
    ],
    callingNsPerPair: Math.round(calling),
    listing: hasListing(live),
  };
}

/** Returns nanoseconds per create+delete pair. */
function timePairs(kernel: LiveProcess, pairs: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < pairs; i++) {
    const id = kernel.timerCreate(CLOCK_MONOTONIC, NONE, 0); // the idle one answers with what stands in the buffer
    if (id < 0 || kernel.timerDelete(id) !== 0) throw new Error(`a create+delete pair failed: timer_create gave ${id}`);
  }
  return Number(process.hrtime.bigint() - start) / pairs;
}

/** Returns nanoseconds per timer made by ID. */
function timeRestores(kernel: LiveProcess): number {
  kernel.prctl(PR_TIMER_CREATE_RESTORE_IDS, 1);
  const start = process.hrtime.bigint();
  for (let id = 0; id < RESTORES; id++) {
    const made = kernel.timerCreate(CLOCK_MONOTONIC, NONE, id);
    if (made < 0) throw new Error(`making timer ${id} by ID failed: timer_create gave ${made}`);
  }
  const ns = Number(process.hrtime.bigint() - start) / RESTORES;
  kernel.prctl(PR_TIMER_CREATE_RESTORE_IDS, 0);
  for (let id = 0; id < RESTORES; id++) kernel.timerDelete(id);
  return ns;
}

function hasListing(live: LiveProcess): boolean {
  try {
    live.procTimers();
    return true;
  } catch {
    return false;
  }
}
