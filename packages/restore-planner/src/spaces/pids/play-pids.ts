// Makes the calls by which CRIU gets process and thread numbers, sessions and groups.
import type { ProcessCalls } from '../id-calls.ts';
import type { Playing } from '../playing.ts';
import type { Fork, RestoreTree } from './restore-tree.ts';

/** Processes and threads that are played; more would take a machine's memory. */
export const MOST_PLAYED_TASKS = 10_000;

/** How the numbers are had. */
export interface PidsPlay {
  /** clone3 with `set_tid`; else the counter is moved, and what comes is taken. */
  asks: boolean;
  /** The checkpoint's root is the first process of the namespace. */
  isOwnNamespace: boolean;
  /** What CRIU sets pid_max to before it forks; undefined if it does not. */
  raisedTo: number | undefined;
}

/** Plays the tree of a checkpoint: forks, sessions, groups, threads; then the helpers end. */
export async function playPids(
  tree: RestoreTree,
  calls: ProcessCalls,
  playing: Playing,
  play: PidsPlay,
): Promise<void> {
  const { root, forks } = tree;
  const tasks = forks.reduce((sum, { threads }) => sum + Math.max(1, threads.length), 0);
  if (tasks > MOST_PLAYED_TASKS) {
    playing.unverified.push(`Its ${tasks} processes and threads were not made: ${MOST_PLAYED_TASKS} are the most.`);
    return;
  }
  if (play.raisedTo !== undefined && calls.raisePidMax(play.raisedTo) < 0) {
    playing.unverified.push(`kernel.pid_max was not raised to ${play.raisedTo}, so no process was made.`);
    return;
  }
  const company = new Company(calls, playing, play.asks);
  const isMade = play.isOwnNamespace ? company.isFirst(root) : company.fork(calls.first, root);
  if (!isMade) return;
  for (const fork of forks) {
    if (await playing.isStopped()) return;
    if (!company.bear(fork)) return;
  }
  const numbers = new Set(forks.map(({ pid }) => pid));
  for (const fork of forks) if (!company.join(fork, numbers) || !company.startThreads(fork)) return;
  for (const fork of forks) if (!company.isWhereItBelongs(fork, numbers)) return;
  for (const fork of forks.toReversed()) if (fork.as !== 'task' && !company.end(fork)) return;
}

/** The processes so far. */
class Company {
  private readonly calls: ProcessCalls;
  private readonly playing: Playing;
  private readonly asks: boolean;

  constructor(calls: ProcessCalls, playing: Playing, asks: boolean) {
    this.calls = calls;
    this.playing = playing;
    this.asks = asks;
  }

  /** The root of a namespace is made with it. */
  isFirst({ pid }: Fork): boolean {
    this.count();
    if (!this.playing.expect(pid, 'the first process of a PID namespace', pid, this.calls.first)) return false;
    this.playing.restored++;
    return true;
  }

  fork(parent: number, { pid }: Fork): boolean {
    return this.number(pid, 'clone3', (ask) => this.calls.fork(parent, ask));
  }

  /** Lets a process fork its children: first those that are born in the session that it leaves. */
  bear(fork: Fork): boolean {
    const isEarly = ({ bornSid, sid }: Fork): boolean => fork.bornSid === (bornSid === -1 ? sid : bornSid);
    const forkAll = (children: readonly Fork[]): boolean => children.every((child) => this.fork(fork.pid, child));
    if (!forkAll(fork.children.filter(isEarly))) return false;
    const { pid, sid, pgid } = fork;
    const isLeader = pid === this.calls.first;
    if (sid === pid && !isLeader && !this.playing.expect(sid, 'setsid', sid, this.calls.setsid(pid))) return false;
    if (pgid === pid && sid !== pid && !this.playing.expect(pgid, 'setpgid', 0, this.calls.setpgid(pid, pgid)))
      return false;
    return forkAll(fork.children.filter((child) => !isEarly(child)));
  }

  /** Moves a process to the group of another, if it is not in it by birth. */
  join({ pid, pgid }: Fork, numbers: ReadonlySet<number>): boolean {
    if (pgid === pid || !numbers.has(pgid) || this.calls.pgidOf(pid) === pgid) return true;
    return this.playing.expect(pgid, 'setpgid', 0, this.calls.setpgid(pid, pgid));
  }

  startThreads({ pid, threads }: Fork): boolean {
    return threads
      .slice(1)
      .every((tid) => this.number(tid, 'clone3 for a thread', (ask) => this.calls.thread(pid, ask)));
  }

  /** Compares session and group, unless they are of a process outside the checkpoint. */
  isWhereItBelongs({ pid, sid, pgid }: Fork, numbers: ReadonlySet<number>): boolean {
    const { calls, playing } = this;
    return (
      (!numbers.has(sid) || playing.expect(sid, `session of process ${pid}`, sid, calls.sidOf(pid))) &&
      (!numbers.has(pgid) || playing.expect(pgid, `group of process ${pid}`, pgid, calls.pgidOf(pid)))
    );
  }

  end({ pid, parent }: Fork): boolean {
    this.playing.deletes++;
    return this.playing.expect(pid, 'waiting for a helper', 0, this.calls.end(parent!.pid, pid));
  }

  private number(number: number, call: string, make: (ask: number | undefined) => number): boolean {
    this.count();
    if (!this.asks) {
      const moved = this.calls.setLastPid(number - 1);
      if (!this.playing.expect(number, 'kernel.ns_last_pid', 0, moved)) return false;
    }
    const got = make(this.asks ? number : undefined);
    if (!this.playing.expect(number, call, number, got)) return false;
    this.playing.restored++;
    return true;
  }

  private count(): void {
    this.playing.asks++;
    this.playing.creates++;
  }
}
