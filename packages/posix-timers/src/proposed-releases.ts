// Designs that were proposed on the mailing list and never merged; each is a release of its own.
// Source: the linux-kernel threads on POSIX timer IDs and CRIU, May 2023 and February 2025; 'restricted' and 'dense': the mail that opened the first.

import type { Release } from './release-traits.ts';
import { INT_MAX } from './tables/limits.ts';

const EVERY_ID = INT_MAX + 1;

/** The lowest free ID of the process, kept in an XArray of its own; no way to ask for one. */
const DENSE: Release = {
  design: 'xarray',
  restoreCall: null,
  allocation: 'locked',
  leaksBadId: false,
  idCount: EVERY_ID,
  reversed: false,
  lastClock: 11,
};

const NAMED: ReadonlyMap<string, Release> = new Map([
  ['dense', DENSE],
  ['xarray', { ...DENSE, restoreCall: 'prctl' }],
  // The XArray with the next-ID rule kept: to its callers it is Linux 6.15 and later.
  ['xarray-cyclic', { ...DENSE, design: 'xarray-cyclic', allocation: 'locked-next', restoreCall: 'prctl' }],
  // What callers see is INT_MAX − the lowest free ID, so that a search for an ID fails immediately instead of never ending.
  ['reversed', { ...DENSE, reversed: true }],
  ['cursor-sysctl', { ...DENSE, restoreCall: 'cursor' }],
  ['create-at-id', { ...DENSE, restoreCall: 'create-at-id' }],
  ['sigev-bit', { ...DENSE, restoreCall: 'sigev-bit' }],
]);

const RESTRICTED = /^restricted:([1-9]\d{0,9})$/;

/** What can be asked for, as an error text names it. */
export const PROPOSED_NAMES: string = [...NAMED.keys(), 'restricted:N']
  .map((name) => `'${name}'`)
  .join(', ')
  .concat(' (N IDs, 1…2147483648)');

/**
 * Tells what a proposed design does.
 *
 * @param name One of the names, or 'restricted:N': the table and the next-ID rule of 3.10 … 6.14, but IDs 0…N−1 only.
 * @returns undefined if it was not proposed.
 */
export function proposedRelease(name: string): Release | undefined {
  const idCount = Number(RESTRICTED.exec(name)?.[1]);
  if (idCount <= EVERY_ID) return { ...DENSE, design: 'hash-512', allocation: 'counted', idCount };
  return NAMED.get(name);
}
