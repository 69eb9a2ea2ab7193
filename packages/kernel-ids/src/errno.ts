// Error numbers that the models return, negated (asm-generic/errno-base.h; x86-64, arm64).

/** No such process. */
export const ESRCH = 3;
/** Try again: no PID is free, or the machine's AIO requests are used up. */
export const EAGAIN = 11;
/** Operation not permitted. */
export const EPERM = 1;
/** The number or key is taken. */
export const EEXIST = 17;
/** Out of the range that the kernel takes, or nothing there. */
export const EINVAL = 22;
/** No space: the limit is reached, or no slot is free. */
export const ENOSPC = 28;
