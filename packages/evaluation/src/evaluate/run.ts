// Run: a design's table with its recording, ready for the phases of a workload, and the time that follows from its counts.
import type { DesignName, TimerTable } from '@idspace/posix-timers';
import type { Hardware } from '../hardware/hardware.ts';
import { type Load, type OperationTime, operationTime } from '../hardware/operation-time.ts';
import type { Work } from '../hardware/timeline.ts';
import { bucketsOf } from '../layouts/kernel-layouts.ts';
import type { Operation } from '../layouts/reference-sink.ts';
import { FastForward } from './fast-forward.ts';
import { MAX_CORES } from './limits.ts';
import type { EvaluationPlan } from './options.ts';
import { Phases } from './phases.ts';
import { addOwners } from './processes.ts';
import { recordableTable } from './recordable-table.ts';
import { Recording } from './recording.ts';

/** A table, and what runs and records a workload on it. */
export interface Run {
  table: TimerTable;
  recording: Recording;
  phases: Phases;
}

/**
 * Makes an empty table and what is needed to run a workload on it.
 *
 * @param machines The plan's machine, or variants of it: the phases give a work for each.
 * @param js Whether the phases count JavaScript's layout, too.
 */
export function startRun(
  design: DesignName,
  { workload, cpus, machine, stride }: EvaluationPlan,
  machines: readonly Hardware[],
  progress: (operations: number) => void,
  js = false,
): Run {
  const { processes, threads, totalTimers, seed, recorded } = workload;
  const table = recordableTable(design, { cpus, capacity: totalTimers, processes });
  const owners = addOwners(table, processes, seed);
  const cores = Math.min(processes * threads, cpus, MAX_CORES);
  const recording = new Recording(table, design, cpus, machines, cores, js);
  const schedule = {
    processes: owners,
    threads,
    timers: totalTimers,
    recorded,
    cores,
    turnover: turnoverOf(machine, cores),
    seed,
    ...(stride && { stride }),
  };
  const forward = new FastForward(table, owners);
  return { table, recording, phases: new Phases(recording, forward, schedule, progress) };
}

/** Lines that drive out what was in the caches: half as many again as these hold, as sets do not fill evenly; 1 % stays. */
function turnoverOf({ levels }: Hardware, cores: number): number {
  const lines = levels.map(({ size, line }) => size / line);
  const last = lines.pop()!;
  return 1.5 * (last + cores * lines.reduce((sum, own) => sum + own, 0));
}

/** Returns what an operation takes on a machine under the plan's load, and its locks all together. */
export function timeOf(
  operation: Operation,
  work: Work,
  design: DesignName,
  { workload, cpus }: EvaluationPlan,
  machine: Hardware,
): OperationTime & { lockAcquisitions: number } {
  const { processes, threads } = workload;
  const load: Load = { processes, threads, cpus, buckets: bucketsOf(design, cpus) };
  const time = operationTime({ operation, ...work }, load, machine);
  const lockAcquisitions = time.locks.reduce((sum, { acquired }) => sum + acquired, 0);
  return { ...time, lockAcquisitions };
}
