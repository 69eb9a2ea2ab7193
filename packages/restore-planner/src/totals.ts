// Sums over the processes of a plan.
import { worstOutcome } from './outcome.ts';
import type { PlanTotals, ProcessPlan } from './types.ts';

/** Adds up the plans of all processes. */
export function totalsOf(processes: readonly ProcessPlan[]): PlanTotals {
  const sum = (of: (plan: ProcessPlan) => number): number => processes.reduce((so, plan) => so + of(plan), 0);
  return {
    processes: processes.length,
    timers: sum((plan) => plan.timers.length),
    outcome: worstOutcome(processes.map((plan) => plan.outcome)),
    creates: sum((plan) => plan.creates),
    deletes: sum((plan) => plan.deletes),
    prctls: sum((plan) => plan.prctls),
    seconds: sum((plan) => plan.seconds),
  };
}
