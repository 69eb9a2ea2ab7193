// The interface between a plan and a kernel: the system calls a restorer makes, which a real kernel or a model answers.

/** What timer_create is told about expiries: a struct sigevent. */
export interface Sigevent {
  /** SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4. */
  notify: number;
  signo?: number;
  /** 64 bits: a bigint, or a safe integer, which is faster. */
  value?: number | bigint;
  /** The thread for SIGEV_THREAD_ID. */
  tid?: number;
}

/** What timer_settime is told: a struct itimerspec. */
export interface Itimerspec {
  valueSec: number;
  /** 0…999,999,999. */
  valueNsec: number;
  intervalSec: number;
  /** 0…999,999,999. */
  intervalNsec: number;
}

/**
 * A bit in a sigevent's `notify`: "give this timer the ID that stands in the buffer".
 *
 * Proposed on the mailing list in 2023 without a value; this is the lowest bit that SIGEV_SIGNAL … SIGEV_THREAD_ID leave free. Kernels that do not know it
 * refuse such a sigevent with EINVAL.
 */
export const SIGEV_USE_ID = 8;

/**
 * The timer system calls of one process: a model's or a real kernel's, synchronous, with the result or −errno.
 *
 * A `Process` of @idspace/posix-timers is one as it stands. `timerCreateAt` and `setNextId` exist only on kernels that were proposed.
 */
export interface TimerSyscalls {
  /** @param id What the ID buffer holds before the call: the ID wanted in restore mode, or with {@link SIGEV_USE_ID}. */
  timerCreate(clock: number, sigevent: Sigevent | null, id?: number): number;
  timerDelete(id: number): number;
  timerSettime(id: number, flags: number, setting: Itimerspec): number;
  timerGettime(id: number): number;
  prctl(option: number, arg: number): number;
  /** Creates a timer under this ID, 0…2³¹−1 ('create-at-id'). Returns the ID; −EBUSY if it is taken. */
  timerCreateAt?(clock: number, sigevent: Sigevent | null, id: number): number;
  /** Lets the next create take the lowest free ID from this one on, 0…2³¹−1 ('cursor-sysctl'). Returns 0 or −errno. */
  setNextId?(id: number): number;
  /**
   * Makes `timerCreate` and `timerDelete` in turn, faster than from outside; without it the calls themselves are made.
   *
   * @param count Pairs. @param firstId The ID of the first; each further one must be the next. The first call that fails or
   *   gives another ID is the last one made; a timer of another ID stays.
   * @returns Whole pairs made, the ID of the last of them, and what the last create and the last delete returned.
   */
  createDeletePairs?(
    clock: number,
    sigevent: Sigevent | null,
    count: number,
    firstId: number,
  ): { pairs: number; lastId: number; created: number; deleted: number };
}
