// From CRIU's images to a checkpoint: inventory (which format), pstree (which processes), core (their timers).
// Source: criu/image.c (check_img_inventory), criu/pstree.c, criu/timer.c, v4.2.
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { CheckpointError } from '../checkpoint-error.ts';
import { CoreEntrySchema, type TaskCoreEntry } from '../gen/core_pb.ts';
import { InventoryEntrySchema } from '../gen/inventory_pb.ts';
import { PstreeEntrySchema } from '../gen/pstree_pb.ts';
import type { Checkpoint, CheckpointProcess } from '../types.ts';
import { imageEntries, type MAGIC } from './framing.ts';
import type { ImageSource } from './image-source.ts';
import { decodeMessage } from './message.ts';
import { timersOf } from './timers.ts';

const PID_MAX = 2 ** 22; // PID_MAX_LIMIT of 64-bit kernels
const RLIMIT_SIGPENDING = 11; // index in the core image's limits
const V1 = 1;
const V1_1 = 2;

interface Task {
  pid: number;
  ppid: number;
  threads: number[];
}

/**
 * Reads the images of one checkpoint.
 *
 * @throws CheckpointError if anything needed is missing, damaged or out of range.
 */
export async function readImages(source: ImageSource): Promise<Checkpoint> {
  await checkFormat(source);
  const processes: CheckpointProcess[] = [];
  for (const task of await readTasks(source)) processes.push(await readProcess(source, task));
  return { source: source.path, format: 'criu-v1.1', processes };
}

async function checkFormat(source: ImageSource): Promise<void> {
  const file = 'inventory.img';
  const { imgVersion } = await readOnly(source, file, 'inventory', InventoryEntrySchema);
  if (imgVersion === V1_1) return;
  const got = imgVersion === V1 ? 'format v1 (img_version 1)' : `img_version ${imgVersion}`;
  throw new CheckpointError('unsupported-format', { file }, got, 'format v1.1 (img_version 2)');
}

async function readTasks(source: ImageSource): Promise<Task[]> {
  const file = 'pstree.img';
  const tasks: Task[] = [];
  const seen = new Set<number>();
  for await (const { message, offset } of readAll(source, file, 'pstree', PstreeEntrySchema)) {
    const { pid, ppid } = message;
    const threads = message.threads.includes(pid) ? message.threads : [pid, ...message.threads];
    for (const tid of threads) {
      if (tid < 1 || tid > PID_MAX) {
        throw new CheckpointError('bad-value', { file, offset }, `thread or process ID ${tid}`, `1…${PID_MAX}`);
      }
      if (seen.has(tid)) {
        throw new CheckpointError('duplicate', { file, offset }, `ID ${tid} twice`, 'distinct process and thread IDs');
      }
      seen.add(tid);
    }
    tasks.push({ pid, ppid, threads });
  }
  if (tasks.length === 0) throw new CheckpointError('bad-entry-count', { file }, 'no entry', 'at least one process');
  return tasks;
}

async function readProcess(source: ImageSource, task: Task): Promise<CheckpointProcess> {
  const file = `core-${task.pid}.img`;
  const { tc } = await readOnly(source, file, 'core', CoreEntrySchema);
  if (tc === undefined) {
    throw new CheckpointError('bad-message', { file }, 'a core entry without tc', 'the core entry of a process');
  }
  for (const tid of task.threads) if (tid !== task.pid) await checkThread(source, tid);
  return {
    ...task,
    timers: timersOf(tc.timers?.posix ?? [], file),
    rlimitSigpending: sigpendingLimit(tc),
  };
}

function sigpendingLimit(tc: TaskCoreEntry): bigint | null {
  return tc.rlimits?.rlimits[RLIMIT_SIGPENDING]?.cur ?? null;
}

/** Timers belong to the process; a thread's image that holds some is not what its name says. */
async function checkThread(source: ImageSource, tid: number): Promise<void> {
  const file = `core-${tid}.img`;
  const { tc } = await readOnly(source, file, 'core', CoreEntrySchema);
  const count = tc?.timers?.posix.length ?? 0;
  if (count > 0) {
    throw new CheckpointError('misplaced-timers', { file }, `${count} timers`, 'none outside the thread-group leader');
  }
}

/** Reads an image that has exactly one entry. */
async function readOnly<Desc extends DescMessage>(
  source: ImageSource,
  name: string,
  kind: keyof typeof MAGIC,
  schema: Desc,
): Promise<MessageShape<Desc>> {
  let only: MessageShape<Desc> | undefined;
  for await (const { message, offset } of readAll(source, name, kind, schema)) {
    if (only !== undefined)
      throw new CheckpointError('bad-entry-count', { file: name, offset }, 'a second entry', 'one');
    only = message;
  }
  if (only === undefined) throw new CheckpointError('bad-entry-count', { file: name }, 'no entry', 'one');
  return only;
}

async function* readAll<Desc extends DescMessage>(
  source: ImageSource,
  name: string,
  kind: keyof typeof MAGIC,
  schema: Desc,
): AsyncGenerator<{ message: MessageShape<Desc>; offset: number }> {
  const file = await source.open(name);
  try {
    for await (const entry of imageEntries(file, kind)) {
      yield { message: decodeMessage(schema, entry, name), offset: entry.offset };
    }
  } finally {
    await file.close();
  }
}
