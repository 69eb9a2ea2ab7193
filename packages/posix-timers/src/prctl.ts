// prctl(2) for timers. Source: include/uapi/linux/prctl.h, posixtimer_create_prctl (kernel/time/posix-timers.c), 6.15.

/** The option: restore mode, in which timer_create takes the ID from the caller's buffer. */
export const PR_TIMER_CREATE_RESTORE_IDS = 77;
/** arg2: leave restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_OFF = 0;
/** arg2: enter restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_ON = 1;
/** arg2: tell if the process is in restore mode. */
export const PR_TIMER_CREATE_RESTORE_IDS_GET = 2;
