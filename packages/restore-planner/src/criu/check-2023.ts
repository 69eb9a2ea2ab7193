// CRIU 3.19 … 4.1: the same pairs, but every ID must be the one after the last, counted from 0.
import type { RestoreRun } from '../restore-run.ts';
import { type Ending, OK, OUT_OF_ORDER, refused } from './restorer.ts';

/**
 * Restores by the loop with the check of 2023.
 *
 * An ID that is not the next in the count ends it at once, with that timer still alive: kernels that reuse IDs are told apart after two creates.
 * Source: criu/pie/restorer.c (create_posix_timers), v3.19 … v4.1.1.
 */
export function check2023(run: RestoreRun, ids: readonly number[]): Ending {
  return checkedDance(run, ids, 'result');
}

/** The loop itself, which 4.2 falls back to and then shows no error number (`prints`). */
export function checkedDance(run: RestoreRun, ids: readonly number[], prints: 'result' | 'nothing'): Ending {
  let count = 0; // the ID the next create must give
  for (const [index, wanted] of ids.entries()) {
    if (run.next === count && count < wanted) {
      const pairs = run.dance(index, wanted);
      if (pairs < 0) return refused(index, prints, pairs);
      count += pairs;
    }
    const id = run.create(index);
    if (id < 0) return refused(index, prints, id);
    if (id !== count) return OUT_OF_ORDER;
    count++;
  }
  return OK;
}
