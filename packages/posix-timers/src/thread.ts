// Thread: one of a process's tasks that is not its leader.

import type { Process } from './process.ts';
import type { SignalStruct } from './signal-struct.ts';
import { Task } from './task.ts';

/** A thread: the calls of its process, made under a thread ID of its own. Made by {@link Process.thread}. */
export class Thread extends Task {
  /** The process it runs in: what to go on with after this thread's `exec`. */
  readonly process: Process;

  constructor(process: Process, signal: SignalStruct, tid: number) {
    super(signal, tid);
    this.process = process;
  }

  /** Starts a process that inherits user and limit, but no timers: see {@link Process.fork}. */
  fork(): Process {
    this.mustBeAlive();
    return this.process.fork();
  }

  /** Starts another thread of the same process: see {@link Process.thread}. */
  thread(tid?: number): Thread {
    this.mustBeAlive();
    return this.process.thread(tid);
  }

  /**
   * Ends this thread. Its timers belong to the process and stay; those that count its CPU time can no longer be set.
   *
   * @throws RangeError if it has exited.
   */
  exit(): void {
    this.mustBeAlive();
    this.signal.leave(this);
  }

  /**
   * Shows the thread in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Thread { tid: ${this.tid}, pid: ${this.pid}${this.alive ? '' : ', exited'} }`;
  }
}
