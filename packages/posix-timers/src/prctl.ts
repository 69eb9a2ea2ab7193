// prctl(2) for timers. Source: include/uapi/linux/prctl.h, posixtimer_create_prctl (kernel/time/posix-timers.c), 6.15.

import { EINVAL } from './errno.ts';
import { refused } from './misuse.ts';
import type { SignalStruct } from './signal-struct.ts';

/** The option: restore mode, in which timer_create takes the ID from the caller's buffer. */
export const PR_TIMER_CREATE_RESTORE_IDS = 77;
/** arg2: leave restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_OFF = 0;
/** arg2: enter restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_ON = 1;
/** arg2: tell if the process is in restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_GET = 2;

/**
 * Makes the call, for a process.
 *
 * @returns As `Task.prctl`.
 * @throws RangeError unless all are numbers; which of them mean something is for the kernel to say.
 */
export function switchRestoreMode(
  signal: SignalStruct,
  option: number,
  arg2: number,
  arg3: number,
  arg4: number,
  arg5: number,
): number {
  for (const [name, value] of Object.entries({ option, arg2, arg3, arg4, arg5 })) {
    if (typeof value !== 'number') throw refused(name, value, 'a number');
  }
  if (option !== PR_TIMER_CREATE_RESTORE_IDS || signal.machine.release.restoreCall !== 'prctl') return -EINVAL;
  if (arg3 !== 0 || arg4 !== 0 || arg5 !== 0) return -EINVAL;
  switch (arg2) {
    case PR_TIMER_CREATE_RESTORE_IDS_OFF:
      signal.restoring = false;
      return 0;
    case PR_TIMER_CREATE_RESTORE_IDS_ON:
      signal.restoring = true;
      return 0;
    case PR_TIMER_CREATE_RESTORE_IDS_GET:
      return signal.restoring ? 1 : 0;
    default:
      return -EINVAL;
  }
}
