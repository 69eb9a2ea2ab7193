// SharedIdPool: IdPool in a SharedArrayBuffer, without locks: an ID is taken by setting its bit, which one thread does.
import { checkInteger, checkKeys, refusal, refused } from '../misuse.ts';
import { INT_MAX, UINT_MAX } from '../range.ts';
import { UNCLONEABLE } from '../uncloneable.ts';
import { IdOwners } from './id-owners.ts';
import { allocate, attached, open } from './memory.ts';
import { WordTree } from './word-tree.ts';

/** "SIP", version 4: 1 had no tree of words, 2 one count for all threads, 3 pins that wrapped. */
const MAGIC_NUMBER = 0x5349_5004;
const MIN = 2;
const MAX = 3;
const REUSE = 4;
const OWNERS = 5;
/** Counts the threads that were ever attached. */
const ATTACHED = 6;
/** An owner is a byte. */
const MOST_OWNERS = 255;
/** IDs of a pool that keeps owners, at most: a burial looks at each. */
const MOST_OWNED = 2 ** 26;
const REUSES = ['lowest', 'cyclic'] as const;
/** On a cache line of its own: the ID to begin with. */
const CURSOR = 16;
/**
 * Counts of IDs taken, each on a cache line of its own: threads count in different ones, or all would wait for one line. Their sum
 * counts. Behind them, a bit per ID, and the tree over them.
 */
const SIZES = 32;
const SIZE_SHIFT = 4;
/** Counts there are, and IDs for each: a pool of few IDs has fewer. */
const PLACES = 64;
const IDS_SHIFT = 12;
/**
 * The counts may be off by so much after threads were killed. As their sum wraps, it may be a little below 0 or a little above 2³² then:
 * where both are possible, the first words of the bitmap say which.
 */
const UNCOUNTED = 2 ** 10;
const WORDS_ASKED = 2 ** 12;

/** What every thread may choose for itself. */
export interface SharedIdPoolAttachOptions {
  /** Number of this thread, 1…`owners` of the pool, unique among the threads: it is noted for each ID that the thread takes. */
  owner?: number | undefined;
}

/** The options of a shared pool. */
export interface SharedIdPoolOptions extends SharedIdPoolAttachOptions {
  /** Lowest ID, 0…2³²−1. Default 0. */
  min?: number | undefined;
  /** Highest ID, min…2³²−1. Default 2³¹−1. One bit each is reserved, and taken from the system as it is used. */
  max?: number | undefined;
  /** Which free ID is handed out: the lowest, or the next one behind that handed out last. Default 'lowest'. */
  reuse?: 'lowest' | 'cyclic' | undefined;
  /** Threads that are told apart, 0…255: `bury` gives back what a dead one had. A byte per ID and 64 per thread more, 2²⁶ IDs at most. Default 0. */
  owners?: number | undefined;
}

/**
 * Hands out IDs to all threads that are attached, and takes them back.
 *
 * No ID is with two threads at the same time, also if threads are killed; what a killed thread had stays taken, or comes
 * back by `bury` if the pool keeps `owners`. There is no lock, so no thread waits. `'lowest'` is the lowest that was free when the thread looked; threads that race may get them in any order.
 *
 * The calls are those of IdPool, but there is no delayed reuse and no `clear`.
 *
 * Cost: 1.15 bits per ID of address space, 192 bytes, and 64 for each 4,096 IDs, at most 4,032. A thread killed in `free` costs the others some ten reads each time the
 * pool is full, forever.
 */
export class SharedIdPool {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  readonly min: number;
  readonly max: number;
  readonly reuse: 'lowest' | 'cyclic';
  /** Int32Array over all of the shared memory; from `bits` on, a bit per ID, set while it is taken. */
  private readonly words: Int32Array;
  private readonly bits: number;
  /** Where this thread counts. */
  private readonly count: number;
  /** Which words of the bitmap are full. */
  private readonly tree: WordTree;
  /** Which thread has which ID, if the pool keeps that. */
  private readonly signatures: IdOwners | undefined;

  /**
   * Makes a pool with no ID taken.
   *
   * @param options See {@link SharedIdPoolOptions}.
   * @throws RangeError naming the option, what was got and what is expected.
   */
  constructor(options?: SharedIdPoolOptions);
  /** @internal What `attach` does. */
  constructor(options: SharedIdPoolAttachOptions, handle: SharedArrayBuffer);
  constructor(options: SharedIdPoolOptions = {}, handle?: SharedArrayBuffer) {
    const call = handle === undefined ? 'new SharedIdPool' : 'SharedIdPool.attach';
    if (handle !== undefined) checkKeys(call, 'options', options, 'owner');
    this.words = handle === undefined ? fresh(options) : open(call, MAGIC_NUMBER, handle, lengthOf);
    this.min = this.words[MIN] >>> 0;
    this.max = this.words[MAX] >>> 0;
    this.reuse = REUSES[this.words[REUSE]];
    this.handle = this.words.buffer as SharedArrayBuffer;
    const ids = this.max - this.min + 1;
    this.bits = bitsAt(ids);
    this.tree = treeOver(this.words, ids);
    const counts = countsOf(ids);
    // Threads that come one after another count in different places.
    const place = counts === 1 ? 0 : (Atomics.add(this.words, ATTACHED, 1) >>> 0) % counts;
    this.count = SIZES + (place << SIZE_SHIFT);
    const owners = this.words[OWNERS];
    const { owner } = options;
    if (owner !== undefined) checkInteger(call, 'owner', owner, 1, owners);
    const start = lengthFor(ids, 0);
    this.signatures = owners === 0 ? undefined : new IdOwners(this.words, start, ids, owners, owner ?? 0);
  }

  /**
   * Attaches this thread to a pool that another one made.
   *
   * @param handle The `handle` of the other's.
   * @param options `owner`, the number of this thread, if the pool keeps owners.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws SharedIdError unless magic, version and size are right; RangeError for an owner that there is not.
   */
  static attach<T extends SharedIdPool = SharedIdPool>(
    this: (new (options?: SharedIdPoolOptions) => T) | undefined,
    handle: SharedArrayBuffer,
    options: SharedIdPoolAttachOptions = {},
  ): T {
    const make = (this ?? SharedIdPool) as new (options: SharedIdPoolOptions, handle: SharedArrayBuffer) => T;
    return attached('SharedIdPool.attach', new make(options, handle ?? (null as never)), handle);
  }

  /** IDs taken; exact while no thread takes or frees one, except for threads killed between an ID and its count. */
  get size(): number {
    let sum = 0;
    for (let at = SIZES; at < this.bits; at += 1 << SIZE_SHIFT) sum += Atomics.load(this.words, at);
    const size = sum >>> 0;
    const ids = this.max - this.min + 1;
    // Less than none is none, more than all is all.
    if (size >= 2 ** 32 - UNCOUNTED && !this.isNearlyFull(ids)) return 0;
    if (size < UNCOUNTED && this.isNearlyFull(ids)) return ids;
    return Math.min(size, ids);
  }

  /** Whether nearly all IDs are taken, where the sum of the counts is as near to 0 as to all. */
  private isNearlyFull(ids: number): boolean {
    if (ids < 2 ** 32 - 2 * UNCOUNTED) return false;
    const asked = this.words.subarray(this.bits, this.bits + WORDS_ASKED);
    return asked.filter((word) => word === -1).length > WORDS_ASKED / 2;
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
    const { signatures } = this;
    if (signatures === undefined) return this.allocateBit();
    signatures.count();
    const id = this.allocateBit();
    if (id >= 0) signatures.sign(id - this.min);
    signatures.count();
    return id;
  }

  private allocateBit(): number {
    let bit = this.take();
    if (bit < 0) {
      // What was read without a fence may be old news.
      Atomics.load(this.words, this.count);
      bit = this.take();
    }
    if (bit < 0) return -1;
    Atomics.add(this.words, this.count, 1);
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
    const { signatures } = this;
    signatures?.count();
    const isMine = this.reserveBit(bit);
    if (isMine) signatures?.sign(bit);
    signatures?.count();
    return isMine;
  }

  private reserveBit(bit: number): boolean {
    const mask = 1 << bit;
    const before = Atomics.or(this.words, this.bits + (bit >>> 5), mask);
    if ((before & mask) !== 0) return false;
    if ((before | mask) === -1) this.tree.close(bit >>> 5);
    Atomics.add(this.words, this.count, 1);
    return true;
  }

  /**
   * Gives an ID back. Giving back what is not taken does nothing.
   *
   * @param id Any value.
   * @returns True if it was taken; false if it was free or is not an ID of this pool.
   *
   * Cost: two atomic operations; five more for each level where all 32 IDs around it were taken.
   */
  free(id: number): boolean {
    const bit = this.offsetOf(id);
    if (bit < 0) return false;
    const { signatures } = this;
    if (signatures === undefined) return this.freeBit(bit);
    if (!this.has(id)) return false;
    signatures.count();
    signatures.clear(bit);
    const wasTaken = this.freeBit(bit);
    signatures.count();
    return wasTaken;
  }

  /**
   * Lists the IDs that a thread has taken and not given back: of one that has ended, what it left. Changes nothing.
   *
   * @param owner Number of the thread, 1…`owners`.
   * @returns The IDs, ascending. Exact for a thread that has ended, or that is this one.
   * @throws RangeError for no such owner, or if the pool keeps none.
   *
   * Cost: a look at a byte per ID of the pool.
   */
  heldBy(owner: number): number[] {
    return this.ownersFor('SharedIdPool.heldBy', owner)
      .of(owner)
      .map((bit) => this.min + bit);
  }

  /**
   * Says that a thread has ended: the IDs that it had are free. Call it before its number is used again.
   *
   * An ID that it was just taking or giving back comes back as well, once a burial finds a moment in which no other
   * thread is amid a call; this one looks three times.
   *
   * @param owner Number of the thread, 1…`owners`.
   * @returns The IDs that it had, ascending.
   * @throws RangeError for no such owner, this thread's own, or if the pool keeps none.
   *
   * Cost: two looks at a byte per ID of the pool.
   */
  bury(owner: number): number[] {
    const call = 'SharedIdPool.bury';
    const owners = this.ownersFor(call, owner);
    if (owner === owners.owner) throw refused(call, 'owner', owner, 'another than this thread');
    owners.bury(owner);
    const bits = owners.of(owner);
    owners.count();
    for (const bit of bits) {
      owners.clear(bit);
      this.freeBit(bit);
    }
    owners.count();
    for (const bit of owners.unsigned((bit) => this.has(this.min + bit))) this.freeBit(bit);
    return bits.map((bit) => this.min + bit);
  }

  private ownersFor(call: string, owner: number): IdOwners {
    if (this.signatures === undefined)
      throw refusal(call, 'pool', 'one that keeps no owners', 'one that was made with the option owners');
    checkInteger(call, 'owner', owner, 1, this.words[OWNERS]);
    return this.signatures;
  }

  private freeBit(bit: number): boolean {
    const { words } = this;
    const at = this.bits + (bit >>> 5);
    const mask = 1 << bit;
    let seen = words[at];
    // What a plain read has seen may be old: it does not decide that nothing is to be done.
    while ((seen & mask) !== 0 || ((seen = Atomics.load(words, at)) & mask) !== 0) {
      const full = seen === -1;
      const before = full
        ? this.tree.clearInFull(bit >>> 5, mask)
        : Atomics.compareExchange(words, at, seen, seen & ~mask);
      if (full ? (before & mask) !== 0 : before === seen) {
        Atomics.sub(words, this.count, 1);
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
    return bit >= 0 && (Atomics.load(this.words, this.bits + (bit >>> 5)) & (1 << bit)) !== 0;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return `SharedIdPool(${this.size}) { min: ${this.min}, max: ${this.max}, reuse: '${this.reuse}' }`;
  }

  /**
   * Shows size and range in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }

  /** Lets cyclic reuse go on at an offset from min. @internal */
  goOnAt(offset: number): void {
    Atomics.store(this.words, CURSOR, offset);
  }

  /** Takes the bit that is next in the order of reuse; −1 if none was seen free. */
  private take(): number {
    if (this.reuse === 'lowest') return this.takeFrom(0);
    const { words } = this;
    // A call that may write fetches the line once, where a read and a write fetch it twice while others move the cursor.
    const cursor = Atomics.or(words, CURSOR, 0) >>> 0;
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
    const at = this.bits + word;
    for (let seen = words[at]; ; ) {
      const free = ~seen & allowed;
      if (free === 0) return -1;
      const mask = free & -free;
      seen = Atomics.or(words, at, mask);
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
  const known = 'min, max, reuse, owners, owner';
  const { min = 0, reuse = 'lowest', owners = 0, max: wanted } = checkKeys(call, 'options', options, known);
  const max = wanted === undefined ? (owners === 0 ? INT_MAX : min + MOST_OWNED - 1) : wanted;
  checkInteger(call, 'min', min, 0, UINT_MAX);
  checkInteger(call, 'max', max, min, UINT_MAX);
  checkInteger(call, 'owners', owners, 0, MOST_OWNERS);
  if (owners > 0 && max - min >= MOST_OWNED)
    throw refused(call, 'max', max, `at most min + ${MOST_OWNED - 1} where owners are kept`);
  const order = REUSES.indexOf(reuse);
  if (order < 0) throw refused(call, 'reuse', reuse, "'lowest' or 'cyclic'");
  const ids = max - min + 1;
  const words = allocate(MAGIC_NUMBER, lengthFor(ids, owners));
  words[MIN] = min;
  words[MAX] = max;
  words[REUSE] = order;
  words[OWNERS] = owners;
  // What is left of the last word is no ID.
  if (ids % 32 !== 0) words[bitsAt(ids) + Math.ceil(ids / 32) - 1] = -1 << (ids % 32);
  treeOver(words, ids).initialise();
  return words;
}

function countsOf(ids: number): number {
  return Math.min(PLACES, 1 + Math.floor(ids / (1 << IDS_SHIFT)));
}

/** Where the bitmap begins. */
function bitsAt(ids: number): number {
  return SIZES + (countsOf(ids) << SIZE_SHIFT);
}

function treeOver(words: Int32Array, ids: number): WordTree {
  return new WordTree(words, bitsAt(ids), Math.ceil(ids / 32));
}

function lengthFor(ids: number, owners: number): number {
  const tree = bitsAt(ids) + WordTree.lengthFor(Math.ceil(ids / 32));
  return tree + IdOwners.lengthFor(tree, ids, owners);
}

function lengthOf(words: Int32Array): number {
  const ids = (words[MAX] >>> 0) - (words[MIN] >>> 0) + 1;
  const owners = words[OWNERS];
  const isSound = ids > 0 && words[REUSE] in REUSES && owners >= 0 && owners <= MOST_OWNERS;
  return isSound ? lengthFor(ids, owners) : -1;
}
