// Numbers the 4 GiB regions of the address space in the order of first use, so that a line's tag fits an Int32.
// A program uses a handful: code and heap, libraries, stack.

/** Address / 2³² of the region after the last: addresses end at 2⁵³. */
const END = 2 ** 21;

/** The regions seen so far. */
export class Regions {
  /** Region number → address / 2³². */
  readonly uppers: number[] = [];
  private readonly numbers = new Map<number, number>();

  /** Returns the number of the region with this address / 2³², giving it the next one at first use; −1 when it is none. */
  numberOf(upper: number): number {
    let number = this.numbers.get(upper);
    if (number === undefined) {
      if (!(Number.isInteger(upper) && upper >= 0 && upper < END)) return -1;
      number = this.uppers.push(upper) - 1;
      this.numbers.set(upper, number);
    }
    return number;
  }
}
