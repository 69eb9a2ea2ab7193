// A rehearsal on the running kernel: a child process for each process of the checkpoint.

import { type ChildOptions, runInChild } from '@idspace/live-kernel';
import type { ExecuteProgress, RestorePlan } from '@idspace/restore-planner';
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
    const { plan: bare, substitutions, silenced, unverified } = substitutePlan(process);
    const rehearsal = await runInChild<typeof rehearseLive>(
      REHEARSE,
      { plan: bare, silenced },
      { signal, onProgress, ...child },
    );
    const isShared = process.warnings.some(({ code }) => code === 'shared-limit');
    played.push({
      ...rehearsal,
      substitutions,
      unverified: [...rehearsal.unverified, ...unverified, ...(isShared ? [SHARED] : [])],
    });
  }
  return played;
}
