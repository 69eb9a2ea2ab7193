// SharedIdPool: IdPool in a SharedArrayBuffer, without locks: an ID is taken by setting its bit, which one thread does.
import { checkInteger, checkKeys, refused } from '../misuse.ts';
import { INT_MAX, UINT_MAX } from '../range.ts';
import { allocate, attached, open } from './memory.ts';
import { WordTree } from './word-tree.ts';

/** "SIP", version 2: 1 had no tree of words. */
const MAGIC_NUMBER = 0x5349_5002;
const MIN = 2;
const MAX = 3;
const REUSE = 4;
const REUSES = ['lowest', 'cyclic'] as const;
/** Each on a cache line of its own: the ID to begin with; IDs taken. */
const CURSOR = 16;
const SIZE = 32;
/** A bit per ID, and the tree over them. */
const BITS = 48;

/** The options of a shared pool. */
export interface SharedIdPoolOptions {
  /** Lowest ID, 0…2³²−1. Default 0. */
  min?: number | undefined;
  /** Highest ID, min…2³²−1. Default 2³¹−1. One bit each is reserved, and taken from the system as it is used. */
  max?: number | undefined;
  /** Which free ID is handed out: the lowest, or the next one behind that handed out last. Default 'lowest'. */
  reuse?: 'lowest' | 'cyclic' | undefined;
}

/**
 * Hands out IDs to all threads that are attached, and takes them back.
 *
 * No ID is with two threads at the same time, also if threads are killed; what a killed thread had stays taken. There is no lock, so
 * no thread waits. `'lowest'` is the lowest that was free when the thread looked; threads that race may get them in any order.
 *
 * The calls are those of IdPool, but there is no delayed reuse and no `clear`.
 *
 * Cost: 1.15 bits per ID of address space, 192 bytes. A thread killed in `free` costs the others some ten reads each time the
 * pool is full, forever.
 */
export class SharedIdPool {
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  readonly min: number;
  readonly max: number;
  readonly reuse: 'lowest' | 'cyclic';
  /** Int32Array over all of the shared memory; from BITS on, a bit per ID, set while it is taken. */
  private readonly words: Int32Array;
  /** Which words of the bitmap are full. */
  private readonly tree: WordTree;

  /**
   * Makes a pool with no ID taken.
   *
   * @param options See {@link SharedIdPoolOptions}.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options?: SharedIdPoolOptions);
  /** @internal What `attach` does. */
  constructor(options: SharedIdPoolOptions, handle: SharedArrayBuffer);
  constructor(options: SharedIdPoolOptions = {}, handle?: SharedArrayBuffer) {
    this.words = handle === undefined ? fresh(options) : open(MAGIC_NUMBER, handle, lengthOf);
    this.min = this.words[MIN] >>> 0;
    this.max = this.words[MAX] >>> 0;
    this.reuse = REUSES[this.words[REUSE]];
    this.handle = this.words.buffer as SharedArrayBuffer;
    this.tree = treeOver(this.words, this.max - this.min + 1);
  }

  /**
   * Attaches this thread to a pool that another one made.
   *
   * @param handle The `handle` of the other's.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws SharedIdError unless magic, version and size are right.
   */
  static attach<T extends SharedIdPool = SharedIdPool>(
    this: (new (options?: SharedIdPoolOptions) => T) | undefined,
    handle: SharedArrayBuffer,
  ): T {
    const make = (this ?? SharedIdPool) as new (options: SharedIdPoolOptions, handle: SharedArrayBuffer) => T;
    return attached(new make({}, handle ?? (null as never)), handle);
  }

  /** IDs taken; exact while no thread takes or frees one, except for threads killed between an ID and its count. */
  get size(): number {
    return Atomics.load(this.words, SIZE) >>> 0;
  }

  /** Bytes reserved; the system gives them as they are first used. */
  get byteLength(): number {
    return this.handle.byteLength;
  }

  /**
   * Takes a free ID.
   *
   * @returns The ID, or −1 if every ID was seen taken, each at some moment of the call.
   *
   * Cost: two atomic operations and a read for each level (a factor of 8 of the words of 32 IDs); two more for each level that
   * this fills. As much where the pool is full.
   */
  allocate(): number {
    let bit = this.take();
    if (bit < 0) {
      // What was read without a fence may be old news.
      Atomics.load(this.words, SIZE);
      bit = this.take();
    }
    if (bit < 0) return -1;
    Atomics.add(this.words, SIZE, 1);
    return this.min + bit;
  }

  /**
   * Takes a certain ID.
   *
   * @param id min…max.
   * @returns False, and nothing changes, if it is taken.
   * @throws RangeError if it is out of range.
   */
  reserve(id: number): boolean {
    const bit = checkInteger('SharedIdPool.reserve', 'id', id, this.min, this.max) - this.min;
    const mask = 1 << bit;
    const before = Atomics.or(this.words, BITS + (bit >>> 5), mask);
    if ((before & mask) !== 0) return false;
    if ((before | mask) === -1) this.tree.close(bit >>> 5);
    Atomics.add(this.words, SIZE, 1);
    return true;
  }

  /**
   * Gives an ID back. Giving back what is not taken does nothing.
   *
   * @param id Any value.
   * @returns True if it was taken; false if it was free or is not an ID of this pool.
   *
   * Cost: two atomic operations; three more for each level where all 32 IDs around it were taken.
   */
  free(id: number): boolean {
    const bit = this.offsetOf(id);
    if (bit < 0) return false;
    const { words } = this;
    const at = BITS + (bit >>> 5);
    const mask = 1 << bit;
    let seen = words[at];
    // What a plain read has seen may be old: it does not decide that nothing is to be done.
    while ((seen & mask) !== 0 || ((seen = Atomics.load(words, at)) & mask) !== 0) {
      const full = seen === -1;
      const before = full
        ? this.tree.clearInFull(bit >>> 5, mask)
        : Atomics.compareExchange(words, at, seen, seen & ~mask);
      if (full ? (before & mask) !== 0 : before === seen) {
        Atomics.sub(words, SIZE, 1);
        return true;
      }
      seen = before;
    }
    return false;
  }

  /**
   * Tells whether an ID is taken.
   *
   * @param id Any value.
   * @returns False also for a value that is not an ID of this pool.
   */
  has(id: number): boolean {
    const bit = this.offsetOf(id);
    return bit >= 0 && (Atomics.load(this.words, BITS + (bit >>> 5)) & (1 << bit)) !== 0;
  }

  /**
   * Shows size and range in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `SharedIdPool(${this.size}) { min: ${this.min}, max: ${this.max}, reuse: '${this.reuse}' }`;
  }

  /** Takes the bit that is next in the order of reuse; −1 if none was seen free. */
  private take(): number {
    if (this.reuse === 'lowest') return this.takeFrom(0);
    const { words } = this;
    const cursor = Atomics.load(words, CURSOR) >>> 0;
    let bit = this.takeIn(cursor >>> 5, -1 << cursor);
    if (bit < 0) bit = this.takeFrom((cursor >>> 5) + 1);
    if (bit < 0) bit = this.takeFrom(0);
    if (bit >= 0) Atomics.store(words, CURSOR, bit === this.max - this.min ? 0 : bit + 1);
    return bit;
  }

  /** Takes the first free bit of the words from one on; −1 if none is seen. */
  private takeFrom(from: number): number {
    const { tree } = this;
    for (let word = tree.nextOpen(from); word >= 0; word = tree.nextOpen(word + 1)) {
      const bit = this.takeIn(word, -1);
      if (bit >= 0) return bit;
      tree.close(word);
    }
    return -1;
  }

  /** Takes the first free bit of a word that the mask allows; −1 if none is. */
  private takeIn(word: number, allowed: number): number {
    const { words } = this;
    for (let seen = words[BITS + word]; ; ) {
      const free = ~seen & allowed;
      if (free === 0) return -1;
      const mask = free & -free;
      seen = Atomics.or(words, BITS + word, mask);
      if ((seen & mask) !== 0) continue;
      if ((seen | mask) === -1) this.tree.close(word);
      return word * 32 + 31 - Math.clz32(mask);
    }
  }

  /** The bit of an ID; −1 for any value that is not an ID of this pool. */
  private offsetOf(id: number): number {
    if (typeof id !== 'number' || id >>> 0 !== id || id < this.min || id > this.max) return -1;
    return id - this.min;
  }
}

function fresh(options: SharedIdPoolOptions): Int32Array {
  const call = 'new SharedIdPool';
  const { min = 0, max = INT_MAX, reuse = 'lowest' } = checkKeys(call, 'options', options, 'min, max, reuse');
  checkInteger(call, 'min', min, 0, UINT_MAX);
  checkInteger(call, 'max', max, min, UINT_MAX);
  const order = REUSES.indexOf(reuse);
  if (order < 0) throw refused(call, 'reuse', reuse, "'lowest' or 'cyclic'");
  const ids = max - min + 1;
  const words = allocate(MAGIC_NUMBER, lengthFor(ids));
  words[MIN] = min;
  words[MAX] = max;
  words[REUSE] = order;
  // What is left of the last word is no ID.
  if (ids % 32 !== 0) words[BITS + Math.ceil(ids / 32) - 1] = -1 << (ids % 32);
  treeOver(words, ids).initialise();
  return words;
}

function treeOver(words: Int32Array, ids: number): WordTree {
  return new WordTree(words, BITS, Math.ceil(ids / 32));
}

function lengthFor(ids: number): number {
  return BITS + WordTree.lengthFor(Math.ceil(ids / 32));
}

function lengthOf(words: Int32Array): number {
  const ids = (words[MAX] >>> 0) - (words[MIN] >>> 0) + 1;
  return ids > 0 && words[REUSE] >= 0 && words[REUSE] < REUSES.length ? lengthFor(ids) : -1;
}
