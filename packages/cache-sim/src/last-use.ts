// When each line was last used, and how many others have been used since: one bit on a time axis for each line's last use.
//
// The axis is an array of bits; bits that are set in whole words are summed by a Fenwick tree, whose nodes come into being as words
// fill up. When the axis is full, the bits that are set move together (Olken, Efficient methods for calculating the success function
// of fixed space replacement policies, 1981).
import { bitsIn } from './bits.ts';

/** In the place of a slot: nobody is here. */
const FREE = -1;
const FIRST_PLACES = 16;
const FIRST_SLOTS = 4096;

/** Line's low 32 bits → slot. Open addressing, at most half full, eight neighbours in a stretch of 64 bytes. */
class Slots {
  size = 0;
  /** Int32Array, shape [places × 2]: low 32 bits of a line, slot of its last use or FREE. */
  table: Int32Array = new Int32Array(2 * FIRST_PLACES).fill(FREE);
  /** 32 − log2(stretches). */
  private shift: number = 32 - Math.log2(FIRST_PLACES / 8);

  /** Where in the table a line is, or belongs. */
  placeOf(low: number): number {
    const { table } = this;
    const mask = table.length - 1;
    let place = (Math.imul(low >>> 3, 0x9e3779b1) >>> this.shift) * 16 + (low & 7) * 2;
    while (table[place + 1] !== FREE && table[place] !== low) place = (place + 2) & mask;
    return place;
  }

  /** Enters a line that is not there. Returns its place. */
  add(low: number): number {
    if (this.size * 4 === this.table.length) this.grow();
    this.size++;
    const place = this.placeOf(low);
    this.table[place] = low;
    return place;
  }

  private grow(): void {
    const old = this.table;
    this.table = new Int32Array(old.length * 2).fill(FREE);
    this.shift--;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] === FREE) continue;
      const place = this.placeOf(old[at]);
      this.table[place] = old[at];
      this.table[place + 1] = old[at + 1];
    }
  }
}

export class LastUse {
  /** Lines known. */
  size = 0;
  /** Lines by their bits above the low 32. */
  private readonly uppers = new Map<number, Slots>();
  /** The ones used last. */
  private upper = -1;
  private slots: Slots = new Slots();
  /** Whether a slot is some line's last use. Int32Array, shape [slots / 32], one bit for each. */
  private bits: Int32Array = new Int32Array(FIRST_SLOTS / 32);
  /** Fenwick tree over the full words: node i sums lowbit(i) words that end with word i − 1. Int32Array, shape [slots / 32 + 1]. */
  private sums: Int32Array = new Int32Array(FIRST_SLOTS / 32 + 1);
  /** The next free slot. */
  private now = 0;

  /** Uses a line. Returns how many other lines have been used since it was last: −1 when it never was. */
  use(line: number): number {
    if (this.now === this.bits.length * 32) this.compact();
    const low = line | 0;
    const upper = Math.floor(line / 0x1_0000_0000);
    if (upper !== this.upper) this.enter(upper);
    const { slots } = this;
    const place = slots.placeOf(low);
    const slot = slots.table[place + 1];
    if (slot === FREE) {
      this.size++;
      const added = slots.add(low);
      slots.table[added + 1] = this.append();
      return -1;
    }
    const word = slot >>> 5;
    const above = this.bits[word] & (-2 << (slot & 31));
    const full = this.now >>> 5;
    const since = bitsIn(above) + (word < full ? this.size - this.sum(word + 1) : 0);
    this.bits[word] &= ~(1 << (slot & 31));
    if (word < full) for (let node = word + 1; node <= full; node += node & -node) this.sums[node]--;
    slots.table[place + 1] = this.append();
    return since;
  }

  /**
   * Looks a line up and does nothing with it, so that the processor has its place at hand when it is used: lookups of several lines
   * overlap, which uses cannot. Returns something to keep, or the lookup would be optimised away.
   */
  prefetch(line: number): number {
    return Math.floor(line / 0x1_0000_0000) === this.upper ? this.slots.placeOf(line | 0) : 0;
  }

  private enter(upper: number): void {
    this.upper = upper;
    this.slots = this.uppers.get(upper) ?? new Slots();
    this.uppers.set(upper, this.slots);
  }

  /** Bits set in the first `words` words, all of them full. */
  private sum(words: number): number {
    let sum = 0;
    for (let node = words; node > 0; node &= node - 1) sum += this.sums[node];
    return sum;
  }

  /** Takes the next slot of the axis. */
  private append(): number {
    const slot = this.now++;
    this.bits[slot >>> 5] |= 1 << (slot & 31);
    if ((this.now & 31) === 0) this.closeWord(this.now >>> 5);
    return slot;
  }

  /** Makes node `node` of the tree, whose last word has just become full. */
  private closeWord(node: number): void {
    let sum = bitsIn(this.bits[node - 1]);
    const low = node & -node;
    for (let step = 1; step < low; step <<= 1) sum += this.sums[node - step];
    this.sums[node] = sum;
  }

  /** Moves what still is a last use to the start of the axis, and makes that long enough for twice as many and more. */
  private compact(): void {
    const old = this.bits;
    const before = new Int32Array(old.length);
    for (let word = 1; word < old.length; word++) before[word] = before[word - 1] + bitsIn(old[word - 1]);
    for (const { table } of this.uppers.values()) {
      for (let at = 1; at < table.length; at += 2) {
        const slot = table[at];
        if (slot !== FREE) table[at] = before[slot >>> 5] + bitsIn(old[slot >>> 5] & ((1 << (slot & 31)) - 1));
      }
    }
    const length = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(this.size * 3)));
    this.bits = new Int32Array(length / 32);
    this.sums = new Int32Array(length / 32 + 1);
    this.now = 0;
    while (this.now < this.size) this.append();
  }
}
