// SharedNextId: NextId in a SharedArrayBuffer: no two threads get the same ID in one lap.
import { checkFunction, checkInteger } from '../misuse.ts';
import { INT_MAX } from '../range.ts';
import { UNCLONEABLE } from '../uncloneable.ts';
import { allocate, attached, open } from './memory.ts';

/** "SNI", version 1. */
const MAGIC_NUMBER = 0x534e_4901;
const MAX = 2;
/** On a cache line of its own. */
const NEXT = 16;
const LENGTH = 32;

/**
 * Hands out consecutive IDs, 0…max, to all threads that are attached, and starts again at 0 after the last one.
 *
 * The calls are those of NextId, and each is atomic: an ID is handed out once in a lap, to one thread, also if threads are
 * killed (an ID that a killed thread was about to get is lost until the next lap). There is no lock, so no thread ever waits.
 *
 * Source: kernel/time/posix-timers.c, posix_timer_add(), Linux 6.15: an atomic counter, masked to 31 bits.
 */
export class SharedNextId {
  /** @internal */
  readonly uncloneable: symbol = UNCLONEABLE;
  /** What to send to other threads, through postMessage or workerData; they pass it to `attach`. */
  readonly handle: SharedArrayBuffer;
  /** Largest ID; the one after it is 0. */
  readonly max: number;
  /** Int32Array over all of the shared memory. The next ID, modulo 2³¹ where max is 2³¹−1. */
  private readonly words: Int32Array;

  /**
   * Starts at `next`.
   *
   * @param next First ID to hand out, 0…max. Default 0.
   * @param max Largest ID, 0…2³¹−1. Default 2³¹−1.
   * @throws RangeError if either is out of range, or when there is no memory.
   */
  constructor(next?: number, max?: number);
  /** @internal What `attach` does. */
  constructor(next: 0, max: 0, handle: SharedArrayBuffer);
  constructor(next = 0, max: number = INT_MAX, handle?: SharedArrayBuffer) {
    if (handle === undefined) {
      this.words = allocate(MAGIC_NUMBER, LENGTH);
      this.words[MAX] = checkInteger('new SharedNextId', 'max', max, 0, INT_MAX);
      this.words[NEXT] = checkInteger('new SharedNextId', 'next', next, 0, max);
    } else {
      this.words = open('SharedNextId.attach', MAGIC_NUMBER, handle, () => LENGTH);
    }
    this.max = this.words[MAX];
    this.handle = this.words.buffer as SharedArrayBuffer;
  }

  /**
   * Attaches this thread to a counter that another one made.
   *
   * @param handle The `handle` of the other's.
   * @returns On a subclass, an object of the subclass: its constructor must pass on all its arguments.
   * @throws SharedIdError unless magic, version and size are right.
   */
  static attach<T extends SharedNextId = SharedNextId>(
    this: (new (next?: number, max?: number) => T) | undefined,
    handle: SharedArrayBuffer,
  ): T {
    const make = (this ?? SharedNextId) as new (next: 0, max: 0, handle: SharedArrayBuffer) => T;
    return attached('SharedNextId.attach', new make(0, 0, handle ?? (null as never)), handle);
  }

  /** Returns the ID that will be handed out next, 0…max, if no other thread is faster. */
  get next(): number {
    return Atomics.load(this.words, NEXT) & INT_MAX;
  }

  /**
   * Returns the next ID and advances.
   *
   * @returns An ID, 0…max; 0 follows max.
   *
   * Cost: one atomic addition; an atomic exchange where max is not 2³¹−1.
   */
  take(): number {
    const { words, max } = this;
    // The word runs on through the negative numbers: its low 31 bits count modulo 2³¹.
    if (max === INT_MAX) return Atomics.add(words, NEXT, 1) & INT_MAX;
    for (let id = Atomics.load(words, NEXT); ; ) {
      const seen = Atomics.compareExchange(words, NEXT, id, id === max ? 0 : id + 1);
      if (seen === id) return id;
      id = seen;
    }
  }

  /**
   * Makes `id` the next one to be handed out, to any thread. Moved back, IDs are handed out again.
   *
   * @param id 0…max.
   * @throws RangeError if it is out of range.
   */
  moveTo(id: number): void {
    Atomics.store(this.words, NEXT, checkInteger('SharedNextId.moveTo', 'id', id, 0, this.max));
  }

  /**
   * Offers IDs until one is claimed. Other threads are offered other IDs meanwhile, so those offered here may have gaps.
   *
   * @param claim Returns true to take the ID, false if it is busy.
   * @param tries Offers to make at most, an integer ≥ 0. Default max + 1.
   * @returns The claimed ID, or −1 when all offers were refused.
   * @throws RangeError if `tries` is not such an integer or `claim` not a function.
   */
  allocate(claim: (id: number) => boolean, tries: number = this.max + 1): number {
    checkFunction('SharedNextId.allocate', 'claim', claim);
    checkInteger('SharedNextId.allocate', 'tries', tries, 0, Number.MAX_SAFE_INTEGER);
    for (let left = tries; left > 0; left--) {
      const id = this.take();
      if (claim(id)) return id;
    }
    return -1;
  }

  /** Returns the line that `console.log` shows, for JSON.stringify: nothing reads it back. */
  toJSON(): string {
    return `SharedNextId { next: ${this.next}, max: ${this.max} }`;
  }

  /**
   * Shows the state in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toJSON();
  }
}
