// The three phases of a workload: create all timers, look all up, delete all, each in creation order.
import type { Operation } from '../layouts/reference-sink.ts';
import type { Work } from '../machine/timeline.ts';
import type { OperationCounts, Served } from './evaluation.ts';
import type { FastForward } from './fast-forward.ts';
import type { Recording } from './recording.ts';
import { sparseWindowsOf, windowsOf } from './windows.ts';

/** What a phase was counted to cost, means per operation. */
export interface PhaseCounts {
  /** How many were counted. */
  operations: number;
  kernel: OperationCounts;
  served: Served;
  js: OperationCounts;
  /** By machine. */
  work: Work[];
}

/** Who runs what, and how much of it is recorded. */
export interface Schedule {
  /** Handles. */
  processes: readonly number[];
  /** Of each process. */
  threads: number;
  /** All together. */
  timers: number;
  /** Operations of a phase to count. */
  recorded: number;
  /** Cores that run the threads. */
  cores: number;
  /** Timers that are created before a window and may still be in a cache. */
  warmTimers: number;
  /** From one ID of a process to the next, which it asks for; without it the design hands IDs out. */
  stride?: number;
}

/** The timers of a workload in creation order; threads take turns, a timer each. */
export class Phases {
  private readonly recording: Recording;
  private readonly forward: FastForward;
  private readonly schedule: Schedule;
  /** Below 0: the ID was refused, and there is no timer. */
  private readonly ids: Int32Array;
  private readonly handles: Int32Array;
  private readonly progress: (operations: number) => void;

  /** @param progress Told what was done since. */
  constructor(recording: Recording, forward: FastForward, schedule: Schedule, progress: (operations: number) => void) {
    this.recording = recording;
    this.forward = forward;
    this.schedule = schedule;
    this.ids = new Int32Array(schedule.timers);
    this.handles = new Int32Array(schedule.timers);
    this.progress = progress;
  }

  /** Runs a phase and returns its means. */
  run(operation: Operation): PhaseCounts {
    const { recording } = this;
    const { timers, recorded, cores, stride } = this.schedule;
    recording.reset();
    let done = 0;
    const windows = stride === undefined ? windowsOf(timers, recorded, cores) : sparseWindowsOf(timers, recorded);
    for (const { warm, from, to } of windows) {
      this.skip(operation, done, warm);
      recording.resume();
      recording.counting = false;
      this.record(operation, warm, from);
      recording.counting = true;
      this.record(operation, from, to);
      recording.pause();
      done = to;
    }
    this.skip(operation, done, timers);
    const kind = operation === 'create' && stride !== undefined ? 'restore' : operation;
    const tally = recording.kernel.tally(kind);
    return {
      operations: tally.operations,
      kernel: tally.counts(),
      served: tally.means(),
      js: recording.js.tally(kind).counts(),
      work: tally.work(),
    };
  }

  /** The IDs that were created, by ID space that has any. */
  created(spaces: 'one ID space' | 'one for each process'): number[][] {
    const ids = this.schedule.processes.map((): number[] => []);
    for (const [i, id] of this.ids.entries()) {
      if (id >= 0) ids[spaces === 'one ID space' ? 0 : this.processOf(i)].push(id);
    }
    return ids.filter((list) => list.length > 0);
  }

  /** Brings the table past operations from…to−1 without recording them; a lookup would change nothing. */
  private skip(operation: Operation, from: number, to: number): void {
    if (from >= to) return;
    if (operation === 'create') this.skipCreates(from, to);
    else if (operation === 'delete' && to < this.ids.length) this.skipDeletes(from, to);
    this.progress(to - from);
  }

  private skipCreates(from: number, to: number): void {
    const { processes, warmTimers } = this.schedule;
    for (let i = from; i < to; i++) {
      const at = this.processOf(i);
      const { timer, id } = this.forward.create(processes[at], at, this.wanted(i));
      this.handles[i] = timer;
      this.ids[i] = id;
      if (id >= 0 && to - i <= warmTimers) this.recording.warm(timer, this.coreOf(i));
    }
  }

  private skipDeletes(from: number, to: number): void {
    const { processes } = this.schedule;
    this.forward.delete(
      this.handles.subarray(from, to),
      (at) => processes[this.processOf(from + at)],
      (at) => this.ids[from + at],
    );
  }

  private record(operation: Operation, from: number, to: number): void {
    const step = Math.max(1, Math.floor(this.ids.length / 33));
    for (let first = from; first < to; first += step) {
      const end = Math.min(first + step, to);
      for (let i = first; i < end; i++) this.recordOne(operation, i);
      this.progress(end - first);
    }
  }

  private recordOne(operation: Operation, i: number): void {
    const { recording, ids, handles } = this;
    const process = this.schedule.processes[this.processOf(i)];
    const core = this.coreOf(i);
    if (operation === 'create') {
      const { timer, id } = recording.create(process, core, this.wanted(i));
      handles[i] = timer;
      ids[i] = id;
    } else if (ids[i] < 0) return;
    else if (operation === 'lookup') recording.lookup(process, ids[i], core);
    else recording.delete(process, ids[i], core);
  }

  /** Number of the process that runs operation i. */
  private processOf(i: number): number {
    const { processes, threads } = this.schedule;
    return Math.floor((i % (processes.length * threads)) / threads);
  }

  /** The ID that operation i asks for. */
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
