// Numbers the lines of memory in the order of first use: facts about lines are then kept in plain arrays.

/** A free place of the table; no line number is negative. */
const FREE = -1;
/** log2 of the places of a new table. */
const FIRST_BITS = 10;

/** Line number (an exact double, 0…2⁵⁰) → 0, 1, 2… Open addressing, at most half full, nothing is ever taken out. */
export class LineTable {
  /** Lines known. */
  size = 0;
  /** Line of each index. Float64Array, shape [≥ size]. */
  lines: Float64Array = new Float64Array(1 << (FIRST_BITS - 1));
  private keys: Float64Array = new Float64Array(1 << FIRST_BITS).fill(FREE);
  private values: Int32Array = new Int32Array(1 << FIRST_BITS);
  private shift = 32 - FIRST_BITS;
  private mask: number = (1 << FIRST_BITS) - 1;

  /** Returns the line's index, or −1. */
  find(line: number): number {
    const at = this.placeOf(line);
    return this.keys[at] === line ? this.values[at] : -1;
  }

  /** Makes sure that so many lines can be added without memory; throws before anything has changed if there is none. */
  makeRoom(lines: number): void {
    while (this.size + lines > this.lines.length) this.grow();
  }

  /** Returns the line's index, giving it the next one (the old `size`) at first use. */
  add(line: number): number {
    const at = this.placeOf(line);
    if (this.keys[at] === line) return this.values[at];
    if (this.size === this.lines.length) {
      this.makeRoom(1);
      return this.add(line);
    }
    const index = this.size++;
    this.keys[at] = line;
    this.values[at] = index;
    this.lines[index] = line;
    return index;
  }

  clear(): void {
    this.size = 0;
    this.keys.fill(FREE);
  }

  /** The place a line is at or belongs to. */
  private placeOf(line: number): number {
    const { keys, mask } = this;
    const upper = Math.floor(line / 0x1_0000_0000);
    let at = Math.imul((line | 0) ^ Math.imul(upper, 0x85ebca6b), 0x9e3779b1) >>> this.shift;
    for (let key = keys[at]; key !== line && key !== FREE; key = keys[at]) at = (at + 1) & mask;
    return at;
  }

  /** Doubles; all or nothing. */
  private grow(): void {
    const length = this.keys.length * 2;
    const lines = new Float64Array(length / 2);
    const keys = new Float64Array(length).fill(FREE);
    this.values = new Int32Array(length);
    lines.set(this.lines);
    this.lines = lines;
    this.keys = keys;
    this.shift--;
    this.mask = length - 1;
    for (let index = 0; index < this.size; index++) {
      const at = this.placeOf(lines[index]);
      this.keys[at] = lines[index];
      this.values[at] = index;
    }
  }
}
