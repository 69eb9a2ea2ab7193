// OpenHash: the reference table. Linear probing in shared memory, all calls under the lock of their stripe.

const EMPTY = 0;
/** Words before the stripes' slots: a cache line per lock. */
const LINE = 16;

export class OpenHash {
  private readonly words: Int32Array;
  private readonly stripes: number;
  /** Slots in a stripe, a power of two; two words each: key + 1, value. */
  private readonly slots: number;

  constructor(words: Int32Array, keys: number, stripes: number) {
    this.words = words;
    this.stripes = stripes;
    this.slots = OpenHash.slotsOf(keys, stripes);
  }

  static room(keys: number, stripes: number): Int32Array {
    return new Int32Array(new SharedArrayBuffer(stripes * (LINE + 2 * OpenHash.slotsOf(keys, stripes)) * 4));
  }

  private static slotsOf(keys: number, stripes: number): number {
    return 1 << (32 - Math.clz32(Math.ceil((keys * 2) / stripes) - 1));
  }

  get(key: number): number {
    const stripe = this.lock(key);
    const at = this.seek(key, stripe);
    const value = this.words[at] === EMPTY ? 0 : this.words[at + 1];
    Atomics.store(this.words, stripe * LINE, 0);
    return value;
  }

  set(key: number, value: number): void {
    const stripe = this.lock(key);
    const at = this.seek(key, stripe);
    this.words[at] = key + 1;
    this.words[at + 1] = value;
    Atomics.store(this.words, stripe * LINE, 0);
  }

  delete(key: number): void {
    const stripe = this.lock(key);
    const at = this.seek(key, stripe);
    if (this.words[at] !== EMPTY) this.close(at, stripe);
    Atomics.store(this.words, stripe * LINE, 0);
  }

  private lock(key: number): number {
    const stripe = hash(key) & (this.stripes - 1);
    while (Atomics.compareExchange(this.words, stripe * LINE, 0, 1) !== 0) {
      while (this.words[stripe * LINE] !== 0);
    }
    return stripe;
  }

  private base(stripe: number): number {
    return this.stripes * LINE + stripe * this.slots * 2;
  }

  private home(key: number): number {
    return (hash(key) >>> 8) & (this.slots - 1);
  }

  private seek(key: number, stripe: number): number {
    const base = this.base(stripe);
    let slot = this.home(key);
    while (this.words[base + 2 * slot] !== EMPTY && this.words[base + 2 * slot] !== key + 1)
      slot = (slot + 1) & (this.slots - 1);
    return base + 2 * slot;
  }

  /** Empties a slot and moves back what would no longer be found. */
  private close(at: number, stripe: number): void {
    const { words, slots } = this;
    const base = this.base(stripe);
    let hole = (at - base) >>> 1;
    for (let slot = (hole + 1) & (slots - 1); words[base + 2 * slot] !== EMPTY; slot = (slot + 1) & (slots - 1)) {
      const home = this.home(words[base + 2 * slot] - 1);
      if (((slot - home) & (slots - 1)) < ((slot - hole) & (slots - 1))) continue;
      words[base + 2 * hole] = words[base + 2 * slot];
      words[base + 2 * hole + 1] = words[base + 2 * slot + 1];
      hole = slot;
    }
    words[base + 2 * hole] = EMPTY;
  }
}

function hash(key: number): number {
  const mixed = Math.imul(key, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}
