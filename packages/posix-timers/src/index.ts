// POSIX timers as Linux hands out their IDs: a kernel of any release, its processes, and the table of each design.
export {
  CLOCK_BOOTTIME,
  CLOCK_BOOTTIME_ALARM,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_COARSE,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_REALTIME_ALARM,
  CLOCK_REALTIME_COARSE,
  CLOCK_TAI,
  CLOCK_THREAD_CPUTIME_ID,
  cpuClock,
} from './clock.ts';
export type { Pairs } from './create-delete-pairs.ts';
export type { CreateOptions, IdPointer } from './create-options.ts';
export { EAGAIN, EBUSY, EFAULT, EINVAL, ENOENT, ENOSYS, EOPNOTSUPP, EPERM, ESRCH, errnoName } from './errno.ts';
export { type Itimerspec, TIMER_ABSTIME } from './itimerspec.ts';
export { Kernel, type KernelOptions, type SpawnOptions } from './kernel.ts';
export type { Refusal } from './misuse.ts';
export {
  PR_TIMER_CREATE_RESTORE_IDS,
  PR_TIMER_CREATE_RESTORE_IDS_GET,
  PR_TIMER_CREATE_RESTORE_IDS_OFF,
  PR_TIMER_CREATE_RESTORE_IDS_ON,
} from './prctl.ts';
export { Process, Thread } from './process.ts';
export { parseRelease } from './release.ts';
export type { Release, RestoreCall } from './release-traits.ts';
export {
  FAULT,
  SIGALRM,
  SIGEV_NONE,
  SIGEV_SIGNAL,
  SIGEV_THREAD,
  SIGEV_THREAD_ID,
  SIGEV_USE_ID,
  type Sigevent,
} from './sigevent.ts';
export {
  createTimerTable,
  DESIGN,
  DESIGNS,
  type Design,
  type DesignName,
  GENERATIONAL_SLOT_BITS,
  type LockWords,
  scaledBuckets,
  type TimerList,
  type TimerSlab,
  type TimerTable,
  type TimerTableOptions,
} from './tables/index.ts';
