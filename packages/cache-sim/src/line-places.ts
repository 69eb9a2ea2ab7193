// Gives every line of memory a place of its own, so that facts about lines are kept in plain arrays, neighbours beside each other.

/** log2 of the lines in a stretch; the places of a stretch are 64 bytes of an Int32Array. */
const STRETCH_BITS = 4;
const STRETCH = 1 << STRETCH_BITS;
/** In the table: no stretch is here. */
const FREE = -1;
const FIRST_ENTRIES = 16;
const TWO_32 = 2 ** 32;

/** Low 32 bits of a stretch's number → its index. Open addressing, at most half full. */
class Stretches {
  /** Int32Array, shape [entries × 2]: low 32 bits, index or FREE. */
  private table: Int32Array = new Int32Array(2 * FIRST_ENTRIES).fill(FREE);
  private size = 0;
  /** 32 − log2(entries). */
  private shift: number = 32 - Math.log2(FIRST_ENTRIES);

  /** Returns the index of a stretch, which is `next` if it was not known. */
  add(low: number, next: number): number {
    const { table } = this;
    const mask = table.length - 1;
    let at = 2 * (Math.imul(low, 0x9e3779b1) >>> this.shift);
    for (let index = table[at + 1]; index !== FREE; index = table[at + 1]) {
      if (table[at] === low) return index;
      at = (at + 2) & mask;
    }
    // Before the stretch is in: if there is no memory, it is as if the stretch had not been asked for.
    if ((this.size + 1) * 4 > table.length) {
      this.grow();
      return this.add(low, next);
    }
    table[at] = low;
    table[at + 1] = next;
    this.size++;
    return next;
  }

  private grow(): void {
    const old = this.table;
    this.table = new Int32Array(old.length * 2).fill(FREE);
    this.size = 0;
    this.shift--;
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== FREE) this.add(old[at], old[at + 1]);
  }
}

/** Line number (an exact double, 0…2⁵³−1) → place. Nothing is ever taken out. */
export class LinePlaces {
  /** Places given out, those of lines that were never asked for included. */
  size = 0;
  /** By the bits of a stretch's number above the low 32. */
  private readonly tables = new Map<number, Stretches>();
  /** The table and the stretch asked for last. */
  private upper = -1;
  private table: Stretches = new Stretches();
  private stretch = -1;
  private start = 0;

  /** Finds the places of lines; that of a line not known before is one of STRETCH new ones. */
  find(lines: Float64Array, length: number, places: Int32Array): void {
    for (let at = 0; at < length; at++) {
      const line = lines[at];
      const stretch = Math.floor(line * (1 / STRETCH));
      if (stretch !== this.stretch) this.enter(stretch);
      places[at] = this.start + (line & (STRETCH - 1));
    }
  }

  private enter(stretch: number): void {
    const upper = Math.floor(stretch * (1 / TWO_32));
    if (upper !== this.upper) {
      const table = this.tables.get(upper) ?? new Stretches();
      this.tables.set(upper, table);
      this.table = table;
      this.upper = upper;
    }
    this.start = this.table.add(stretch | 0, this.size >>> STRETCH_BITS) << STRETCH_BITS;
    this.stretch = stretch;
    if (this.start === this.size) this.size += STRETCH;
  }
}
