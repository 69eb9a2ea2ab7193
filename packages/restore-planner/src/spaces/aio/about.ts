// What AIO rings are.
import type { SpaceAbout } from '../about.ts';

/** What making a ring takes, s. */
export const SECONDS_PER_RING = 125e-6; // io_setup and destroy, Linux 6.18
/** What a request that does nothing takes, s. */
export const SECONDS_PER_NO_OP = 0.5e-6; // io_submit in batches

/** What AIO rings are. */
export const AIO_ABOUT: SpaceAbout = {
  space: 'aio',
  ids: 'AIO rings',
  scope: 'address space of a process',
  handsOut: 'must be free',
  way: 'dance',
  call: 'io_setup and mremap to the old address, then no-op requests up to the old tail',
  since: { kernel: null, criu: [2, 1] },
  before: { way: 'cannot', how: 'leaves the tail at 0' },
  cost: { of: 'a no-op request; io_setup takes 125 µs more', seconds: SECONDS_PER_NO_OP },
  longest: null,
  longestText: '2 × slots − 1 requests; 253 for a ring of one page',
  lost: 'the number of requests io_setup was given: the ring is charged what CRIU asks for',
};
