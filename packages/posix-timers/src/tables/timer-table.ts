// TimerTable: what a kernel needs of the table that keeps its timers.
import type { TimerList } from './timer-list.ts';
import type { TimerSlab } from './timer-slab.ts';

/**
 * Where a machine keeps its timers: IDs are handed out, looked up and given back here.
 *
 * A timer is a handle (1…) into {@link TimerSlab}; a process is a handle (1…) that `addProcess` returned.
 * The state sits in typed arrays of plain objects, so that every access can be recorded from outside.
 */
export interface TimerTable {
  /** The name of its design. */
  readonly design: string;
  /** struct k_itimer, one typed array per field. */
  readonly timers: TimerSlab;
  /** signal_struct::posix_timers, newest first; null in designs that need no second list. */
  readonly list: TimerList | null;

  /** Makes room for a process whose signal_struct lies at this 64-bit address. Returns its handle. */
  addProcess(addressLo: number, addressHi: number): number;
  /** Forgets a process that has no timers left. */
  removeProcess(process: number): void;

  /**
   * Gives `timer` an ID and makes the ID busy; `find` does not see it before `publish`.
   *
   * @param wanted The ID to take (restore mode), or −1 to let the design choose.
   * @returns The ID, 0…2³¹−1; −EBUSY where the wanted ID is taken; −EAGAIN where none is free.
   */
  add(process: number, timer: number, wanted?: number): number;
  /** Makes an added timer valid: `find` sees it from now on and it is on the process's list. */
  publish(process: number, timer: number): void;
  /** Takes back an added, not yet published timer; its ID is free again, the next ID stays where it is. */
  abandon(process: number, timer: number): void;
  /**
   * Looks an ID up and takes the timer's lock for a moment.
   *
   * @param id 0…2³¹−1; the caller refuses any other.
   * @returns The timer, or 0 where the process has no published timer of this ID.
   */
  find(process: number, id: number): number;
  /**
   * Looks an ID up and deletes it.
   *
   * @param id 0…2³¹−1; the caller refuses any other.
   * @returns The timer, still allocated in the slab, or 0 as for `find`.
   */
  remove(process: number, id: number): number;
  /** Calls `fn` for each published timer of a process, in the order of /proc/PID/timers; `fn` may remove that timer. */
  forEachTimer(process: number, fn: (timer: number) => void): void;
  /** The ID at which the next search starts; −1 in designs without a cursor. */
  nextId(process: number): number;
  /** Lets the next search start at an ID, 0…2³¹−1; only where it can be set from outside ('cursor-sysctl'). */
  setNextId?(process: number, id: number): void;

  /** The objects whose typed arrays hold this design's state, by name, for tracing and for memory counts. */
  parts(): Record<string, object>;
}
