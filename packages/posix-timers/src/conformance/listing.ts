// The text of /proc/PID/timers without what differs from run to run.
import { cpuClockPid } from '../clock.ts';

/**
 * Replaces process and thread IDs: the reader's own by PID, others by TID, CPU clocks that name one by -CPU.
 *
 * @param pid The process that reads its own listing.
 */
export function normalizeListing(text: string, pid: number): string {
  return text
    .replace(/^(notify: \w+\/[pt]id)\.(-?\d+)$/gm, (_, head, id) => `${head}.${Number(id) === pid ? 'PID' : 'TID'}`)
    .replace(/^ClockID: (-\d+)$/gm, (line, clock) => (cpuClockPid(Number(clock)) === 0 ? line : 'ClockID: -CPU'));
}

/** Returns the timer IDs of a listing, in its order. */
export function listedIds(text: string): number[] {
  return Array.from(text.matchAll(/^ID: (\d+)$/gm), ([, id]) => Number(id));
}
