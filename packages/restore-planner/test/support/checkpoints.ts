// Checkpoints made by hand.
import { type Checkpoint, type CheckpointTimer, clockName } from '@idspace/restore-planner';

export function timerOf(id: number, other: Partial<CheckpointTimer> = {}): CheckpointTimer {
  const zero = { sec: 0n, nsec: 0n };
  const clock = other.clock ?? 1;
  const named = { id, clock, clockName: clockName(clock) };
  return { ...named, notify: 'none', signo: 0, sival: 7n, interval: zero, value: zero, overrun: 0, ...other };
}

/** One process per list of IDs: pids 1, 2, … */
export function checkpointOf(idLists: readonly number[][], rlimitSigpending: bigint | null = null): Checkpoint {
  const processes = idLists.map((ids, index) => {
    const pid = index + 1;
    return { pid, ppid: index, threads: [pid], timers: ids.map((id) => timerOf(id)), rlimitSigpending };
  });
  return { source: 'test', format: 'criu-v1.1', processes };
}
