// NextId: a cursor that gives out each ID once before it gives any of them again.
// Reference: signal_struct::next_posix_timer_id, Linux 3.10 and later.
import { checkFunction, checkInteger } from './misuse.ts';
import { INT_MAX } from './range.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/**
 * Hands out consecutive IDs, 0…max, and starts again at 0 after the last one.
 *
 * It does not know which IDs are in use: its user says so through the `claim` of `allocate`. An ID that was
 * offered is gone until the next lap, claimed or not, so a failed claim burns it.
 *
 * Cost: 4 bytes of state, whatever the number of IDs.
 * Source: kernel/time/posix-timers.c, posix_timer_add(), Linux 6.5 (`next = (id + 1) & INT_MAX`).
 */
export class NextId {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** Largest ID; the one after it is 0. */
  readonly max: number;
  /** Int32Array, shape [1], the next ID: an array so that a tracer sees the counter's reads and writes. */
  private cursor: Int32Array;

  /**
   * Starts the cursor at `next`.
   *
   * @param next First ID to hand out, 0…max. Default 0.
   * @param max Largest ID, 0…2³¹−1. Default 2³¹−1, where the wrap equals the kernel's mask; smaller ones restrict the space.
   * @throws RangeError naming the parameter, what was got and what is expected.
   */
  constructor(next = 0, max: number = INT_MAX) {
    this.max = checkInteger('new NextId', 'max', max, 0, INT_MAX);
    this.cursor = Int32Array.of(checkInteger('new NextId', 'next', next, 0, max));
  }

  /** Returns the ID that will be handed out next, 0…max, without advancing. */
  get next(): number {
    return this.cursor[0];
  }

  /**
   * Returns the next ID and advances.
   *
   * @returns An ID, 0…max; 0 follows max.
   *
   * Cost: one read and one write of the cursor.
   */
  take(): number {
    const cursor = this.cursor;
    const id = cursor[0];
    cursor[0] = id === this.max ? 0 : id + 1;
    return id;
  }

  /**
   * Makes `id` the next one to be handed out. It may be lower than the current one.
   *
   * @param id 0…max.
   * @throws RangeError if it is out of range.
   */
  moveTo(id: number): void {
    this.cursor[0] = checkInteger('NextId.moveTo', 'id', id, 0, this.max);
  }

  /**
   * Offers consecutive IDs until one is claimed. The cursor stands behind an offered ID before `claim` sees it, and stays
   * there when `claim` refuses or throws.
   *
   * @param claim Returns true to take the ID, false if it is busy.
   * @param tries Offers to make at most, an integer ≥ 0. Default max + 1: each ID once (2³¹ of them unless restricted).
   * @returns The claimed ID, or −1 when all offers were refused.
   * @throws RangeError if `tries` is not such an integer or `claim` not a function.
   *
   * Cost: one read and one write of the cursor for each offer, plus the claims; allocates nothing.
   * Source: kernel/time/posix-timers.c, posix_timer_add(), Linux 6.5: bounded by a count, not by seeing the start again.
   */
  allocate(claim: (id: number) => boolean, tries: number = this.max + 1): number {
    checkFunction('NextId.allocate', 'claim', claim);
    checkInteger('NextId.allocate', 'tries', tries, 0, Number.MAX_SAFE_INTEGER);
    for (let left = tries; left > 0; left--) {
      const id = this.take();
      if (claim(id)) return id;
    }
    return -1;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return `NextId { next: ${this.next}, max: ${this.max} }`;
  }

  /**
   * Shows the state in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }
}
