// PassedLines: what skipped operations use, until the caches see it. They see it core by core: the tags of one core stay in the caches of
// the machine that simulates, those of 64 cores do not.
import { Touched } from '../layouts/touched.ts';

/** Lines that are kept for each core, more or less: whole operations are. */
const LINES_PER_CORE = 4096;

/**
 * Shows lines from…to−1 of a core to its caches.
 *
 * @param seen Whether what forgets soon sees them, too. @returns The end of those that no cache had: they are moved to the front.
 */
export type ShowLines = (core: number, seen: boolean, lines: Float64Array, from: number, to: number) => number;

/** One core's lines, one after the other. */
interface Run {
  readonly core: number;
  readonly seen: boolean;
  readonly from: number;
  /** Its end; then that of what is left of it. */
  to: number;
}

/** Lines in the order in which they were used. */
export class PassedLines {
  private readonly touched: Touched = new Touched();
  private readonly most: number;
  private runs: Run[] = [];
  /** By core: its runs. */
  private readonly runsOf: Run[][];

  /** @param cores How many there are. */
  constructor(cores: number) {
    this.most = cores * LINES_PER_CORE;
    this.runsOf = Array.from({ length: cores }, () => []);
  }

  get isEmpty(): boolean {
    return this.touched.length === 0;
  }

  get isFull(): boolean {
    return this.touched.length >= this.most;
  }

  /** Returns what takes the lines of a core until this is asked for another. */
  by(core: number, seen: boolean): Touched {
    const { touched, runs } = this;
    const last = runs[runs.length - 1];
    if (last?.core !== core || last.seen !== seen) {
      if (last !== undefined) last.to = touched.length;
      const run = { core, seen, from: touched.length, to: 0 };
      runs.push(run);
      this.runsOf[core].push(run);
    }
    return touched;
  }

  /**
   * Shows all lines, core by core, and forgets them.
   *
   * @returns Those that no core's own caches had, in the order in which they were used, and how many.
   */
  show(show: ShowLines): { lines: Float64Array; length: number } {
    const { runs, runsOf, touched } = this;
    const { lines } = touched;
    runs[runs.length - 1].to = touched.length;
    for (const own of runsOf) {
      for (const run of own) run.to = show(run.core, run.seen, lines, run.from, run.to);
      own.length = 0;
    }
    let length = 0;
    for (const { from, to } of runs) for (let at = from; at < to; at++) lines[length++] = lines[at];
    this.runs = [];
    touched.length = 0;
    return { lines, length };
  }
}
