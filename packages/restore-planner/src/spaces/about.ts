// What an ID space is, in the words of one table over all of them.
import { isBefore, type Version } from '../version.ts';
import type { SpaceName } from './space-name.ts';

/**
 * How the kernel chooses an ID that was not asked for.
 * - `next`: the one after the last, never one that was freed · `cyclic`: the same, and at the end it begins again with what is free
 * - `lowest free` · `slot + sequence`: the next free slot, with a number that counts how often the slots were gone round
 * - `must be free`: what it chooses does not matter, as the object can be moved to the old one, if that is free
 */
export type HandsOut = 'next' | 'cyclic' | 'lowest free' | 'slot + sequence' | 'must be free';

/**
 * How CRIU gets an ID back.
 * - `ask`: it tells the kernel which one it wants · `dance`: it makes objects until the wanted one comes, and deletes each before the next
 * - `fill`: it keeps what comes until the wanted one does, then deletes them together · `cannot`: it takes what comes, or gives up
 */
export type WayBack = 'ask' | 'dance' | 'fill' | 'cannot';

/** The first versions that know something; null where that goes back further than this package. */
export interface Since {
  kernel: Version | null;
  criu: Version | null;
}

/** An ID space as a row of a table. Texts are the middle of a sentence. */
export interface SpaceAbout {
  space: SpaceName;
  /** What its IDs are called. */
  ids: string;
  /** What has numbers of its own: 'process', 'PID namespace'. */
  scope: string;
  handsOut: HandsOut;
  /** With a kernel and a CRIU as in `since`. */
  way: WayBack;
  /** By which call. */
  call: string;
  since: Since;
  /** What older ones do instead; null if the way has been the only one. */
  before: { way: WayBack; how: string } | null;
  /** What one ID, or one object on the way to it, costs in kernel time: seconds, Linux 6.18. */
  cost: { of: string; seconds: number };
  /** Most temporary objects on the way to one ID; null where that is given by `longestText` alone. */
  longest: number | null;
  longestText: string;
  /** What no image holds, or no restore brings back. */
  lost: string;
}

/** Whether a kernel and a CRIU know something; null stands for the newest. */
export function knows({ kernel, criu }: Since, on: { kernel: Version | null; criu: Version | null }): boolean {
  const isIn = (version: Version | null, since: Version | null): boolean =>
    version === null || since === null || !isBefore(version, since);
  return isIn(on.kernel, kernel) && isIn(on.criu, criu);
}
