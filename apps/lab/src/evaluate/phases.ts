// The three phases of a workload: create all timers, look all up, delete all, each in creation order.
import type { Operation } from '../layouts/reference-sink.ts';
import type { OperationCounts } from './evaluation.ts';
import type { Recording } from './recording.ts';
import { windowsOf } from './windows.ts';

/** What a phase was counted to cost, means per operation. */
export interface PhaseCounts {
  kernel: OperationCounts;
  js: OperationCounts;
  work: ReturnType<Recording['kernel']['work']>;
}

/** The timers of a workload in creation order; threads take turns, a timer each. */
export class Phases {
  private readonly recording: Recording;
  private readonly processes: readonly number[];
  private readonly threads: number;
  private readonly ids: Int32Array;
  private readonly recorded: number;
  private readonly progress: (operations: number) => void;

  /** @param processes Handles. @param threads Of each process. @param timers All together. @param progress Told what was done since. */
  constructor(
    recording: Recording,
    processes: readonly number[],
    threads: number,
    timers: number,
    recorded: number,
    progress: (operations: number) => void,
  ) {
    this.recording = recording;
    this.processes = processes;
    this.threads = threads;
    this.ids = new Int32Array(timers);
    this.recorded = recorded;
    this.progress = progress;
  }

  /** Runs a phase and returns its means. */
  run(operation: Operation): PhaseCounts {
    const { recording } = this;
    const timers = this.ids.length;
    recording.reset();
    let done = 0;
    for (const { warm, from, to } of windowsOf(timers, this.recorded)) {
      this.runTo(operation, done, warm);
      recording.resume();
      recording.counting = false;
      this.runTo(operation, warm, from);
      recording.counting = true;
      this.runTo(operation, from, to);
      recording.pause();
      done = to;
    }
    this.runTo(operation, done, timers);
    return { kernel: recording.kernel.counts(), js: recording.js.counts(), work: recording.kernel.work() };
  }

  /** Runs operations from…to−1; a lookup that is not recorded is not made, it would change nothing. */
  private runTo(operation: Operation, from: number, to: number): void {
    const step = Math.max(1, Math.floor(this.ids.length / 33));
    for (let first = from; first < to; first += step) {
      const end = Math.min(first + step, to);
      if (operation !== 'lookup' || this.recording.recording) {
        for (let i = first; i < end; i++) this.runOne(operation, i);
      }
      this.progress(end - first);
    }
  }

  private runOne(operation: Operation, i: number): void {
    const { recording, processes, threads, ids } = this;
    const process = processes[Math.floor((i % (processes.length * threads)) / threads)];
    if (operation === 'create') ids[i] = recording.create(process);
    else if (operation === 'lookup') recording.lookup(process, ids[i]);
    else recording.delete(process, ids[i]);
  }
}
