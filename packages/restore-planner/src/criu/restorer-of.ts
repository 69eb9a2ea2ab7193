// Which restorer a CRIU version has.
import { isBefore, parseVersion } from '../version.ts';
import { check2023 } from './check-2023.ts';
import { loop2013 } from './loop-2013.ts';
import { native } from './native.ts';
import { prctl2025 } from './prctl-2025.ts';
import type { Restorer } from './restorer.ts';

/**
 * Picks the restorer of a CRIU version, or the one that uses the kernel's best mechanism.
 *
 * @param version '3.18', 'v4.1.1', …, of which all after x.y is ignored; or 'native'.
 * @throws RangeError if it is neither, or older than 0.6, the first that restored POSIX timers.
 * Source: criu/pie/restorer.c (create_posix_timers), v0.6, v3.19, v4.2.
 */
export function restorerOf(version: string): Restorer {
  if (version === 'native') return native;
  const parsed = parseVersion(version);
  if (parsed === null || isBefore(parsed, [0, 6])) {
    throw new RangeError(
      `criu: got '${version}', expected a version: 0.6 … 3.18 (loop of 2013), 3.19 … 4.1 (check of 2023), 4.2 or later (prctl); or 'native'`,
    );
  }
  if (isBefore(parsed, [3, 19])) return loop2013;
  return isBefore(parsed, [4, 2]) ? check2023 : prctl2025;
}
