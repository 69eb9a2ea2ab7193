// Process: the leader of its threads, with what belongs to all of them; and Thread, one of the others.

import { SignalStruct } from './signal-struct.ts';
import { Task } from './task.ts';

/** A process: an ID space of its own, except in releases up to 3.9. Made by `Kernel.spawn` or by `fork`. */
export class Process extends Task {
  constructor(signal: SignalStruct) {
    super(signal, signal.pid);
  }

  /** Where the search for the next ID begins; −1 in releases that hand out the lowest free one. */
  get nextId(): number {
    this.mustBeAlive();
    return this.machine.table.nextId(this.signal.handle);
  }

  /**
   * Starts a process of the same user and limit. It has no timers, counts IDs from 0 and is not in restore mode.
   *
   * @throws RangeError on an exited process, or when there is no room for another.
   */
  fork(): Process {
    this.mustBeAlive();
    const { machine, signal } = this;
    return new Process(new SignalStruct(machine, undefined, signal.user, signal.limit));
  }

  /**
   * Starts a thread. Timers, IDs, restore mode, user and limit are the process's.
   *
   * @param tid 1…2²², not in use. Default: the next free one from 1000 on.
   * @throws RangeError on an exited process, for a tid out of range or in use, or when there is no room for another.
   */
  thread(tid?: number): Thread {
    this.mustBeAlive();
    return new Thread(this, this.signal, this.machine.takePid(tid));
  }

  /**
   * Lets a SIGCHLD stay pending, as the exit of a child leaves it in a process that blocks that signal.
   *
   * A process that does not block it needs no call: the signal is delivered or ignored, and leaves no charge. One that waits is charged like a timer until this process exits: one timer fewer fits under the limit. A second one changes nothing.
   *
   * @throws RangeError on an exited process.
   * Source: __send_signal_locked, __sigqueue_alloc (kernel/signal.c), 6.18; seen on a running 6.18.
   */
  holdSigchld(): void {
    this.mustBeAlive();
    this.signal.holdSigchld();
  }

  /**
   * Ends the process and its threads, as if its parent had waited for it: its timers go and their charges return.
   *
   * @throws RangeError if it has exited.
   */
  exit(): void {
    this.mustBeAlive();
    this.signal.exit();
  }

  /**
   * Shows the process in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    if (!this.alive) return `Process { pid: ${this.pid}, exited }`;
    const { user, limit, restoring, threads } = this.signal;
    const mode = restoring ? ', restoring' : '';
    return `Process { pid: ${this.pid}, uid: ${user.uid}, limit: ${limit}, threads: ${threads.size}${mode} }`;
  }
}

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
