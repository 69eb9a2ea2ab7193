// A plan as JSON: the form that scripts read.
import type { CheckpointTimer, PlanTotals, ProcessPlan, RestorePlan } from './types.ts';

/** A timer as a plan's JSON shows it. */
export interface PlanTimerJson extends Pick<CheckpointTimer, 'id' | 'clock' | 'clockName' | 'notify' | 'signo'> {
  /** Decimal: JSON numbers lose bits above 2⁵³. */
  sival: string;
}

/** A process as a plan's JSON shows it. */
export interface ProcessPlanJson extends Omit<ProcessPlan, 'timers' | 'steps'> {
  timers: PlanTimerJson[];
}

/** A plan's JSON form. */
export interface PlanJson extends Omit<RestorePlan, 'processes'> {
  processes: ProcessPlanJson[];
  totals: PlanTotals;
}

/**
 * Turns a plan into plain data for JSON.stringify: no bigint, keys always in the same order.
 *
 * The steps are left out; the counts say what they sum up to.
 */
export function planToJson(plan: RestorePlan): PlanJson {
  const { kernel, criu, nsPerPair, nsPerRestore, processes, totals } = plan;
  return { kernel, criu, nsPerPair, nsPerRestore, processes: processes.map(processToJson), totals: { ...totals } };
}

function processToJson({ steps: _, pid, timers, ...rest }: ProcessPlan): ProcessPlanJson {
  return { pid, timers: timers.map(timerToJson), ...rest };
}

function timerToJson({ id, clock, clockName, notify, signo, sival }: CheckpointTimer): PlanTimerJson {
  return { id, clock, clockName, notify, signo, sival: sival.toString() };
}
