// What timers are armed with at the end of a restore.
import type { CheckpointTimer, Duration } from './types.ts';

/** Returns what CRIU arms a timer with: one that had expired at the moment of the dump starts with a whole interval. Source: criu/timer.c (decode_posix_timer), v4.2. */
export function armedValue({ value, interval }: Pick<CheckpointTimer, 'value' | 'interval'>): Duration {
  return value.sec === 0n && value.nsec === 0n ? interval : value;
}
