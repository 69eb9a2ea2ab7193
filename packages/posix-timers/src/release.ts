// What a release name means: which design keeps the timers, and what the calls do differently.

import { refused } from './misuse.ts';
import { PROPOSED_NAMES, proposedRelease } from './proposed-releases.ts';
import type { Release } from './release-traits.ts';
import { INT_MAX } from './tables/limits.ts';

/** A release and all that follow it, up to the next row. */
interface Era extends Pick<Release, 'design' | 'restoreCall' | 'allocation' | 'leaksBadId' | 'lastClock'> {
  /** The first release of the era: major × 1000 + minor. */
  readonly since: number;
}

const at = (major: number, minor: number): number => major * 1000 + minor;

const LATER = { leaksBadId: false, lastClock: 11 } as const;

/** Oldest first. Source: kernel/time/posix-timers.c (kernel/posix-timers.c until 3.16) of the releases named. */
const ERAS: readonly Era[] = [
  // One IDR for the whole system: an ID is unique among all processes and reused immediately.
  { since: at(2, 6), design: 'idr', restoreCall: null, allocation: 'locked', leaksBadId: false, lastClock: 9 },
  // A counter per process and one table of 512 buckets.
  { since: at(3, 10), design: 'hash-512', restoreCall: null, allocation: 'unlocked-start', ...LATER },
  // The search bounded by a count; only races can tell.
  { since: at(6, 5), design: 'hash-512', restoreCall: null, allocation: 'counted', ...LATER },
  // A table sized by CPUs with a lock per bucket, and restore mode.
  {
    since: at(6, 15),
    design: 'hash-scaled-jhash',
    restoreCall: 'prctl',
    allocation: 'reserved',
    ...LATER,
    leaksBadId: true,
  },
  { since: at(6, 18), design: 'hash-scaled-jhash', restoreCall: 'prctl', allocation: 'reserved', ...LATER },
];

const NUMBERED = /^v?(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:(?:\.\d|[-+_~])\S*)?$/;

/**
 * Tells what a kernel release does with timer IDs.
 *
 * @param release `x.y` as `uname -r` prints it ('6.18.44-fc-v509' and '6.18-rc3' are 6.18: what follows changes nothing
 *   here) or as its tag is named ('v6.18'), or the name of a proposed design ('dense', 'restricted:4096', …). A string: the number 3.10 is 3.1.
 * @returns The properties of the era it belongs to. Releases newer than any known get the newest.
 * @throws RangeError for anything else; the text lists what is accepted.
 */
export function parseRelease(release: string): Release {
  if (typeof release !== 'string') {
    throw refused('release', release, "a string such as '6.18'");
  }
  const proposed = proposedRelease(release);
  if (proposed !== undefined) return proposed;
  const [, major, minor] = NUMBERED.exec(release) ?? [];
  const version = at(Number(major), Number(minor));
  const era = ERAS.findLast(({ since }) => since <= version);
  if (era !== undefined) return { ...era, idCount: INT_MAX + 1, reversed: false };
  throw refused('release', release, `x.y from 2.6 on (such as '6.18'), ${PROPOSED_NAMES}`);
}

/** Turns the name of a git tag into that of its release: 'v6.1' is 6.1. */
export function withoutTagPrefix(release: string): string {
  return release.replace(/^v(?=\d)/, '');
}
