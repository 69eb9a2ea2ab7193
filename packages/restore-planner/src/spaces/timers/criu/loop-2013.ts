// CRIU 0.6 … 3.18: create and delete until the wanted ID comes, trusting that IDs ascend.
import type { RestoreRun } from '../restore-run.ts';
import { type Ending, HANGS, OK, OUT_OF_ORDER, refused } from './restorer.ts';

/**
 * Restores by the loop of 2013.
 *
 * It deletes an ID that is not the wanted one before it looks if it is past it; an ID below the wanted one is always tried again, so a kernel that
 * gives the lowest free ID, or wraps before the wanted one, keeps it busy forever.
 * Source: criu/pie/restorer.c (create_posix_timers), v0.6 … v3.18.
 */
export function loop2013(run: RestoreRun, ids: readonly number[]): Ending {
  for (const [index, wanted] of ids.entries()) {
    if (run.next < wanted) {
      const end = run.dance(index, wanted);
      if (end === 'repeats') return HANGS;
      if (end !== 'reached') return refused(run, index, 'result', end);
    }
    const id = run.create(index);
    if (id < 0) return refused(run, index, 'result', id);
    if (id !== wanted) {
      run.delete(id);
      return OUT_OF_ORDER;
    }
  }
  return OK;
}
