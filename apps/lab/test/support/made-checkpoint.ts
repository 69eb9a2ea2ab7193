// Checkpoints made by hand.
import { type Checkpoint, type CheckpointTimer, clockName } from '@idspace/restore-planner';

export function madeTimer(id: number, other: Partial<CheckpointTimer> = {}): CheckpointTimer {
  const zero = { sec: 0n, nsec: 0n };
  const clock = other.clock ?? 1;
  const named = { id, clock, clockName: clockName(clock) };
  return { ...named, notify: 'none', signo: 0, sival: 7n, interval: zero, value: zero, overrun: 0, ...other };
}

/** Process 6 with a thread 7, then processes 8, 9, …: a list of timers for each. */
export function madeCheckpoint(...timers: CheckpointTimer[][]): Checkpoint {
  const processes = timers.map((list, index) => {
    const pid = index === 0 ? 6 : 7 + index;
    return {
      pid,
      ppid: index === 0 ? 0 : 6,
      threads: index === 0 ? [6, 7] : [pid],
      timers: list,
      rlimitSigpending: null,
    };
  });
  return { source: 'test', format: 'criu-v1.1', processes };
}
