// What each design costs: evaluate() and runWorkload() count it, predict() compares with a published benchmark, evaluateCell() is a sweep's part.
export { evaluate } from './evaluate/evaluate.ts';
export type {
  Category,
  DesignEvaluation,
  EvaluateOptions,
  Evaluation,
  FillWorkload,
  LookupOrder,
  OperationCost,
  OperationCounts,
  PhaseCosts,
  Series,
} from './evaluate/evaluation.ts';
export {
  LOOKUP_ORDERS,
  MAX_CPUS,
  MAX_PROCESSES,
  MAX_RECORDED_IN_512,
  MAX_RECORDED_TIMERS,
  MAX_SEED,
  MAX_THREADS,
  MAX_TIMERS,
} from './evaluate/limits.ts';
export { ADDRESS_HI, processAddresses } from './evaluate/processes.ts';
export { randomBelow } from './evaluate/random.ts';
export { STRIDE_TIMERS, strideSeries } from './evaluate/series.ts';
export type { Hardware } from './hardware/hardware.ts';
export { HARDWARE_NAMES, hardwareNamed } from './hardware/presets.ts';
export { hardwareSummary } from './hardware/summary.ts';
export { type Comparison, compareTimes, TIE } from './hardware/tie.ts';
export type { Ranged } from './hardware/variants.ts';
export { hasFixedBuckets, standsApart } from './layouts/kernel-layouts.ts';
export { judgedTimes, missesOf, type Ratio, ratiosOf } from './prediction/judge.ts';
export { type PredictedCell, type PredictedRow, PUBLISHED_CPUS, predict } from './prediction/predict.ts';
export { PUBLISHED, PUBLISHED_DESIGNS, PUBLISHED_SOURCE, type PublishedOperation } from './prediction/published.ts';
export { type Refusal, valueText } from './refusal.ts';
export { CELL_COSTS, type Cell, evaluateCell, weightOf } from './sweep/cell.ts';
export {
  AXES,
  type Axis,
  cellCount,
  checkGrid,
  countsRandom,
  DEFAULT_GRID,
  type Grid,
  MAX_CELL_TIMERS,
  MAX_SAMPLE,
  type Place,
  placeOf,
} from './sweep/grid.ts';
export { CHURNER_NAMES, churner } from './workloads/churners.ts';
export type { WorkloadDesign, WorkloadEvaluation } from './workloads/evaluation.ts';
export { EVENT_KINDS, type Workload } from './workloads/event.ts';
export { lookupTimes, runWorkload } from './workloads/run-workload.ts';
export { fillSituations, hasRivals, RIVALS, type Rival, type Situation, situations } from './workloads/situations.ts';
export { straceWorkload, workloadOf } from './workloads/strace.ts';
export { CallReader, StraceError, type StraceErrorCode } from './workloads/strace-calls.ts';
export { straceLine } from './workloads/strace-line.ts';
export type { WorkloadOptions } from './workloads/workload-options.ts';
export { WORKLOADS } from './workloads/workloads.ts';
