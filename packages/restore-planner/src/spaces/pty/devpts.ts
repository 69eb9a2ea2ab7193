// How a devpts instance hands out indices: always the lowest free one, and there is no way to ask.
// Source: fs/devpts/inode.c; criu/tty.c, v4.2; recorded restores.

/** How far above the lowest free index CRIU tries: it keeps up to 31 terminals open on the way. */
export const REACH = 31;

export class Devpts {
  private readonly taken: Set<number>;
  /** Every index below is taken. */
  private low = 0;

  constructor(taken: Iterable<number>) {
    this.taken = new Set(taken);
  }

  get lowestFree(): number {
    while (this.taken.has(this.low)) this.low++;
    return this.low;
  }

  has(index: number): boolean {
    return this.taken.has(index);
  }

  /**
   * Opens ptmx until the index comes, as CRIU does, and closes the others.
   *
   * @returns Opens made; 'taken' or 'too-far' if it gives up, at the first open.
   * Cost: O(32), and over all calls O(indices taken).
   */
  reach(index: number): number | 'taken' | 'too-far' {
    if (this.taken.has(index)) return 'taken';
    const first = this.lowestFree;
    if (index - first > REACH) return 'too-far';
    let opens = 0;
    for (let at = first; at <= index; at++) if (!this.taken.has(at)) opens++;
    this.taken.add(index);
    return opens;
  }
}
