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

/** Watches the lines that miss a core's first level. */
export class Prefetcher {
  private readonly pages: Float64Array = new Float64Array(STREAMS).fill(-1);
  private readonly lines: Int32Array = new Int32Array(STREAMS);
  private readonly steps: Int32Array = new Int32Array(STREAMS);
  private oldest = 0;
  private readonly pairs: Float64Array = new Float64Array(PAIRS).fill(-1);
  private oldestPair = 0;

  /** @param line Line number of a first-level miss. @returns Whether it has been brought in. */
  covers(line: number): boolean {
    const streamed = this.stream(line);
    return this.completesPair(line) || streamed;
  }

  private stream(line: number): boolean {
    const { pages, lines, steps } = this;
    const page = Math.floor(line / PAGE_LINES);
    const place = line - page * PAGE_LINES;
    const at = placeIn(pages, page);
    if (at < 0) {
      pages[this.oldest] = page;
      lines[this.oldest] = place;
      steps[this.oldest] = 0;
      this.oldest = (this.oldest + 1) % STREAMS;
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
    if (placeIn(this.pairs, pair) >= 0) return true;
    this.pairs[this.oldestPair] = pair;
    this.oldestPair = (this.oldestPair + 1) % PAIRS;
    return false;
  }
}

/** As `indexOf`, which is a call: too slow for so few numbers. */
function placeIn(numbers: Float64Array, number: number): number {
  for (let at = 0; at < numbers.length; at++) if (numbers[at] === number) return at;
  return -1;
}
