// SharedIdPool: IdPool in a SharedArrayBuffer, without locks: an ID is taken by setting its bit, which one thread does.
import { checkInteger, INT_MAX, UINT_MAX } from '../range.ts';
import { allocate, attached, open } from './memory.ts';

/** "SIP", version 1. */
const MAGIC_NUMBER = 0x5349_5001;
const MIN = 2;
const MAX = 3;
const REUSE = 4;
const REUSES = ['lowest', 'cyclic'] as const;
/** Each on a cache line of its own: words of the bitmap below are full (but for races); the ID to begin with; IDs taken. */
const HINT = 16;
const CURSOR = 32;
const SIZE = 48;
const BITS = 64;

/** What a shared pool is made of. */
export interface SharedIdPoolOptions {
  /** Lowest ID, 0…2³²−1. Default 0. */
  min?: number;
  /** Highest ID, min…2³²−1. Default 2³¹−1. One bit each is reserved, and taken from the system as it is used. */
  max?: number;
  /** Which free ID is handed out: the lowest, or the next one behind that handed out last. Default 'lowest'. */
  reuse?: 'lowest' | 'cyclic';
}

/**
 * Hands out IDs to all threads that are attached, and takes them back.
 *
 * No ID is with two threads at once, also if threads are killed; what a killed thread had stays taken. There is no lock, so
 * nobody waits. `'lowest'` is the lowest that was free when the thread looked; threads that race may get them in any order,
 * and a thread that is killed in `allocate` may leave free IDs that come only after those above them.
 *
 * Cost: one bit per ID of address space, 256 bytes.
 */
export class SharedIdPool {
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  readonly min: number;
  readonly max: number;
  readonly reuse: 'lowest' | 'cyclic';
  /** Int32Array over all of the shared memory; from BITS on, a bit per ID, set while it is taken. */
  private readonly words: Int32Array;

  /**
   * Makes a pool with no ID taken.
   *
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
  }

  /**
   * Attaches this thread to a pool that another one made.
   *
   * @param handle The `handle` of the other's.
   * @returns Called on a subclass, one of that: its constructor must hand on all its arguments.
   * @throws SharedIdError unless magic, version and size are right.
   */
  static attach<T extends SharedIdPool = SharedIdPool>(
    this: (new (options?: SharedIdPoolOptions) => T) | undefined,
    handle: SharedArrayBuffer,
  ): T {
    const make = (this ?? plain()) as new (options: SharedIdPoolOptions, handle: SharedArrayBuffer) => T;
    return attached(new make({}, handle ?? (null as never)), handle);
  }

  /** IDs taken; exact while nobody takes or frees one, but for threads killed between an ID and its count. */
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
   * @returns The ID, or −1 if every ID was seen taken.
   *
   * Cost: three atomic operations; full words (32 IDs each) are passed over where the hint is behind.
   */
  allocate(): number {
    const bit = this.reuse === 'lowest' ? this.lowest() : this.cyclic();
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
    const bit = checkInteger('id', id, this.min, this.max) - this.min;
    const mask = 1 << bit;
    if ((Atomics.or(this.words, BITS + (bit >>> 5), mask) & mask) !== 0) return false;
    Atomics.add(this.words, SIZE, 1);
    return true;
  }

  /**
   * Gives an ID back.
   *
   * @param id min…max.
   * @returns False, and nothing changes, if it is not taken.
   * @throws RangeError if it is out of range.
   */
  free(id: number): boolean {
    const bit = checkInteger('id', id, this.min, this.max) - this.min;
    const mask = 1 << bit;
    if ((Atomics.and(this.words, BITS + (bit >>> 5), ~mask) & mask) === 0) return false;
    Atomics.sub(this.words, SIZE, 1);
    this.lowerHint(bit >>> 5);
    return true;
  }

  /**
   * Says whether an ID is taken.
   *
   * @throws RangeError if it is out of range.
   */
  has(id: number): boolean {
    const bit = checkInteger('id', id, this.min, this.max) - this.min;
    return (Atomics.load(this.words, BITS + (bit >>> 5)) & (1 << bit)) !== 0;
  }

  /**
   * Shows size and range in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `SharedIdPool(${this.size}) { min: ${this.min}, max: ${this.max}, reuse: '${this.reuse}' }`;
  }

  private lowest(): number {
    const { words } = this;
    const begin = Atomics.load(words, HINT);
    const bit = this.takeWithin(begin, words.length - BITS);
    // The hint may be ahead of an ID that was freed while another thread raised it.
    if (bit < 0) return this.takeWithin(0, begin);
    if (bit >>> 5 > begin) this.raiseHint(begin, bit >>> 5);
    return bit;
  }

  private cyclic(): number {
    const { words } = this;
    const cursor = Atomics.load(words, CURSOR) >>> 0;
    let bit = this.takeIn(cursor >>> 5, -1 << cursor);
    if (bit < 0) bit = this.takeWithin((cursor >>> 5) + 1, words.length - BITS);
    if (bit < 0) bit = this.takeWithin(0, (cursor >>> 5) + 1);
    if (bit >= 0) Atomics.store(words, CURSOR, bit === this.max - this.min ? 0 : bit + 1);
    return bit;
  }

  /** Takes the first free bit of the words `from`…`end` − 1; −1 if none is. */
  private takeWithin(from: number, end: number): number {
    for (let word = from; word < end; word++) {
      if (this.words[BITS + word] === -1) continue;
      const bit = this.takeIn(word, -1);
      if (bit >= 0) return bit;
    }
    return -1;
  }

  /** Takes the first free bit of a word that the mask allows; −1 if none is. */
  private takeIn(word: number, allowed: number): number {
    const { words } = this;
    for (;;) {
      const free = ~Atomics.load(words, BITS + word) & allowed;
      if (free === 0) return -1;
      const mask = free & -free;
      if ((Atomics.or(words, BITS + word, mask) & mask) === 0) return word * 32 + 31 - Math.clz32(mask);
    }
  }

  /** Says that the words up to `to` were seen full. */
  private raiseHint(from: number, to: number): void {
    if (Atomics.compareExchange(this.words, HINT, from, to) !== from) return;
    // Who freed an ID there before it could see the new hint has not lowered it.
    for (let word = from; word < to; word++) {
      if (Atomics.load(this.words, BITS + word) === -1) continue;
      this.lowerHint(word);
      return;
    }
  }

  private lowerHint(word: number): void {
    for (let hint = Atomics.load(this.words, HINT); word < hint; ) {
      const seen = Atomics.compareExchange(this.words, HINT, hint, word);
      if (seen === hint) return;
      hint = seen;
    }
  }
}

function fresh({ min = 0, max = INT_MAX, reuse = 'lowest' }: SharedIdPoolOptions): Int32Array {
  checkInteger('min', min, 0, UINT_MAX);
  checkInteger('max', max, min, UINT_MAX);
  const order = REUSES.indexOf(reuse);
  if (order < 0) throw new RangeError(`next-id: reuse is ${String(reuse)}, expected 'lowest' or 'cyclic'`);
  const ids = max - min + 1;
  const words = allocate(MAGIC_NUMBER, BITS + Math.ceil(ids / 32));
  words[MIN] = min;
  words[MAX] = max;
  words[REUSE] = order;
  // What is left of the last word is no ID.
  if (ids % 32 !== 0) words[words.length - 1] = -1 << (ids % 32);
  return words;
}

function lengthOf(words: Int32Array): number {
  const ids = (words[MAX] >>> 0) - (words[MIN] >>> 0) + 1;
  return ids > 0 && words[REUSE] >= 0 && words[REUSE] < REUSES.length ? BITS + Math.ceil(ids / 32) : -1;
}

// Not within the class: one that names itself gets another name when it is bundled.
function plain(): typeof SharedIdPool {
  return SharedIdPool;
}
