// The order in which CRIU restores a process's timers.
import type { CheckpointTimer } from '../../types.ts';

/**
 * Sorts timers as CRIU does before it creates any: by ID.
 *
 * It compares two IDs by their difference in 32 bits, so that one below 0 comes before those above; where the difference does not fit, the result is that of its
 * merge sort.
 * @returns A new array.
 * Source: criu/timer.c (sort_posix_timers), v4.2; qsort of the GNU C library.
 */
export function inRestoreOrder(timers: readonly CheckpointTimer[]): CheckpointTimer[] {
  const sorted = [...timers];
  sortPart(sorted, [...timers], 0, timers.length);
  return sorted;
}

/** Sorts the part [from, to). @param spare As long as `timers`; what is in it is lost. */
function sortPart(timers: CheckpointTimer[], spare: CheckpointTimer[], from: number, to: number): void {
  if (to - from < 2) return;
  const middle = from + ((to - from) >>> 1);
  sortPart(timers, spare, from, middle);
  sortPart(timers, spare, middle, to);
  if (isInOrder(timers[middle - 1]!, timers[middle]!)) return;
  for (let at = from; at < to; at++) spare[at] = timers[at]!;
  let [left, right] = [from, middle];
  for (let at = from; at < to; at++) {
    const takesLeft = right === to || (left < middle && isInOrder(spare[left]!, spare[right]!));
    timers[at] = takesLeft ? spare[left++]! : spare[right++]!;
  }
}

function isInOrder(a: CheckpointTimer, b: CheckpointTimer): boolean {
  return ((a.id - b.id) | 0) <= 0;
}
