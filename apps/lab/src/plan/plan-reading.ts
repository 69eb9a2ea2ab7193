// A plan in one sentence.
import type { ProcessPlan, RestorePlan } from '@idspace/restore-planner';
import { kernelName, restorerName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import { pairRateText } from './plan-cost.ts';

/** Says in plain words what a plan means for one process. */
export function readProcess(plan: RestorePlan, process: ProcessPlan): string {
  const { criu, kernel } = plan;
  const where = `On ${kernelName(kernel)}, ${restorerName(criu)}`;
  if (process.timers.length === 0) return `Process ${process.pid} has no POSIX timers: nothing to restore.`;
  return `${where} ${ENDINGS[process.outcome](process, plan)}`;
}

/** How IDs are asked for, by strategy. */
const ASKING: Partial<Record<ProcessPlan['strategy'], string>> = {
  'restore-ids': 'asks the kernel for each ID',
  'create-at-id': 'names the ID in each create',
  cursor: 'sets the cursor to each ID before its create',
};

/** The rest of the sentence "On Linux X, CRIU Y …", by outcome. */
const ENDINGS: Record<ProcessPlan['outcome'], (process: ProcessPlan, plan: RestorePlan) => string> = {
  ok: succeeds,
  depends: (process, plan) => `succeeds or fails, as the warnings say; if it succeeds, it ${succeeds(process, plan)}`,
  fails: ({ creates, deletes, prctls }) =>
    creates + prctls === 0
      ? 'gives up before it creates a timer: the restore fails.'
      : `gives up after ${counted(creates, 'create')} and ${counted(deletes, 'delete')}: the restore fails.`,
  hangs: ({ timers, creates }) =>
    `never ends: to reach ID ${count(highest(timers))} it creates and deletes the same IDs again and again ` +
    `(the state repeats after ${counted(creates, 'create')}).`,
  'exceeds-limit': ({ creates, errno, warnings }) =>
    warnings.some(({ code }) => code === 'shared-limit')
      ? `fails: the timers of all processes are charged to one user, and RLIMIT_SIGPENDING does not allow so many (${errno}).`
      : `fails at create number ${count(creates)}: RLIMIT_SIGPENDING allows no more timers (${errno}).`,
};

function succeeds({ strategy, timers, creates, deletes, peakTimers, seconds }: ProcessPlan, plan: RestorePlan): string {
  const time = `about ${duration(seconds, 2)}`;
  const asks = ASKING[strategy];
  if (asks !== undefined) return `${asks}: ${counted(creates, 'create')}, nothing to delete: ${time}.`;
  if (deletes === 0) return `gets the IDs in order by ${counted(creates, 'create')}, nothing to delete: ${time}.`;
  if (strategy === 'fill') {
    const all = `creates all timers up to ID ${count(highest(timers))} and deletes the ${count(deletes)} in between`;
    return `${all}, ${count(peakTimers)} alive at the same time: ${time} at ${pairRateText(plan)}.`;
  }
  return `creates and deletes ${counted(deletes, 'timer')} to reach ID ${count(highest(timers))}: ${time} at ${pairRateText(plan)}.`;
}

function highest(timers: ProcessPlan['timers']): number {
  return timers.at(-1)?.id ?? 0;
}
