// Warnings that tell one checkpoint from another.
import type { PlanWarning, ProcessPlan } from '@idspace/restore-planner';

/** True of every restore of a process with timers. */
const EVERYWHERE: ReadonlySet<PlanWarning['code']> = new Set(['counter-lost', 'mode-lost'] as const);

/** Leaves out the warnings that are true of every restore. */
export function tellingWarnings({ warnings }: ProcessPlan): PlanWarning[] {
  return warnings.filter(({ code }) => !EVERYWHERE.has(code));
}
