// The calls that change the array and always take the writers' lock: marks, allocation, ranges, and calls on the array as a whole.
import { MAX_ENTRY } from '../node-layout.ts';
import type { Entry, Index } from '../searches.ts';
import { LockedSearches } from './locked-searches.ts';

/** The calls of SharedXArray that are XArray's, made while this thread has the writers' lock. */
export class LockedCalls extends LockedSearches {
  /**
   * Takes an index without an entry. See XArray.reserve.
   *
   * Lock: the writers'.
   */
  reserve(index: Index): void {
    const tree = this.attachment.enter();
    try {
      tree.reserve(index);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Undoes a reservation that was not used. See XArray.release.
   *
   * Lock: the writers'.
   */
  release(index: Index): void {
    const tree = this.attachment.enter();
    try {
      tree.release(index);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Puts an entry at the lowest free index; no two threads get the same. −1 if none is free. See XArray.alloc.
   *
   * Lock: the writers'.
   */
  alloc(entry: Entry, min: Index = 0, max: Index = MAX_ENTRY): number {
    const tree = this.attachment.enter();
    try {
      return tree.alloc(entry, min, max);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Puts an entry at the next free index at or after `next`, or failing that at the lowest. See XArray.allocCyclic.
   *
   * Lock: the writers'.
   */
  allocCyclic(entry: Entry, next: Index, min: Index = 0, max: Index = MAX_ENTRY): number {
    const tree = this.attachment.enter();
    try {
      return tree.allocCyclic(entry, next, min, max);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Removes what is at the indices of a range; returns how many entries there were. See XArray.eraseRange.
   *
   * Threads that take the lock see all or nothing of it. `load` may see a part of the range removed, and so may a thread that buries
   * this one, if it ends amid the call.
   *
   * Cost: as erasing one by one. Lock: the writers', for all of it.
   */
  eraseRange(first: Index, last: Index): number {
    const tree = this.attachment.enter();
    try {
      return tree.eraseRange(first, last);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Puts one entry at every index of a range. See XArray.fillRange.
   *
   * Other threads see of it what they see of {@link eraseRange}.
   *
   * @throws SharedXArrayError if the capacity does not allow it; then nothing has changed.
   *
   * Lock: the writers', for all of it.
   */
  fillRange(first: Index, last: Index, entry: Entry): void {
    const tree = this.attachment.enter();
    try {
      tree.fillRange(first, last, entry);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Sets a mark of the entry at an index. See XArray.setMark.
   *
   * Lock: the writers'.
   */
  setMark(index: Index, mark: number): void {
    const tree = this.attachment.enter();
    try {
      tree.setMark(index, mark);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Clears a mark of the entry at an index. See XArray.clearMark.
   *
   * Lock: the writers'.
   */
  clearMark(index: Index, mark: number): void {
    const tree = this.attachment.enter();
    try {
      tree.clearMark(index, mark);
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Removes everything, at one moment; the nodes can be used again. See XArray.clear.
   *
   * Lock: the writers'.
   */
  clear(): void {
    const tree = this.attachment.enter();
    try {
      tree.clear();
    } finally {
      this.attachment.leave();
    }
  }

  /**
   * Writes the array, as it is at one moment, into a buffer for XArray.from. See XArray.snapshot.
   *
   * Lock: the writers'.
   */
  snapshot(): Uint8Array {
    const tree = this.attachment.enter();
    try {
      return tree.snapshot();
    } finally {
      this.attachment.leaveAsFound();
    }
  }
}
