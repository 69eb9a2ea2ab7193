// What all processes of a kernel share: the timer table, the users that pay, the tasks by their ID.

import { refusal, refused } from './misuse.ts';
import type { Release } from './release-traits.ts';
import { SIGNAL_ADDRESS_HI, SignalAddresses } from './signal-address.ts';
import type { TimerTable } from './tables/timer-table.ts';
import { type User, Users } from './user.ts';

/** Process and thread IDs are 1…2²² (PID_MAX_LIMIT on 64 bits). */
const MAX_PID = 4_194_304;
/** Where counting begins, well above what a caller is likely to ask for. */
const FIRST_PID = 1000;

/** What runs under a thread ID: a process's leader, or another of its threads. */
export interface RunningTask {
  readonly tid: number;
  /** Of its process. */
  readonly pid: number;
  alive: boolean;
}

/** The state behind a Kernel. */
export class KernelState {
  readonly release: Release;
  readonly table: TimerTable;
  /** RLIMIT_SIGPENDING of new processes; forks inherit their parent's. */
  readonly sigpending: number;
  /** What a create on an alarm clock gives at its end: 0, or −errno. */
  readonly alarmRefusal: number;
  readonly users: Users = new Users();
  /** Everything that runs, by thread ID; a process stands under its leader's, which is its own. */
  readonly tasks: Map<number, RunningTask> = new Map();
  /** What a timer on a CPU clock counts: a process or a thread, which may have ended. By timer. */
  readonly counted: Map<number, { readonly alive: boolean }> = new Map();
  /** Who pays for a timer: a position in `users.list`, by timer. */
  payer: Int32Array = new Int32Array(65);

  private readonly addresses: SignalAddresses;
  private lastPid = FIRST_PID - 1;

  constructor(release: Release, table: TimerTable, sigpending: number, alarmRefusal: number, seed: number) {
    this.release = release;
    this.table = table;
    this.sigpending = sigpending;
    this.alarmRefusal = alarmRefusal;
    this.addresses = new SignalAddresses(seed);
  }

  /**
   * Makes room for a process in the table.
   *
   * @returns Its handle there, and the low half of its signal_struct's address.
   */
  register(): { handle: number; address: number } {
    let handle = 0;
    const address = this.addresses.take((address) => {
      handle = this.table.addProcess(address, SIGNAL_ADDRESS_HI);
    });
    return { handle, address };
  }

  /** Forgets a process without timers. */
  unregister(handle: number, address: number): void {
    this.table.removeProcess(handle);
    this.addresses.release(address);
  }

  /**
   * Takes a process or thread ID.
   *
   * @param pid The ID wanted, 1…2²²; left out: the next free one.
   * @throws RangeError if it is out of range or in use, or if none is free.
   */
  takePid(pid?: number): number {
    const taken = this.findPid(pid);
    if (pid === undefined) this.lastPid = taken;
    return taken;
  }

  /** Finds what `takePid` takes, and changes nothing. */
  findPid(pid?: number): number {
    if (pid !== undefined) {
      if (Number.isInteger(pid) && pid >= 1 && pid <= MAX_PID && !this.tasks.has(pid)) return pid;
      throw refused('pid', pid, `an integer 1…${MAX_PID} that is not in use`);
    }
    let next = this.lastPid;
    for (let tries = 0; tries < MAX_PID; tries++) {
      next = next >= MAX_PID ? FIRST_PID : next + 1;
      if (!this.tasks.has(next)) return next;
    }
    throw refusal('pid', `none, while all ${MAX_PID} are in use`, 'one that is free');
  }

  /** Takes a timer from the slab and charges it to a user; if there is no memory, nothing has changed. */
  takeTimer(user: User): number {
    const timer = this.table.timers.allocate();
    if (timer >= this.payer.length) this.growPayer(timer);
    this.payer[timer] = user.index;
    user.pending++;
    return timer;
  }

  /** Makes room for the payer of a timer that was just taken, or gives the timer back. */
  private growPayer(timer: number): void {
    try {
      const longer = new Int32Array(2 * timer);
      longer.set(this.payer);
      this.payer = longer;
    } catch (error) {
      this.table.timers.free(timer);
      throw error;
    }
  }

  /** Takes an unlinked timer's memory back, and its charge from the user who paid. */
  freeTimer(timer: number): void {
    const { timers } = this.table;
    if (timers.clock[timer] < 0) this.counted.delete(timer);
    this.users.uncharge(this.payer[timer]);
    timers.free(timer);
  }

  /** Deletes every timer of a process, by its handle in the table. Source: exit_itimers (kernel/time/posix-timers.c), 6.18. */
  deleteTimers(handle: number): void {
    const { table } = this;
    table.forEachTimer(handle, (timer) => {
      table.remove(handle, table.timers.id[timer]);
      this.freeTimer(timer);
    });
  }
}
