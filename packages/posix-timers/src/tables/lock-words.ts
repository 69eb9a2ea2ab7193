// Lock words: the spin locks of a structure that one thread runs, as numbers that a tracer can see.

/**
 * Counts the passages through a row of locks.
 *
 * A word goes up by one at each lock and each unlock: odd means held, half of it is how often it was taken.
 * No thread waits here; what a lock costs is for a machine model to say, from these accesses.
 */
export class LockWords {
  private words: Uint32Array;

  /** @param capacity Locks to begin with; `reserve` makes room for more. */
  constructor(capacity: number) {
    this.words = new Uint32Array(capacity);
  }

  /** Takes lock `index`. Cost: one read, one write. */
  lock(index: number): void {
    this.words[index]++;
  }

  /** Gives lock `index` back. Cost: one read, one write. */
  unlock(index: number): void {
    this.words[index]++;
  }

  /** Makes room for locks 0…`count`−1. */
  reserve(count: number): void {
    if (count <= this.words.length) return;
    const grown = new Uint32Array(Math.max(count, 2 * this.words.length));
    grown.set(this.words);
    this.words = grown;
  }

  /** How often the locks were taken since they were made, all together; exact below 2³¹ per lock. */
  get acquired(): number {
    let sum = 0;
    for (const word of this.words) sum += word;
    return sum / 2;
  }
}
