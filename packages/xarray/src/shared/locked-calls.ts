// The calls that always take the writers' lock: searches, marks, allocation, and calls on the array as a whole.
import type { Entry, Index } from '../entries.ts';
import { bitmapOf } from '../marks.ts';
import { badFunction, badIndex } from '../misuse.ts';
import { MAX_ENTRY, MAX_INDEX } from '../node-layout.ts';
import type { Attachment } from './attachment.ts';

/** Entries that forEach and the iterator fetch at one moment. */
const BATCH = 64;

/** The calls of SharedXArray that are XArray's, made while this thread has the writers' lock. */
export class LockedCalls implements Iterable<[Index, Entry]> {
  /** @internal */
  readonly attachment: Attachment;

  constructor(attachment: Attachment) {
    this.attachment = attachment;
  }

  /** Nodes in use. Lock: the writers'. */
  get nodeCount(): number {
    const tree = this.attachment.enter();
    try {
      return tree.nodeCount;
    } finally {
      this.attachment.leaveAsFound();
    }
  }

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
   * Finds the first entry at or after an index: its index, or −1. See XArray.find.
   *
   * Lock: the writers'.
   */
  find(from: Index = 0, max: Index = MAX_INDEX, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.find(from, max, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Finds the first entry after an index: its index, or −1. See XArray.findAfter.
   *
   * Lock: the writers'.
   */
  findAfter(from: Index, max: Index = MAX_INDEX, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.findAfter(from, max, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Finds the last entry at or before an index: its index, or −1. See XArray.findLast.
   *
   * Lock: the writers'.
   */
  findLast(from: Index = MAX_INDEX, min: Index = 0, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.findLast(from, min, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Finds the last entry before an index: its index, or −1. See XArray.findBefore.
   *
   * Lock: the writers'.
   */
  findBefore(from: Index, min: Index = 0, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.findBefore(from, min, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Finds the first index at which nothing is, not even a reservation, or −1. See XArray.findAbsent.
   *
   * Lock: the writers'.
   */
  findAbsent(from: Index, max: Index = MAX_INDEX): number {
    const tree = this.attachment.enter();
    try {
      return tree.findAbsent(from, max);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Finds the first run of indices at which nothing is: its first, or −1. See XArray.findGap.
   *
   * Lock: the writers'.
   */
  findGap(length: number, from: Index = 0, max: Index = MAX_INDEX): number {
    const tree = this.attachment.enter();
    try {
      return tree.findGap(length, from, max);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Copies entries in ascending order, all of one moment, until the destination is full; returns how many. See XArray.extract.
   *
   * Lock: the writers'.
   */
  extract(dst: Int32Array, from: Index, max: Index = MAX_INDEX, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.extract(dst, from, max, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Reads a mark of the entry at an index. See XArray.getMark.
   *
   * Lock: the writers'.
   */
  getMark(index: Index, mark: number): boolean {
    const tree = this.attachment.enter();
    try {
      return tree.getMark(index, mark);
    } finally {
      this.attachment.leaveAsFound();
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
   * Says whether anything in the array has a mark. See XArray.marked.
   *
   * Lock: the writers'.
   */
  marked(mark: number): boolean {
    const tree = this.attachment.enter();
    try {
      return tree.marked(mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Calls a function for each entry, in ascending order of index.
   *
   * The function may change the array, as may other threads meanwhile: entries are fetched 64 at a time, each batch as it
   * is at one moment.
   *
   * @param fn Gets the entry and its index.
   * @param from First index, 0…2³²−1.
   * @param max Last index, 0…2³²−1.
   * @param mark Only entries with this mark, 0…2.
   * @throws RangeError for a bad index or mark, or if `fn` is not a function.
   *
   * Lock: the writers', for each batch.
   */
  forEach(fn: (entry: Entry, index: Index) => void, from: Index = 0, max: Index = MAX_INDEX, mark?: number): void {
    if (typeof fn !== 'function') throw badFunction('SharedXArray', 'forEach', fn);
    if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SharedXArray', 'forEach', from, 'from');
    if (typeof max !== 'number' || max >>> 0 !== max) throw badIndex('SharedXArray', 'forEach', max, 'max');
    bitmapOf('SharedXArray', 'forEach', mark);
    for (let next = from; ; ) {
      const batch = this.batch(next, max, mark);
      for (const [index, entry] of batch) fn(entry, index);
      next = batch.length < BATCH ? MAX_INDEX + 1 : batch[BATCH - 1]![0] + 1;
      if (next > max) return;
    }
  }

  /** Iterates over `[index, entry]` in ascending order, like {@link forEach}. */
  *[Symbol.iterator](): IterableIterator<[Index, Entry]> {
    for (let next = 0; next <= MAX_INDEX; ) {
      const batch = this.batch(next, MAX_INDEX);
      yield* batch;
      if (batch.length < BATCH) return;
      next = batch[BATCH - 1]![0] + 1;
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

  private batch(from: Index, max: Index, mark?: number): [Index, Entry][] {
    const found: [Index, Entry][] = [];
    const tree = this.attachment.enter();
    try {
      let index = tree.find(from, max, mark);
      while (index >= 0 && found.length < BATCH) {
        found.push([index, tree.load(index)]);
        index = tree.findAfter(index, max, mark);
      }
    } finally {
      this.attachment.leaveAsFound();
    }
    return found;
  }
}
