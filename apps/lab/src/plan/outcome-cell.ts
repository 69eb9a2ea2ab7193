// An outcome in a table of several checkpoints or pairs.
import { decisiveSpace, type RestorePlan } from '@idspace/restore-planner';

/** The outcome, and the ID space that decides it where that is not timers: 'fails (pids)'. */
export function outcomeCell(plan: RestorePlan): string {
  const space = decisiveSpace(plan);
  return space === null || space === 'timers' ? plan.outcome : `${plan.outcome} (${space})`;
}
