// The floor of the rows of sparse keys: an open hash in one typed array, as one would write it in C. It checks no argument, and has neither
// order nor marks.

/** Words of a pair: key plus one, value. */
const PAIR = 2;
/** Pairs of the first table. */
const FIRST = 16;

/** Maps u31 keys to positive int32, at most half full: linear probing from the upper bits of a product with 2³² / φ. */
export class OpenHash {
  /** Int32Array, shape [2ⁿ × 2]: a key plus one, or 0 in a free place, and its value: side by side, in one cache line. */
  private pairs: Int32Array = new Int32Array(FIRST * PAIR);
  private shift: number = 32 - Math.log2(FIRST);
  private size = 0;

  get byteLength(): number {
    return this.pairs.byteLength;
  }

  get(key: number): number {
    const { pairs } = this;
    const mask = pairs.length - 1;
    let at = (Math.imul(key, 0x9e37_79b1) >>> this.shift) << 1;
    for (;;) {
      const found = pairs[at]!;
      if (found === ((key + 1) | 0)) return pairs[at + 1]!;
      if (found === 0) return 0;
      at = (at + PAIR) & mask;
    }
  }

  set(key: number, value: number): void {
    const { pairs } = this;
    const mask = pairs.length - 1;
    let at = (Math.imul(key, 0x9e37_79b1) >>> this.shift) << 1;
    for (;;) {
      const found = pairs[at]!;
      if (found === ((key + 1) | 0)) {
        pairs[at + 1] = value;
        return;
      }
      if (found === 0) break;
      at = (at + PAIR) & mask;
    }
    pairs[at] = key + 1;
    pairs[at + 1] = value;
    // Half full: 4 words for each.
    if (++this.size * 4 > pairs.length) this.grow();
  }

  private grow(): void {
    const old = this.pairs;
    const pairs = new Int32Array(old.length * 2);
    const mask = pairs.length - 1;
    this.shift--;
    for (let from = 0; from < old.length; from += PAIR) {
      const key = old[from]! - 1;
      if (key === -1) continue;
      let at = (Math.imul(key, 0x9e37_79b1) >>> this.shift) << 1;
      while (pairs[at] !== 0) at = (at + PAIR) & mask;
      pairs[at] = key + 1;
      pairs[at + 1] = old[from + 1]!;
    }
    this.pairs = pairs;
  }
}
