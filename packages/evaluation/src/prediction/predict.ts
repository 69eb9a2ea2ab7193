// predict: what the machine model predicts for the published measurements, cell by cell.
import type { EvaluateOptions } from '../evaluate/evaluation.ts';
import { type EvaluationPlan, planEvaluation } from '../evaluate/options.ts';
import { startRun, timeOf } from '../evaluate/run.ts';
import { hardwareAndVariants, type Ranged, ranged } from '../hardware/variants.ts';
import type { Operation } from '../layouts/reference-sink.ts';
import { checkKeys } from '../refusal.ts';
import {
  PUBLISHED,
  PUBLISHED_DESIGNS,
  type PublishedDesign,
  type PublishedOperation,
  type PublishedRow,
} from './published.ts';

/** Where a predicted time goes, ns per operation of one thread. */
export interface TimeParts {
  /** The call, and what it does beside the table. */
  call: number;
  /** Its memory references, those under locks included. */
  memory: number;
  /** The wait for locks and the count of pending signals. */
  waiting: number;
}

/** One predicted time. */
export interface PredictedCell {
  design: PublishedDesign;
  operation: PublishedOperation;
  /** All operations of a thread, ms, as printed in the letter. */
  publishedMs: number;
  predictedMs: Ranged;
  /** Whether the published time, which is printed in whole milliseconds, can lie in that range. */
  inRange: boolean;
  /** The same by machine: the preset, then its variants. */
  byMachine: readonly number[];
  parts: TimeParts;
}

/** A row of the published table, predicted. */
export interface PredictedRow {
  /** Whether the model was calibrated on this row: then it is a fit, not a prediction. */
  calibration: boolean;
  threads: number;
  timers: number;
  cells: PredictedCell[];
}

/** What the rows are predicted with; see EvaluateOptions. */
export type PredictOptions = Pick<EvaluateOptions, 'seed' | 'machine' | 'sample' | 'onProgress'>;

const DESIGNS = Object.keys(PUBLISHED_DESIGNS) as PublishedDesign[];
const OPERATIONS: Record<PublishedOperation, Operation> = { create: 'create', getoverrun: 'lookup' };
/** As many as the published 63 threads and one to control them. */
export const PUBLISHED_CPUS = 64;

const KEYS: readonly string[] = ['seed', 'machine', 'sample', 'onProgress'] satisfies (keyof PredictOptions)[];

/**
 * Predicts rows of the published table on a machine of 64 CPUs. A pure function: the same options, the same result.
 *
 * @throws RangeError naming the option that there is not, or that is out of range.
 */
export function predict(
  options: PredictOptions = {},
  rows: readonly PublishedRow[] = PUBLISHED,
  designs: readonly PublishedDesign[] = DESIGNS,
): PredictedRow[] {
  checkKeys('options', options, KEYS);
  const { onProgress, ...flags } = options;
  const plans = rows.map(({ threads, timers }) =>
    planEvaluation({ ...flags, designs, threads, timers, cpus: PUBLISHED_CPUS }),
  );
  const total = plans.reduce((sum, { workload }) => sum + 2 * workload.totalTimers * designs.length, 0);
  let done = 0;
  return rows.map((row, i) => ({
    calibration: row === PUBLISHED[0],
    threads: row.threads,
    timers: row.timers,
    cells: designs.flatMap((design) =>
      predictDesign(design, row, plans[i], (operations) => {
        done += operations;
        onProgress?.({ design, done, total });
      }),
    ),
  }));
}

function predictDesign(
  design: PublishedDesign,
  row: PublishedRow,
  plan: EvaluationPlan,
  progress: (operations: number) => void,
): PredictedCell[] {
  const machines = hardwareAndVariants(plan.machine);
  const { recording, phases } = startRun(design, plan, machines, progress);
  const cells = (Object.keys(OPERATIONS) as PublishedOperation[]).map((operation): PredictedCell => {
    const kind = OPERATIONS[operation];
    const { work } = phases.run(kind);
    const times = work.map((one, i) => timeOf(kind, one, design, plan, machines[i]));
    const byMachine = times.map(({ nsPerOp }) => (nsPerOp * row.timers) / 1e6);
    const { syscallNs, createNs, lookupNs } = plan.machine.parameters;
    const call = syscallNs.value + (kind === 'create' ? createNs : lookupNs).value;
    const parts = { call, memory: work[0].memoryNs, waiting: times[0].nsPerOp - call - work[0].memoryNs };
    const publishedMs = row.ms[operation][design];
    const predictedMs = ranged(byMachine);
    return { design, operation, publishedMs, predictedMs, inRange: liesIn(publishedMs, predictedMs), byMachine, parts };
  });
  recording.stop();
  return cells;
}

/** Half of the last digit that is printed. */
const PRINTED_MS = 0.5;

/** Whether a time, printed in whole milliseconds, can lie in a range. */
export function liesIn(publishedMs: number, { low, high }: Ranged): boolean {
  return publishedMs + PRINTED_MS >= low && publishedMs - PRINTED_MS <= high;
}
