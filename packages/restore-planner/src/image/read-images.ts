// From the parts of a checkpoint to its processes: inventory (which format), pstree (which processes), core (their timers).
// Source: criu/image.c (check_img_inventory), criu/pstree.c, criu/timer.c, criu/cr-restore.c, v1.3 … v4.2.
import { CheckpointError } from '../checkpoint-error.ts';
import type { Checkpoint, CheckpointProcess } from '../types.ts';
import { isOver, type OldImages, processOf } from './core.ts';
import { wrongFormat } from './framing.ts';
import type { ImageKind } from './image-name.ts';
import type { PartStore } from './part-store.ts';
import type { Part } from './parts.ts';
import type { Task } from './process-tree.ts';
import { readIds } from './read-ids.ts';

/** A part by its kind. */
type PartOf<Kind extends ImageKind> = Extract<Part, { kind: Kind }>;

/** Timers of a checkpoint, or of one process: more than twice RLIMIT_SIGPENDING of a machine with 24 GiB. A plan of as many takes 1.2 GB as JSON. */
export const MAX_TIMERS: number = 2 ** 18;

/** Formats of images, by the inventory's img_version. */
const FORMATS: Readonly<Record<number, 'v1' | 'v1.1'>> = { 1: 'v1', 2: 'v1.1' };

/**
 * Puts the images of one checkpoint together.
 *
 * @throws CheckpointError if anything needed is missing or damaged.
 */
export async function readImages(store: PartStore): Promise<Checkpoint> {
  const { imgVersion, where } = await need(store, 'inventory', null);
  const format = FORMATS[imgVersion];
  if (format === undefined) {
    const expected = 'format v1 (img_version 1) or v1.1 (2)';
    throw new CheckpointError('unsupported-format', where, `img_version ${imgVersion}`, expected);
  }
  const read = await readProcesses(checked(store, format));
  return { source: store.path, format: `criu-${format}`, complete: true, ...read };
}

/**
 * Puts processes and their IDs together, whatever the format.
 *
 * @throws CheckpointError as above.
 */
export async function readProcesses(store: PartStore): Promise<Required<Pick<Checkpoint, 'processes' | 'ids'>>> {
  const outer = (await find(store, 'inventory', null))?.rootIds; // crit's JSON is read without
  const pstree = await need(store, 'pstree', null);
  const namespace = await namespaceOf(store, pstree.tasks, outer?.pidNamespace ?? null);
  const processes: CheckpointProcess[] = [];
  let timers = 0;
  for (const task of pstree.tasks) {
    const process = await readProcess(store, task);
    processes.push({ ...process, ...namespace });
    timers += process.timers.length; // of one image again and again, maybe
    if (timers <= MAX_TIMERS) continue;
    throw new CheckpointError('too-large', { file: store.path }, `more than ${MAX_TIMERS} timers`, 'a checkpoint');
  }
  const zombies = new Set(processes.flatMap(({ pid, state }) => (state === 'zombie' ? [pid] : [])));
  return {
    processes,
    ids: [await readIds(store, pstree, { outer, zombies, namespace: namespace.pidNamespace ?? 'unknown' })],
  };
}

/** Images of both formats look alike after their head, and an archive may show its inventory last. */
function checked(store: PartStore, format: 'v1' | 'v1.1'): PartStore {
  return {
    path: store.path,
    missing: (name) => store.missing(name),
    ...(store.memory && { memory: store.memory.bind(store) }),
    get: async (name) => {
      const part = await store.get(name);
      if (part === undefined || part.head === format || part.kind === 'inventory') return part;
      throw wrongFormat(part.where.file, part.kind, part.head, format);
    },
  };
}

async function readProcess(store: PartStore, task: Task): Promise<CheckpointProcess> {
  const core = await need(store, 'core', task.pid);
  const old: OldImages = { timers: null, limit: null };
  if (core.isProcess && !isOver(core)) {
    for (const tid of task.threads) if (tid !== task.pid) await need(store, 'core', tid);
    // Before they were part of the core image, timers and limits had images of their own.
    if (core.timers === null) old.timers = (await find(store, 'posix-timers', task.pid))?.timers ?? null;
    if (!core.hasLimits) old.limit = (await find(store, 'rlimit', task.pid))?.limit ?? null;
  }
  return processOf(task, core, old);
}

/** Whether the tree has a PID namespace of its own: only its root can have brought it. */
async function namespaceOf(
  store: PartStore,
  tasks: readonly Task[],
  outer: number | null,
): Promise<Pick<CheckpointProcess, 'pidNamespace'>> {
  const root = tasks.find(({ ppid }) => ppid === 0)?.pid;
  if (root === undefined || outer === null) return {};
  const inner =
    (await find(store, 'ids', root))?.pidNamespace ?? (await find(store, 'core', root))?.pidNamespace ?? null;
  return inner === null ? {} : { pidNamespace: inner === outer ? 'shared' : 'own' };
}

async function find<Kind extends ImageKind>(
  store: PartStore,
  kind: Kind,
  id: number | null,
): Promise<PartOf<Kind> | undefined> {
  return (await store.get({ kind, id })) as PartOf<Kind> | undefined;
}

async function need<Kind extends ImageKind>(store: PartStore, kind: Kind, id: number | null): Promise<PartOf<Kind>> {
  const part = await find(store, kind, id);
  if (part === undefined) throw await store.missing({ kind, id });
  return part;
}
