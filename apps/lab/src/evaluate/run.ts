// Run: a design's table with its recording, ready for the phases of a workload, and the time that its counts come to.
import { createTimerTable, type DesignName, scaledBuckets, type TimerTable } from '@idspace/posix-timers';
import { timerStructOf } from '../layouts/design-layout.ts';
import type { Operation } from '../layouts/reference-sink.ts';
import type { Machine } from '../machine/machine.ts';
import { type Load, type OperationTime, operationTime } from '../machine/operation-time.ts';
import type { Work } from '../machine/timeline.ts';
import { FastForward } from './fast-forward.ts';
import { MAX_CORES } from './limits.ts';
import type { Plan } from './options.ts';
import { Phases } from './phases.ts';
import { addProcesses, processAddresses } from './processes.ts';
import { Recording } from './recording.ts';

/** Buckets of the table of Linux 3.10–6.14. */
const OLD_BUCKETS = 512;

export interface Run {
  table: TimerTable;
  recording: Recording;
  phases: Phases;
}

/**
 * Makes an empty table and what is needed to run a workload on it.
 *
 * @param machines The plan's machine, or variants of it: the phases give a work for each.
 */
export function startRun(
  design: DesignName,
  { workload, cpus, machine, stride }: Plan,
  machines: readonly Machine[],
  progress: (operations: number) => void,
): Run {
  const { processes, threads, totalTimers, seed, recorded } = workload;
  const table = createTimerTable(design, { cpus, capacity: totalTimers, processes });
  const handles = addProcesses(table, processes, seed);
  const cores = Math.min(processes * threads, cpus, MAX_CORES);
  const recording = new Recording(table, design, cpus, machines, cores);
  const forward = new FastForward(table, handles, processAddresses(processes, seed));
  const warmTimers = Math.ceil(machine.levels[machine.levels.length - 1].size / timerStructOf(design).size);
  const schedule = {
    processes: handles,
    threads,
    timers: totalTimers,
    recorded,
    cores,
    warmTimers,
    ...(stride && { stride }),
  };
  return { table, recording, phases: new Phases(recording, forward, schedule, progress) };
}

/** Returns what an operation takes on a machine under the plan's load, and its locks all together. */
export function timeOf(
  operation: Operation,
  work: Work,
  design: DesignName,
  { workload, cpus }: Plan,
  machine: Machine,
): OperationTime & { lockAcquisitions: number } {
  const buckets = design.startsWith('hash-512') ? OLD_BUCKETS : scaledBuckets(cpus);
  const load: Load = { processes: workload.processes, threads: workload.threads, cpus, buckets };
  const time = operationTime({ operation, ...work }, load, machine);
  const lockAcquisitions = time.locks.reduce((sum, { acquired }) => sum + acquired, 0);
  return { ...time, lockAcquisitions };
}
