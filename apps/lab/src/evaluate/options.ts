// What `evaluate` accepts, checked at the door.
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import type { Machine } from '../machine/machine.ts';
import { MACHINE_NAMES, machineNamed } from '../machine/presets.ts';
import type { EvaluateOptions, Workload } from './evaluation.ts';
import { MAX_CPUS, MAX_PROCESSES, MAX_SEED, MAX_THREADS, MAX_TIMERS } from './limits.ts';

/** Chain elements that a recorded phase may pass with 512 buckets, at eight accesses and 0.4 µs each: some four seconds. */
const RECORDED_WALK = 1e6;
/** Operations of a phase that are recorded at least. */
const LEAST_RECORDED = 400;
const OLD_BUCKETS = 512;
/** The churn is about IDs, not about size. */
const MAX_CHURN_TIMERS = 20_000;

/** Checked options. */
export interface Plan {
  designs: readonly DesignName[];
  workload: Workload;
  cpus: number;
  machine: Machine;
  /** Timers that live in the churn. */
  churnTimers: number;
  /** From one ID of a process to the next, where its timers are restored by ID. */
  stride?: number;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws RangeError naming the option, what was got and what is accepted.
 */
export function planEvaluation(options: EvaluateOptions): Plan {
  const designs = checkedDesigns(options.designs ?? DESIGNS);
  const processes = integer('processes', options.processes ?? 1, 1, MAX_PROCESSES);
  const threads = integer('threads', options.threads ?? 1, 1, MAX_THREADS);
  const timers = integer('timers', options.timers ?? 20_000, 1, MAX_TIMERS);
  const cpus = integer('cpus', options.cpus ?? 64, 1, MAX_CPUS);
  const seed = integer('seed', options.seed ?? 1, 0, MAX_SEED);
  const sample = integer('sample', options.sample ?? 20_000, 1000, 1_000_000);
  const machine = machineNamed(options.machine ?? MACHINE_NAMES[0]);
  const totalTimers = processes * threads * timers;
  if (totalTimers > MAX_TIMERS) {
    const got = `${processes} × ${threads} × ${timers} = ${totalTimers}`;
    throw new RangeError(`processes × threads × timers: got ${got}, expected at most ${MAX_TIMERS}`);
  }
  const chain = totalTimers / OLD_BUCKETS;
  // The same for all designs, so that a design costs the same in whatever company.
  const recorded = Math.min(
    totalTimers,
    sample,
    Math.max(LEAST_RECORDED, Math.floor(RECORDED_WALK / Math.max(chain, 1))),
  );
  const churnTimers = Math.min(totalTimers, Math.max(MAX_CHURN_TIMERS, processes));
  const workload = { processes, threads, timers, totalTimers, seed, recorded, churn: 2 * churnTimers };
  return { designs, workload, cpus, machine, churnTimers };
}

function checkedDesigns(designs: readonly DesignName[]): readonly DesignName[] {
  if (!Array.isArray(designs) || designs.length === 0) {
    throw new RangeError(`designs: got '${String(designs)}', expected some of ${DESIGNS.join(', ')}`);
  }
  for (const [i, design] of designs.entries()) {
    if (!DESIGNS.includes(design)) {
      throw new RangeError(`designs: got '${String(design)}', expected some of ${DESIGNS.join(', ')}`);
    }
    if (designs.indexOf(design) !== i)
      throw new RangeError(`designs: got '${design}' twice, expected each design once`);
  }
  return designs;
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name}: got ${String(value)}, expected a whole number, ${min}…${max}`);
}
