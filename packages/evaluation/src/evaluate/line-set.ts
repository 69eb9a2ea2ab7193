// LineSet: the distinct cache lines of one operation after the other.

/** Remembers line numbers until the next `clear`, which costs nothing. */
export class LineSet {
  private lines: Float64Array;
  private stamps: Int32Array;
  private stamp = 1;
  private size = 0;

  constructor() {
    this.lines = new Float64Array(256);
    this.stamps = new Int32Array(256);
  }

  /** Forgets all lines. */
  clear(): void {
    this.stamp++;
    this.size = 0;
  }

  /** Adds a line. @returns Whether it is new. */
  add(line: number): boolean {
    const { lines, stamps, stamp } = this;
    const mask = lines.length - 1;
    let at = Math.imul(line | 0, 0x61c8_8647) >>> 7;
    for (at &= mask; stamps[at] === stamp; at = (at + 1) & mask) if (lines[at] === line) return false;
    lines[at] = line;
    stamps[at] = stamp;
    if (++this.size * 2 > lines.length) this.grow();
    return true;
  }

  private grow(): void {
    const { lines, stamps, stamp } = this;
    this.lines = new Float64Array(2 * lines.length);
    this.stamps = new Int32Array(2 * lines.length);
    this.size = 0;
    for (let at = 0; at < lines.length; at++) if (stamps[at] === stamp) this.add(lines[at]);
  }
}
