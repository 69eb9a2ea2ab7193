// What a restored checkpoint is charged for on its node: counts that every checkpoint there adds to.
import { checkCheckpoint } from './check-input.ts';
import { requestsOf } from './spaces/aio/ring.ts';
import { type CheckpointIds, isNotRead } from './spaces/checkpoint-ids.ts';
import { limitOf } from './spaces/timers/room.ts';
import type { Checkpoint } from './types.ts';

/** What one checkpoint adds to the counts of its node. IDs whose images are not there count as none. */
export interface Charges {
  /** Timers by the RLIMIT_SIGPENDING of their processes, ascending; null is no limit. */
  timers: { limit: number | null; timers: number }[];
  /** inotify watches and inotify files, both charged to CRIU's user. */
  watches: number;
  instances: number;
  /** Requests that its AIO rings are charged in fs.aio-nr. */
  aioRequests: number;
}

/**
 * Counts what a checkpoint is charged for, wherever it is restored.
 *
 * @throws RangeError for what is not a checkpoint.
 * Cost: O(processes + IDs).
 */
export function chargesOf(checkpoint: Checkpoint): Charges {
  checkCheckpoint(checkpoint);
  const byLimit = new Map<number, number>();
  for (const process of checkpoint.processes) {
    const { length } = process.timers;
    if (length > 0) byLimit.set(limitOf(process), (byLimit.get(limitOf(process)) ?? 0) + length);
  }
  const timers = [...byLimit]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([limit, timers]) => ({ limit: limit === Number.POSITIVE_INFINITY ? null : limit, timers }));
  const { ids = [] } = checkpoint;
  const sum = (of: (one: CheckpointIds) => number): number => ids.reduce((so, one) => so + of(one), 0);
  return {
    timers,
    watches: sum(({ inotify }) => (isNotRead(inotify) ? 0 : inotify.reduce((so, { wds }) => so + wds.length, 0))),
    instances: sum(({ inotify }) => (isNotRead(inotify) ? 0 : inotify.length)),
    aioRequests: sum(({ aio }) => (isNotRead(aio) ? 0 : requestsOf(aio))),
  };
}
