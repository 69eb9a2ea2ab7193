// A rehearsal on the running kernel: a child process for each process of the checkpoint.

import { type ChildOptions, runInChild } from '@idspace/live-kernel';
import type { Checkpoint, ExecuteProgress, RestorePlan } from '@idspace/restore-planner';
import { moduleUrl } from '../installed.ts';
import { isRehearsed, type ProcessRehearsal, type RunOptions } from './rehearsal.ts';
import type { rehearseLive } from './rehearse-live.ts';
import { type LimitFacts, roomOf } from './room.ts';
import { substitutePlan } from './substitute-plan.ts';
import { unlessStopped } from './unless-stopped.ts';

const REHEARSE = { module: moduleUrl('rehearse/rehearse-live').href, name: 'rehearseLive' };

/**
 * Plays all processes with timers, one after the other, each under the RLIMIT_SIGPENDING of its images. The timers of those before have gone with their
 * processes, so the limit is lowered by their number.
 *
 * @param machine What is known of the limit on this machine, as the plan takes it.
 */
export async function rehearseOnLive(
  { processes }: Checkpoint,
  plan: RestorePlan,
  machine: LimitFacts,
  { signal, onProgress }: RunOptions,
  child: Pick<ChildOptions<ExecuteProgress>, 'execArgv'> = {},
): Promise<ProcessRehearsal[]> {
  const played: ProcessRehearsal[] = [];
  let before = 0; // timers of processes that came back whole; one that is refused a create ends
  for (const [index, process] of plan.processes.entries()) {
    if (!isRehearsed(process)) continue;
    if (signal.aborted) break;
    const { plan: bare, substitutions, silenced, unverified } = substitutePlan(process);
    const room = Math.max(0, roomOf(processes[index]!, machine) - before);
    const job = runInChild<typeof rehearseLive>(
      REHEARSE,
      { plan: bare, silenced, room },
      { signal, onProgress, ...child },
    );
    const rehearsal = await unlessStopped(job, signal);
    if (rehearsal === null) break;
    if (rehearsal.restored.length === process.timers.length) before += process.timers.length;
    played.push({ ...rehearsal, substitutions, unverified: [...rehearsal.unverified, ...unverified] });
  }
  return played;
}
