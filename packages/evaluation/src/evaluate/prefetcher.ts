// Prefetcher: what a core's hardware has brought in before it is asked for. It changes times, never counts.
// Source: Intel 64 and IA-32 Architectures Optimization Reference Manual, "Data prefetching": the spatial prefetcher completes
// a pair of lines; the streamer follows ascending accesses within a page, up to 20 lines ahead, one stream a page, 32 in all.

const STREAMS = 32;
const LINES_AHEAD = 20;
const PAGE_LINES = 64;
/** Ascending steps before the streamer runs ahead. */
const TRAINED = 2;
/** Pairs whose second line may be under way or just there. */
const PAIRS = 16;

/** Numbers that are remembered by the lowest bits. */
const FILTER = 256;

/** The last few different numbers. */
class Recent {
  /** −1 where there is none. */
  private readonly numbers: Float64Array;
  /** How many there are of each lowest bits: where it is none, there is nothing to look for. */
  private readonly filter: Uint8Array = new Uint8Array(FILTER);
  private oldest = 0;

  constructor(length: number) {
    this.numbers = new Float64Array(length).fill(-1);
  }

  /** Returns the place of a number, or −1. */
  placeOf(number: number): number {
    const { numbers, filter } = this;
    if (filter[number & (FILTER - 1)] === 0) return -1;
    for (let at = 0; at < numbers.length; at++) if (numbers[at] === number) return at;
    return -1;
  }

  /** Puts a number that is not there in the place of the oldest. Returns the place. */
  add(number: number): number {
    const { numbers, filter, oldest } = this;
    if (numbers[oldest] >= 0) filter[numbers[oldest] & (FILTER - 1)]--;
    numbers[oldest] = number;
    filter[number & (FILTER - 1)]++;
    this.oldest = (oldest + 1) % numbers.length;
    return oldest;
  }
}

/** Watches the lines that miss a core's first level. */
export class Prefetcher {
  private readonly pages: Recent = new Recent(STREAMS);
  /** By the place of a page: the last line of it, and how often it went on from there. */
  private readonly lines: Int32Array = new Int32Array(STREAMS);
  private readonly steps: Int32Array = new Int32Array(STREAMS);
  private readonly pairs: Recent = new Recent(PAIRS);

  /** @param line Line number of a first-level miss. @returns Whether it has been brought in. */
  covers(line: number): boolean {
    const streamed = this.stream(line);
    return this.completesPair(line) || streamed;
  }

  private stream(line: number): boolean {
    const { pages, lines, steps } = this;
    const page = Math.floor(line / PAGE_LINES);
    const place = line - page * PAGE_LINES;
    const at = pages.placeOf(page);
    if (at < 0) {
      const added = pages.add(page);
      lines[added] = place;
      steps[added] = 0;
      return false;
    }
    const step = place - lines[at];
    if (step <= 0) return false;
    const covered = steps[at] >= TRAINED && step <= LINES_AHEAD;
    steps[at] = step <= LINES_AHEAD ? steps[at] + 1 : 0;
    lines[at] = place;
    return covered;
  }

  private completesPair(line: number): boolean {
    const pair = Math.floor(line / 2);
    if (this.pairs.placeOf(pair) >= 0) return true;
    this.pairs.add(pair);
    return false;
  }
}
