// The job of a child process: plays one process's plan on the running kernel.

import type { JobContext } from '@idspace/live-kernel';
import { openLiveProcess } from '@idspace/live-kernel';
import type { CheckpointTimer, ExecuteProgress, ProcessPlan } from '@idspace/restore-planner';
import { checkSigevents } from './checks.ts';
import type { ProcessRehearsal } from './rehearsal.ts';
import { rehearseProcess } from './rehearse-process.ts';
import type { StageTraits } from './stage.ts';

/** A call takes a microsecond or two: a stop is noticed within a tenth of a second. */
const TRAITS: StageTraits = { newestFirst: true, direction: 1, idCount: 2 ** 31, pauseEvery: 2 ** 15 };

/** What is played. */
export interface LivePart {
  /** As substitutePlan makes it. */
  plan: ProcessPlan;
  /** The timers that it makes without their signals. */
  silenced: CheckpointTimer[];
}

/** Plays a plan in this process, which must be a fresh one, and deletes everything it made. */
export async function rehearseLive(
  { plan, silenced }: LivePart,
  context: JobContext<ExecuteProgress>,
): Promise<ProcessRehearsal> {
  const stage = await openLiveProcess();
  const { rehearsal, cleanUp } = await rehearseProcess(plan, stage, TRAITS, context);
  cleanUp();
  if (rehearsal.ending === 'as-planned') rehearsal.checks.push(...checkSigevents(stage, silenced, process.pid));
  if (rehearsal.checks.every(({ check }) => check !== 'listing')) return rehearsal;
  const left = stage.procTimers();
  if (left !== '')
    rehearsal.checks.push({ check: 'clean-up', ok: false, text: `/proc/PID/timers still shows ${left}` });
  return rehearsal;
}
