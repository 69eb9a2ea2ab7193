// What the IDs of SysV IPC are.
import type { SpaceAbout } from '../about.ts';

/** What making and removing an object takes, s. */
export const SECONDS_PER_GET = { shm: 8.5e-6, sem: 2.3e-6, msg: 2.4e-6 } as const; // get and rmid, Linux 6.18
/** What asking for an ID takes, s. */
export const SECONDS_PER_ASK = 1.1e-6; // a write of *_next_id

/** What SysV IDs are. */
export const SYSV_ABOUT: SpaceAbout = {
  space: 'sysv',
  ids: 'SysV IPC IDs',
  scope: 'IPC namespace',
  handsOut: 'slot + sequence',
  way: 'ask',
  call: 'sysctl kernel.{shm,sem,msg}_next_id',
  since: { kernel: [3, 8], criu: [0, 3] },
  before: { way: 'cannot', how: 'takes the ID that comes' },
  cost: { of: 'the sysctl, shmget and its removal', seconds: SECONDS_PER_ASK + SECONDS_PER_GET.shm },
  longest: 0,
  longestText: 'none: it is tried once',
  lost: 'the next slot and sequence: both begin again at 0; a saved *_next_id',
};
