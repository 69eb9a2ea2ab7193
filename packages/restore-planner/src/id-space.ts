// The two ways kernels hand out timer IDs, able to take whole runs of create+delete pairs in one step.

const INT_MAX = 2 ** 31 - 1; // the highest timer ID

/** Where a process's timer IDs come from. */
export interface IdSpace {
  /** Where the search for the next ID starts. */
  readonly next: number;
  /** Gives out the next free ID. */
  take(): number;
  /** Gives out this ID, which must be free. */
  claim(id: number): number;
  /** Takes an ID back. */
  free(id: number): void;
  /**
   * Makes take+free pairs until `id` (> next) would come next or the state repeats.
   *
   * @returns The number of pairs.
   */
  skipTo(id: number): number;
}

/**
 * A counter that moves on with every take, successful search or not; freed IDs stay unused until it has wrapped.
 *
 * Only for restores: IDs are taken in ascending order from a counter that starts at 0, so that the next one is always free.
 * Source: kernel/time/posix-timers.c (posix_timer_add), 3.10 … 6.15.
 */
export class NextIdSpace implements IdSpace {
  next = 0;

  take(): number {
    return this.claim(this.next);
  }

  claim(id: number): number {
    this.next = id === INT_MAX ? 0 : id + 1;
    return id;
  }

  free(_id: number): void {
    // The counter never moves back.
  }

  skipTo(id: number): number {
    const pairs = id - this.next;
    this.next = id;
    return pairs;
  }
}

/**
 * The lowest free ID, reused at once.
 *
 * Source: kernel/posix-timers.c (idr_get_new), 3.4.
 */
export class LowestFreeSpace implements IdSpace {
  next = 0;
  private readonly taken: Set<number>;

  /** @param taken IDs in use from before, by other processes. */
  constructor(taken: Iterable<number> = []) {
    this.taken = new Set(taken);
    this.advance();
  }

  take(): number {
    return this.claim(this.next);
  }

  claim(id: number): number {
    this.taken.add(id);
    this.advance();
    return id;
  }

  free(id: number): void {
    this.taken.delete(id);
    if (id < this.next) this.next = id;
  }

  skipTo(_id: number): number {
    return 1; // the ID just freed is the lowest free one again
  }

  private advance(): void {
    while (this.taken.has(this.next)) this.next++;
  }
}
