// Values that are not times: CRIU looks for them before it creates any timer.
// Source: criu/timer.c (decode_posix_timer, decode_itimer), v4.2.
import type { CheckpointTimer, Duration, IntervalTimer } from '../../../types.ts';

const NS_PER_SECOND = 1_000_000_000n;
const US_PER_SECOND = 1_000_000n;
const SECONDS_END = 2n ** 63n; // above it the kernel's signed 64 bits are negative

/** Tells if seconds are not negative, and nanoseconds below 10⁹. */
export function isTime({ sec, nsec }: Duration): boolean {
  return isBelow(sec, SECONDS_END) && isBelow(nsec, NS_PER_SECOND);
}

/** What CRIU prints about the first timer, in the order of the image, whose interval or value is not a time; null if all are. */
export function badTimeLine(timers: readonly CheckpointTimer[]): string | null {
  const bad = timers.find(({ interval, value }) => !isTime(interval) || !isTime(value));
  if (bad === undefined) return null;
  return isTime(bad.interval) ? 'Invalid timer value(posix)' : 'Invalid timer interval(posix)';
}

/** The same of setitimer's timers. */
export function badItimerLine(itimers: readonly IntervalTimer[]): string | null {
  const bad = itimers.find((itimer) => !isItimer(itimer));
  if (bad === undefined) return null;
  return isMicroTime(bad.interval) ? 'Invalid timer value' : 'Invalid timer interval';
}

/** Tells if both times of a timer of setitimer are times. */
export function isItimer({ interval, value }: IntervalTimer): boolean {
  return isMicroTime(interval) && isMicroTime(value);
}

function isMicroTime({ sec, usec }: IntervalTimer['value']): boolean {
  return isBelow(sec, SECONDS_END) && isBelow(usec, US_PER_SECOND);
}

function isBelow(part: bigint, end: bigint): boolean {
  return part >= 0n && part < end;
}
