// Which process numbers are in use: of processes, zombies and threads, and those that live on as a group or session only.
import type { TakenNumber } from './machine-facts.ts';
import { readNames, readText, Unreadable } from './proc-text.ts';

/** PID_MAX_LIMIT on 64 bits. */
export const MAX_PID: number = 2 ** 22;
const MOST_COMMAND = 64; // characters: WQ_WORKER_ID_LEN and TASK_COMM_LEN are fewer
const MOST_STAT = 4096; // bytes; a stat has some 400
const PF_KTHREAD = 0x0020_0000; // of the flags in a stat, Linux 2.6.27 and later

/** What a stat says of a process. */
export interface Stat {
  command: string;
  isZombie: boolean;
  /** A thread of the kernel. */
  isOfKernel: boolean;
  /** 0 where it is outside the PID namespace. */
  group: number;
  session: number;
}

/** The processes that /proc lists; a text says why they cannot be told. */
export function processesIn(proc: string): number[] | string {
  const names = readNames(proc);
  if (names instanceof Unreadable) return `${proc} cannot be listed (${names.code})`;
  return numbersOf(names);
}

/**
 * Finds every number in use.
 *
 * @param own The process that asks: it, its threads and its number as a group are left out, as they end before a restore.
 * @param isLate Ends the search when it says so.
 * @returns One entry a number, ascending; a text where not all can be told, which says why.
 */
export function numbersInUse(proc: string, own: number, isLate: () => boolean): TakenNumber[] | string {
  const processes = processesIn(proc);
  if (typeof processes === 'string') return processes;
  const taken = new Map<number, TakenNumber>();
  const members: { pid: number; stat: Stat }[] = [];
  let hidden = 0;
  for (const [at, pid] of processes.entries()) {
    if (isLate()) return `the time was up after ${at} of ${processes.length} processes`;
    if (pid === own) continue;
    const text = readText(`${proc}/${pid}/stat`, MOST_STAT);
    if (text instanceof Unreadable && text.isGone) continue;
    const stat = text instanceof Unreadable ? undefined : parseStat(text);
    const threads = readNames(`${proc}/${pid}/task`);
    if (stat === undefined || (threads instanceof Unreadable && !threads.isGone)) {
      hidden++;
      continue;
    }
    members.push({ pid, stat });
    addProcess(taken, pid, stat, threads instanceof Unreadable ? [] : numbersOf(threads));
  }
  if (hidden > 0) return `${hidden} of ${processes.length} processes cannot be read (hidepid, or a damaged stat)`;
  addGroups(taken, members, own);
  return [...taken.values()].sort((a, b) => a.number - b.number);
}

/**
 * Reads a stat: 'PID (COMMAND) STATE PARENT GROUP SESSION TERMINAL FOREGROUND FLAGS …', where the command may hold blanks and parentheses.
 *
 * @returns undefined if it is none.
 */
export function parseStat(text: string): Stat | undefined {
  const start = text.indexOf('(');
  const end = text.lastIndexOf(')');
  if (start < 0 || end < start) return undefined;
  const fields = /^ ([A-Za-z]) -?\d+ (-?\d+) (-?\d+)(?: -?\d+ -?\d+ (\d{1,10}))?(?: |\n|$)/.exec(text.slice(end + 1));
  if (fields === null) return undefined;
  const [, state, group, session, flags = 0] = fields;
  return {
    command: text.slice(start + 1, Math.min(end, start + 1 + MOST_COMMAND)),
    isZombie: state === 'Z' || state === 'X',
    isOfKernel: (Number(flags) & PF_KTHREAD) !== 0,
    group: Number(group),
    session: Number(session),
  };
}

function addProcess(taken: Map<number, TakenNumber>, pid: number, stat: Stat, threads: readonly number[]): void {
  const { command, isOfKernel } = stat;
  // A leader that has ended stays a zombie while its threads run: no wait of its parent frees it before they end.
  const isAlone = threads.every((thread) => thread === pid);
  const as = stat.isZombie && isAlone ? 'zombie' : 'pid';
  taken.set(pid, { number: pid, as, command, pid, ...(isOfKernel && { kernelThread: true }) });
  for (const thread of threads) if (thread !== pid) taken.set(thread, { number: thread, as: 'tid', command, pid });
}

/** Adds numbers that no process has. Every member of a group is in its session, so that the session lives on longer. */
function addGroups(
  taken: Map<number, TakenNumber>,
  members: readonly { pid: number; stat: Stat }[],
  own: number,
): void {
  for (const as of ['sid', 'pgid'] as const) {
    for (const { pid, stat } of members) {
      const number = as === 'sid' ? stat.session : stat.group;
      if (number < 1 || number > MAX_PID || number === own || taken.has(number)) continue;
      taken.set(number, { number, as, command: stat.command, pid });
    }
  }
}

function numbersOf(names: readonly string[]): number[] {
  return names.filter((name) => /^[1-9]\d{0,6}$/.test(name) && Number(name) <= MAX_PID).map(Number);
}
