// Plays the plan of one process on a stage, and looks at what came of it.
import { EAGAIN, EINVAL, EOPNOTSUPP, EPERM, errnoName } from '@idspace/posix-timers';
import {
  type ExecuteProgress,
  executePlan,
  type ProcessPlan,
  type Report,
  type TimerSyscalls,
  type WarningCode,
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
    signal,
    onProgress,
    ...(pauseEvery === undefined ? {} : { pauseEvery }),
  });
  const refusal = foreseenRefusal(plan, report);
  const checks = report.ending === 'stopped' ? [] : checksOf(plan, stage, traits, report, refusal);
  const { creates, deletes, prctls, restored, seconds } = report;
  const [ending, differences] = refusal === null ? [report.ending, report.differences] : (['as-planned', []] as const);
  // biome-ignore format: what belongs together stands in a row
  const rehearsal: ProcessRehearsal = {
    pid: plan.pid, timers: plan.timers.length, outcome: plan.outcome, error: plan.error,
    ending, creates, deletes, prctls, ofCalls: plan.creates + plan.deletes + plan.prctls,
    restored, checks, substitutions: [], unverified: unverifiedIn(plan), differences: [...differences], seconds,
  };
  return { rehearsal, cleanUp: () => void checks.push(cleanUp(stage, report)) };
}

/** What a create may be refused with where the plan, by its warning, leaves that open. */
const FORESEEN: Readonly<Partial<Record<WarningCode, readonly number[]>>> = {
  'shared-limit': [EAGAIN],
  'alarm-clock': [EOPNOTSUPP, EPERM],
  'dead-cpu-clock': [EINVAL],
};

/** Whether the execution ended with a refusal that the plan leaves open; its error number, or null. */
export function foreseenRefusal({ warnings }: ProcessPlan, { differences, ending }: Report): number | null {
  const [difference] = differences;
  if (ending !== 'differs' || difference === undefined || !difference.call.startsWith('timer_create')) return null;
  const errno = -difference.got;
  return warnings.some(({ code }) => FORESEEN[code]?.includes(errno)) ? errno : null;
}

function checksOf(
  plan: ProcessPlan,
  stage: Stage,
  traits: StageTraits,
  report: Report,
  refusal: number | null,
): Check[] {
  if (refusal !== null) {
    const text = `${report.differences[0]!.call} was refused (${errnoName(refusal)}), as the plan leaves open; no call after it`;
    return [{ check: 'calls', ok: true, text }, checkCharges(report, traits)];
  }
  const calls = checkCalls(report);
  if (!calls.ok) return [calls];
  const isWhole = plan.timers.length === report.restored.length;
  return [
    calls,
    checkListing(stage, plan, report, traits),
    checkCharges(report, traits),
    ...(isWhole ? [checkSettings(stage, plan)] : []),
    checkNextId(stage, plan, report, traits),
  ];
}

/** A plan without calls says nothing that a kernel could show. */
function unverifiedIn({ steps, error }: ProcessPlan): string[] {
  if (steps.length > 0) return [];
  return [
    `CRIU stops before its first call${error === null ? '' : ` (${error.split('\n')[0]})`}: there is nothing to play.`,
  ];
}
