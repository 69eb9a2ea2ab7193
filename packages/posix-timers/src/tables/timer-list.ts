// TimerList: signal_struct::posix_timers, each process's timers, newest first.
// Source: list_add (struct list_head until 6.11), hlist_add_head (6.12 on), kernel/time/posix-timers.c.

/**
 * Links the timers of each process, newest first.
 *
 * Timers and processes are handles, 1…. A timer is on at most one list. Cost: O(1) for `add` and `remove`.
 * Lock: the owner's siglock is held around `add` and `remove`.
 */
export class TimerList {
  /** The newest timer, by process; 0 where there is none. */
  private heads: Int32Array;
  /** The next older timer, by timer; 0 at the end. */
  private next: Int32Array;
  /** The next newer timer, by timer; 0 at the front. */
  private prev: Int32Array;

  /** @param timers How many timers to make room for at the start. @param processes How many processes. */
  constructor(timers: number, processes: number) {
    this.heads = new Int32Array(processes + 1);
    this.next = new Int32Array(timers + 1);
    this.prev = new Int32Array(timers + 1);
  }

  /** Makes sure that `add` needs no memory. */
  makeRoom(process: number, timer: number): void {
    if (timer >= this.next.length || process >= this.heads.length) this.grow(process, timer);
  }

  /** Puts a timer at the front; {@link makeRoom} has been called for it. */
  add(process: number, timer: number): void {
    const { heads, next, prev } = this;
    const first = heads[process];
    next[timer] = first;
    if (first !== 0) prev[first] = timer;
    heads[process] = timer;
    prev[timer] = 0;
  }

  /** Takes a timer off the list it is on. */
  remove(process: number, timer: number): void {
    const { next, prev } = this;
    const older = next[timer];
    const newer = prev[timer];
    if (newer !== 0) next[newer] = older;
    else this.heads[process] = older;
    if (older !== 0) prev[older] = newer;
    prev[timer] = 0; // The kernel poisons it: a link of a timer that is off must not be followed.
  }

  /** @returns The newest timer of a process, or 0. */
  first(process: number): number {
    return process < this.heads.length ? this.heads[process] : 0;
  }

  /** @returns The next older timer, or 0. */
  after(timer: number): number {
    return this.next[timer];
  }

  /** Calls `fn` for each timer, newest first; `fn` may remove the timer it was given. */
  forEach(process: number, fn: (timer: number) => void): void {
    let timer = this.first(process);
    while (timer !== 0) {
      const next = this.next[timer];
      fn(timer);
      timer = next;
    }
  }

  /** All or nothing. */
  private grow(process: number, timer: number): void {
    const heads = process < this.heads.length ? this.heads : longer(this.heads, process);
    if (timer >= this.next.length) {
      const next = longer(this.next, timer);
      this.prev = longer(this.prev, timer);
      this.next = next;
    }
    this.heads = heads;
  }
}

/** Returns a copy at least twice as long, with room for `index`. */
function longer(field: Int32Array, index: number): Int32Array {
  const copy = new Int32Array(Math.max(2 * field.length, index + 1));
  copy.set(field);
  return copy;
}
