// What a core image tells of a task: whether it is a process, alive, and what it has.
import type { CoreEntry, ItimerEntry, RlimitEntry, TaskTimersEntry } from '../gen/core_pb.ts';
import type { CheckpointProcess, CheckpointTimer, IntervalTimer } from '../types.ts';
import { kernelObjects } from './kernel-objects.ts';
import type { Task } from './process-tree.ts';
import { timersOf } from './timers.ts';

const RLIMIT_SIGPENDING = 11; // index in the list of limits

/** States of a task in criu/include/pid.h. A helper is a process that CRIU itself adds. */
const ALIVE = 1;
const DEAD = 2;
const STOPPED = 3;
const HELPER = 4;
const RESTORED: ReadonlySet<number> = new Set([ALIVE, DEAD, STOPPED, HELPER]);

/** RLIMIT_SIGPENDING. */
export interface Limit {
  soft: bigint;
  hard: bigint;
}

/** What a core image holds. */
export interface Core {
  /** Whether it is a process's, not one of its other threads'. */
  isProcess: boolean;
  /** As the image numbers it; null where it does not tell, as no CRIU leaves it. */
  state: number | null;
  /** null if the image is from the time when they had a file of their own. */
  timers: CheckpointTimer[] | null;
  /** Those that are set. */
  itimers: IntervalTimer[];
  /** Whether it holds limits at all, of whatever kind. */
  hasLimits: boolean;
  limit: Limit | null;
  pidNamespace: number | null;
}

/** Takes what is needed from a core image's entry. */
export function coreOf({ tc, ids }: CoreEntry): Core {
  const limits = tc?.rlimits?.rlimits;
  return {
    isProcess: tc !== undefined,
    state: tc !== undefined && Object.hasOwn(tc, 'taskState') ? tc.taskState : null,
    timers: tc?.timers === undefined ? null : timersOf(tc.timers.posix),
    itimers: tc?.timers === undefined ? [] : itimersOf(tc.timers),
    hasLimits: limits !== undefined,
    limit: limits === undefined ? null : limitOf(limits),
    pidNamespace: kernelObjects(ids)?.pidNamespace ?? null,
  };
}

/** RLIMIT_SIGPENDING of a list of limits; null if it is too short. */
export function limitOf(limits: readonly RlimitEntry[]): Limit | null {
  const limit = limits[RLIMIT_SIGPENDING];
  return limit === undefined ? null : { soft: limit.cur, hard: limit.max };
}

function itimersOf({ real, virt, prof }: TaskTimersEntry): IntervalTimer[] {
  const set = (which: IntervalTimer['which'], entry: ItimerEntry | undefined): IntervalTimer[] => {
    if (entry === undefined) return [];
    const { isec, iusec, vsec, vusec } = entry;
    if ([isec, iusec, vsec, vusec].every((part) => part === 0n)) return [];
    return [{ which, interval: { sec: isec, usec: iusec }, value: { sec: vsec, usec: vusec } }];
  };
  return [...set('real', real), ...set('virtual', virt), ...set('prof', prof)];
}

/** What had images of their own once, where a process has them. */
export interface OldImages {
  timers: CheckpointTimer[] | null;
  limit: Limit | null;
}

/**
 * Puts a process together.
 *
 * What CRIU stops at becomes the process's `refused`: a core image without a task (criu/cr-restore.c, check_core, v4.2), or in a state that it does not restore.
 * @param old Only looked at where the core image has no timers or no limits.
 */
export function processOf(task: Task, core: Core, old: OldImages): CheckpointProcess {
  const refused = [...(task.refused ?? []), ...stopsAt(core)];
  const lines = refused.length === 0 ? {} : { refused: refused.slice(0, 1) };
  const { pid, ppid, threads } = task;
  if (!core.isProcess || isOver(core)) {
    const state = core.isProcess ? ({ state: 'zombie' } as const) : {};
    return { pid, ppid, threads: [pid], ...state, timers: [], rlimitSigpending: null, ...lines };
  }
  const limit = core.hasLimits ? core.limit : old.limit;
  // Images made by hand may have timers and no limits: where they lack what CRIU always writes they are taken to be without a limit.
  const isByHand = core.state === null && core.timers !== null && old.limit === null;
  const hasOldLimits = !core.hasLimits && !isByHand;
  const oldImages = [
    ...(core.timers === null ? (['timers'] as const) : []),
    ...(hasOldLimits ? (['limits'] as const) : []),
  ];
  // biome-ignore format: what belongs together stands in a row
  return {
    pid, ppid, threads, timers: core.timers ?? old.timers ?? [], rlimitSigpending: limit?.soft ?? null,
    ...(limit !== null && limit.hard < limit.soft && { rlimitSigpendingMax: limit.hard }),
    ...(core.itimers.length > 0 && { itimers: core.itimers }),
    ...(oldImages.length > 0 && { oldImages }),
    ...lines,
  };
}

/** Whether a task has ended, or is one of CRIU's own that ends immediately: it has neither threads nor timers. */
export function isOver({ state }: Core): boolean {
  return state === DEAD || state === HELPER;
}

function stopsAt({ isProcess, state }: Core): string[] {
  if (!isProcess) return ['Core task state data missed'];
  return state === null || RESTORED.has(state) ? [] : [`Unknown state in code ${state | 0}`];
}
