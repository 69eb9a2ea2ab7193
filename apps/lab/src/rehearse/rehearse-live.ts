// The job of a child process: plays one process's plan on the running kernel.

import type { JobContext, LiveProcess } from '@idspace/live-kernel';
import { openLiveProcess, ownSigpending, ownSigq } from '@idspace/live-kernel';
import { errnoName } from '@idspace/posix-timers';
import type { CheckpointTimer, ExecuteProgress, ProcessPlan } from '@idspace/restore-planner';
import { count } from '../format/number.ts';
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
  /** Timers that the limit leaves, beside what is charged to this user: 0…2⁵³−1, or Infinity. */
  room: number;
}

/** Plays a plan in this process, which must be a fresh one, and deletes everything it made. */
export async function rehearseLive(
  { plan, silenced, room }: LivePart,
  context: JobContext<ExecuteProgress>,
): Promise<ProcessRehearsal> {
  const stage = await openLiveProcess();
  const notLimited = limit(stage, room, plan.peakTimers);
  const { rehearsal, cleanUp } = await rehearseProcess(plan, stage, TRAITS, context);
  cleanUp();
  rehearsal.unverified.push(...notLimited);
  if (rehearsal.ending === 'as-planned') rehearsal.checks.push(...checkSigevents(stage, silenced, process.pid));
  if (rehearsal.checks.every(({ check }) => check !== 'listing')) return rehearsal;
  const left = stage.procTimers();
  if (left !== '')
    rehearsal.checks.push({ check: 'clean-up', ok: false, text: `/proc/PID/timers still shows ${left}` });
  return rehearsal;
}

/** Lets this process play under a limit. Returns what could not be looked at, in sentences, where the kernel does not allow so much. */
function limit(stage: LiveProcess, room: number, peak: number): string[] {
  const charged = ownSigq();
  const most = charged + room;
  const refusal = stage.setSigpending(Number.isSafeInteger(most) ? most : Number.POSITIVE_INFINITY);
  const own = ownSigpending();
  if (refusal === 0 || charged + peak <= own) return [];
  return [
    `RLIMIT_SIGPENDING could not be set to ${count(most)} (${errnoName(-refusal)}): it was played under this user's, ${count(own)}.`,
  ];
}
