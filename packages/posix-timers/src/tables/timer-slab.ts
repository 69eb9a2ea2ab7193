// TimerSlab: struct k_itimer, one typed array per field.
// Source: struct k_itimer (include/linux/posix-timers.h), posix_timers_cache (kernel/time/posix-timers.c), 3.9–6.18.

const FIRST_CAPACITY = 64;

type Field = Int32Array | Uint32Array | Float64Array;

/**
 * Keeps the timers of one machine; a timer is its handle, 1….
 *
 * A freed handle is the next one handed out, as in the kernel's slab. Fields are plain arrays indexed by handle.
 * `allocate` replaces them all when it grows: read them again after it.
 */
export class TimerSlab {
  /** it_id: the ID the table gave. */
  id: Int32Array;
  /** it_signal: the process (a handle of the table) that may use the timer; 0 while it is not valid. */
  signal: Int32Array;
  /** it_lock: up by one at each acquire and each release. */
  lock: Uint32Array;
  /** it_clock: the clock ID; CPU clocks of a process or thread are negative. */
  clock: Int32Array;
  /** it_sigev_notify: SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4. */
  notify: Int32Array;
  /** The signal sent at expiry. */
  signo: Int32Array;
  /** The value sent with the signal: 64 bits in two words. */
  sigvalLo: Uint32Array;
  sigvalHi: Uint32Array;
  /** it_pid: the process or thread the signal goes to. */
  pid: Int32Array;
  /** it_overrun of the last delivered signal. */
  overrun: Int32Array;
  /** it_interval: seconds and nanoseconds. */
  intervalSec: Float64Array;
  intervalNsec: Int32Array;
  /** The time left when it was armed: seconds and nanoseconds; both 0 when disarmed. */
  valueSec: Float64Array;
  valueNsec: Int32Array;

  /** The link of the free list; of no meaning while the handle is allocated. */
  private nextFree: Int32Array;
  private firstFree = 0;
  private touched = 0;
  private live = 0;

  /** @param capacity Timers to make room for at the start (the slab doubles when it is full). */
  constructor(capacity: number = FIRST_CAPACITY) {
    const length = capacity + 1;
    this.id = new Int32Array(length);
    this.signal = new Int32Array(length);
    this.lock = new Uint32Array(length);
    this.clock = new Int32Array(length);
    this.notify = new Int32Array(length);
    this.signo = new Int32Array(length);
    this.sigvalLo = new Uint32Array(length);
    this.sigvalHi = new Uint32Array(length);
    this.pid = new Int32Array(length);
    this.overrun = new Int32Array(length);
    this.intervalSec = new Float64Array(length);
    this.intervalNsec = new Int32Array(length);
    this.valueSec = new Float64Array(length);
    this.valueNsec = new Int32Array(length);
    this.nextFree = new Int32Array(length);
  }

  /** How many handles are allocated. */
  get size(): number {
    return this.live;
  }

  /** How many handles fit before the arrays are replaced. */
  get capacity(): number {
    return this.id.length - 1;
  }

  /**
   * Hands out a timer that belongs to no process: `id`, `signal` and `overrun` are 0, the other fields are the creator's
   * to write, all of them.
   *
   * @returns The handle, 1…: the one freed last, or a new one. Cost: O(1), except for doubling.
   */
  allocate(): number {
    let timer = this.firstFree;
    if (timer === 0) timer = this.takeNew();
    else this.firstFree = this.nextFree[timer];
    this.live++;
    this.id[timer] = 0;
    this.signal[timer] = 0;
    this.overrun[timer] = 0;
    return timer;
  }

  /** Takes a handle back. It must be allocated and in no table. */
  free(timer: number): void {
    this.nextFree[timer] = this.firstFree;
    this.firstFree = timer;
    this.live--;
  }

  /**
   * Takes the timer's lock, then checks to which process it belongs.
   *
   * @returns true with the lock held, or false with the lock given back where `process` does not own the timer.
   */
  lockOwned(timer: number, process: number): boolean {
    this.lock[timer]++;
    if (this.signal[timer] === process) return true;
    this.unlock(timer);
    return false;
  }

  /** Gives the timer's lock back. */
  unlock(timer: number): void {
    this.lock[timer]++;
  }

  /** The handle that `allocate` returns next. */
  get next(): number {
    return this.firstFree === 0 ? this.touched + 1 : this.firstFree;
  }

  /** Returns a handle that was never used. */
  private takeNew(): number {
    if (this.touched + 1 === this.id.length) this.grow();
    return ++this.touched;
  }

  /** Doubles the room; all or nothing. */
  private grow(): void {
    const length = 2 * (this.id.length - 1) + 1;
    const fields = {
      id: longer(this.id, length),
      signal: longer(this.signal, length),
      lock: longer(this.lock, length),
      clock: longer(this.clock, length),
      notify: longer(this.notify, length),
      signo: longer(this.signo, length),
      sigvalLo: longer(this.sigvalLo, length),
      sigvalHi: longer(this.sigvalHi, length),
      pid: longer(this.pid, length),
      overrun: longer(this.overrun, length),
      intervalSec: longer(this.intervalSec, length),
      intervalNsec: longer(this.intervalNsec, length),
      valueSec: longer(this.valueSec, length),
      valueNsec: longer(this.valueNsec, length),
      nextFree: longer(this.nextFree, length),
    };
    Object.assign(this, fields);
  }
}

/** Returns a zero-padded copy of `length` elements. */
function longer<T extends Field>(field: T, length: number): T {
  const copy = new (field.constructor as new (length: number) => T)(length);
  copy.set(field as never);
  return copy;
}
