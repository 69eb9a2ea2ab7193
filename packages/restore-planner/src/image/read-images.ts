// From CRIU's images to a checkpoint: inventory (which format), pstree (which processes), core (their timers).
// Source: criu/image.c (check_img_inventory), criu/pstree.c, criu/timer.c, v4.2.
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { CheckpointError } from '../checkpoint-error.ts';
import { type CoreEntry, CoreEntrySchema, type TaskCoreEntry } from '../gen/core_pb.ts';
import { InventoryEntrySchema } from '../gen/inventory_pb.ts';
import { type PstreeEntry, PstreeEntrySchema } from '../gen/pstree_pb.ts';
import type { Checkpoint, CheckpointProcess } from '../types.ts';
import { imageEntries, type MAGIC } from './framing.ts';
import type { ImageSource } from './image-source.ts';
import { type Decoded, decodeMessage } from './message.ts';
import { timersOf } from './timers.ts';

const PID_MAX = 2 ** 22; // PID_MAX_LIMIT of 64-bit kernels
const RLIMIT_SIGPENDING = 11; // index in the core image's limits
const V1 = 1;
const V1_1 = 2;

type Task = Pick<CheckpointProcess, 'pid' | 'ppid' | 'threads'>;

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
  const { message, where } = await readOnly(source, 'inventory.img', 'inventory', InventoryEntrySchema);
  const { imgVersion } = message;
  if (imgVersion === V1_1) return;
  const got = imgVersion === V1 ? 'format v1 (img_version 1)' : `img_version ${imgVersion}`;
  throw new CheckpointError('unsupported-format', where, got, 'format v1.1 (img_version 2)');
}

async function readTasks(source: ImageSource): Promise<Task[]> {
  const tasks: Task[] = [];
  const seen = new Set<number>();
  for await (const entry of readAll(source, 'pstree.img', 'pstree', PstreeEntrySchema)) tasks.push(taskOf(entry, seen));
  return tasks;
}

/** @param seen The process and thread IDs of the entries before; gets this one's. */
function taskOf({ message, where }: Decoded<PstreeEntry>, seen: Set<number>): Task {
  const { pid, ppid } = message;
  // The leader is a thread too, listed or not.
  const threads = message.threads.includes(pid) ? message.threads : [pid, ...message.threads];
  for (const tid of threads) {
    if (tid < 1 || tid > PID_MAX) {
      throw new CheckpointError('bad-value', where, `process or thread ID ${tid}`, `1…${PID_MAX}`);
    }
    if (seen.has(tid)) {
      throw new CheckpointError('duplicate', where, `ID ${tid} twice`, 'distinct process and thread IDs');
    }
    seen.add(tid);
  }
  return { pid, ppid, threads };
}

async function readProcess(source: ImageSource, task: Task): Promise<CheckpointProcess> {
  const { message, where } = await readCore(source, task.pid);
  const { tc } = message;
  if (tc === undefined) {
    throw new CheckpointError('bad-message', where, 'a CoreEntry without tc', 'the CoreEntry of a process');
  }
  for (const tid of task.threads) if (tid !== task.pid) await checkThread(source, tid);
  return { ...task, timers: timersOf(tc.timers?.posix ?? [], where), rlimitSigpending: sigpendingLimit(tc) };
}

function sigpendingLimit(tc: TaskCoreEntry): bigint | null {
  return tc.rlimits?.rlimits[RLIMIT_SIGPENDING]?.cur ?? null;
}

/** Timers belong to the process; a thread's image that holds some is not what its name says. */
async function checkThread(source: ImageSource, tid: number): Promise<void> {
  const { message, where } = await readCore(source, tid);
  const count = message.tc?.timers?.posix.length ?? 0;
  if (count === 0) return;
  throw new CheckpointError('misplaced-timers', where, `${count} timers`, 'none outside the thread-group leader');
}

function readCore(source: ImageSource, tid: number): Promise<Decoded<CoreEntry>> {
  return readOnly(source, `core-${tid}.img`, 'core', CoreEntrySchema);
}

/** Reads an image that has exactly one entry. */
async function readOnly<Desc extends DescMessage>(
  source: ImageSource,
  name: string,
  kind: keyof typeof MAGIC,
  schema: Desc,
): Promise<Decoded<MessageShape<Desc>>> {
  let only: Decoded<MessageShape<Desc>> | undefined;
  for await (const entry of readAll(source, name, kind, schema)) {
    if (only !== undefined) throw new CheckpointError('bad-entry-count', entry.where, 'a second entry', 'one');
    only = entry;
  }
  return only!; // readAll yields at least one
}

/** Reads an image that has one entry or more. */
async function* readAll<Desc extends DescMessage>(
  source: ImageSource,
  name: string,
  kind: keyof typeof MAGIC,
  schema: Desc,
): AsyncGenerator<Decoded<MessageShape<Desc>>> {
  const file = await source.open(name);
  let count = 0;
  try {
    for await (const entry of imageEntries(file, kind)) {
      yield decodeMessage(schema, entry);
      count++;
    }
  } finally {
    await file.close();
  }
  if (count === 0) throw new CheckpointError('bad-entry-count', { file: file.name }, 'no entry', 'at least one');
}
