// The order in which CRIU restores a process's timers.
import type { CheckpointTimer } from '../../types.ts';

/**
 * Sorts timers as CRIU does before it creates any: by ID.
 *
 * It compares two IDs by their difference in 32 bits, so that one below 0 comes before those above; where the difference does not fit, the result is that of its
 * merge sort.
 * Source: criu/timer.c (sort_posix_timers), v4.2; qsort of the GNU C library.
 */
export function inRestoreOrder(timers: readonly CheckpointTimer[]): CheckpointTimer[] {
  if (timers.length <= 1) return [...timers];
  const half = timers.length >>> 1;
  const left = inRestoreOrder(timers.slice(0, half));
  const right = inRestoreOrder(timers.slice(half));
  const sorted: CheckpointTimer[] = [];
  let [fromLeft, fromRight] = [0, 0];
  while (fromLeft < left.length && fromRight < right.length) {
    const difference = (left[fromLeft]!.id - right[fromRight]!.id) | 0;
    sorted.push(difference <= 0 ? left[fromLeft++]! : right[fromRight++]!);
  }
  return sorted.concat(left.slice(fromLeft), right.slice(fromRight));
}
