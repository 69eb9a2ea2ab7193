// What a restore can see of a kernel: whose IDs are one namespace, which ID comes next, and how to ask for one.
import { isBefore, parseVersion } from './version.ts';

/** How one kernel hands out timer IDs. */
export interface KernelPolicy {
  /** Which ID an ordinary create gives: the one after the last, or the lowest free one. */
  readonly ids: 'next' | 'lowest';
  /** Within what an ID is unique. */
  readonly namespace: 'process' | 'system';
  /** How a caller may ask for an ID; null if it cannot. */
  readonly restoreCall: 'prctl' | null;
}

const GLOBAL_IDR: KernelPolicy = { ids: 'lowest', namespace: 'system', restoreCall: null }; // ≤ 3.9
const NEXT_ID: KernelPolicy = { ids: 'next', namespace: 'process', restoreCall: null }; // 3.10 … 6.14
const NEXT_ID_RESTORE: KernelPolicy = { ids: 'next', namespace: 'process', restoreCall: 'prctl' }; // 6.15 …

/** Designs that were proposed and never merged, under names of their own. */
const DESIGNS: ReadonlyMap<string, KernelPolicy> = new Map([
  ['dense', { ids: 'lowest', namespace: 'process', restoreCall: null }],
  ['xarray', { ids: 'lowest', namespace: 'process', restoreCall: 'prctl' }],
]);

/**
 * Tells how a kernel hands out timer IDs.
 *
 * @param release A release as `uname -r` prints it ('3.9', '6.18.44-fc'; all after x.y is ignored) or as its tag is named ('v6.1'), 'dense' or 'xarray'.
 * @throws RangeError if it is neither, or older than 2.6.
 * Source: kernel/time/posix-timers.c (posix_timer_add), 3.4, 3.10, 6.15.
 */
export function kernelPolicy(release: string): KernelPolicy {
  const design = DESIGNS.get(release);
  if (design !== undefined) return design;
  const version = parseVersion(release);
  if (version === null || isBefore(version, [2, 6])) {
    throw new RangeError(
      `kernel: got '${release}', expected a release of 2.6 or later such as '6.18', 'dense' or 'xarray'`,
    );
  }
  if (isBefore(version, [3, 10])) return GLOBAL_IDR;
  return isBefore(version, [6, 15]) ? NEXT_ID : NEXT_ID_RESTORE;
}
