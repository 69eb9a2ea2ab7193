// Plays the plan of one process on a stage, and looks at what came of it.
import {
  type ExecuteProgress,
  executePlan,
  type ProcessPlan,
  type Report,
  type TimerSyscalls,
} from '@idspace/restore-planner';
import { checkCalls, checkCharges, checkListing, checkNextId, checkSettings, cleanUp } from './checks.ts';
import type { Check, ProcessRehearsal } from './rehearsal.ts';
import type { Stage, StageTraits } from './stage.ts';

/** How a process is rehearsed. */
export interface RehearseOptions {
  signal: AbortSignal;
  onProgress: (progress: ExecuteProgress) => void;
}

/** A rehearsal, and how to undo it. */
export interface Played {
  rehearsal: ProcessRehearsal;
  /** Deletes what was created; adds the check of it. */
  cleanUp(): void;
}

/** Makes the calls, then looks at listing, charges, settings and next ID. Timers stay until `cleanUp` is called. */
export async function rehearseProcess(
  plan: ProcessPlan,
  stage: Stage,
  traits: StageTraits,
  { signal, onProgress }: RehearseOptions,
): Promise<Played> {
  const { pauseEvery } = traits;
  const report = await executePlan(plan, stage as TimerSyscalls, {
    ...{ signal, onProgress },
    ...(pauseEvery === undefined ? {} : { pauseEvery }),
  });
  const checks = report.ending === 'stopped' ? [] : checksOf(plan, stage, traits, report);
  const { ending, creates, deletes, prctls, restored, differences, seconds } = report;
  const rehearsal: ProcessRehearsal = {
    ...{ pid: plan.pid, timers: plan.timers.length, outcome: plan.outcome, error: plan.error },
    ...{ ending, creates, deletes, prctls, ofCalls: plan.creates + plan.deletes + plan.prctls },
    ...{ restored, checks, substitutions: [], differences, seconds },
  };
  return { rehearsal, cleanUp: () => void checks.push(cleanUp(stage, report)) };
}

function checksOf(plan: ProcessPlan, stage: Stage, traits: StageTraits, report: Report): Check[] {
  const calls = checkCalls(report);
  if (!calls.ok) return [calls];
  return [
    calls,
    checkListing(stage, plan, report, traits),
    checkCharges(report, traits),
    ...(plan.outcome === 'ok' ? [checkSettings(stage, plan)] : []),
    checkNextId(stage, plan, report, traits),
  ];
}
