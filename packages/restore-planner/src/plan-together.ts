// Several checkpoints on one node: what is charged there to the user who runs CRIU.
import { checkCheckpoint, checkRoomOptions } from './check-input.ts';
import { worstOutcome } from './outcome.ts';
import { roomOptions, roomsOf } from './spaces/timers/room.ts';
import type { ShareOutcome } from './spaces/timers/shared-limit.ts';
import type { Checkpoint, PlanOptions } from './types.ts';

/** How several checkpoints get on with RLIMIT_SIGPENDING on one node. */
export interface Together {
  /** Timers of all of them. */
  timers: number;
  /** The lowest limit under which a process makes timers; null if none does, or there is no limit. */
  lowestLimit: number | null;
  /** Charged before. */
  base: number;
  /** Whether all of them can be restored there: in any order, in some, or in none. */
  outcome: ShareOutcome;
}

/**
 * Tells whether checkpoints that are restored on one node, one after the other or at the same time, stay below their limits: a restored timer stays charged
 * to the user who ran CRIU, whatever user its process then has.
 *
 * Nothing but the number of timers is looked at: leave out checkpoints that cannot be restored anyway.
 * @throws RangeError as planRestore, for what is not a checkpoint, an option that there is not, and a limit, charge or target that cannot be.
 * Cost: O(n log n) in the number of processes.
 */
export function planTogether(
  checkpoints: readonly Checkpoint[],
  options: Pick<PlanOptions, 'sigpending' | 'sigq' | 'target'> = {},
): Together {
  for (const checkpoint of checkpoints) checkCheckpoint(checkpoint);
  checkRoomOptions(options);
  const stated = roomOptions(options);
  const processes = checkpoints.flatMap((checkpoint) => checkpoint.processes);
  const rooms = roomsOf(
    processes,
    processes.map(() => true),
    stated,
  );
  const limits = rooms.filter((_, index) => processes[index]!.timers.length > 0).map(({ limit }) => limit);
  const lowest = limits.reduce((low, limit) => Math.min(low, limit), Number.POSITIVE_INFINITY);
  return {
    timers: processes.reduce((sum, { timers }) => sum + timers.length, 0),
    lowestLimit: lowest === Number.POSITIVE_INFINITY ? null : lowest,
    base: stated.sigq ?? 0,
    outcome: worstOutcome(rooms.map(({ outcome }) => outcome)) as ShareOutcome,
  };
}
