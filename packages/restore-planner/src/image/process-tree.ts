// pstree.img: which processes there are, who their parents are, and what CRIU stops at in it.
// Source: criu/pstree.c (read_one_pstree_item, prepare_pstree), criu/pie/restorer.c (restoring threads), v4.2.
import { CheckpointError } from '../checkpoint-error.ts';
import type { PstreeEntry } from '../gen/pstree_pb.ts';
import type { CheckpointProcess } from '../types.ts';
import type { Decoded } from './message.ts';

const MAX_IDS = 100_000; // processes and threads of a tree; to read as many takes half a second and 60 MB
const PID_MAX = 2 ** 22; // PID_MAX_LIMIT of 64-bit kernels: IDs are below it

/** An entry of pstree.img. */
export type Task = Pick<CheckpointProcess, 'pid' | 'ppid' | 'threads' | 'refused'>;

/** Group and session of a task; undefined where the entry does not tell. */
export type Groups = { pgid: number; sid: number } | undefined;

/**
 * Reads the entries of pstree.img.
 *
 * The first thread of an entry is the leader, whatever ID stands there: CRIU never sets it for a zombie, and ignores it. What CRIU stops at is noted in
 * the task where it does.
 * @throws CheckpointError for more than 100,000 processes and threads.
 */
export async function tasksOf(
  entries: AsyncIterable<Decoded<PstreeEntry>>,
  file: string,
): Promise<{ tasks: Task[]; groups: Groups[]; where: Decoded<unknown>['where'] }> {
  const tree = new Tree();
  let where: Decoded<unknown>['where'] = { file, offset: 0 };
  for await (const entry of entries) {
    where = entry.where;
    tree.add(entry.message);
    if (tree.size <= MAX_IDS) continue;
    const got = `more than ${MAX_IDS} processes and threads`;
    throw new CheckpointError('too-large', where, got, `at most ${MAX_IDS}`);
  }
  return { tasks: tree.tasks(), groups: tree.groups, where };
}

/** The tree while it is read. */
class Tree {
  readonly groups: Groups[] = [];
  private readonly read: Task[] = [];
  /** Every number that has come: a process's, a thread's, or only a group's or a session's. */
  private readonly ids: Map<number, 'process' | 'thread' | 'number'> = new Map();
  private hasRoot = false;
  /** The highest number of a process, group or session. */
  private highest = 0;
  /** Those that have one above what pid_max may be, and nothing else that CRIU stops at. */
  private readonly tooHigh: Task[] = [];

  get size(): number {
    return this.ids.size;
  }

  add(entry: PstreeEntry): void {
    const { pid, ppid, pgid, sid } = entry;
    const others = entry.threads.slice(1);
    const highest = Math.max(pid | 0, pgid | 0, sid | 0);
    this.highest = Math.max(this.highest, highest);
    const treeLine = this.idLine(entry) ?? this.parentLine(entry) ?? this.threadsLine(others);
    const line = treeLine ?? (highest > PID_MAX ? null : rangeLine(pid, others));
    const task: Task = { pid, ppid, threads: [pid, ...others], ...(line !== null && { refused: [line] }) };
    if (line === null && highest > PID_MAX) this.tooHigh.push(task);
    this.read.push(task);
    const hasGroups = Object.hasOwn(entry, 'pgid') && Object.hasOwn(entry, 'sid');
    this.groups.push(hasGroups ? { pgid, sid } : undefined);
  }

  /** All of them. When CRIU has read the tree it raises the target's pid_max to the highest number, or tries to. */
  tasks(): Task[] {
    for (const task of this.tooHigh) task.refused = [`Can't set kernel pid_max=${this.highest + 1}`];
    return this.read;
  }

  /** What CRIU says to a process's own number; notes it and those of its group and session. */
  private idLine({ pid, pgid, sid }: PstreeEntry): string | null {
    const before = this.ids.get(pid);
    if (before !== undefined && before !== 'number') return 'BUG at criu/pstree.c';
    this.ids.set(pid, 'process');
    for (const id of [pgid, sid]) if (!this.ids.has(id)) this.ids.set(id, 'number');
    return null;
  }

  private parentLine({ pid, ppid }: PstreeEntry): string | null {
    const isParent = ppid !== pid && this.ids.get(ppid) === 'process';
    if (ppid !== 0) return isParent ? null : `Can't find a parent for ${pid}`;
    if (this.hasRoot) return `Parent missed on non-root task with pid ${pid}, image corruption!`;
    this.hasRoot = true;
    return null;
  }

  /** What it says to the threads beside the leader; notes them. */
  private threadsLine(threads: readonly number[]): string | null {
    let line: string | null = null;
    for (const [index, tid] of threads.entries()) {
      if (this.ids.has(tid)) line ??= `Unexpected task ${tid} in a tree ${index + 1}`;
      else this.ids.set(tid, 'thread');
    }
    return line;
  }
}

/** What it says to IDs that it asks for and no kernel gives. */
function rangeLine(pid: number, threads: readonly number[]): string | null {
  if (!isPossible(pid)) return `Can't fork for ${pid | 0}: Invalid argument`;
  return threads.every(isPossible) ? null : 'Unable to create a thread: -22';
}

function isPossible(id: number): boolean {
  return id >= 1 && id < PID_MAX;
}
