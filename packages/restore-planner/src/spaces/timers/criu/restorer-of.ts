// Which restorer a CRIU version has, and what else changed.
import { didYouMean } from '../../../nearest.ts';
import { refusal } from '../../../refusal.ts';
import { isBefore, parseVersion } from '../../../version.ts';
import { check2023 } from './check-2023.ts';
import { loop2013 } from './loop-2013.ts';
import { native } from './native.ts';
import { prctl2025 } from './prctl-2025.ts';
import type { Restorer } from './restorer.ts';

/** What changed from version to version. */
export interface CriuVersion {
  restore: Restorer;
  /** Reads images of timers and limits without --deprecated. */
  readsOldImages: boolean;
  /** Starts on a kernel that maps the vdso's data in two pieces. */
  knowsSplitVvar: boolean;
}

/**
 * Picks the restorer of a CRIU version, or the one that uses the kernel's best mechanism.
 *
 * @param version '3.18', 'v4.1.1', …, of which all after x.y is ignored; or 'native'.
 * @throws RangeError if it is neither, or older than 0.6, the first that restored POSIX timers.
 * Source: criu/pie/restorer.c (create_posix_timers), v0.6, v3.19, v4.2; criu/cr-restore.c (deprecated_ok), v2.6; criu/vdso.c, v4.1.
 */
export function restorerOf(version: string): CriuVersion {
  if (version === 'native') return { restore: native, readsOldImages: true, knowsSplitVvar: true };
  const parsed = parseVersion(version);
  if (parsed === null || isBefore(parsed, [0, 6])) {
    const versions = '0.6 … 3.18 (loop of 2013), 3.19 … 4.1 (check of 2023), 4.2 or later (prctl)';
    throw refusal('criu', `'${version}'`, `a version: ${versions}; or 'native'${didYouMean(version, ['native'])}`);
  }
  return {
    restore: isBefore(parsed, [3, 19]) ? loop2013 : isBefore(parsed, [4, 2]) ? check2023 : prctl2025,
    readsOldImages: isBefore(parsed, [2, 6]),
    knowsSplitVvar: !isBefore(parsed, [4, 1]),
  };
}
