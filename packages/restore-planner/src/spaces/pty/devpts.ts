// How a devpts instance hands out indices: always the lowest free one, and there is no way to ask for another.
// Source: fs/devpts/inode.c; criu/tty.c, v4.2; recorded restores.

import { oncePer } from '../once-per.ts';

/** How far above the lowest free index CRIU tries: it keeps up to 31 terminals open on the way. */
export const REACH = 31;

/** Indices in use, as a set. */
export const indexSet: (taken: readonly number[]) => ReadonlySet<number> = oncePer(
  (taken: readonly number[]) => new Set(taken),
);

/** A devpts, and the indices that are in use there. */
export class Devpts {
  private readonly before: ReadonlySet<number>;
  private readonly opened: Set<number> = new Set<number>();
  /** Every index below is taken. */
  private low = 0;

  /** @param before Indices in use; it is not copied. */
  constructor(before: ReadonlySet<number>) {
    this.before = before;
  }

  get lowestFree(): number {
    while (this.has(this.low)) this.low++;
    return this.low;
  }

  has(index: number): boolean {
    return this.opened.has(index) || this.before.has(index);
  }

  /**
   * Opens ptmx until the index comes, as CRIU does, and closes the others.
   *
   * @returns Opens made; 'taken' or 'too-far' if it gives up, at the first open.
   * Cost: O(32), and over all calls O(indices taken).
   */
  reach(index: number): number | 'taken' | 'too-far' {
    if (this.has(index)) return 'taken';
    const first = this.lowestFree;
    if (index - first > REACH) return 'too-far';
    let opens = 0;
    for (let at = first; at <= index; at++) if (!this.has(at)) opens++;
    this.opened.add(index);
    return opens;
  }
}
