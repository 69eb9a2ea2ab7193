// A set of IDs kept as ranges, so that millions of neighbours cost as much as one.

/** A range of IDs, both ends included. */
interface Range {
  from: number;
  to: number;
}

/** A set of IDs. Cost of each call: O(ranges). */
export class IdRanges {
  /** Ascending, apart from each other. */
  private ranges: Range[] = [];

  /** How many IDs are in it. */
  get size(): number {
    return this.ranges.reduce((size, { from, to }) => size + to - from + 1, 0);
  }

  /** Adds a range. Returns false, and changes nothing, if part of it is in already. */
  add(from: number, to: number): boolean {
    const at = this.firstUpTo(from);
    const next = this.ranges[at];
    if (next !== undefined && next.from <= to) return false;
    const previous = this.ranges[at - 1];
    const touchesPrevious = previous !== undefined && previous.to === from - 1;
    const touchesNext = next !== undefined && next.from === to + 1;
    const joined = { from: touchesPrevious ? previous.from : from, to: touchesNext ? next.to : to };
    this.ranges.splice(at - Number(touchesPrevious), Number(touchesPrevious) + Number(touchesNext), joined);
    return true;
  }

  /** Takes a range out. Returns false, and changes nothing, if part of it is not in. */
  remove(from: number, to: number): boolean {
    const at = this.firstUpTo(from);
    const range = this.ranges[at];
    if (range === undefined || range.from > from || range.to < to) return false;
    const rest = [
      { from: range.from, to: from - 1 },
      { from: to + 1, to: range.to },
    ];
    this.ranges.splice(at, 1, ...rest.filter((part) => part.from <= part.to));
    return true;
  }

  /** Tells if an ID is in it. */
  has(id: number): boolean {
    const range = this.ranges[this.firstUpTo(id)];
    return range !== undefined && range.from <= id;
  }

  /** Goes through the IDs, ascending. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (const { from, to } of this.ranges) for (let id = from; id <= to; id++) yield id;
  }

  /** Index of the first range that does not end before `id`. */
  private firstUpTo(id: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranges[middle]!.to < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
