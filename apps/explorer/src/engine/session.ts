// Session: one history on one machine, forwards and backwards. Its whole state is a setup, a list of operations and a position.
import { Checkpoints } from './checkpoints.ts';
import { Log } from './log.ts';
import { type Call, Machine } from './machine.ts';
import { callsOf, cut, joined, type Operation } from './operations.ts';
import { checkSetup, type Setup } from './setup.ts';

/** A run of more calls is recorded at its end only: the last RECORDED of them. Before that, caches get what creates leave there. */
export const LONG_RUN = 2000;
export const RECORDED = 1000;
/** Recorded calls between two checkpoints: what going back has to play again, at most. */
const BETWEEN = 256;
/** Unrecorded calls that are made without a look at the clock. */
const SLICE = 64;

/** What makes up a session, as links keep it. */
export interface SessionState {
  readonly setup: Setup;
  readonly operations: readonly Operation[];
  /** Calls made. */
  readonly position: number;
  /** Accesses of the last call that are shown. */
  readonly access: number;
}

/**
 * Steps through a history: `apply` adds to it, `run` and the steps go forwards, `seek` and the back steps go anywhere.
 *
 * Everything is deterministic: the same setup, operations and position give the same machine, counts and accesses, however they were
 * reached. Nothing here needs a DOM. It does not tell when it changes: its caller draws again.
 */
export class Session {
  readonly setup: Setup;
  readonly log: Log = new Log();
  private runs: Operation[];
  /** Calls before each operation, and in the end before none: one more than there are operations. */
  private starts: number[] = [0];
  private head: Machine;
  private made = 0;
  private last: Call | null = null;
  private shown = 0;
  private readonly checkpoints: Checkpoints = new Checkpoints();
  private recorded = 0;
  private moves = 0;
  /** `length` before each `apply`: what `undo` goes back to. */
  private readonly lengths: number[] = [];

  /**
   * Makes a session at its beginning: no call is made yet.
   *
   * @param operations A history to play. @throws RangeError for a setup out of range.
   */
  constructor(setup: Setup, operations: readonly Operation[] = []) {
    this.setup = checkSetup(setup);
    this.runs = [...operations];
    this.head = new Machine(setup);
    this.count();
  }

  /** The machine as it is after the calls made. Read from it; do not call it. */
  get machine(): Machine {
    return this.head;
  }

  get operations(): readonly Operation[] {
    return this.runs;
  }

  /** Goes up whenever the machine changes: views of it that have been made are good as long as this stays. */
  get changes(): number {
    return this.moves;
  }

  /** Calls made, 0…`length`. */
  get position(): number {
    return this.made;
  }

  /** Calls of all operations. */
  get length(): number {
    return this.starts.at(-1)!;
  }

  /** The last call made; null at the beginning. */
  get call(): Call | null {
    return this.last;
  }

  /** Accesses of the last call that are shown, 0…`call.accesses.length`. After a whole step: all. */
  get access(): number {
    return this.shown;
  }

  /** What a link keeps. */
  get state(): SessionState {
    return { setup: this.setup, operations: this.runs, position: this.made, access: this.shown };
  }

  /** The number of the operation that the next call belongs to, or of the last one where all calls are made; −1 without operations. */
  get current(): number {
    const next = this.starts.findIndex((start, i) => start <= this.made && this.made < this.starts[i + 1]);
    return next >= 0 ? next : this.runs.length - 1;
  }

  /** Calls made before an operation begins. */
  startOf(operation: number): number {
    return this.starts[operation];
  }

  /** IDs that are marked as wanted, by `want`. */
  get wanted(): readonly Operation[] {
    return this.runs.filter(({ kind }) => kind === 'want');
  }

  /**
   * Adds operations after the calls made; `undo` takes them back together. Calls that are not made yet are forgotten; a run that was left in its middle is cut there.
   *
   * No call of it is made: `run` makes them. So `apply` and `run` go in turn; to play a list of operations, give it to the constructor.
   */
  apply(...added: readonly Operation[]): void {
    this.cutAt(this.made);
    this.lengths.push(this.length);
    for (const one of added) this.append(one);
    this.count();
  }

  private append(added: Operation): void {
    const last = this.runs.at(-1);
    const both = last && joined(last, added);
    // A long run is recorded at its end: joined, another part of it would be.
    if (both !== undefined && callsOf(both) <= LONG_RUN) this.runs[this.runs.length - 1] = both;
    else this.runs.push(added);
  }

  /** Takes back what was applied last, or the last operation of a history that was given whole. Does nothing without one. */
  undo(): void {
    const before = this.lengths.pop() ?? this.starts[Math.max(this.runs.length - 1, 0)];
    if (before === this.length) this.runs.pop(); // it had no call
    this.cutAt(before);
  }

  /**
   * Makes calls until there are no more, or so many are made, or the time is up.
   *
   * @param calls How many at most. @param until As performance.now() has it; at least one call is made before.
   * @returns Whether all calls of the session are made.
   */
  run(calls: number = Number.POSITIVE_INFINITY, until: number = Number.POSITIVE_INFINITY): boolean {
    const end = Math.min(this.made + calls, this.length);
    while (this.made < end) {
      this.advance(end);
      if (performance.now() >= until) break;
    }
    return this.made === this.length;
  }

  /** Makes one call. @returns Whether there was one. */
  stepCall(): boolean {
    if (this.made === this.length) return false;
    this.run(1);
    return true;
  }

  /** Shows one more access: of the last call, or the first of the next. @returns Whether there was one. */
  stepAccess(): boolean {
    if (this.last !== null && this.shown < this.last.accesses.length) {
      this.shown++;
      return true;
    }
    if (!this.stepCall()) return false;
    this.shown = Math.min(1, this.last!.accesses.length);
    return true;
  }

  /** Goes back by one call. @returns Whether there was one. */
  backCall(): boolean {
    if (this.made === 0) return false;
    this.seek(this.made - 1);
    return true;
  }

  /** Shows one access less; before the first, the whole call before. @returns Whether there was one. */
  backAccess(): boolean {
    if (this.shown > 1) {
      this.shown--;
      return true;
    }
    return this.backCall();
  }

  /**
   * Goes to a position, forwards or back.
   *
   * @param position Calls made, 0…`length`; outside, the nearest. @param until As for `run`: going far back may take several calls of `seek`.
   * @returns Whether it is there.
   *
   * Cost: up to 256 recorded calls, from a checkpoint; what was never reached costs what `run` does.
   */
  seek(position: number, until: number = Number.POSITIVE_INFINITY): boolean {
    const target = Math.max(0, Math.min(position, this.length));
    if (target < this.made) this.rewind(target);
    this.run(target - this.made, until);
    return this.made === target;
  }

  /** Shows so many accesses of the last call. */
  showAccesses(access: number): void {
    this.shown = Math.max(0, Math.min(access, this.last?.accesses.length ?? 0));
  }

  /** Whether call number `at` is recorded, with accesses to look at. */
  isRecorded(at: number): boolean {
    const operation = this.operationAt(at);
    return at - this.starts[operation] >= unrecorded(this.runs[operation]);
  }

  /** Makes the next call, or a slice of the next unrecorded ones. */
  private advance(end: number): void {
    const operation = this.operationAt(this.made);
    const run = this.runs[operation];
    const start = this.starts[operation];
    const index = this.made - start;
    const quiet = unrecorded(run);
    if (index < quiet) {
      const slice = run.kind === 'pairs' ? 8 * SLICE : SLICE;
      const to = Math.min(quiet, end - start, index + slice);
      this.last = this.head.skip(run, index, to);
      this.made = start + to;
    } else {
      this.last = this.head.perform(run, index);
      this.made++;
      this.recorded++;
    }
    this.shown = this.last.accesses.length;
    this.moves++;
    this.write(start + index, operation);
    // At the end of a stretch that was not recorded, for it is the longest way; else every so often.
    if (this.made - start === quiet || this.recorded >= BETWEEN) this.keep();
  }

  private write(at: number, operation: number): void {
    const { name, argument, result, cost } = this.last!;
    const refs = cost?.refs ?? -1;
    const misses = cost === null ? -1 : cost.refs - cost.servedBy[0];
    this.log.add({ at, calls: this.made - at, operation, name, argument, result, refs, misses });
  }

  private keep(): void {
    this.recorded = 0;
    if (this.made > this.checkpoints.latest) this.checkpoints.add(this.made, this.head);
  }

  /** Goes to the last checkpoint that has the call before a position still to come, so that it can be shown. */
  private rewind(target: number): void {
    const from = this.checkpoints.before(target - 1);
    this.head = from?.machine ?? new Machine(this.setup);
    this.made = from?.position ?? 0;
    this.recorded = 0;
    this.moves++;
    this.last = null;
    this.shown = 0;
    this.log.cutAfter(target);
  }

  /** Forgets the calls from a position on. A run that is cut there goes on to where it may end. */
  private cutAt(position: number): void {
    if (position < this.length) this.cutRuns(position);
    this.count();
    this.checkpoints.cutAfter(this.length);
    if (this.made > this.length) this.seek(this.length);
  }

  private cutRuns(position: number): void {
    const operation = this.operationAt(position);
    const start = this.starts[operation];
    const run = this.runs[operation];
    const calls = position - start;
    this.runs = this.runs.slice(0, calls === 0 ? operation : operation + 1);
    if (calls === 0) return;
    this.runs[operation] = cut(run, calls);
    this.count();
    if (this.made <= start) return;
    if (unrecorded(run) > 0) {
      // It is recorded at its end, and that is elsewhere now: the caches are not as they were.
      this.checkpoints.cutAfter(start);
      this.rewind(start);
    }
    this.seek(this.length);
  }

  private operationAt(position: number): number {
    let [low, high] = [0, this.runs.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle + 1] > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private count(): void {
    this.starts = [0];
    for (const run of this.runs) this.starts.push(this.starts.at(-1)! + callsOf(run));
  }
}

/** Calls at the beginning of a run that are not recorded. */
function unrecorded(run: Operation): number {
  const calls = callsOf(run);
  return calls > LONG_RUN ? calls - RECORDED : 0;
}
