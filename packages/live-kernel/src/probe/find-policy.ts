// Which ID follows: found out by making and deleting three timers.
import {
  CLOCK_MONOTONIC,
  PR_TIMER_CREATE_RESTORE_IDS,
  PR_TIMER_CREATE_RESTORE_IDS_GET,
  SIGEV_NONE,
  type TimerCalls,
} from '../timer-types.ts';

/**
 * How IDs are handed out: the one after the last, so that a freed one does not come back (every Linux from 3.10 on), or
 * the lowest free one, or neither.
 */
export type IdPolicy = 'cyclic' | 'lowest' | 'other';

/** A policy and what shows it. */
export interface PolicyFound {
  readonly idPolicy: IdPolicy;
  /** Three IDs in a row, then, with the first two deleted, the fourth. */
  readonly idsSeen: readonly number[];
}

const NONE = { notify: SIGEV_NONE };

/** Finds the policy. The kernel must not be in restore mode; no timer is left behind. */
export function findPolicy(kernel: TimerCalls): PolicyFound {
  const create = (): number => kernel.timerCreate(CLOCK_MONOTONIC, NONE);
  const first = [create(), create(), create()];
  for (const id of first.slice(0, 2)) kernel.timerDelete(id);
  const idsSeen = [...first, create()];
  for (const id of idsSeen.slice(2)) kernel.timerDelete(id);
  return { idPolicy: policyOf(idsSeen), idsSeen };
}

function policyOf([a, b, c, d]: readonly number[]): IdPolicy {
  if (b === a! + 1 && c === b + 1 && d === c + 1) return 'cyclic';
  return d === Math.min(a!, b!) ? 'lowest' : 'other';
}

/** Tells if the kernel makes timers by ID. */
export function hasRestoreCall(kernel: TimerCalls): boolean {
  return kernel.prctl(PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_GET) >= 0;
}
