// What process numbers are.
import type { Since, SpaceAbout } from '../about.ts';

/** clone3 with set_tid. */
export const SET_TID_SINCE: Since = { kernel: [5, 5], criu: [3, 14] };
/** What a fork under a number that is asked for takes, s. */
export const SECONDS_PER_FORK = 120e-6; // clone3 set_tid, exit and wait, parent's CPU time, Linux 6.18

/** What process numbers are. */
export const PIDS_ABOUT: SpaceAbout = {
  space: 'pids',
  ids: 'PIDs, TIDs, groups, sessions',
  scope: 'PID namespace',
  handsOut: 'cyclic',
  way: 'ask',
  call: 'clone3 with set_tid',
  since: SET_TID_SINCE,
  before: { way: 'ask', how: 'writes the number before it to ns_last_pid and forks once' },
  cost: { of: 'clone3, exit and wait', seconds: SECONDS_PER_FORK },
  longest: 0,
  longestText: 'none: it is tried once',
  lost: 'kernel.pid_max, where CRIU had to raise it; the parent of a process whose session leader is dead, which becomes init',
};
