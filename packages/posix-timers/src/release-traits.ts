// How releases differ, as far as a caller can tell.
import type { DesignName } from './tables/designs.ts';

/**
 * How a process may ask for the ID of its next timer.
 * - `prctl`: restore mode, in which `timerCreate` takes the ID from the caller's buffer (merged in 6.15)
 * - `create-at-id`: `timerCreateAt`, a call that names the ID · `sigev-bit`: {@link SIGEV_USE_ID} in the sigevent
 * - `cursor`: `setNextId`, a sysctl that moves the start of the next search
 */
export type RestoreCall = 'prctl' | 'create-at-id' | 'sigev-bit' | 'cursor';

/**
 * How an ID is found and made busy, as far as other CPUs can come between. Only races can tell the three hashes apart.
 * - `locked`: found and taken within one lock (IDR, XArray): the lowest free one
 * - `locked-next`: found and taken within one lock: the next free one after the last
 * - `unlocked-start`: one lock per probe; ends where it began, a place read without the lock (3.10–6.4)
 * - `counted`: one lock per probe; ends after as many probes as there are IDs (6.5–6.14)
 * - `reserved`: counted too, and an ID is visibly busy before it is published (6.15 and later)
 */
export type Allocation = 'locked' | 'locked-next' | 'unlocked-start' | 'counted' | 'reserved';

/** The ways in which kernels differ, as far as a caller can tell. */
export interface Release {
  /** Where the timers are kept and how IDs are handed out. */
  readonly design: DesignName;
  /** null where there is no way to ask. */
  readonly restoreCall: RestoreCall | null;
  readonly allocation: Allocation;
  /**
   * Restore mode looks at the wanted ID only after it took the timer and its charge, and gives neither back when it
   * refuses: the charge is lost until reboot. Fixed in 6.18.
   */
  readonly leaksBadId: boolean;
  /** IDs are 0…idCount−1; 2³¹ except for 'restricted:N'. */
  readonly idCount: number;
  /** IDs are counted down from 2³¹−1 ('reversed'). */
  readonly reversed: boolean;
  /** The last clock that there is: CLOCK_BOOTTIME_ALARM (9), from 3.10 on CLOCK_TAI (11). */
  readonly lastClock: number;
}
