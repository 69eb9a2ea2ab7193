// Plays the plan of one process, and looks at what came of it.
import { checkKeys } from '../check-keys.ts';
import { ERRNO } from '../errno.ts';
import { executePlan } from '../execute/execute-plan.ts';
import type { Report } from '../execute/report.ts';
import type { WarningCode } from '../spaces/timers/warnings/plan-warning.ts';
import type { ProcessPlan } from '../types.ts';
import { checkCalls, checkCharges, checkListing, checkNextId, checkSettings, cleanUp, result } from './checks.ts';
import type { ProcessRehearsal, RehearsalCheck, RehearsedProcess, RehearseOptions } from './process-rehearsal.ts';

/** A rehearsal, and how to undo it. */
export interface Rehearsed {
  rehearsal: ProcessRehearsal;
  /** Deletes what was created, leaves restore mode, and adds the check of it. */
  cleanUp(): void;
}

const KEYS: readonly string[] = [
  ...(['signal', 'onProgress', 'pauseEvery', 'newestFirst', 'direction', 'idCount', 'charged'] as const),
] satisfies (keyof RehearseOptions)[];

/**
 * Makes the calls of a process's plan, then looks at the listing, the charges, the times and the next ID: does a restore do what the plan says?
 *
 * A plan that fails, hangs or exceeds a limit is played up to there: it is as planned if it ends so. Timers are armed, as CRIU arms them at the end.
 * They stay until `cleanUp` is called.
 * @param plan Of one process.
 * @param process A fresh one, with nothing else making timers in it.
 * @throws RangeError (the promise is rejected) as {@link executePlan}.
 * Cost: the calls of the plan, and four for each timer.
 */
export async function rehearseProcess(
  plan: ProcessPlan,
  process: RehearsedProcess,
  options: RehearseOptions = {},
): Promise<Rehearsed> {
  checkKeys(options, KEYS);
  const { signal, onProgress, pauseEvery } = options;
  const report = await executePlan(plan, process, { signal, onProgress, pauseEvery });
  const refusal = foreseenRefusal(plan, report);
  const checks = report.ending === 'stopped' ? [] : checksOf(plan, process, options, report, refusal);
  const { creates, deletes, prctls, restored, seconds } = report;
  const [ending, differences] = refusal === null ? [report.ending, report.differences] : (['as-planned', []] as const);
  // biome-ignore format: what belongs together stands in a row
  const rehearsal: ProcessRehearsal = {
    pid: plan.pid, timers: plan.timers.length, outcome: plan.outcome, error: plan.error,
    ending, creates, deletes, prctls, ofCalls: plan.creates + plan.deletes + plan.prctls,
    restored, checks, unverified: unverifiedIn(plan), differences: [...differences], seconds,
  };
  return { rehearsal, cleanUp: () => void checks.push(cleanUp(process, report)) };
}

/** What a create may be refused with where the plan, by its warning, leaves that open. */
const FORESEEN: Readonly<Partial<Record<WarningCode, readonly number[]>>> = {
  'shared-limit': [ERRNO.EAGAIN!],
  'alarm-clock': [ERRNO.EOPNOTSUPP!, ERRNO.EPERM!],
  'dead-cpu-clock': [ERRNO.EINVAL!],
};

/** Whether the execution ended with a refusal that the plan leaves open; its error number, or null. */
function foreseenRefusal({ warnings }: ProcessPlan, { differences, ending }: Report): number | null {
  const [difference] = differences;
  if (ending !== 'differs' || difference === undefined || !difference.call.startsWith('timer_create')) return null;
  const errno = -difference.got;
  return warnings.some(({ code }) => FORESEEN[code]?.includes(errno)) ? errno : null;
}

function checksOf(
  plan: ProcessPlan,
  process: RehearsedProcess,
  options: RehearseOptions,
  report: Report,
  refusal: number | null,
): RehearsalCheck[] {
  if (refusal !== null) {
    const text = `${report.differences[0]!.call} was refused (${result(-refusal)}), as the plan leaves open; no call after it`;
    return [{ check: 'calls', ok: true, text }, checkCharges(report, options)];
  }
  const calls = checkCalls(report);
  if (!calls.ok) return [calls];
  const isWhole = plan.timers.length === report.restored.length;
  return [
    calls,
    checkListing(process, plan, report, options),
    checkCharges(report, options),
    ...(isWhole ? [checkSettings(process, plan)] : []),
    checkNextId(process, plan, report, options),
  ];
}

/** A plan without calls says nothing that a kernel could show. */
function unverifiedIn({ steps, error }: ProcessPlan): string[] {
  if (steps.length > 0) return [];
  return [
    `CRIU stops before its first call${error === null ? '' : ` (${error.split('\n')[0]})`}: there is nothing to play.`,
  ];
}
