// When each line was last used, and how many others have been used since: one bit on a time axis for each line's last use.
//
// The axis is an array of bits; bits that are set in whole words are summed by a Fenwick tree, whose nodes come into being as words
// fill up. When the axis is full, the bits that are set move together (Olken, Efficient methods for calculating the success function
// of fixed space replacement policies, 1981).
import { bitsIn } from './bits.ts';
import { LinePlaces } from './line-places.ts';

/** In the place of a slot: the line was never used. */
const NEVER = -2;
const FIRST_SLOTS = 4096;

export class LastUse {
  /** Lines known. */
  size = 0;
  private readonly places = new LinePlaces();
  /** Slot of each place's last use, or NEVER. Int32Array, shape [≥ places]. */
  private slots: Int32Array = new Int32Array(1024).fill(NEVER);
  /** Whether a slot is some line's last use. Int32Array, shape [slots / 32], one bit for each. */
  private bits: Int32Array = new Int32Array(FIRST_SLOTS / 32);
  /** Fenwick tree over the full words: node i sums lowbit(i) words that end with word i − 1. Int32Array, shape [slots / 32 + 1]. */
  private sums: Int32Array = new Int32Array(FIRST_SLOTS / 32 + 1);
  /** What was read ahead: kept, or the reads would be optimised away. */
  protected kept = 0;
  /** The next free slot. */
  private now = 0;

  /**
   * Uses lines one after the other; all of them, or none if there is no memory.
   *
   * @param length At most 128: as many fit where the axis was just made new.
   * @param since Returned: for each, how many other lines were used since it was last, −1 when it never was.
   */
  use(lines: Float64Array, length: number, since: Int32Array): void {
    this.places.find(lines, length, since);
    while (this.places.size > this.slots.length) this.grow();
    if (this.now + length > this.bits.length * 32) this.compact();
    this.kept = this.readAhead(since, length);
    this.useAll(since, length);
  }

  /** Reads what `use` will need: reads of several lines overlap, which uses cannot. */
  private readAhead(places: Int32Array, length: number): number {
    const { slots, bits, sums } = this;
    let kept = 0;
    for (let at = 0; at < length; at++) {
      const word = (slots[places[at]] >>> 5) & (bits.length - 1);
      kept ^= bits[word] ^ sums[word + 1];
    }
    return kept;
  }

  /** Uses the lines of places, for which the axis has room; each place is overwritten by how many others were used since. */
  private useAll(places: Int32Array, length: number): void {
    const { slots, bits, sums } = this;
    let { now, size } = this;
    for (let at = 0; at < length; at++) {
      const place = places[at];
      const slot = slots[place];
      if (slot === now - 1) {
        places[at] = 0;
        continue;
      }
      slots[place] = now;
      if (slot === NEVER) {
        places[at] = -1;
        size++;
      } else {
        const word = slot >>> 5;
        const full = now >>> 5;
        const old = bits[word];
        let since = bitsIn(old & (-2 << (slot & 31)));
        bits[word] = old & ~(1 << (slot & 31));
        if (word < full) {
          since += size;
          for (let node = word + 1; node > 0; node &= node - 1) since -= sums[node];
          for (let node = word + 1; node <= full; node += node & -node) sums[node]--;
        }
        places[at] = since;
      }
      bits[now >>> 5] |= 1 << (now & 31);
      now++;
      if ((now & 31) === 0) this.closeWord(now >>> 5);
    }
    this.now = now;
    this.size = size;
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
    const { slots, bits, size } = this;
    const words = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(size * 3))) / 32;
    const before = new Int32Array(bits.length);
    const packed = new Int32Array(words);
    this.sums = new Int32Array(words + 1);
    for (let word = 1; word < bits.length; word++) before[word] = before[word - 1] + bitsIn(bits[word - 1]);
    for (let place = 0; place < this.places.size; place++) {
      const slot = slots[place];
      if (slot !== NEVER) slots[place] = before[slot >>> 5] + bitsIn(bits[slot >>> 5] & ((1 << (slot & 31)) - 1));
    }
    this.bits = packed.fill(-1, 0, size >>> 5);
    for (let node = 1; node <= size >>> 5; node++) this.sums[node] = (node & -node) * 32;
    if ((size & 31) !== 0) this.bits[size >>> 5] = (1 << (size & 31)) - 1;
    this.now = size;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(NEVER, this.slots.length);
    slots.set(this.slots);
    this.slots = slots;
  }
}
