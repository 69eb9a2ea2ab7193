// PidNamespace: numbers for processes and threads, taken as long as a process, thread, group or session has them.
// Reference: Linux kernel/pid.c, kernel/pid_namespace.c (v6.18).

import { CyclicIds } from './cyclic-ids.ts';
import { EAGAIN, EEXIST, EINVAL, EPERM, ESRCH } from './errno.ts';
import { checkInteger, checkKeys, refused } from './misuse.ts';

/** After a wrap, numbers below this one are not handed out; they can still be asked for. */
export const RESERVED_PIDS = 300;
/** The highest `pidMax`: numbers are below it. */
export const PID_MAX_LIMIT: number = 2 ** 22;

/** What keeps a number from being handed out. */
export type PidHolder = 'pid' | 'zombie' | 'tid' | 'pgid' | 'sid';

interface Task {
  /** The number of its process: its own, unless it is another thread. */
  readonly pid: number;
  pgid: number;
  sid: number;
  zombie: boolean;
}

/**
 * A PID namespace: forks, threads, sessions and process groups, as far as their numbers go.
 *
 * A number is taken while a process (also a zombie) or a thread has it, or while a process group or session is called by it, even if
 * its leader is gone. Asking for a number does not move the counter.
 *
 * Calls return a number or −errno, as the kernel does.
 * Source: alloc_pid, free_pid, kernel/pid.c; ns_last_pid, kernel/pid_namespace.c; v6.18.
 */
export class PidNamespace {
  private readonly ids = new CyclicIds();
  private readonly tasks = new Map<number, Task>();
  private readonly groups = new Map<number, number>();
  private readonly sessions = new Map<number, number>();
  private limit = PID_MAX_LIMIT;

  /**
   * Makes a namespace in which process 1 runs, leader of its session and group.
   *
   * @param options.pidMax 301…2²²; default 2²², as a new namespace has since Linux 6.14. Before, all shared one limit.
   * @throws RangeError for an unknown option or a limit out of range.
   */
  constructor(options: { pidMax?: number | undefined } = {}) {
    const { pidMax = PID_MAX_LIMIT } = checkKeys(options, 'pidMax');
    checkInteger(pidMax, 'pidMax', RESERVED_PIDS + 1, PID_MAX_LIMIT);
    this.limit = pidMax;
    this.ids.allocate(1, 1);
    this.start(1, { pid: 1, pgid: 1, sid: 1, zombie: false });
  }

  /** Numbers are below it. */
  get pidMax(): number {
    return this.limit;
  }

  /**
   * Writes kernel.pid_max.
   *
   * @returns 0, or −EINVAL outside 301…2²².
   */
  setPidMax(pidMax: number): number {
    if (!(Number.isInteger(pidMax) && pidMax > RESERVED_PIDS && pidMax <= PID_MAX_LIMIT)) return -EINVAL;
    this.limit = pidMax;
    return 0;
  }

  /** The number handed out last: kernel.ns_last_pid. */
  get lastPid(): number {
    return this.ids.next - 1;
  }

  /**
   * Writes kernel.ns_last_pid: the search for the next number begins behind it.
   *
   * @returns 0, or −EINVAL outside 0…pidMax.
   */
  setLastPid(pid: number): number {
    if (!(Number.isInteger(pid) && pid >= 0 && pid <= this.limit)) return -EINVAL;
    this.ids.moveTo(pid + 1);
    return 0;
  }

  /**
   * Forks a process, which gets its parent's group and session.
   *
   * @param parent A living process of the namespace.
   * @param ask The number it shall have, as clone3 takes it in `set_tid` (Linux 5.5); absent: the next free one.
   * @returns Its PID; −EAGAIN if no number is free; asked: −EINVAL outside 1…pidMax − 1, −EEXIST if the number is taken.
   * @throws RangeError if the parent does not live.
   */
  fork(parent: number, ask?: number): number {
    const { pgid, sid } = this.living(parent);
    const pid = this.take(ask);
    if (pid > 0) this.start(pid, { pid, pgid, sid, zombie: false });
    return pid;
  }

  /**
   * Starts a thread of a process. Arguments, results and errors are those of {@link fork}.
   *
   * @returns Its TID, or −errno.
   */
  thread(process: number, ask?: number): number {
    const { pid } = this.living(process);
    const tid = this.take(ask);
    if (tid > 0) this.tasks.set(tid, { pid, pgid: 0, sid: 0, zombie: false });
    return tid;
  }

  /**
   * Makes a process the leader of a new session and group.
   *
   * @returns The session's number; −EPERM if a group or session has the process's number.
   */
  setsid(pid: number): number {
    const task = this.living(pid);
    if (task.sid === pid || this.groups.has(pid)) return -EPERM;
    this.move(task, pid, pid);
    return pid;
  }

  /**
   * Moves a process to a group of its session, or to a new one with its own number.
   *
   * @returns 0; −EPERM for a session leader, or if no group of its session has the number.
   */
  setpgid(pid: number, pgid: number): number {
    const task = this.living(pid);
    if (task.sid === pid) return -EPERM;
    if (pgid !== pid && !this.hasGroup(pgid, task.sid)) return -EPERM;
    this.move(task, pgid, task.sid);
    return 0;
  }

  /** The session that a living process is in. */
  sidOf(pid: number): number {
    return this.living(pid).sid;
  }

  /** The process group that a living process is in. */
  pgidOf(pid: number): number {
    return this.living(pid).pgid;
  }

  /** Ends a process with its threads. It stays a zombie, and keeps its number, until it is reaped. */
  exit(pid: number): void {
    this.living(pid).zombie = true;
    for (const [tid, task] of this.tasks) if (task.pid === pid && tid !== pid) this.end(tid);
  }

  /** Ends one thread that leads no process. */
  exitThread(tid: number): void {
    const task = this.tasks.get(tid);
    if (task === undefined || task.pid === tid) throw refused('tid', tid, 'the ID of a thread that leads no process');
    this.end(tid);
  }

  /**
   * Waits for a zombie.
   *
   * @returns Its number; −ESRCH if there is none of that number.
   */
  reap(pid: number): number {
    const task = this.tasks.get(pid);
    if (task?.zombie !== true) return -ESRCH;
    this.move(task, 0, 0);
    this.end(pid);
    return pid;
  }

  /** What holds a number; null if it is free. */
  holderOf(number: number): PidHolder | null {
    const task = this.tasks.get(number);
    if (task !== undefined) return task.pid !== number ? 'tid' : task.zombie ? 'zombie' : 'pid';
    if (this.sessions.has(number)) return 'sid';
    return this.groups.has(number) ? 'pgid' : null;
  }

  private take(ask: number | undefined): number {
    if (ask === undefined) {
      const min = this.ids.next > RESERVED_PIDS ? RESERVED_PIDS : 1;
      const pid = this.ids.allocate(min, this.limit - 1);
      return pid < 0 ? -EAGAIN : pid;
    }
    if (!Number.isInteger(ask) || ask < 1 || ask >= this.limit) return -EINVAL;
    return this.ids.claim(ask) < 0 ? -EEXIST : ask;
  }

  private living(pid: number): Task {
    const task = this.tasks.get(pid);
    if (task !== undefined && task.pid === pid && !task.zombie) return task;
    throw refused('process', pid, 'the PID of a living process');
  }

  private hasGroup(pgid: number, sid: number): boolean {
    for (const task of this.tasks.values()) if (task.pgid === pgid && task.sid === sid) return true;
    return false;
  }

  private start(pid: number, task: Task): void {
    this.tasks.set(pid, task);
    hold(this.groups, task.pgid);
    hold(this.sessions, task.sid);
  }

  /** Puts a process into a group and a session; 0 and 0 takes it out of both. */
  private move(task: Task, pgid: number, sid: number): void {
    const before = [task.pgid, task.sid];
    if (pgid !== 0) hold(this.groups, pgid);
    if (sid !== 0) hold(this.sessions, sid);
    release(this.groups, task.pgid);
    release(this.sessions, task.sid);
    task.pgid = pgid;
    task.sid = sid;
    for (const number of before) this.freeIfUnused(number);
  }

  private end(tid: number): void {
    this.tasks.delete(tid);
    this.freeIfUnused(tid);
  }

  private freeIfUnused(number: number): void {
    if (this.holderOf(number) === null) this.ids.free(number);
  }
}

function hold(counts: Map<number, number>, number: number): void {
  counts.set(number, (counts.get(number) ?? 0) + 1);
}

function release(counts: Map<number, number>, number: number): void {
  const left = counts.get(number)! - 1;
  if (left === 0) counts.delete(number);
  else counts.set(number, left);
}
