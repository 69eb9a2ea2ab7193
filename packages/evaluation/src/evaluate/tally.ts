// Tally: the sums of one kind of operation.
import type { Hardware } from '../hardware/hardware.ts';
import { Timeline, type Work } from '../hardware/timeline.ts';
import type { Category, CategoryCost, OperationCounts, Served } from './evaluation.ts';

/** The parts of a design, in the order of the tables. */
export const CATEGORIES: readonly Category[] = ['table', 'list', 'lock', 'timer'];
/** Their places there. */
export const CATEGORY_NUMBER = Object.fromEntries(CATEGORIES.map((category, i) => [category, i])) as Record<
  Category,
  number
>;

/** Counts of the operations since the last reset. */
export class Counts {
  operations = 0;
  reads = 0;
  writes = 0;
  d1Misses = 0;
  llMisses = 0;
  readonly refsBy: Float64Array = new Float64Array(CATEGORIES.length);
  readonly linesBy: Float64Array = new Float64Array(CATEGORIES.length);

  reset(): void {
    this.operations = this.reads = this.writes = this.d1Misses = this.llMisses = 0;
    this.refsBy.fill(0);
    this.linesBy.fill(0);
  }

  /** Counts a reference. @param category Its place in `CATEGORIES`. */
  refer(category: number, isWrite: boolean): void {
    if (isWrite) this.writes++;
    else this.reads++;
    this.refsBy[category]++;
  }

  /** Means per operation. */
  means(): OperationCounts {
    const n = Math.max(this.operations, 1);
    const by = {} as Record<Category, CategoryCost>;
    for (const [i, category] of CATEGORIES.entries()) {
      by[category] = { refs: this.refsBy[i] / n, linesTouched: this.linesBy[i] / n };
    }
    return {
      refs: (this.reads + this.writes) / n,
      reads: this.reads / n,
      writes: this.writes / n,
      d1Misses: this.d1Misses / n,
      llMisses: this.llMisses / n,
      linesTouched: this.linesBy.reduce((sum, lines) => sum + lines, 0) / n,
      by,
    };
  }
}

/** Counts and times of the operations since the last reset. */
export class Tally {
  readonly counts: Counts = new Counts();
  /** References by the level that served them: the first is 0, memory comes after the last, and another core after that. */
  readonly served: Float64Array;
  /** References whose page the first TLB did not know; counted only while pages are watched. */
  tlbMisses = 0;
  readonly timeline: Timeline;
  private readonly servers: readonly string[];

  /** @param machines Each gives one result of `work`. */
  constructor(machines: readonly Hardware[]) {
    this.servers = [...machines[0].levels.map(({ name }) => name), 'memory', 'other core'];
    this.served = new Float64Array(this.servers.length);
    this.timeline = new Timeline(machines);
  }

  get operations(): number {
    return this.counts.operations;
  }

  reset(): void {
    this.counts.reset();
    this.tlbMisses = 0;
    this.served.fill(0);
    this.timeline.reset();
  }

  /** Counts a reference. @param category Its place in `CATEGORIES`. @param level What served it, see `served`. */
  count(category: number, isWrite: boolean, level: number): void {
    this.counts.refer(category, isWrite);
    this.served[level]++;
  }

  /** Means per operation. */
  means(): OperationCounts {
    const { counts, served } = this;
    counts.d1Misses = counts.reads + counts.writes - served[0];
    counts.llMisses = served[served.length - 2];
    return counts.means();
  }

  /** Where an operation's references were served, means. */
  servedBy(): Served {
    const n = Math.max(this.operations, 1);
    return {
      servedBy: Object.fromEntries(this.servers.map((name, at) => [name, this.served[at] / n])),
      transfers: this.served[this.served.length - 1] / n,
      tlbMisses: this.tlbMisses / n,
    };
  }

  /** Mean time of an operation's references, and of its locks, by machine. */
  work(): Work[] {
    return this.timeline.work(this.operations);
  }
}
