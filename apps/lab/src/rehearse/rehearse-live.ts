// The job of a child process: plays one process's plan on the running kernel.

import type { JobContext, LiveProcess } from '@idspace/live-kernel';
import { openLiveProcess, ownSigpending, ownSigq } from '@idspace/live-kernel';
import { EAGAIN, errnoName } from '@idspace/posix-timers';
import {
  type CheckpointTimer,
  type ExecuteProgress,
  type ProcessPlan,
  rehearseProcess,
} from '@idspace/restore-planner';
import { count, counted } from '../format/number.ts';
import { type Check, type ProcessRehearsal, toldOf } from './rehearsal.ts';

/** A call takes a microsecond or two: a stop is noticed within a tenth of a second. */
const PAUSE_EVERY = 2 ** 15;
const CLOCK_MONOTONIC = 1;
// biome-ignore format: what belongs together stands in a row
const SIGEV: Readonly<Record<CheckpointTimer['notify'], number>> = {
  signal: 0, none: 1, thread: 2, 'thread-id': 4, unknown: 3,
};

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
  { signal, onProgress }: JobContext<ExecuteProgress>,
): Promise<ProcessRehearsal> {
  const stage = await openLiveProcess();
  const notLimited = limit(stage, room, plan.peakTimers);
  const played = await rehearseProcess(plan, stage, { signal, onProgress, pauseEvery: PAUSE_EVERY });
  played.cleanUp();
  const rehearsal = toldOf(played.rehearsal);
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

/**
 * The kernel takes the signals and the kinds of notification of timers that were made without: makes one timer of each, disarmed, and deletes it.
 *
 * @param tid The thread that makes them.
 */
function checkSigevents(stage: LiveProcess, replaced: readonly CheckpointTimer[], tid: number): Check[] {
  const kinds = new Map(replaced.map((timer) => [`${timer.notify} ${timer.signo}`, timer]));
  if (kinds.size === 0) return [];
  for (const { notify, signo } of kinds.values()) {
    const got = stage.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV[notify], signo, tid });
    if (got === -EAGAIN)
      return [{ check: 'sigevents', ok: null, text: 'not looked at: no more timers are allowed (EAGAIN)' }];
    if (got >= 0) stage.timerDelete(got);
    else return [{ check: 'sigevents', ok: false, text: `${notify}, signal ${signo}: ${errnoName(-got)}` }];
  }
  return [{ check: 'sigevents', ok: true, text: `${counted(kinds.size, 'kind')} of notification and signal taken` }];
}
