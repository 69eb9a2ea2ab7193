// What watch descriptors are.
import type { Since, SpaceAbout } from '../about.ts';

/** INOTIFY_IOC_SETNEXTWD. */
export const NEXT_WD_SINCE: Since = { kernel: [4, 16], criu: [3, 9] };
/** What adding and removing a watch takes, s. */
export const SECONDS_PER_PAIR = 8e-6; // add and remove by /proc/self/fd, thread CPU time, Linux 6.18

/** Descriptors below the highest one. */
const BELOW_HIGHEST = 2 ** 31 - 2;

/** What watch descriptors are. */
export const INOTIFY_ABOUT: SpaceAbout = {
  space: 'inotify',
  ids: 'inotify watch descriptors',
  scope: 'inotify file',
  handsOut: 'cyclic',
  way: 'ask',
  call: 'ioctl INOTIFY_IOC_SETNEXTWD',
  since: NEXT_WD_SINCE,
  before: { way: 'dance', how: 'inotify_add_watch and inotify_rm_watch until the descriptor comes' },
  cost: { of: 'inotify_add_watch and inotify_rm_watch', seconds: SECONDS_PER_PAIR },
  longest: BELOW_HIGHEST,
  longestText: 'pairs, to descriptor 2,147,483,647',
  lost: 'the next descriptor: it becomes the highest one plus 1',
};
