// The ways kernels hand out timer IDs, able to take whole runs of calls in one step.
import { INT_MAX } from '../../int-max.ts';
import type { KernelPolicy } from './kernel-policy.ts';

/** Pairs of take and free whose IDs ascend by one, or stay the same where a freed ID comes again immediately. */
export interface Pairs {
  from: number;
  pairs: number;
}

/** IDs from `from` to `to`, both included; downwards if `to` is the smaller. */
export interface Range {
  from: number;
  to: number;
}

/** Where a process's timer IDs come from. */
export interface IdSpace {
  /** Where the search for the next ID starts. */
  readonly next: number;
  /** No ID is free. */
  readonly isFull: boolean;
  /** Gives out the next free ID; there must be one. */
  take(): number;
  /** Gives out this ID, which must be free. */
  claim(id: number): number;
  /** Takes an ID back. */
  free(id: number): void;
  /** Tells if an ID was given out by `take` or `claim`, and not taken back. */
  has(id: number): boolean;
  /** Tells if take+free pairs lead to `id` (> next). */
  leadsTo(id: number): boolean;
  /**
   * Makes take+free pairs as long as each ID is one above the last and below `id` (> next); one pair at least.
   *
   * @returns The number of pairs.
   */
  ascendTo(id: number): number;
  /** Makes take+free pairs until the state is one that was there before. */
  circle(): Pairs[];
}

/** An ID space that gives freed IDs out again immediately. */
export interface DenseSpace extends IdSpace {
  /**
   * Takes the IDs that come before `id`, to be given back by `drain`; only in the order in which they come.
   *
   * @param most IDs to take at most.
   */
  fillTo(id: number, most: number): Range[];
  /** Takes back all IDs that `fillTo` took. */
  drain(): void;
}

/** Makes the ID space of a fresh process, or of a system without timers. */
export function idSpaceOf({ ids, idCount }: KernelPolicy): IdSpace {
  if (ids === 'next') return new NextIdSpace(idCount);
  return ids === 'lowest' ? new LowestFreeSpace() : new HighestFreeSpace();
}

/** Tells if an ID space can be filled. */
export function isDense(space: IdSpace): space is DenseSpace {
  return 'fillTo' in space;
}

/**
 * A counter that moves on with every take, successful search or not; freed IDs stay unused until it has wrapped.
 *
 * Only for restores: IDs are taken in ascending order from a counter that starts at 0, so that the next one is free until the counter wraps.
 * Source: kernel/time/posix-timers.c (posix_timer_add), 3.10 … 6.15.
 */
export class NextIdSpace implements IdSpace {
  next = 0;
  private readonly idCount: number;
  private readonly taken: Set<number> = new Set();

  /** @param idCount IDs are 0…idCount−1. */
  constructor(idCount: number) {
    this.idCount = idCount;
  }

  get isFull(): boolean {
    return this.taken.size >= this.idCount;
  }

  take(): number {
    return this.claim(this.firstFree());
  }

  claim(id: number): number {
    this.taken.add(id);
    this.next = (id + 1) % this.idCount;
    return id;
  }

  free(id: number): void {
    this.taken.delete(id); // The counter never moves back.
  }

  has(id: number): boolean {
    return this.taken.has(id);
  }

  leadsTo(id: number): boolean {
    return id < this.idCount && !this.taken.has(id);
  }

  ascendTo(id: number): number {
    const end = Math.min(id, this.idCount);
    const pairs = end - this.next;
    this.next = end % this.idCount;
    return pairs;
  }

  /**
   * Every free ID comes once, from the counter on and around.
   *
   * The state that repeats is the one after the first pair: the counter stood behind a live ID before, where no pair brings it.
   */
  circle(): Pairs[] {
    const start = this.next;
    const gaps = this.gaps();
    const ahead = gaps.filter(({ to }) => to >= start).map(({ from, to }) => ({ from: Math.max(from, start), to }));
    const behind = gaps
      .filter(({ from }) => from < start)
      .map(({ from, to }) => ({ from, to: Math.min(to, start - 1) }));
    const runs = [...ahead, ...behind].map(({ from, to }) => ({ from, pairs: to - from + 1 }));
    const first = runs[0]!.from;
    if (this.taken.size > 0) runs.push({ from: first, pairs: 1 });
    if (this.taken.size > 0) this.next = (first + 1) % this.idCount;
    return runs;
  }

  private firstFree(): number {
    let id = this.next;
    while (this.taken.has(id)) id = (id + 1) % this.idCount;
    return id;
  }

  /** The free IDs, ascending. */
  private gaps(): Range[] {
    const ends = [...this.taken, this.idCount].sort((a, b) => a - b);
    const ranges = ends.map((end, index) => ({ from: index === 0 ? 0 : ends[index - 1]! + 1, to: end - 1 }));
    return ranges.filter(({ from, to }) => from <= to);
  }
}

/**
 * The lowest free ID, reused immediately.
 *
 * Source: kernel/posix-timers.c (idr_get_new), 3.4.
 */
export class LowestFreeSpace implements DenseSpace {
  next = 0;
  readonly isFull = false;
  private readonly taken: Set<number> = new Set();
  /** While the space is being filled: what was taken before, ascending; how much of it lies behind; where filling began. */
  private filling: { obstacles: number[]; passed: number; began: number } | null = null;

  take(): number {
    return this.claim(this.next);
  }

  claim(id: number): number {
    this.taken.add(id);
    this.advance();
    return id;
  }

  free(id: number): void {
    this.taken.delete(id);
    if (id < this.next) this.next = id;
  }

  has(id: number): boolean {
    return this.taken.has(id);
  }

  leadsTo(_id: number): boolean {
    return false; // the ID just freed is the lowest free one again
  }

  ascendTo(_id: number): number {
    return 1;
  }

  circle(): Pairs[] {
    return [{ from: this.next, pairs: 1 }];
  }

  /** What it takes is not noted one by one: it lies below `next`, and is not in `taken`. */
  fillTo(id: number, most: number): Range[] {
    this.filling ??= { obstacles: [...this.taken].sort((a, b) => a - b), passed: 0, began: this.next };
    const { filling } = this;
    const ranges: Range[] = [];
    let left = most;
    while (this.next < id && left > 0) {
      while (filling.obstacles[filling.passed]! < this.next) filling.passed++;
      const end = Math.min(id, filling.obstacles[filling.passed] ?? id, this.next + left);
      ranges.push({ from: this.next, to: end - 1 });
      left -= end - this.next;
      this.next = end;
      this.advance();
    }
    return ranges;
  }

  drain(): void {
    if (this.filling === null) return;
    this.next = this.filling.began;
    this.filling = null;
    this.advance();
  }

  private advance(): void {
    while (this.taken.has(this.next)) this.next++;
  }
}

/** The highest free ID, reused immediately: INT_MAX − the lowest free number. */
export class HighestFreeSpace implements DenseSpace {
  readonly isFull = false;
  private readonly numbers: LowestFreeSpace = new LowestFreeSpace();

  get next(): number {
    return INT_MAX - this.numbers.next;
  }

  take(): number {
    return INT_MAX - this.numbers.take();
  }

  claim(id: number): number {
    return INT_MAX - this.numbers.claim(INT_MAX - id);
  }

  free(id: number): void {
    this.numbers.free(INT_MAX - id);
  }

  has(id: number): boolean {
    return this.numbers.has(INT_MAX - id);
  }

  leadsTo(_id: number): boolean {
    return false;
  }

  ascendTo(_id: number): number {
    return 1;
  }

  circle(): Pairs[] {
    return [{ from: this.next, pairs: 1 }];
  }

  fillTo(id: number, most: number): Range[] {
    const ranges = this.numbers.fillTo(INT_MAX - id, most);
    return ranges.map(({ from, to }) => ({ from: INT_MAX - from, to: INT_MAX - to }));
  }

  drain(): void {
    this.numbers.drain();
  }
}
