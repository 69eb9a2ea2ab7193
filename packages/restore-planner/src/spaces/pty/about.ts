// What the indices of pseudo-terminals are.
import type { SpaceAbout } from '../about.ts';
import { REACH } from './devpts.ts';

/** What opening and closing a terminal takes, s. */
export const SECONDS_PER_OPEN = 40e-6; // ptmx open, TIOCGPTN, close, Linux 6.18

/** What pseudo-terminals are. */
export const PTY_ABOUT: SpaceAbout = {
  space: 'pty',
  ids: 'pseudo-terminals',
  scope: 'devpts mount',
  handsOut: 'lowest free',
  way: 'fill',
  call: 'open of ptmx, until the index comes',
  since: { kernel: null, criu: [0, 2] },
  before: null,
  cost: { of: 'open of ptmx and close', seconds: SECONDS_PER_OPEN },
  longest: REACH,
  longestText: 'others opened on the way; above that it gives up',
  lost: 'nothing that can be asked for: the next terminal gets the lowest free index',
};
