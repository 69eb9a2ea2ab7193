// Negative clock IDs: the CPU time of a process or a thread.

// A negative clock ID is ~pid << 3 | kind, kind = PER_THREAD (bit 2) | time (bits 0–1); pid 0 is the caller itself.
const PER_THREAD = 4;
export const KIND_BITS = 3;
const TIME_MASK = 3;
const TIMES = 3; // 0 user+system time, 1 user time, 2 the scheduler's exact CPU time; 3 is no CPU clock

/** Whose CPU time a clock counts. */
export interface CpuClock {
  perThread: boolean;
  /** Process or thread ID; 0 for the caller's own. */
  target: number;
  /** 0 user+system time, 1 user time, 2 CPU time as the scheduler counts it. */
  time: 0 | 1 | 2;
}

/**
 * Takes the number of a CPU clock apart; CLOCK_PROCESS_CPUTIME_ID (2) is −6 and CLOCK_THREAD_CPUTIME_ID (3) is −2, as timer_create makes them.
 *
 * @param clock Signed clockid_t, −2³¹…2³¹−1.
 * @returns null for any other clock.
 * Source: include/linux/posix-timers.h (CPUCLOCK macros), 5.17.
 */
export function cpuClockOf(clock: number): CpuClock | null {
  if (clock === 2 || clock === 3) return { perThread: clock === 3, target: 0, time: 2 };
  const time = clock & TIME_MASK;
  if (clock >= 0 || time >= TIMES) return null;
  return { perThread: (clock & PER_THREAD) !== 0, target: ~(clock >> KIND_BITS), time: time as CpuClock['time'] };
}
