// A rehearsal on the running kernel: a child process for each process of the checkpoint.

import { type ChildOptions, runInChild } from '@idspace/live-kernel';
import type { ExecuteProgress, ProcessPlan, RestorePlan } from '@idspace/restore-planner';
import { moduleUrl } from '../installed.ts';
import type { ProcessRehearsal } from './rehearsal.ts';
import type { rehearseLive } from './rehearse-live.ts';
import type { RehearseOptions } from './rehearse-process.ts';
import { substitutePlan } from './substitute-plan.ts';

const REHEARSE = { module: moduleUrl('rehearse/rehearse-live').href, name: 'rehearseLive' };
const SHARED = 'The processes were played one after the other: the limit that they share was not looked at.';

/** Plays all processes with timers, one after the other. */
export async function rehearseOnLive(
  plan: RestorePlan,
  { signal, onProgress }: RehearseOptions,
  child: Pick<ChildOptions<ExecuteProgress>, 'execArgv'> = {},
): Promise<ProcessRehearsal[]> {
  const played: ProcessRehearsal[] = [];
  for (const process of plan.processes) {
    if (process.timers.length === 0) continue;
    if (signal.aborted) break;
    const isShared = process.warnings.some(({ code }) => code === 'shared-limit');
    const { plan: bare, substitutions, silenced, unverified } = substitutePlan(isShared ? alone(process) : process);
    const rehearsal = await runInChild<typeof rehearseLive>(
      REHEARSE,
      { plan: bare, silenced },
      { signal, onProgress, ...child },
    );
    played.push({
      ...rehearsal,
      substitutions,
      unverified: [...rehearsal.unverified, ...unverified, ...(isShared ? [SHARED] : [])],
    });
  }
  return played;
}

/** Leaves out the create that is refused because of the timers of others: they have ended when this process is played. */
function alone(plan: ProcessPlan): ProcessPlan {
  const steps = plan.steps.filter((step) => step.op !== 'create' || step.id !== null);
  return { ...plan, steps, creates: plan.creates - (plan.steps.length - steps.length) };
}
