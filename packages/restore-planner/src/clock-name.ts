// Names of clock IDs, the CPU clocks of other processes and threads included.
import { cpuClockOf, KIND_BITS } from './cpu-clock.ts';

/** Clocks 0…11 by number (include/uapi/linux/time.h). */
const NAMES = [
  'CLOCK_REALTIME',
  'CLOCK_MONOTONIC',
  'CLOCK_PROCESS_CPUTIME_ID',
  'CLOCK_THREAD_CPUTIME_ID',
  'CLOCK_MONOTONIC_RAW',
  'CLOCK_REALTIME_COARSE',
  'CLOCK_MONOTONIC_COARSE',
  'CLOCK_BOOTTIME',
  'CLOCK_REALTIME_ALARM',
  'CLOCK_BOOTTIME_ALARM',
  'CLOCK_SGI_CYCLE',
  'CLOCK_TAI',
] as const;

const DESCRIPTOR = 3; // kind of a clock device, which carries a file descriptor instead of a pid
const SCHEDULED = 2; // the scheduler's exact CPU time
const TIMES = ['user+system time', 'user time', 'CPU time'] as const;

/**
 * Names a clock ID.
 *
 * timer_create turns CLOCK_PROCESS_CPUTIME_ID (2) into −6 and CLOCK_THREAD_CPUTIME_ID (3) into −2, so that both numbers of each have one name.
 * @param clock Signed clockid_t, −2³¹…2³¹−1.
 * @returns The constant's name; words for a clock that has none, such as 'CPU time of thread 123'.
 * Source: include/linux/posix-timers.h (CPUCLOCK macros), 5.17.
 */
export function clockName(clock: number): string {
  if (clock >= 0) return NAMES[clock] ?? `unknown clock ${clock}`;
  if ((clock & (2 ** KIND_BITS - 1)) === DESCRIPTOR) return `clock device of descriptor ${~(clock >> KIND_BITS)}`;
  const cpu = cpuClockOf(clock);
  if (cpu === null) return `unknown clock ${clock}`;
  const { perThread, target, time } = cpu;
  if (target === 0 && time === SCHEDULED) return perThread ? NAMES[3] : NAMES[2];
  const who = perThread ? 'thread' : 'process';
  return `${TIMES[time]} of ${target === 0 ? `the ${who} itself` : `${who} ${target}`}`;
}
