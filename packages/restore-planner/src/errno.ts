// Error numbers that calls give, by name.

/** Every one that a plan of timers may name. */
export const ERRNO: Readonly<Record<string, number>> = { EPERM: 1, EAGAIN: 11, EBUSY: 16, EINVAL: 22, EOPNOTSUPP: 95 };
/** Those of the other spaces. */
// biome-ignore format: what belongs together stands in a row
const OTHERS: Readonly<Record<string, number>> = {
  ENOENT: 2, ESRCH: 3, EBADF: 9, ECHILD: 10, ENOMEM: 12, EACCES: 13, EFAULT: 14, EEXIST: 17,
  ENFILE: 23, EMFILE: 24, ENOSPC: 28, EROFS: 30, ERANGE: 34, ENOSYS: 38,
};

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries({ ...ERRNO, ...OTHERS }).map(([name, value]) => [value, name]),
);

/** Names the error number of a refused call. @param result −errno. */
export function errnoName(result: number): string | null {
  return NAMES.get(-result) ?? null;
}
