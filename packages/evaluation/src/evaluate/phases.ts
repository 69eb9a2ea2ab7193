// The phases of a workload: create all timers, look all up, delete all.
import type { Design } from '@idspace/posix-timers';
import type { Work } from '../hardware/timeline.ts';
import type { Operation, Owner } from '../layouts/reference-sink.ts';
import type { JsCounts, LookupOrder, OperationCounts, Served } from './evaluation.ts';
import type { FastForward } from './fast-forward.ts';
import { randomBelow, shuffled } from './random.ts';
import type { Recording } from './recording.ts';
import { sparseWindowsOf, windowsOf } from './windows.ts';

/** What a phase was counted to cost, means per operation. */
export interface PhaseCounts {
  /** How many were counted. */
  operations: number;
  kernel: OperationCounts;
  served: Served;
  /** Null where it was not asked for. */
  js: JsCounts | null;
  /** By machine. */
  work: Work[];
}

/** Who runs what, and how much of it is recorded. */
export interface Schedule {
  processes: readonly Owner[];
  /** Of each process. */
  threads: number;
  /** All together. */
  timers: number;
  /** Operations of a phase to count. */
  recorded: number;
  /** Cores that run the threads. */
  cores: number;
  /** Lines after which nothing that was in a cache before is there any more. */
  turnover: number;
  /** Decides the random order. */
  seed: number;
  /** From one ID of a process to the next, which it asks for; without it the design hands IDs out. */
  stride?: number;
}

/** The most lookups in random order that are counted: no two neighbours are alike there, and fewer say as much. */
const MOST_RANDOM = 5000;

/** Skipped operations of a core before a recorded one that its prefetcher and a watcher see, or lines of them: more than they remember. */
const SEEN = 1000;
const SEEN_LINES = 8000;

/** The timers of a workload in creation order; threads take turns, a timer each. */
export class Phases {
  private readonly recording: Recording;
  private readonly forward: FastForward;
  private readonly schedule: Schedule;
  /** Below 0: the ID was refused, and there is no timer. */
  private readonly ids: Int32Array;
  private readonly handles: Int32Array;
  private readonly progress: (operations: number) => void;
  /** Timers by their place in the phase that runs; null in creation order. */
  private order: Int32Array | null = null;

  /** @param progress Told what was done since. */
  constructor(recording: Recording, forward: FastForward, schedule: Schedule, progress: (operations: number) => void) {
    this.recording = recording;
    this.forward = forward;
    this.schedule = schedule;
    this.ids = new Int32Array(schedule.timers);
    this.handles = new Int32Array(schedule.timers);
    this.progress = progress;
  }

  /**
   * Runs a phase and returns its means.
   *
   * All phases count the same places. Each begins with the caches as the fill left them; an operation finds there what all those
   * before it have left, also those that are skipped.
   *
   * @param order Of lookups; timers are created and deleted in creation order.
   */
  run(operation: Operation, order: LookupOrder = 'creation'): PhaseCounts {
    const { recording } = this;
    const { timers, recorded, cores, stride, turnover } = this.schedule;
    this.order = order === 'random' ? this.shuffledTurns() : null;
    recording.reset();
    if (operation !== 'create') this.leaveFill();
    let done = 0;
    const count = this.order === null ? recorded : Math.min(recorded, MOST_RANDOM);
    const windows = stride === undefined ? windowsOf(timers, count, cores) : sparseWindowsOf(timers, count);
    for (const { warm, from, to } of windows) {
      this.skip(operation, done, warm, turnover);
      recording.resume();
      // What is told of the progress may throw, to end it: no other table could be recorded then.
      try {
        recording.counting = false;
        this.record(operation, warm, from);
        recording.counting = true;
        this.record(operation, from, to);
      } finally {
        recording.pause();
      }
      done = to;
    }
    this.skip(operation, done, timers, 0);
    const kind = operation === 'create' && stride !== undefined ? 'restore' : operation;
    const tally = recording.kernel.tally(kind);
    return {
      operations: tally.operations,
      kernel: tally.means(),
      served: tally.servedBy(),
      js: recording.js?.counts(kind, count >= timers) ?? null,
      work: tally.work(),
    };
  }

  /** The IDs that were created, by ID space that has any. */
  created(scope: Design['scope']): number[][] {
    const ids = this.schedule.processes.map((): number[] => []);
    for (const [i, id] of this.ids.entries()) {
      if (id >= 0) ids[scope === 'system' ? 0 : this.processOf(i)].push(id);
    }
    return ids.filter((list) => list.length > 0);
  }

  /** Puts the caches into the state that creating the timers leaves them in. */
  private leaveFill(): void {
    const { recording, ids, handles } = this;
    const { timers, processes, turnover, cores } = this.schedule;
    const first = Math.max(0, timers - Math.ceil(turnover / recording.linesOfTimer));
    for (let i = first; i < timers; i++) {
      if (ids[i] < 0) continue;
      const seen = timers - i <= SEEN * cores;
      recording.passTimer(processes[this.processOf(i)], handles[i], ids[i], this.coreOf(i), seen);
    }
  }

  /** Each thread's timers in a random order of its own; the threads take turns as they did when they created them. */
  private shuffledTurns(): Int32Array {
    const { processes, threads, timers, seed } = this.schedule;
    const turns = processes.length * threads;
    const below = randomBelow(seed ^ 0x6c6f_6f6b);
    const order = new Int32Array(timers);
    for (let thread = 0; thread < turns; thread++) {
      for (const [turn, own] of shuffled(timers / turns, below).entries()) {
        order[turn * turns + thread] = own * turns + thread;
      }
    }
    return order;
  }

  /**
   * Brings the table past operations from…to−1 without recording them; a lookup does not change it.
   *
   * @param lines So many of the lines that they use last are left in the caches.
   */
  private skip(operation: Operation, from: number, to: number, lines: number): void {
    if (from >= to) return;
    const first = this.firstToPass(operation, from, to, lines);
    const { cores } = this.schedule;
    const seen = Math.max(to - SEEN * cores, this.firstToPass(operation, first, to, SEEN_LINES * cores));
    if (operation === 'create') this.skipCreates(from, first, seen, to);
    else {
      for (let at = first; at < to; at++) this.pass(operation, at, at >= seen);
      if (operation === 'delete' && to < this.ids.length) this.skipDeletes(from, to);
    }
    this.progress(to - from);
  }

  /** The first of some skipped operations to leave its lines in the caches. */
  private firstToPass(operation: Operation, from: number, to: number, lines: number): number {
    const { timers } = this.schedule;
    let left = lines;
    let at = to;
    while (at > from && left > 0) {
      at--;
      // A create walks all of a chain that grows; in creation order a timer has those before it in its chain that came later.
      left -= this.linesOf(operation === 'create' ? at / timers : this.order === null ? 1 - at / timers : 0.5);
    }
    return at;
  }

  /** Lines that an operation uses at least: its timer's, and those of timers that it passes. @param share Of the chain, 0…1. */
  private linesOf(share: number): number {
    return 1 + share * this.schedule.timers * this.recording.footprint.passed;
  }

  private pass(operation: Operation, at: number, seen: boolean): void {
    const { ids, handles } = this;
    const { processes } = this.schedule;
    const i = this.timerAt(at);
    if (ids[i] < 0) return;
    this.recording.pass(operation, processes[this.processOf(i)], handles[i], ids[i], this.coreOf(i), seen);
  }

  private skipCreates(from: number, first: number, seen: number, to: number): void {
    for (let i = from; i < to; i++) {
      const { timer, id } = this.forward.create(this.schedule.processes[this.processOf(i)], this.wanted(i));
      this.handles[i] = timer;
      this.ids[i] = id;
      if (i >= first) this.pass('create', i, i >= seen);
      else if (id >= 0) this.recording.footprint.settle(this.schedule.processes[this.processOf(i)], id);
    }
  }

  private skipDeletes(from: number, to: number): void {
    const { processes } = this.schedule;
    this.forward.delete(
      this.handles.subarray(from, to),
      (at) => processes[this.processOf(from + at)].handle,
      (at) => this.ids[from + at],
    );
  }

  private record(operation: Operation, from: number, to: number): void {
    const step = Math.max(1, Math.floor(this.ids.length / 25));
    for (let first = from; first < to; first += step) {
      const end = Math.min(first + step, to);
      for (let at = first; at < end; at++) this.recordOne(operation, this.timerAt(at));
      this.progress(end - first);
    }
  }

  private recordOne(operation: Operation, i: number): void {
    const { recording, ids, handles } = this;
    const process = this.schedule.processes[this.processOf(i)].handle;
    const core = this.coreOf(i);
    if (operation === 'create') {
      const { timer, id } = recording.create(process, core, this.wanted(i));
      handles[i] = timer;
      ids[i] = id;
    } else if (ids[i] < 0) return;
    else if (operation === 'lookup') recording.lookup(process, ids[i], core);
    else recording.delete(process, ids[i], core);
  }

  /** The timer that is used at a place of the phase. */
  private timerAt(at: number): number {
    return this.order === null ? at : this.order[at];
  }

  /** Number of the process of timer i. */
  private processOf(i: number): number {
    const { processes, threads } = this.schedule;
    return Math.floor((i % (processes.length * threads)) / threads);
  }

  /** The ID that the create of timer i asks for. */
  private wanted(i: number): number | undefined {
    const { processes, threads, stride } = this.schedule;
    if (stride === undefined) return undefined;
    const round = Math.floor(i / (processes.length * threads));
    return (round * threads + (i % threads)) * stride;
  }

  private coreOf(i: number): number {
    const { processes, threads, cores } = this.schedule;
    return (i % (processes.length * threads)) % cores;
  }
}
