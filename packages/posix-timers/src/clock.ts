// Clock IDs: which clocks have timers, and the CPU clocks of processes and threads encoded as negative numbers.
// Source: posix_clocks[], clockid_to_kclock (kernel/time/posix-timers.c), include/linux/posix-timers_types.h, 6.18.

import { EINVAL, EOPNOTSUPP } from './errno.ts';
import { checkInteger } from './int32.ts';

/** Process and thread IDs are 1…2²². */
const MAX_PID = 4_194_304;

/** Time since 1970, which can be set. */
export const CLOCK_REALTIME = 0;
/** Time since some point in the past, which never jumps. */
export const CLOCK_MONOTONIC = 1;
/** CPU time of the calling process; a timer on it reads back as clock −6. */
export const CLOCK_PROCESS_CPUTIME_ID = 2;
/** CPU time of the calling thread; a timer on it reads back as clock −2. */
export const CLOCK_THREAD_CPUTIME_ID = 3;
/** Has no timers. */
export const CLOCK_MONOTONIC_RAW = 4;
/** Has no timers. */
export const CLOCK_REALTIME_COARSE = 5;
/** Has no timers. */
export const CLOCK_MONOTONIC_COARSE = 6;
/** CLOCK_MONOTONIC with the time that the machine was suspended. */
export const CLOCK_BOOTTIME = 7;
/** Needs a real-time clock chip that can wake the machine. */
export const CLOCK_REALTIME_ALARM = 8;
/** Needs a real-time clock chip that can wake the machine. */
export const CLOCK_BOOTTIME_ALARM = 9;
/** International atomic time; since Linux 3.10. */
export const CLOCK_TAI = 11;

/** A clock that stands ready for any timer. */
export const PLAIN = 0;
/** A CPU clock: creating a timer looks for the process or thread. */
export const CPU = 1;
/** An alarm clock: creating a timer looks for the chip. */
export const ALARM = 2;

/** By clock ID, 0…11: the kind, or the refusal. */
// biome-ignore format: one entry per clock, in order
const KINDS = Int8Array.of(
  PLAIN, PLAIN, CPU, CPU, -EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP, PLAIN, ALARM, ALARM, -EINVAL /* SGI_CYCLE */, PLAIN,
);

const CPUCLOCK_THREAD = 4;
const CPUCLOCK_SCHED = 2;
const CPUCLOCK_MAX = 3;
/** The low three bits of a clock that is an open file (PTP and the like). */
const CLOCKFD = 3;

/** What CLOCK_PROCESS_CPUTIME_ID becomes: process 0 (the caller's), scheduler time. */
const OWN_PROCESS_CLOCK = -6; // ~0 << 3 | 2
/** What CLOCK_THREAD_CPUTIME_ID becomes: thread 0 (the caller), scheduler time. */
const OWN_THREAD_CLOCK = -2; // ~0 << 3 | 4 | 2

/**
 * Tells what creating a timer on a clock takes.
 *
 * @param clock A clock ID, i32.
 * @returns {@link PLAIN}, {@link CPU} or {@link ALARM}; −EINVAL for an unknown clock; −EOPNOTSUPP for one without timers.
 */
export function clockKind(clock: number): number {
  if (clock >= 0) return clock < KINDS.length ? KINDS[clock] : -EINVAL;
  return (clock & 7) === CLOCKFD ? -EOPNOTSUPP : CPU;
}

/**
 * Encodes the CPU clock of a process or thread.
 *
 * @param pid Process or thread ID, 0…2²²; 0 is the caller's own.
 * @param perThread true for a thread's clock.
 * @returns The clock ID, negative.
 * @throws RangeError for a pid out of range.
 */
export function cpuClock(pid: number, perThread = false): number {
  checkInteger('pid', pid, 0, MAX_PID);
  return (~pid << 3) | (perThread ? CPUCLOCK_THREAD : 0) | CPUCLOCK_SCHED;
}

/** Returns the encoded form of a CPU clock, which is what the kernel keeps. */
export function encodedClock(clock: number): number {
  if (clock < 0) return clock;
  return clock === CLOCK_PROCESS_CPUTIME_ID ? OWN_PROCESS_CLOCK : OWN_THREAD_CLOCK;
}

/** Returns the process or thread an encoded CPU clock names; 0 for the caller's own. */
export function cpuClockPid(clock: number): number {
  return ~(clock >> 3);
}

/** Tells if an encoded CPU clock is a thread's. */
export function isThreadClock(clock: number): boolean {
  return (clock & CPUCLOCK_THREAD) !== 0;
}

/** Tells if an encoded CPU clock counts something that exists: profiling, virtual or scheduler time. */
export function isCountedTime(clock: number): boolean {
  return (clock & 3) < CPUCLOCK_MAX;
}

/** REALTIME and TAI stand at the start of 2026, seconds since 1970. */
const REALTIME_NOW = 1_767_225_600;
/** MONOTONIC and BOOTTIME stand a day after boot, seconds. */
const MONOTONIC_NOW = 86_400;

/**
 * Tells a clock's time. No clock runs in this model: each stands where this says.
 *
 * @param clock The clock of a timer, as the kernel keeps it (CPU clocks negative).
 * @returns Seconds: 0 for CPU clocks, which stand where their process began.
 */
export function clockNow(clock: number): number {
  if (clock < 0) return 0;
  return clock === CLOCK_REALTIME || clock === CLOCK_REALTIME_ALARM || clock === CLOCK_TAI
    ? REALTIME_NOW
    : MONOTONIC_NOW;
}
