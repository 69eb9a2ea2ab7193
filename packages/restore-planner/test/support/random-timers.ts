// Timers of every sort, good ones and such as a kernel refuses, for a process of two threads.
import type { CheckpointTimer, PlanOptions } from '@idspace/restore-planner';
import type { Random } from '@idspace/testkit';
import { timerOf } from './checkpoints.ts';

export const PID = 50;
export const THREAD = 51;
const GONE = 52;

const cpuClock = (pid: number, kind: number): number => (~pid << 3) | kind;

/** Clocks without timers, or that are none, and a CPU clock of a kind that there is not. */
const TIMERLESS = [4, 5, 6, 10, 12, 16, 99, 2 ** 31 - 1, cpuClock(9, 3), cpuClock(0, 7), cpuClock(PID, 7)];
const SIGNALS = [1, 34, 64];
const NO_SIGNALS = [0, -1, 65, 2 ** 31 - 1];
const KINDS = [3, 5, 6, 7, 16, -1];

/** A timer that may have any fault, or several; most have none. */
export function randomTimer(id: number, rng: Random, faults = 0.06): CheckpointTimer {
  const isWrong = (): boolean => rng.chance(faults);
  const who = isWrong() ? rng.pick([GONE, THREAD]) : PID;
  const good = [0, 1, 2, 3, 7, -6, -2, cpuClock(who, rng.pick([0, 1, 2])), cpuClock(PID, rng.pick([4, 5, 6]))];
  const clock = isWrong() ? rng.pick(TIMERLESS) : isWrong() ? rng.pick([8, 9, 11]) : rng.pick(good);
  const signo = isWrong() ? rng.pick(NO_SIGNALS) : rng.pick(SIGNALS);
  if (isWrong()) return timerOf(id, { clock, notify: 'unknown', notifyKind: rng.pick(KINDS), signo });
  const notify = rng.pick(['none', 'signal', 'thread', 'thread-id'] as const);
  const notifyThreadId = isWrong() ? rng.pick([GONE, 0, -5]) : rng.pick([PID, THREAD]);
  return timerOf(id, { clock, notify, signo, ...(notify === 'thread-id' && { notifyThreadId }) });
}

/** IDs that no restore can get: one below 0, or one a second time. */
export function withBadIds(ids: readonly number[], rng: Random): number[] {
  if (ids.length === 0 || rng.chance(0.7)) return [...ids];
  // CRIU compares IDs by their difference in 32 bits: one below 0 comes first where that fits.
  const below = Math.max(...ids) < 2 ** 30 ? [-1, -7, -(2 ** 30)] : [];
  return rng.shuffle([...ids, rng.pick([...below, rng.pick(ids), ids.at(-1)!])]);
}

/** What is known of the target, as the models take it too. */
export function randomTarget(rng: Random): Required<Pick<PlanOptions, 'rtc' | 'capWakeAlarm'>> {
  return { rtc: rng.chance(0.5), capWakeAlarm: rng.chance(0.5) };
}
