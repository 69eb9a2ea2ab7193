// What became of the bytes of one line since a core first lost it, to tell true sharing from false.
//
// A miss on a line that another core's write took away is true sharing when, before it is lost again, the core uses a byte that
// another core has written in between; otherwise the line came back for nothing new: false sharing (Dubois, Skeppstedt, Ricciulli,
// Ramamurthy, Stenström: The detection and elimination of useless misses in multiprocessors, ISCA 1993).

export class LineHistory {
  /** Counts the writes to the line; the time of everything here. */
  private clock = 1;
  /** When each byte was last written. Float64Array, shape [bytes of a line], 0: not since the first loss. */
  private readonly written: Float64Array;
  /** When each core lost the line to a writer, 0: it did not. */
  private readonly lost = new Map<number, number>();
  /** Misses not told yet: when the core lost the line and got it back, and the row of its region. */
  private readonly waiting = new Map<number, { lost: number; back: number; row: number }>();

  constructor(lineBytes: number) {
    this.written = new Float64Array(lineBytes);
  }

  /** Another core's write takes the line away. */
  lose(core: number): void {
    this.lost.set(core, this.clock);
    this.waiting.delete(core);
  }

  /** The line makes room for another. */
  evict(core: number): void {
    this.lost.delete(core);
    this.waiting.delete(core);
  }

  /** The line comes back. Returns true when it had been lost to a writer: a coherence miss, which waits to be told. */
  comeBack(core: number, row: number): boolean {
    const lost = this.lost.get(core);
    if (lost === undefined) return false;
    this.lost.delete(core);
    this.waiting.set(core, { lost, back: this.clock, row });
    return true;
  }

  /** Uses the bytes from…to−1. Returns the row of a miss that this makes true sharing, or undefined. */
  use(core: number, from: number, to: number): number | undefined {
    const miss = this.waiting.get(core);
    if (miss === undefined) return undefined;
    for (let byte = from; byte < to; byte++) {
      if (this.written[byte] > miss.lost && this.written[byte] <= miss.back) {
        this.waiting.delete(core);
        return miss.row;
      }
    }
    return undefined;
  }

  /** Writes the bytes from…to−1. */
  write(from: number, to: number): void {
    this.written.fill(++this.clock, from, to);
  }

  /** Leaves the misses not told yet as they are counted now. */
  settle(): void {
    this.waiting.clear();
  }
}
