// Names of clock IDs, the CPU clocks of other processes and threads included.

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

// A negative clock ID is ~pid << 3 | kind, kind = PER_THREAD (bit 2) | which (bits 0–1); pid 0 is the caller itself.
const PER_THREAD = 4;
const KIND_BITS = 3;
const DESCRIPTOR = 3; // kind of a clock device, which carries a file descriptor instead of a pid
const SCHEDULED = 2; // which: the scheduler's exact CPU time
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
  const kind = clock & (2 ** KIND_BITS - 1);
  const target = ~(clock >> KIND_BITS);
  if (kind === DESCRIPTOR) return `clock device of descriptor ${target}`;
  const time = TIMES[kind & ~PER_THREAD];
  if (time === undefined) return `unknown clock ${clock}`;
  const perThread = (kind & PER_THREAD) !== 0;
  if (target === 0 && (kind & ~PER_THREAD) === SCHEDULED) return perThread ? NAMES[3] : NAMES[2];
  const who = perThread ? 'thread' : 'process';
  return `${time} of ${target === 0 ? `the ${who} itself` : `${who} ${target}`}`;
}
