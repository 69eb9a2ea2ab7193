// CRIU 0.6 … 3.18: create and delete until the wanted ID comes, trusting that IDs ascend.
import type { RestoreRun } from '../restore-run.ts';
import { type Ending, HANGS, OK, OUT_OF_ORDER, refused } from './restorer.ts';

/**
 * Restores by the loop of 2013.
 *
 * It deletes an ID that is not the wanted one before it looks if it is past it; an ID below the wanted one is always tried again, so a kernel that
 * gives the lowest free ID keeps it busy for ever.
 * Source: criu/pie/restorer.c (create_posix_timers), v0.6 … v3.18.
 */
export function loop2013(run: RestoreRun, ids: readonly number[]): Ending {
  for (const [index, wanted] of ids.entries()) {
    const first = run.next;
    if (first < wanted) {
      const pairs = run.dance(index, wanted);
      if (pairs < 0) return refused(index, 'result', pairs);
      if (run.next === first) return HANGS;
    }
    const id = run.create(index);
    if (id < 0) return refused(index, 'result', id);
    if (id !== wanted) {
      run.delete(id);
      return OUT_OF_ORDER;
    }
  }
  return OK;
}
