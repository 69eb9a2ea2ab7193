// IdPool: which IDs of a range are taken, one bit each, and which one to hand out next.
// Reference: a hierarchical bitmap; a word of 32 bits is summed up as one bit ("full") of the level above.
import { checkInteger, checkKeys, refused } from './misuse.ts';
import { INT_MAX, UINT_MAX } from './range.ts';
import { UNCLONEABLE } from './uncloneable.ts';

/**
 * Which free ID is handed out next: the lowest; the next one after that handed out last, wrapping; or the lowest that
 * is not among the last `delay` ones freed.
 */
export type Reuse = 'lowest' | 'cyclic' | { delay: number };

/** What an IdPool is made of. */
export interface IdPoolOptions {
  /** Smallest ID, 0…2³²−1. Default 0. */
  min?: number | undefined;
  /** Largest ID, min…2³²−1. Default 2³¹−1. */
  max?: number | undefined;
  /** Order of reuse. Default 'lowest'. A delay is 0 or more and less than the number of IDs. */
  reuse?: Reuse | undefined;
}

/** What all pools share in which no ID rests: an empty array takes as long to make as any. */
const NO_QUEUE: Uint32Array = /* @__PURE__ */ new Uint32Array(0);
const NONE_RESTING: Int32Array = /* @__PURE__ */ new Int32Array(0);

/**
 * Hands out the IDs of a range and takes them back.
 *
 * With `{ delay: n }` a freed ID rests until n more IDs were freed; the promise is strict: while all other IDs are
 * taken, `allocate` returns −1 rather than an ID that rests. As n is less than the number of IDs, an empty pool always
 * has one to give.
 *
 * Cost: 1.04 bits per ID up to the highest one ever taken, rounded up to a power of two (min … min + 31 at first);
 * with a delay 1 bit more, and 4 bytes for each ID that may rest.
 */
export class IdPool {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** Smallest ID. */
  readonly min: number;
  /** Largest ID. */
  readonly max: number;
  /**
   * Int32Array, all levels one after the other: `leaves` words with a bit per ID (1: taken, or resting), then a bit per
   * word of the level before (1: that word is full), up to a level of one word. Zeroed words are valid: nothing is taken.
   *
   * @internal
   */
  words: Int32Array;
  /** Int32Array, shape [leaves], a bit per ID that rests; empty while none can. @internal */
  resting: Int32Array;
  /** Uint32Array, shape [delay], a ring of the resting offsets in the order they were freed. @internal */
  readonly queue: Uint32Array;
  /** Where the next freed offset goes in the full ring: the oldest one. @internal */
  oldest = 0;
  /** How many IDs rest. @internal */
  queued = 0;
  /** Words of the lowest level, a power of two. @internal */
  leaves = 1;
  /** The largest offset from min. An int32 in most pools, as the number of IDs is not: comparing it stays cheap. @internal */
  readonly last: number;
  /** @internal */
  readonly cyclic: boolean;
  /** Where the search starts, as an offset from min; unless cyclic, nothing below it is free. @internal */
  start = 0;
  /** @internal */
  taken = 0;
  /** IDs that rest and are not in the ring: see quarantine. @internal */
  held = 0;
  /** Is told of each ID that was freed. @internal */
  keeper: { freed(): void } | undefined;

  /**
   * Makes a pool in which every ID is free.
   *
   * @param options See {@link IdPoolOptions}.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options?: IdPoolOptions);
  /** @internal For GenerationalId, whose options these were. */
  constructor(options: IdPoolOptions, call: string);
  constructor(options: IdPoolOptions = {}, caller?: unknown) {
    const call = typeof caller === 'string' ? caller : 'new IdPool'; // `new IdPool(1, 10)` is not called 10
    const { min = 0, max = INT_MAX, reuse = 'lowest' } = checkKeys(call, 'options', options, 'min, max, reuse');
    this.min = checkInteger(call, 'min', min, 0, UINT_MAX);
    this.max = checkInteger(call, 'max', max, min, UINT_MAX);
    this.last = max - min;
    this.cyclic = reuse === 'cyclic';
    const isDelayed = typeof reuse === 'object' && reuse !== null;
    if (!isDelayed && !this.cyclic && reuse !== 'lowest') {
      throw refused(call, 'reuse', reuse, "'lowest', 'cyclic' or { delay }");
    }
    const delay = isDelayed ? checkKeys(call, 'reuse', reuse, 'delay').delay : 0;
    checkInteger(call, 'delay', delay, 0, this.last);
    this.queue = delay === 0 ? NO_QUEUE : new Uint32Array(delay);
    this.words = new Int32Array(1);
    this.resting = delay === 0 ? NONE_RESTING : new Int32Array(1);
  }

  /** Number of IDs handed out or reserved, and not freed. */
  get size(): number {
    return this.taken;
  }

  /** Bytes of all typed arrays. */
  get byteLength(): number {
    return this.words.byteLength + this.resting.byteLength + this.queue.byteLength;
  }

  /**
   * Hands out a free ID, in the order of reuse chosen.
   *
   * @returns An ID, min…max, or −1 when none is available.
   *
   * Cost: O(levels), a level for each factor of 32; one word of one level as a rule. Doubles the bitmap at its end.
   */
  allocate(): number {
    const offset = this.seek();
    return offset < 0 ? -1 : this.handOut(offset);
  }

  /**
   * Finds what `allocate` hands out next, as an offset from min; −1 when none is available.
   *
   * @internal For GenerationalId, which needs memory of its own before anything changes.
   */
  seek(): number {
    if (this.taken + this.queued + this.held > this.last) return -1;
    const offset = this.findFree(this.start);
    return offset > this.last ? this.findFree(0) : offset;
  }

  /**
   * Hands out what `seek` has found.
   *
   * @internal
   */
  handOut(offset: number): number {
    this.take(offset);
    this.start = offset === this.last ? 0 : offset + 1;
    return this.min + offset;
  }

  /**
   * Takes a given ID. It moves no cursor: cyclic reuse goes on behind the ID that `allocate` returned last.
   *
   * @param id min…max. The bitmap grows to reach it: 128 KiB for a million, 256 MiB of address space for 2³¹−1.
   * @returns True if it was free, false if it is taken or rests.
   * @throws RangeError if it is out of range.
   *
   * Cost: O(levels), one word as a rule.
   */
  reserve(id: number): boolean {
    const offset = checkInteger('IdPool.reserve', 'id', id, this.min, this.max) - this.min;
    if (offset < this.leaves * 32 && isSet(this.words, offset)) return false;
    this.take(offset);
    return true;
  }

  /**
   * Gives an ID back. Giving back what is not taken does nothing, so that a double free is harmless. That holds for any value: an ID
   * that was read as text, `'3'`, is not the ID 3, and stays taken.
   *
   * @param id Any value.
   * @returns True if it was taken, false if not: look at it where an ID comes from outside.
   *
   * Cost: O(levels), one word as a rule.
   */
  free(id: number): boolean {
    if (!this.has(id)) return false;
    const offset = id - this.min;
    this.taken--;
    if (this.queue.length === 0) this.release(offset);
    else this.rest(offset);
    this.keeper?.freed();
    return true;
  }

  /**
   * Tells whether an ID is handed out or reserved.
   *
   * @param id Any number.
   * @returns True if it is; false if it is free, rests or lies outside the range, and for a value that is not an ID.
   *
   * Cost: one word.
   */
  has(id: number): boolean {
    // Of a value that is not a number, `id - min` might be one.
    if (typeof id !== 'number') return false;
    const offset = id - this.min;
    if (offset >>> 0 !== offset || offset >= this.leaves * 32 || !isSet(this.words, offset)) return false;
    return this.resting.length === 0 || !isSet(this.resting, offset);
  }

  /**
   * Makes every ID free, resting ones too; keeps the memory.
   *
   * Cost: one pass over the bitmap.
   */
  clear(): void {
    this.words.fill(0);
    this.resting.fill(0);
    this.oldest = this.queued = this.start = this.taken = this.held = 0;
    this.keeper = undefined;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return `IdPool(${this.taken}) { min: ${this.min}, max: ${this.max} }`;
  }

  /**
   * Shows the state in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** Returns the lowest free offset ≥ from; one > last (the end of the bitmap at most) if there is none in it. @internal */
  findFree(from: number): number {
    const { words, leaves } = this;
    let index = from;
    let base = 0;
    let length = leaves;
    let level = 0;
    for (; ; level++) {
      const word = index >>> 5;
      if (word >= length) return leaves * 32;
      const free = ~words[base + word] & (-1 << index);
      if (free !== 0) {
        index = ((word << 5) | lowestBit(free)) >>> 0;
        break;
      }
      if (length === 1) return leaves * 32;
      index = word + 1;
      base += length;
      length = (length + 31) >>> 5;
    }
    while (level-- > 0) {
      length = Math.max(leaves >>> (5 * level), 1);
      // The single word at the top has bits for words that do not exist.
      if (index >= length) return leaves * 32;
      base -= length;
      index = ((index << 5) | lowestBit(~words[base + index])) >>> 0;
    }
    return index;
  }

  /** Marks an offset as taken, and every word above that becomes full by it. */
  private take(offset: number): void {
    if (offset >= this.leaves * 32) this.grow(offset);
    const { words } = this;
    let base = 0;
    let length = this.leaves;
    for (let index = offset; ; index >>>= 5) {
      const word = base + (index >>> 5);
      const after = words[word] | (1 << index);
      words[word] = after;
      if (after !== -1 || length === 1) break;
      base += length;
      length = (length + 31) >>> 5;
    }
    this.taken++;
  }

  /** Marks an offset as free, and every word above that was full. @internal */
  release(offset: number): void {
    const { words } = this;
    let base = 0;
    let length = this.leaves;
    for (let index = offset; ; index >>>= 5) {
      const word = base + (index >>> 5);
      const before = words[word];
      words[word] = before & ~(1 << index);
      if (before !== -1 || length === 1) break;
      base += length;
      length = (length + 31) >>> 5;
    }
    if (!this.cyclic && offset < this.start) this.start = offset;
  }

  /** Lets a freed offset rest, and the one that has rested longest go if the ring is full. */
  private rest(offset: number): void {
    const { queue, resting, oldest } = this;
    if (this.queued === queue.length) {
      const rested = queue[oldest];
      resting[rested >>> 5] &= ~(1 << rested);
      this.release(rested);
    } else this.queued++;
    queue[oldest] = offset;
    resting[offset >>> 5] |= 1 << offset;
    this.oldest = oldest + 1 === queue.length ? 0 : oldest + 1;
  }

  /** Doubles the bitmap until it reaches an offset. @internal */
  grow(offset: number): void {
    const old = this.words;
    const oldLengths = levelsOf(this.leaves);
    const leaves = 1 << (32 - Math.clz32(offset >>> 5));
    const lengths = levelsOf(leaves);
    const words = new Int32Array(lengths.reduce((sum, length) => sum + length));
    let base = 0;
    let from = 0;
    // A level that the old bitmap lacks is empty. At most its first bit should be set, and no search looks at that: it goes up
    // from a word to the bit of the next.
    oldLengths.forEach((length, level) => {
      words.set(old.subarray(from, (from += length)), base);
      base += lengths[level];
    });
    if (this.resting.length > 0) {
      const resting = new Int32Array(leaves);
      resting.set(this.resting);
      this.resting = resting;
    }
    this.words = words;
    this.leaves = leaves;
  }
}

/** Words of each level of a bitmap, the lowest first. */
function levelsOf(leaves: number): number[] {
  return leaves === 1 ? [1] : [leaves, ...levelsOf((leaves + 31) >>> 5)];
}

function isSet(bits: Int32Array, offset: number): boolean {
  return (bits[offset >>> 5] & (1 << offset)) !== 0;
}

/** Position of the lowest 1 bit of a word that is not 0. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
