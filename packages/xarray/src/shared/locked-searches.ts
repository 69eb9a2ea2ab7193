// The calls that find, count and visit, and always take the writers' lock.
import type { Each } from '../each.ts';
import { bitmapOf } from '../marks.ts';
import { badFunction, badIndex } from '../misuse.ts';
import { MAX_INDEX } from '../node-layout.ts';
import type { Entry, Index } from '../searches.ts';
import type { Attachment } from './attachment.ts';

/** Entries that forEach and the iterators fetch at one moment. */
const BATCH = 64;

/** The calls of SharedXArray that change nothing, but are made while this thread has the writers' lock. */
export class LockedSearches implements Iterable<[Index, Entry]> {
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
   * Counts the entries of a range, all of one moment. See XArray.count.
   *
   * Cost: O(entries of the range): any may be a reservation of another thread.
   * Lock: the writers'.
   */
  count(first: Index = 0, last: Index = MAX_INDEX, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.count(first, last, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Counts the entries below an index. See XArray.rank.
   *
   * Cost: as {@link count}. Lock: the writers'.
   */
  rank(index: Index, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.rank(index, mark);
    } finally {
      this.attachment.leaveAsFound();
    }
  }

  /**
   * Finds the entry that has `k` others before it: its index, or −1. See XArray.nth.
   *
   * Cost: as {@link count}. Lock: the writers'.
   */
  nth(k: number, mark?: number): number {
    const tree = this.attachment.enter();
    try {
      return tree.nth(k, mark);
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
    checkBounds('forEach', from, max, 'max', mark);
    for (const [index, entry] of this.ascending(from, max, mark)) fn(entry, index);
  }

  /**
   * Iterates over `[index, entry]` of a range, in ascending order. See XArray.range.
   *
   * Entries are fetched 64 at a time, each batch as it is at one moment: what other threads change behind the batch at hand is seen,
   * what they change in it is not.
   *
   * Lock: the writers', for each batch, but not while the caller looks at it.
   */
  range(from: Index = 0, max: Index = MAX_INDEX, mark?: number): Each<[Index, Entry]> {
    checkBounds('range', from, max, 'max', mark);
    return this.ascending(from, max, mark);
  }

  /** Iterates over `[index, entry]` in descending order, from `from` down to `min`; otherwise as {@link range}. */
  reversed(from: Index = MAX_INDEX, min: Index = 0, mark?: number): Each<[Index, Entry]> {
    checkBounds('reversed', from, min, 'min', mark);
    return this.descending(from, min, mark);
  }

  /** Iterates over `[index, entry]` in ascending order, like {@link range}. */
  [Symbol.iterator](): Each<[Index, Entry]> {
    return this.ascending(0, MAX_INDEX);
  }

  private *ascending(from: Index, max: Index, mark?: number): Generator<[Index, Entry], undefined> {
    for (let next = from; next <= max; ) {
      const batch = this.batch(next, max, mark);
      yield* batch;
      if (batch.length < BATCH) return undefined;
      next = batch[BATCH - 1]![0] + 1;
    }
    return undefined;
  }

  private *descending(from: Index, min: Index, mark?: number): Generator<[Index, Entry], undefined> {
    for (let next = from; next >= min; ) {
      const batch = this.batchBelow(next, min, mark);
      yield* batch;
      if (batch.length < BATCH) return undefined;
      next = batch[BATCH - 1]![0] - 1;
    }
    return undefined;
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

  private batchBelow(from: Index, min: Index, mark?: number): [Index, Entry][] {
    const found: [Index, Entry][] = [];
    const tree = this.attachment.enter();
    try {
      let index = tree.findLast(from, min, mark);
      while (index >= 0 && found.length < BATCH) {
        found.push([index, tree.load(index)]);
        index = tree.findBefore(index, min, mark);
      }
    } finally {
      this.attachment.leaveAsFound();
    }
    return found;
  }
}

/** Refuses bad limits and marks when an iterator is asked for, not at its first step. */
function checkBounds(call: string, from: Index, end: Index, name: string, mark: number | undefined): void {
  if (typeof from !== 'number' || from >>> 0 !== from) throw badIndex('SharedXArray', call, from, 'from');
  if (typeof end !== 'number' || end >>> 0 !== end) throw badIndex('SharedXArray', call, end, name);
  bitmapOf('SharedXArray', call, mark);
}
