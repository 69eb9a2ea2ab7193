// CRIU 3.19 … 4.1: the same pairs, but every ID must be the one after the last, counted from 0.
import type { RestoreRun } from '../restore-run.ts';
import { countedDance } from './counted-dance.ts';
import { type Ending, OUT_OF_ORDER, refused } from './restorer.ts';

/**
 * Restores by the loop with the check of 2023.
 *
 * An ID that is not the next in the count ends it immediately, with that timer still alive: kernels that reuse IDs, or count down, are told apart after two
 * creates at most, one whose counter wraps early where it wraps.
 * Source: criu/pie/restorer.c (create_posix_timers), v3.19 … v4.1.1.
 */
export function check2023(run: RestoreRun, ids: readonly number[]): Ending {
  return checkedDance(run, ids, 'result');
}

/** The loop itself, which 4.2 falls back to and then shows no error number (`prints`). */
export function checkedDance(run: RestoreRun, ids: readonly number[], prints: 'result' | 'nothing'): Ending {
  return countedDance(run, ids, {
    refused: (index, result) => refused(run, index, prints, result),
    outOfOrder: () => OUT_OF_ORDER,
  });
}
