// Processes that are still running, by what /proc tells of them: as if they were dumped now.
// Source: fs/proc/array.c (proc_pid_status), fs/proc/base.c (proc_pid_limits), Linux 6.18; criu/timer.c (notify threads), v4.2.
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { Checkpoint, CheckpointProcess, CheckpointTimer } from '../types.ts';
import { numbersIn, openProcFile, procText } from './proc-text.ts';
import { readListing } from './timers-text.ts';

const UNLIMITED = 2n ** 64n - 1n;

/**
 * Reads the timers, threads and limits of a process, without stopping it; with `tree`, also of its descendants.
 *
 * @param path A folder such as /proc/123.
 * @throws CheckpointError if the process is gone, may not be looked at, or the kernel lists no timers (CONFIG_CHECKPOINT_RESTORE). Descendants that end meanwhile are left out.
 */
export async function readLiveProcess(path: string, options: ReadOptions): Promise<Checkpoint> {
  const { ids } = await statusAt(path, options);
  const root = await processAt(path, options);
  const below = options.tree ? await descendants(path, { outer: ids[0]!, pid: root.pid }, options) : [];
  const processes = [root, ...below];
  return {
    source: path,
    format: 'proc-timers',
    complete: false,
    threadsKnown: true,
    ...(path.startsWith('/proc/') && { kernelRelease: release() }),
    processes,
  };
}

async function processAt(path: string, options: ReadOptions): Promise<CheckpointProcess> {
  const { ids, isZombie, ...status } = await statusAt(path, options);
  const pid = ids.at(-1)!;
  const isInside = status.pidNamespace === 'own';
  // The parent has a number in the namespace of this /proc, and maybe none in the process's own.
  const who = { pid, ...status, ppid: isInside ? 0 : status.ppid };
  if (isZombie) return { ...who, threads: [pid], state: 'zombie', timers: [], rlimitSigpending: null };
  const listed = await timersAt(path, options);
  const tids = await numbersIn(join(path, 'task'), options.signal);
  const threads = isInside ? await innerIds(path, tids, options) : new Map(tids.map((tid) => [tid, tid]));
  const { soft, hard } = await limitsAt(path, options);
  const { timers, lost } = isInside ? withInnerIds(listed, threads) : { timers: listed };
  return {
    ...who,
    threads: [pid, ...[...threads.values()].filter((tid) => tid !== pid)],
    timers,
    rlimitSigpending: soft,
    ...(hard !== null && soft !== null && hard < soft && { rlimitSigpendingMax: hard }),
    ...(lost !== undefined && { refused: [`Unable to convert the notify thread id ${lost}`] }),
  };
}

async function timersAt(path: string, options: ReadOptions): Promise<CheckpointTimer[]> {
  const file = await openProcFile(join(path, 'timers'), options);
  try {
    return (await readListing(file)).timers;
  } finally {
    await file.close();
  }
}

interface Status {
  /** The process's ID in the namespace of this /proc, and in each one within. */
  ids: number[];
  ppid: number;
  /** Absent where it is not listed, as is the next. */
  pidNamespace?: 'own' | 'shared';
  charged?: { uid: number; pending: number };
  isZombie: boolean;
}

async function statusAt(path: string, options: ReadOptions): Promise<Status> {
  const file = join(path, 'status');
  const text = await procText(file, options);
  const pid = Number(/^Pid:[ \t]+(\d{1,7})$/m.exec(text)?.[1] ?? 0);
  if (pid === 0) throw new CheckpointError('bad-listing', { file }, 'no line "Pid:"', 'the status of a process');
  const uid = /^Uid:[ \t]+(\d{1,10})/m.exec(text)?.[1];
  const pending = /^SigQ:[ \t]+(\d{1,15})\/\d/m.exec(text)?.[1];
  const nested = /^NSpid:((?:[ \t]+\d{1,7})+)$/m
    .exec(text)?.[1]
    ?.trim()
    .split(/[ \t]+/)
    .map(Number);
  return {
    ids: nested ?? [pid],
    ppid: Number(/^PPid:[ \t]+(\d{1,7})$/m.exec(text)?.[1] ?? 0),
    ...(nested !== undefined && { pidNamespace: nested.length > 1 ? 'own' : 'shared' }),
    ...(uid !== undefined && pending !== undefined && { charged: { uid: Number(uid), pending: Number(pending) } }),
    isZombie: /^State:[ \t]+[ZX]/m.test(text),
  };
}

/** Reads RLIMIT_SIGPENDING; null where it is not listed. */
async function limitsAt(path: string, options: ReadOptions): Promise<{ soft: bigint | null; hard: bigint | null }> {
  const file = join(path, 'limits');
  const [, soft, hard] = /^Max pending signals {2,}(\S+) +(\S+)/m.exec(await procText(file, options)) ?? [];
  const limitOf = (text: string | undefined): bigint | null => {
    if (text === undefined) return null;
    if (text === 'unlimited') return UNLIMITED;
    if (/^\d{1,19}$/.test(text)) return BigInt(text);
    const got = `"Max pending signals" of ${JSON.stringify(text.slice(0, 40))}`;
    throw new CheckpointError('bad-listing', { file }, got, 'a number or "unlimited"');
  };
  return { soft: limitOf(soft), hard: limitOf(hard) };
}

/** The IDs that threads have in the innermost PID namespace, by those that this /proc shows. */
async function innerIds(path: string, tids: readonly number[], options: ReadOptions): Promise<Map<number, number>> {
  const inner = new Map<number, number>();
  for (const tid of tids) {
    const status = await unlessGone(() => statusAt(join(path, 'task', String(tid)), options));
    if (status !== undefined) inner.set(tid, status.ids.at(-1)!);
  }
  return inner;
}

/** Gives the threads to be signalled the IDs that a dump writes. @returns Also one that is gone, which no dump in a namespace can name. */
function withInnerIds(
  listed: readonly CheckpointTimer[],
  threads: ReadonlyMap<number, number>,
): { timers: CheckpointTimer[]; lost?: number } {
  let lost: number | undefined;
  const timers = listed.map((timer) => {
    if (timer.notifyThreadId === undefined) return timer;
    const inner = threads.get(timer.notifyThreadId);
    if (inner === undefined) lost ??= timer.notifyThreadId;
    return inner === undefined ? timer : { ...timer, notifyThreadId: inner };
  });
  return lost === undefined ? { timers } : { timers, lost };
}

/** The processes below one, parents before their children, as those beside its folder name them. */
async function descendants(
  path: string,
  root: { outer: number; pid: number },
  options: ReadOptions,
): Promise<CheckpointProcess[]> {
  const proc = dirname(path);
  const parents = new Map<number, number>();
  const pids = await numbersIn(proc, options.signal);
  for (const pid of pids) {
    const status = await unlessGone(() => statusAt(join(proc, String(pid)), options));
    if (status !== undefined) parents.set(pid, status.ppid);
  }
  const found: CheckpointProcess[] = [];
  const inner = new Map([[root.outer, root.pid]]);
  for (let generation = new Set([root.outer]); generation.size > 0; ) {
    const children = pids.filter((pid) => generation.has(parents.get(pid) ?? 0));
    generation = new Set();
    for (const pid of children) {
      const process = await unlessGone(() => processAt(join(proc, String(pid)), options));
      const parent = inner.get(parents.get(pid)!);
      if (process === undefined || parent === undefined || inner.has(pid)) continue;
      generation.add(pid);
      inner.set(pid, process.pid);
      found.push({ ...process, ppid: parent });
    }
  }
  return found;
}

/** undefined for a process or thread that has ended meanwhile. */
async function unlessGone<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CheckpointError && error.code === 'unreadable') return undefined;
    throw error;
  }
}
