// What the threads of a process share. Source: struct signal_struct (include/linux/sched/signal.h), 6.18.

import type { KernelState, RunningTask } from './kernel-state.ts';
import type { User } from './user.ts';

/** The part of signal_struct, and of the credentials, that timers depend on. */
export class SignalStruct {
  readonly machine: KernelState;
  /** Thread-group ID: what getpid returns. */
  readonly pid: number;
  /** The process in the timer table. */
  readonly handle: number;
  /** Who pays for the timers made from now on. */
  user: User;
  /** RLIMIT_SIGPENDING, timers; may be Infinity. */
  limit: number;
  /** timer_create_restore_ids: in restore mode. */
  restoring = false;
  alive = true;
  readonly threads: Set<RunningTask> = new Set();
  /** Who pays for the SIGCHLD that waits, blocked, in this process; null without one. */
  private sigchldPayer: User | null = null;
  private readonly address: number;

  /**
   * @param pid The ID wanted; undefined for the next free one.
   * @throws RangeError for an ID that is not available, or if there is no memory; then nothing has changed.
   */
  constructor(machine: KernelState, pid: number | undefined, user: User, limit: number) {
    this.machine = machine;
    this.pid = machine.findPid(pid);
    this.user = user;
    this.limit = limit;
    const { handle, address } = machine.register();
    machine.takePid(pid);
    this.handle = handle;
    this.address = address;
  }

  /** Lets a task run in this process. */
  join(task: RunningTask): void {
    this.threads.add(task);
    this.machine.tasks.set(task.tid, task);
  }

  /** Ends one task. The timers stay: they belong to the process. */
  leave(task: RunningTask): void {
    task.alive = false;
    this.threads.delete(task);
    this.machine.tasks.delete(task.tid);
  }

  /** Replaces the program: the leader alone goes on, without timers, out of restore mode. The next ID stays. */
  exec(): void {
    for (const task of this.threads) if (task.tid !== this.pid) this.leave(task);
    this.restoring = false;
    this.machine.deleteTimers(this.handle);
  }

  /** Keeps a SIGCHLD pending. A standard signal is pending once at most, and is charged even beyond the limit. */
  holdSigchld(): void {
    if (this.sigchldPayer !== null) return;
    this.sigchldPayer = this.user;
    this.user.pending++;
  }

  /** Ends the process. */
  exit(): void {
    if (this.sigchldPayer !== null) this.sigchldPayer.pending--;
    for (const task of this.threads) this.leave(task);
    this.machine.deleteTimers(this.handle);
    this.machine.unregister(this.handle, this.address);
    this.alive = false;
  }
}
