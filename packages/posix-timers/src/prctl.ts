// prctl(2) for timers. Source: include/uapi/linux/prctl.h, posixtimer_create_prctl (kernel/time/posix-timers.c), 6.15.

import { show } from './int32.ts';

/** The option: restore mode, in which timer_create takes the ID from the caller's buffer. */
export const PR_TIMER_CREATE_RESTORE_IDS = 77;
/** arg2: leave restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_OFF = 0;
/** arg2: enter restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_ON = 1;
/** arg2: tell if the process is in restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_GET = 2;

/** @throws RangeError unless all are numbers; which of them mean something is for the kernel to say. */
export function checkArguments(...args: readonly number[]): void {
  const bad = args.findIndex((arg) => typeof arg !== 'number');
  if (bad < 0) return;
  const name = bad === 0 ? 'option' : `arg${bad + 1}`;
  throw new RangeError(`posix-timers: ${name}: got ${show(args[bad])}, expected a number`);
}
