// The tree of processes that CRIU forks: the checkpoint's own, and helpers that stand in for dead session and group leaders.
// Source: criu/pstree.c, v4.2, and its log in recorded restores.
import type { TaskIds } from './task-ids.ts';

const RESERVED = 300; // numbers below are not handed out to ordinary processes

/** A process as CRIU forks it. */
export interface Fork {
  pid: number;
  sid: number;
  pgid: number;
  /** What it is: a process of the checkpoint, or what a helper stands in for. 'made-up': its number is nowhere in the checkpoint. */
  as: 'task' | 'session' | 'group' | 'made-up';
  threads: readonly number[];
  parent: Fork | null;
  /** In the order in which they are forked. */
  children: Fork[];
  /** The session it had when it was born, once a child tells; −1 before. */
  bornSid: number;
}

/** What cannot be put together. */
export interface TreeFault {
  code: 'no-parent' | 'two-sessions' | 'no-session-leader' | 'shell-job-number';
  ids: number[];
  text: string;
  words: string | null;
}

/** The tree that CRIU forks. */
export interface RestoreTree {
  root: Fork;
  /** All forks, parents first, level by level: branches are restored at the same time. */
  forks: Fork[];
  /** Highest number in pid, pgid and sid: what CRIU raises pid_max for. Threads are left out, as it does. */
  highest: number;
  /** Processes that come back as children of init, because their parent is a helper that exits. */
  adopted: Fork[];
}

/** Whose session and group a shell job is moved into. */
export interface Shell {
  sid: number;
  pgid: number;
}

/**
 * Builds the tree as CRIU does.
 *
 * @param tasks At least one.
 * @param shell CRIU's own session and group where it is called with --shell-job, else null.
 * @returns The tree, or the first thing that makes CRIU give up.
 * Cost: O(n log n) in the number of processes and threads.
 */
export function restoreTree(tasks: readonly TaskIds[], shell: Shell | null): RestoreTree | TreeFault {
  const byPid = new Map<number, Fork>();
  let highest = 0;
  for (const { pid, ppid, pgid, sid, threads } of tasks) {
    const parent = byPid.get(ppid) ?? null;
    if ((parent === null) !== (byPid.size === 0)) return withoutParent(pid, ppid);
    const fork: Fork = { pid, sid, pgid, as: 'task', threads, parent, children: [], bornSid: -1 };
    byPid.set(pid, fork);
    parent?.children.push(fork);
    highest = Math.max(highest, pid, pgid, sid);
  }
  const root: Fork = byPid.values().next().value!;
  for (const fork of byPid.values()) fork.children.reverse(); // CRIU puts each new child first
  const fault = (shell === null ? null : moveToShell(root, byPid, shell)) ?? null;
  if (fault !== null) return fault;
  const adopted = addSessionHelpers(root, byPid, new UnusedNumbers(tasks));
  const unborn = checkSessions(preorder(root));
  if (unborn !== null) return unborn;
  addGroupHelpers(preorder(root), byPid, shell?.pgid);
  return { root, forks: byLevel(root), highest, adopted };
}

function withoutParent(pid: number, ppid: number): TreeFault {
  const [text, words] =
    ppid === 0
      ? [
          `process ${pid} is a second root of the tree`,
          `Parent missed on non-root task with pid ${pid}, image corruption!`,
        ]
      : [`process ${pid} has the parent ${ppid}, which is not before it in the tree`, `Can't find a parent for ${pid}`];
  return { code: 'no-parent', ids: [pid], text, words };
}

/** A job's session and group are those of a shell that is not in the checkpoint; CRIU's own take their place. */
function moveToShell(root: Fork, byPid: ReadonlyMap<number, Fork>, shell: Shell): TreeFault | null {
  const { sid: oldSid, pgid: oldGroup } = root;
  if (oldSid === root.pid) return null;
  const forks = [...byPid.values()];
  if (oldSid !== shell.sid) {
    const fault = clash('sid', shell.sid, byPid, (fork) => [fork.sid, fork.pgid]);
    if (fault !== null) return fault;
    for (const fork of forks) {
      if (fork.sid === oldSid) fork.sid = shell.sid;
      if (fork.pgid === oldSid) fork.pgid = shell.sid;
    }
  }
  if (oldGroup !== shell.pgid && root.pgid !== shell.pgid) {
    const fault = clash('gid', shell.pgid, byPid, (fork) => [undefined, fork.pgid]);
    if (fault !== null) return fault;
    const group = root.pgid;
    for (const fork of forks) if (fork.pgid === group) fork.pgid = shell.pgid;
  }
  return null;
}

const TASK_ALIVE = 1; // CRIU prints the state of the process that it found, not its number
const TASK_THREAD = 129;

function clash(
  what: 'sid' | 'gid',
  number: number,
  byPid: ReadonlyMap<number, Fork>,
  groupsOf: (fork: Fork) => [sid: number | undefined, pgid: number],
): TreeFault | null {
  const fault = (words: string): TreeFault => {
    const text = `CRIU's own ${what === 'sid' ? 'session' : 'group'} has the number ${number}, which the checkpoint has too`;
    return {
      code: 'shell-job-number',
      ids: [number],
      text,
      words: `Current ${what} ${number} intersects with ${words}`,
    };
  };
  if (byPid.has(number)) return fault(`pid (${TASK_ALIVE}) in images`);
  for (const fork of byPid.values()) {
    if (fork.threads.indexOf(number, 1) > 0) return fault(`pid (${TASK_THREAD}) in images`);
    const [sid, pgid] = groupsOf(fork);
    if (sid === number) return fault(`sid of (${fork.pid}) in images`);
    if (pgid === number) return fault(`pgid of (${fork.pid}) in images`);
  }
  return null;
}

/**
 * Puts helpers above those children of the root that are in another's session: they can only be born into it.
 *
 * @returns The children of helpers that stand under the root; they come back as children of init.
 */
function addSessionHelpers(root: Fork, byPid: Map<number, Fork>, unused: UnusedNumbers): Fork[] {
  const helpers: Fork[] = [];
  const under = new Map<number, Fork>(); // session → its helper
  const adopted: Fork[] = [];
  const stay: Fork[] = [];
  for (const child of root.children) {
    if (child.sid === root.sid || child.sid === child.pid || child.sid === 0) {
      stay.push(child);
      continue;
    }
    let helper = under.get(child.sid);
    if (helper === undefined) {
      const leader = byPid.get(child.sid);
      helper = leader === undefined ? standIn(child.sid, child.sid, 'session', root) : pretender(leader, unused);
      if (leader === undefined) helpers.push(helper);
      else leader.children.unshift(helper);
      byPid.set(helper.pid, helper);
      under.set(child.sid, helper);
    }
    child.parent = helper;
    helper.children.push(child);
    adopted.push(child);
  }
  for (const helper of under.values()) helper.children.reverse();
  root.children = [...helpers, ...stay];
  return adopted;
}

function standIn(number: number, sid: number, as: Fork['as'], parent: Fork): Fork {
  return { pid: number, sid, pgid: number, as, threads: [number], parent, children: [], bornSid: -1 };
}

/** A child of a session leader that is alive elsewhere in the tree. */
function pretender(leader: Fork, unused: UnusedNumbers): Fork {
  const helper = standIn(unused.next(), leader.sid, 'made-up', leader);
  return { ...helper, sid: leader.pid, pgid: leader.pgid };
}

/** Numbers that the checkpoint does not have, as CRIU finds them; it does not look at the target. */
class UnusedNumbers {
  private readonly sorted: number[];
  private at = 0;
  private last = 0;

  constructor(tasks: readonly TaskIds[]) {
    const all = new Set<number>();
    for (const { pid, pgid, sid, threads } of tasks) {
      for (const number of [pid, pgid, sid]) all.add(number);
      for (let index = 1; index < threads.length; index++) all.add(threads[index]!);
    }
    this.sorted = [...all].sort((a, b) => a - b);
    this.last = this.sorted[0]!;
  }

  next(): number {
    for (;;) {
      const candidate = this.last + 1 < RESERVED ? RESERVED + 1 : this.last + 1;
      while (this.at < this.sorted.length && this.sorted[this.at]! <= this.last) this.at++;
      const following = this.sorted[this.at];
      if (following === undefined || following > candidate) {
        this.last = candidate; // it is in the tree from now on
        return candidate;
      }
      this.last = following;
    }
  }
}

/** Each process must have been born in its session by an ancestor that leads it. */
function checkSessions(forks: readonly Fork[]): TreeFault | null {
  for (const fork of forks) {
    if (fork.as !== 'task' || fork.parent === null || fork.sid === fork.pid || fork.sid === 0) continue;
    const { sid } = fork;
    if (fork.parent.sid === sid) continue;
    let above: Fork | null = fork.parent;
    while (above !== null && above.pid !== sid && above.bornSid !== sid) {
      if (above.bornSid !== -1) return twoSessions(above, sid);
      above.bornSid = sid;
      above = above.parent;
    }
    if (above === null) {
      const text = `process ${fork.pid} is in session ${sid}, which no process above it leads`;
      return { code: 'no-session-leader', ids: [fork.pid], text, words: `Can't find a session leader for ${sid}` };
    }
  }
  return null;
}

function twoSessions({ pid, bornSid }: Fork, sid: number): TreeFault {
  const words = `Can't figure out which sid (${bornSid} or ${sid})the process ${pid} was born with`;
  const text = `process ${pid} has children of the sessions ${bornSid} and ${sid} and would have to be born in both`;
  return { code: 'two-sessions', ids: [pid], text, words };
}

/** Puts a child that leads a group under the first process of each group whose leader is dead. */
function addGroupHelpers(forks: readonly Fork[], byPid: Map<number, Fork>, criuGroup: number | undefined): void {
  for (const fork of forks) {
    const { pgid, pid, sid } = fork;
    if (pgid === 0 || pgid === pid || pgid === criuGroup || byPid.has(pgid)) continue;
    const helper = standIn(pgid, sid, 'group', fork);
    byPid.set(pgid, helper);
    fork.children.unshift(helper);
  }
}

/** A process, then its children's trees one after the other; without recursion, as trees may be chains. */
function preorder(root: Fork): Fork[] {
  const found: Fork[] = [];
  const open = [root];
  for (let fork = open.pop(); fork !== undefined; fork = open.pop()) {
    found.push(fork);
    for (let index = fork.children.length - 1; index >= 0; index--) open.push(fork.children[index]!);
  }
  return found;
}

function byLevel(root: Fork): Fork[] {
  const found = [root];
  for (let index = 0; index < found.length; index++) for (const child of found[index]!.children) found.push(child);
  return found;
}
