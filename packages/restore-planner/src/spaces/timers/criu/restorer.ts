// What every restorer is, and the lines CRIU prints.

import { ERRNO, errnoName } from '../../../errno.ts';
import type { Outcome } from '../../../outcome.ts';
import type { RestoreRun } from '../restore-run.ts';

/**
 * CRIU's way to re-create a process's timers: makes the calls on a run and tells how it ends.
 *
 * `ids` are the timers' IDs as CRIU holds them, unsigned and in restore order, at least one.
 */
export type Restorer = (run: RestoreRun, ids: readonly number[]) => Ending;

/** How a restorer ends. */
export interface Ending {
  outcome: Outcome;
  /** What CRIU prints. */
  lines: string[];
  /** Name of the error number of the refused call, if one was. */
  errno: string | null;
}

export const OK: Ending = { outcome: 'ok', lines: [], errno: null };

/** The same calls lead back to the same state forever; CRIU prints nothing. */
export const HANGS: Ending = { outcome: 'hangs', lines: [], errno: null };

/** What CRIU's caller of the restorer prints last. */
const giveUp = (result: number): string => `Can't restore posix timers ${result}`;

/** An ID came that the restorer did not expect. */
export const OUT_OF_ORDER: Ending = {
  outcome: 'fails',
  lines: ["Can't create timers, kernel don't give them consequently", giveUp(-1)],
  errno: null,
};

/**
 * The create of timer `index` was refused: for RLIMIT_SIGPENDING, because no ID is free or its own is not, or for the timer itself.
 *
 * @param prints What the version shows of the error: its number in the last line (`result`, ≤ 4.1), nowhere (`nothing`, dance of 4.2), or in the
 *   first line (`line`, prctl of 4.2).
 * @param result −errno.
 */
export function refused(run: RestoreRun, index: number, prints: 'result' | 'nothing' | 'line', result: number): Ending {
  const create = `Can't create posix timer - ${index}${prints === 'line' ? `: ${result}` : ''}`;
  return {
    outcome: refusedOutcome(run, result),
    lines: [create, giveUp(prints === 'result' ? result : -1)],
    errno: errnoName(result),
  };
}

/** What a refused create makes of the restore. */
export function refusedOutcome(run: RestoreRun, result: number): Outcome {
  return run.isOverLimit && result === -ERRNO.EAGAIN! ? 'exceeds-limit' : 'fails';
}

/** CRIU gives up before it creates any timer. */
export function givesUp(lines: readonly string[]): Ending {
  return { outcome: 'fails', lines: [...lines], errno: null };
}
