// Touched: lines that skipped operations use, one after the other. A class with an array, and no function for each line: chains of
// thousands of timers are gone along.
import { LINE } from './sizes.ts';

/** Lines in the order in which they were touched; in it as often as that was. */
export class Touched {
  /** Address / LINE. Float64Array, shape [≥ length]. */
  lines: Float64Array = new Float64Array(2048);
  length = 0;

  /** Adds the line of an address. */
  touch(address: number): void {
    this.add(Math.floor(address / LINE));
  }

  /** Adds a line. */
  add(line: number): void {
    if (this.length === this.lines.length) this.grow();
    this.lines[this.length++] = line;
  }

  private grow(): void {
    const longer = new Float64Array(2 * this.length);
    longer.set(this.lines);
    this.lines = longer;
  }
}
