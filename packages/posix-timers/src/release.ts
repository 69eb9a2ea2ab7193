// What a release name means: which design keeps the timers, and what the calls do differently.

import type { DesignName } from './tables/timer-table.ts';

/** The ways in which kernels differ, as far as a caller can tell. */
export interface Release {
  /** Where the timers are kept and how IDs are handed out. */
  readonly design: DesignName;
  /** prctl(PR_TIMER_CREATE_RESTORE_IDS) exists. */
  readonly restoreIds: boolean;
  /**
   * Restore mode looks at the wanted ID only after it took the timer and its charge, and gives neither back when it
   * refuses: the charge is lost until reboot. Fixed in 6.18.
   */
  readonly leaksBadId: boolean;
}

/** A release and all that follow it, up to the next row. */
interface Era extends Release {
  /** The first release of the era: major × 1000 + minor. */
  readonly since: number;
}

const at = (major: number, minor: number): number => major * 1000 + minor;

/** Oldest first. Source: kernel/time/posix-timers.c (kernel/posix-timers.c until 3.16) of the releases named. */
const ERAS: readonly Era[] = [
  // One IDR for the whole system: an ID is unique among all processes and reused at once.
  { since: at(2, 6), design: 'idr', restoreIds: false, leaksBadId: false },
  // A counter per process and one table of 512 buckets. 6.5 bounded the search by a count; only races can tell.
  { since: at(3, 10), design: 'hash-512', restoreIds: false, leaksBadId: false },
  // A table sized by CPUs with a lock per bucket, and restore mode.
  { since: at(6, 15), design: 'hash-scaled-jhash', restoreIds: true, leaksBadId: true },
  { since: at(6, 18), design: 'hash-scaled-jhash', restoreIds: true, leaksBadId: false },
];

/** Designs that were proposed and never merged; each is a release of its own. */
const PROPOSED: ReadonlyMap<string, Release> = new Map([
  // Lowest free ID per process, and no way to ask for one.
  ['dense', { design: 'xarray', restoreIds: false, leaksBadId: false }],
  // The same with restore mode.
  ['xarray', { design: 'xarray', restoreIds: true, leaksBadId: false }],
]);

const NUMBERED = /^v?(\d{1,3})\.(\d{1,3})(?:[-+._~]\S*)?$/;

/**
 * Tells what a kernel release does with timer IDs.
 *
 * @param release `x.y` as `uname -r` prints it ('6.18.44-fc-v509' and '6.18-rc3' are 6.18: what follows changes nothing
 *   here) or as its tag is named ('v6.18'), or the name of a proposed design. A string: the number 3.10 is 3.1.
 * @returns The properties of the era it belongs to. Releases newer than any known get the newest.
 * @throws RangeError for anything else; the text lists what is accepted.
 */
export function parseRelease(release: string): Release {
  if (typeof release !== 'string') {
    throw new RangeError(`posix-timers: release: got ${String(release)}, expected a string such as '6.18'`);
  }
  const proposed = PROPOSED.get(release);
  if (proposed !== undefined) return proposed;
  const [, major, minor] = NUMBERED.exec(release) ?? [];
  const version = at(Number(major), Number(minor));
  const era = ERAS.findLast(({ since }) => since <= version);
  if (era !== undefined) return era;
  const names = [...PROPOSED.keys()].map((name) => `'${name}'`).join(', ');
  throw new RangeError(`posix-timers: release: got '${release}', expected x.y from 2.6 on (such as '6.18'), ${names}`);
}

/** Turns the name of a git tag into that of its release: 'v6.1' is 6.1. */
export function withoutTagPrefix(release: string): string {
  return release.replace(/^v(?=\d)/, '');
}
