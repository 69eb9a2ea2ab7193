// A plan as JSON: the form that scripts read.
import { type Written, writtenTimer } from './plan-document.ts';
import type { CheckpointTimer, ProcessPlan, RestorePlan } from './types.ts';

/** A timer as a plan's JSON shows it: all that the image holds, with decimal strings for 64-bit numbers. */
export type PlanTimerJson = Written<CheckpointTimer>;

/** A process as a plan's JSON shows it. */
export interface ProcessPlanJson extends Omit<ProcessPlan, 'timers' | 'steps'> {
  timers: PlanTimerJson[];
}

/** A plan's JSON form. */
export interface PlanJson extends Omit<RestorePlan, 'processes'> {
  processes: ProcessPlanJson[];
}

/**
 * Turns a plan into plain data for JSON.stringify: no bigint, keys always in the same order.
 *
 * The steps are left out; the counts say what they sum up to. Timers have the form of {@link planDocument}: `sival` and the
 * `sec` and `nsec` of `interval` and `value` are decimal strings, as JSON numbers lose bits above 2⁵³.
 */
export function planToJson(plan: RestorePlan): PlanJson {
  const { processes, totals, ...rest } = plan;
  return { ...rest, processes: processes.map(processToJson), totals: { ...totals } };
}

function processToJson({ steps: _, pid, timers, ...rest }: ProcessPlan): ProcessPlanJson {
  return { pid, timers: timers.map(writtenTimer), ...rest };
}
