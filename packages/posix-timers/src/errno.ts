// Error numbers: what a refused call returns, negated (asm-generic/errno-base.h, asm-generic/errno.h; x86-64, arm64).
import { toInt32 } from './int32.ts';

/** Not permitted: alarm clocks need CAP_WAKE_ALARM. */
export const EPERM = 1;
/** No such file: this kernel has no such sysctl. */
export const ENOENT = 2;
/** No such process: the task behind a CPU clock has exited. */
export const ESRCH = 3;
/** Try again: RLIMIT_SIGPENDING is reached, or every ID is taken. */
export const EAGAIN = 11;
/** Bad address: the pointer cannot be read or written. */
export const EFAULT = 14;
/** Busy: the wanted ID belongs to another timer. */
export const EBUSY = 16;
/** Invalid argument: unknown clock, timer ID, sigevent or option. */
export const EINVAL = 22;
/** No such system call in this kernel. */
export const ENOSYS = 38;
/** Not supported: the clock exists but has no timers. */
export const EOPNOTSUPP = 95;

const NAMES: ReadonlyMap<number, string> = new Map([
  [EPERM, 'EPERM'],
  [ENOENT, 'ENOENT'],
  [ESRCH, 'ESRCH'],
  [EAGAIN, 'EAGAIN'],
  [EFAULT, 'EFAULT'],
  [EBUSY, 'EBUSY'],
  [EINVAL, 'EINVAL'],
  [ENOSYS, 'ENOSYS'],
  [EOPNOTSUPP, 'EOPNOTSUPP'],
]);

/**
 * Names an error number, whichever way round it came.
 *
 * @param errno An error number or a call's negative result: 22 and −22 are both EINVAL.
 * @returns The name; `errno N` for a number this package never returns.
 */
export function errnoName(errno: number): string {
  const positive = Math.abs(toInt32('errno', errno));
  return NAMES.get(positive) ?? `errno ${positive}`;
}
