// Error numbers that the timer calls give, by name.

/** Every one that a plan may name. */
export const ERRNO: Readonly<Record<string, number>> = { EPERM: 1, EAGAIN: 11, EBUSY: 16, EINVAL: 22, EOPNOTSUPP: 95 };

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(ERRNO).map(([name, value]) => [value, name]));

/** Names the error number of a refused call. @param result −errno. */
export function errnoName(result: number): string | null {
  return NAMES.get(-result) ?? null;
}
