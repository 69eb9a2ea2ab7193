// Plans the restore of every process of a checkpoint by one CRIU on one kernel.
import { checkCheckpoint, checkOptions } from './check-input.ts';
import { type Ending, invalid, OK, type Restorer } from './criu/restorer.ts';
import { restorerOf } from './criu/restorer-of.ts';
import { idSpaceOf } from './id-space.ts';
import { kernelPolicy } from './kernel-policy.ts';
import { RestoreRun } from './restore-run.ts';
import { totalsOf } from './totals.ts';
import type {
  CallCounts,
  Checkpoint,
  CheckpointProcess,
  CheckpointTimer,
  PlanOptions,
  ProcessPlan,
  RestorePlan,
} from './types.ts';
import { withoutTagPrefix } from './version.ts';
import { type Findings, findingsOf } from './warnings/findings.ts';
import { warningsOf } from './warnings/warnings-of.ts';

/** What a create and its delete take, ns: SIGEV_NONE, CPU time, Linux 6.18.44 on x86-64, median of 7 × 10⁶. */
export const NS_PER_PAIR = 894;
/** What a create that stays takes, ns: one warm create in restore mode, same machine. */
export const NS_PER_RESTORE = 485;

const NS_PER_SECOND = 1e9;
const INT_MAX = 2 ** 31 - 1; // the highest timer ID

/**
 * Plans how CRIU would restore a checkpoint's POSIX timers, and tells how that ends.
 *
 * Each process is taken alone: a fresh signal_struct, and all of RLIMIT_SIGPENDING for itself, although the kernel counts it per user. Only where IDs are
 * system-wide (Linux ≤ 3.9) do processes meet: they are restored one after the other in the order of the checkpoint, on a system without other timers.
 * @param checkpoint From {@link readCheckpoint}, or made by hand; timer IDs 0…2³¹−1, distinct within a process.
 * @returns Counts are exact for that CRIU on that kernel; seconds follow from them at the stated rates.
 * @throws RangeError for an unknown kernel or CRIU, a version that is no string, a rate or limit below 0, anything that has not the shape of a
 *   checkpoint, or an ID that is out of range or occurs twice.
 * Cost: O(n log n) in the number of timers, whatever their IDs.
 */
export function planRestore(checkpoint: Checkpoint, options: PlanOptions): RestorePlan {
  checkCheckpoint(checkpoint);
  checkOptions(options);
  const { kernel, criu, nsPerPair = NS_PER_PAIR, nsPerRestore = NS_PER_RESTORE, sigpending } = options;
  const policy = kernelPolicy(kernel);
  const restorer = restorerOf(criu);
  const shared = policy.namespace === 'system' ? idSpaceOf(policy) : undefined;
  const processes = checkpoint.processes.map((process) => {
    const limit = Number(sigpending ?? process.rlimitSigpending ?? Number.POSITIVE_INFINITY);
    const timers = inRestoreOrder(process);
    const findings = findingsOf(process, timers, checkpoint);
    const run = new RestoreRun(policy, shared ?? idSpaceOf(policy), limit, findings.refused);
    return planProcess(process, timers, findings, restorer, run, ({ creates, deletes }) => {
      return (deletes * nsPerPair + (creates - deletes) * nsPerRestore) / NS_PER_SECOND;
    });
  });
  const totals = totalsOf(processes);
  return {
    kernel: withoutTagPrefix(kernel),
    criu: withoutTagPrefix(criu),
    nsPerPair,
    nsPerRestore,
    outcome: totals.outcome,
    processes,
    totals,
  };
}

function planProcess(
  process: CheckpointProcess,
  timers: CheckpointTimer[],
  findings: Findings,
  restorer: Restorer,
  run: RestoreRun,
  secondsOf: (counts: CallCounts) => number,
): ProcessPlan {
  const ids = timers.map((timer) => timer.id);
  const ending = endingOf(findings, () => (ids.length === 0 ? OK : restorer(run, ids)));
  const nextId = run.next;
  if (ending.outcome !== 'ok') run.exit();
  const { creates, deletes, prctls, peak, strategy, steps } = run;
  return {
    pid: process.pid,
    ...(process.container !== undefined && { container: process.container }),
    timers,
    strategy,
    outcome: ending.outcome,
    error: ending.lines.length === 0 ? null : ending.lines.join('\n'),
    errno: ending.errno,
    creates,
    deletes,
    prctls,
    peakTimers: peak,
    nextId,
    seconds: secondsOf(run),
    warnings: warningsOf(process, findings, { outcome: ending.outcome, nextId }),
    steps,
  };
}

function endingOf(findings: Findings, restore: () => Ending): Ending {
  return findings.invalid === null ? restore() : invalid(findings.invalid);
}

/** Sorts as CRIU does before it creates anything (criu/timer.c, sort_posix_timers), and checks the IDs. */
function inRestoreOrder(process: CheckpointProcess): CheckpointTimer[] {
  const timers = [...process.timers].sort((a, b) => a.id - b.id);
  let last = -1;
  for (const { id } of timers) {
    if (!Number.isInteger(id) || id < 0 || id > INT_MAX || id === last) {
      throw new RangeError(`timers of process ${process.pid}: got ID ${id}, expected distinct integers, 0…${INT_MAX}`);
    }
    last = id;
  }
  return timers;
}
