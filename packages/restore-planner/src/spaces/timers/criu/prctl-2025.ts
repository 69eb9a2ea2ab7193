// CRIU 4.2: asks the kernel for each ID in restore mode, and dances where the kernel has none.
import type { RestoreRun } from '../restore-run.ts';
import { checkedDance } from './check-2023.ts';
import { type Ending, OK, refused } from './restorer.ts';

/**
 * Restores with PR_TIMER_CREATE_RESTORE_IDS.
 *
 * Restore mode is switched off again on errors too; a kernel that refuses it (EINVAL) gets the loop of 2023.
 * Source: criu/pie/restorer.c (create_posix_timers), v4.2.
 */
export function prctl2025(run: RestoreRun, ids: readonly number[]): Ending {
  if (!run.prctl(true)) return checkedDance(run, ids, 'nothing');
  let result = 0;
  const failed = ids.findIndex((wanted, index) => (result = run.create(index, 'restore-mode', wanted)) < 0);
  run.prctl(false);
  return failed < 0 ? OK : refused(run, failed, 'line', result);
}
