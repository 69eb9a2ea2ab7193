// From the parts of a checkpoint to its processes: inventory (which format), pstree (which processes), core (their timers).
// Source: criu/image.c (check_img_inventory), criu/pstree.c, criu/timer.c, criu/cr-restore.c, v1.3 … v4.2.
import { CheckpointError } from '../checkpoint-error.ts';
import type { Checkpoint, CheckpointProcess } from '../types.ts';
import { wrongFormat } from './framing.ts';
import type { ImageKind } from './image-name.ts';
import type { PartStore } from './part-store.ts';
import type { CorePart, Part, Task } from './parts.ts';

/** A part by its kind. */
type PartOf<Kind extends ImageKind> = Extract<Part, { kind: Kind }>;

/** Formats of images, by the inventory's img_version. */
const FORMATS: Readonly<Record<number, 'v1' | 'v1.1'>> = { 1: 'v1', 2: 'v1.1' };

/**
 * Puts the images of one checkpoint together.
 *
 * @throws CheckpointError if anything needed is missing, damaged or out of range.
 */
export async function readImages(store: PartStore): Promise<Checkpoint> {
  const { imgVersion, where } = await need(store, 'inventory', null);
  const format = FORMATS[imgVersion];
  if (format === undefined) {
    const expected = 'format v1 (img_version 1) or v1.1 (2)';
    throw new CheckpointError('unsupported-format', where, `img_version ${imgVersion}`, expected);
  }
  const processes = await readProcesses(checked(store, format));
  return { source: store.path, format: `criu-${format}`, complete: true, processes };
}

/**
 * Puts processes together, whatever the format.
 *
 * @throws CheckpointError as above.
 */
export async function readProcesses(store: PartStore): Promise<CheckpointProcess[]> {
  const { tasks } = await need(store, 'pstree', null);
  const processes: CheckpointProcess[] = [];
  for (const task of tasks) processes.push(await processOf(store, task));
  return processes;
}

/** Images of both formats look alike after their head, and an archive may show its inventory last. */
function checked(store: PartStore, format: 'v1' | 'v1.1'): PartStore {
  return {
    path: store.path,
    missing: (name) => store.missing(name),
    get: async (name) => {
      const part = await store.get(name);
      if (part === undefined || part.head === format) return part;
      throw wrongFormat(part.where.file, part.kind, part.head, format);
    },
  };
}

async function processOf(store: PartStore, task: Task): Promise<CheckpointProcess> {
  const core = await need(store, 'core', task.pid);
  if (!core.isProcess) {
    throw new CheckpointError('bad-message', core.where, 'a CoreEntry without tc', 'the CoreEntry of a process');
  }
  for (const tid of task.threads) if (tid !== task.pid) checkThread(await need(store, 'core', tid));
  // Before they were part of the core image, timers and limits had images of their own.
  const timers = core.timers ?? (await find(store, 'posix-timers', task.pid))?.timers ?? [];
  const rlimitSigpending = core.sigpending ?? (await find(store, 'rlimit', task.pid))?.sigpending ?? null;
  return { ...task, timers, rlimitSigpending };
}

/** Timers belong to the process; a thread's image that holds some is not what its name says. */
function checkThread({ timers, where }: CorePart): void {
  const count = timers?.length ?? 0;
  if (count === 0) return;
  throw new CheckpointError('misplaced-timers', where, `${count} timers`, 'none outside the thread-group leader');
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
