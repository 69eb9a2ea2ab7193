// What the IDs of POSIX timers are.
import { INT_MAX } from '../../int-max.ts';
import { NS_PER_PAIR } from '../../plan-restore.ts';
import type { SpaceAbout } from '../about.ts';

/** What POSIX timer IDs are. */
export const TIMERS_ABOUT: SpaceAbout = {
  space: 'timers',
  ids: 'POSIX timers',
  scope: 'process',
  handsOut: 'next',
  way: 'ask',
  call: 'prctl(PR_TIMER_CREATE_RESTORE_IDS), then timer_create',
  since: { kernel: [6, 15], criu: [4, 2] },
  before: { way: 'dance', how: 'timer_create and timer_delete until the ID comes' },
  cost: { of: 'timer_create and timer_delete', seconds: NS_PER_PAIR / 1e9 },
  longest: INT_MAX, // a CRIU that cannot ask goes through all IDs below the highest
  longestText: 'pairs, to ID 2,147,483,647',
  lost: 'the next ID: it becomes the highest one plus 1; restore mode',
};
