// Checkpoints made by hand.
import type { Checkpoint, CheckpointTimer } from '@idspace/restore-planner';

export function timerOf(id: number): CheckpointTimer {
  const zero = { sec: 0n, nsec: 0n };
  const clock = { clock: 1, clockName: 'CLOCK_MONOTONIC' };
  return { id, ...clock, notify: 'none', signo: 0, sival: 7n, interval: zero, value: zero, overrun: 0 };
}

/** One process per list of IDs: pids 1, 2, … */
export function checkpointOf(idLists: readonly number[][], rlimitSigpending: bigint | null = null): Checkpoint {
  const processes = idLists.map((ids, index) => {
    const pid = index + 1;
    return { pid, ppid: index, threads: [pid], timers: ids.map(timerOf), rlimitSigpending };
  });
  return { source: 'test', format: 'criu-v1.1', processes };
}
