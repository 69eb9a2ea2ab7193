// What is taken from each kind of image, whether it came as protobuf or as JSON.
import type { DescMessage, Message } from '@bufbuild/protobuf';
import { CheckpointError } from '../checkpoint-error.ts';
import {
  type CoreEntry,
  CoreEntrySchema,
  type PosixTimerEntry,
  PosixTimerEntrySchema,
  type RlimitEntry,
  RlimitEntrySchema,
} from '../gen/core_pb.ts';
import { type InventoryEntry, InventoryEntrySchema } from '../gen/inventory_pb.ts';
import { type PstreeEntry, PstreeEntrySchema } from '../gen/pstree_pb.ts';
import type { CheckpointProcess, CheckpointTimer } from '../types.ts';
import type { ImageKind } from './image-name.ts';
import type { Decoded } from './message.ts';
import { timersOf } from './timers.ts';

const MAX_ENTRIES = 2 ** 16; // processes and threads of a tree; timers in an image of their own
const PID_MAX = 2 ** 22; // PID_MAX_LIMIT of 64-bit kernels
const RLIMIT_SIGPENDING = 11; // index in the list of limits

export type Where = Decoded<unknown>['where'];
export type Task = Pick<CheckpointProcess, 'pid' | 'ppid' | 'threads'>;

/** How an image file begins; null where there is no such thing. */
export type Head = 'v1' | 'v1.1' | null;

interface Found<Kind extends ImageKind> {
  kind: Kind;
  /** The last entry's place. */
  where: Where;
  head: Head;
}

export interface InventoryPart extends Found<'inventory'> {
  imgVersion: number;
}

export interface PstreePart extends Found<'pstree'> {
  tasks: Task[];
}

export interface CorePart extends Found<'core'> {
  /** Whether it is a process's, not one of its other threads'. */
  isProcess: boolean;
  /** null if the image is from the time when they had a file of their own. */
  timers: CheckpointTimer[] | null;
  sigpending: bigint | null;
}

export interface TimersPart extends Found<'posix-timers'> {
  timers: CheckpointTimer[];
}

export interface LimitsPart extends Found<'rlimit'> {
  sigpending: bigint | null;
}

export type Part = InventoryPart | PstreePart | CorePart | TimersPart | LimitsPart;

/** The message that entries of a kind hold. */
export const SCHEMAS: Readonly<Record<ImageKind, DescMessage>> = {
  inventory: InventoryEntrySchema,
  pstree: PstreeEntrySchema,
  core: CoreEntrySchema,
  'posix-timers': PosixTimerEntrySchema,
  rlimit: RlimitEntrySchema,
};

/**
 * Takes what is needed from an image's entries.
 *
 * @param entries Messages of the kind's schema.
 * @throws CheckpointError for a wrong number of entries or a value out of range.
 */
export async function partOf(
  kind: ImageKind,
  file: string,
  head: Head,
  entries: AsyncIterable<Decoded<Message>>,
): Promise<Part> {
  const list = entries as AsyncIterable<Decoded<never>>;
  switch (kind) {
    case 'inventory': {
      const { message, where } = await only<InventoryEntry>(list, file);
      return { kind, head, where, imgVersion: message.imgVersion };
    }
    case 'core': {
      const { message, where } = await only<CoreEntry>(list, file);
      return corePart(message, where, head);
    }
    case 'pstree': {
      const tasks: Task[] = [];
      const seen = new Set<number>();
      let where: Where = { file, offset: 0 };
      for await (const entry of list as AsyncIterable<Decoded<PstreeEntry>>) {
        tasks.push(taskOf(entry, seen));
        where = entry.where;
      }
      if (tasks.length === 0) throw noEntry(file);
      return { kind, head, where, tasks };
    }
    case 'posix-timers': {
      const { messages, where } = await all<PosixTimerEntry>(list, file);
      return { kind, head, where, timers: timersOf(messages, where) };
    }
    case 'rlimit': {
      const { messages, where } = await all<RlimitEntry>(list, file);
      return { kind, head, where, sigpending: messages[RLIMIT_SIGPENDING]?.cur ?? null };
    }
  }
}

function corePart({ tc }: CoreEntry, where: Where, head: Head): CorePart {
  return {
    kind: 'core',
    head,
    where,
    isProcess: tc !== undefined,
    timers: tc?.timers === undefined ? null : timersOf(tc.timers.posix, where),
    sigpending: tc?.rlimits?.rlimits[RLIMIT_SIGPENDING]?.cur ?? null,
  };
}

/** @param seen The process and thread IDs of the entries before; gets this one's. */
function taskOf({ message, where }: Decoded<PstreeEntry>, seen: Set<number>): Task {
  const { pid, ppid } = message;
  if (seen.size > MAX_ENTRIES) throw tooMany(where, 'processes and threads');
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

/** The single entry of an image that has one. */
async function only<Entry>(entries: AsyncIterable<Decoded<Entry>>, file: string): Promise<Decoded<Entry>> {
  let first: Decoded<Entry> | undefined;
  for await (const entry of entries) {
    if (first !== undefined) throw new CheckpointError('bad-entry-count', entry.where, 'a second entry', 'one');
    first = entry;
  }
  if (first === undefined) throw noEntry(file);
  return first;
}

/** All entries of an image that may have none. */
async function all<Entry>(
  entries: AsyncIterable<Decoded<Entry>>,
  file: string,
): Promise<{ messages: Entry[]; where: Where }> {
  const messages: Entry[] = [];
  let where: Where = { file, offset: 0 };
  for await (const entry of entries) {
    messages.push(entry.message);
    where = entry.where;
    if (messages.length > MAX_ENTRIES) throw tooMany(where, 'entries');
  }
  return { messages, where };
}

function tooMany(where: Where, what: string): CheckpointError {
  return new CheckpointError('too-large', where, `more than ${MAX_ENTRIES} ${what}`, `at most ${MAX_ENTRIES}`);
}

function noEntry(file: string): CheckpointError {
  return new CheckpointError('bad-entry-count', { file }, 'no entry', 'at least one');
}
