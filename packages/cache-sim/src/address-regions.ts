// Numbers the 4 GiB regions of the address space in the order of first use, so that a line's tag fits an Int32.
// A program uses a handful (code and heap, libraries, stack), but goes from one to another all the time.

/** Entries of the table before the map; a power of two. */
const RECENT = 64;

/** The regions seen so far. */
export class Regions {
  /** Region number → address / 2³². */
  readonly uppers: number[] = [];
  private readonly numbers = new Map<number, number>();
  /** Recently used, by the low bits of address / 2³²: that value, and its number. */
  private readonly recentUpper: Int32Array = new Int32Array(RECENT).fill(-1);
  private readonly recentNumber: Int32Array = new Int32Array(RECENT);

  /** Returns the number of the region with this address / 2³² (0…2²¹−1), giving it the next one at first use. */
  numberOf(upper: number): number {
    const place = upper & (RECENT - 1);
    if (this.recentUpper[place] === upper) return this.recentNumber[place]!;
    let number = this.numbers.get(upper);
    if (number === undefined) {
      number = this.uppers.push(upper) - 1;
      this.numbers.set(upper, number);
    }
    this.recentUpper[place] = upper;
    this.recentNumber[place] = number;
    return number;
  }
}
