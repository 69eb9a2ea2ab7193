// What is taken from each kind of image, whether it came as protobuf or as JSON.
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
import { PstreeEntrySchema } from '../gen/pstree_pb.ts';
import type { DescMessage, Message } from '../protobuf/schema.ts';
import type { CheckpointTimer } from '../types.ts';
import { type Core, coreOf, type Limit, limitOf } from './core.ts';
import type { Found, Where } from './found.ts';
import type { Head, RawContents } from './framing.ts';
import { ID_SCHEMAS, type IdPart, idPartOf, isIdKind } from './id-parts.ts';
import type { ImageKind } from './image-name.ts';
import { type KernelObjects, kernelObjects } from './kernel-objects.ts';
import type { Decoded } from './message.ts';
import { type Groups, type Task, tasksOf } from './process-tree.ts';
import { timersOf } from './timers.ts';

const MAX_ENTRIES = 2 ** 18; // timers in an image of their own

/** inventory.img. */
export interface InventoryPart extends Found<'inventory'> {
  imgVersion: number;
  /** The namespaces of CRIU itself; undefined in dumps of older CRIU. */
  rootIds: KernelObjects | undefined;
}

/** pstree.img. */
export interface PstreePart extends Found<'pstree'> {
  tasks: Task[];
  /** Groups and sessions of the tasks; undefined for a task without. */
  groups: Groups[];
}

/** core-PID.img. */
export interface CorePart extends Found<'core'>, Core {}

/** The image of timers alone, of old CRIUs. */
export interface TimersPart extends Found<'posix-timers'> {
  timers: CheckpointTimer[];
}

/** The image of limits alone, of old CRIUs. */
export interface LimitsPart extends Found<'rlimit'> {
  limit: Limit | null;
}

/** A part of any kind. */
export type Part = InventoryPart | PstreePart | CorePart | TimersPart | LimitsPart | IdPart;

/** The message that entries of a kind hold. */
export const SCHEMAS: Readonly<Record<ImageKind, DescMessage>> = {
  inventory: InventoryEntrySchema,
  pstree: PstreeEntrySchema,
  core: CoreEntrySchema,
  'posix-timers': PosixTimerEntrySchema,
  rlimit: RlimitEntrySchema,
  ...ID_SCHEMAS,
};

/**
 * Takes what is needed from an image's entries. Of images that have one entry, what follows it is not looked at, as by CRIU.
 *
 * @param entries Messages of the kind's schema.
 * @throws CheckpointError for an image without an entry, or one with more than fits.
 */
export async function partOf(
  kind: ImageKind,
  file: string,
  head: Head,
  entries: AsyncIterable<Decoded<Message>>,
  raw?: RawContents,
): Promise<Part> {
  const list = entries as AsyncIterable<Decoded<never>>;
  if (isIdKind(kind)) return idPartOf(kind, file, head, list, raw);
  switch (kind) {
    case 'inventory': {
      const { message, where } = await first<InventoryEntry>(list, file);
      return { kind, head, where, imgVersion: message.imgVersion, rootIds: kernelObjects(message.rootIds) };
    }
    case 'core': {
      const { message, where } = await first<CoreEntry>(list, file);
      return { kind, head, where, ...coreOf(message) };
    }
    case 'pstree': {
      const { tasks, groups, where } = await tasksOf(list, file);
      if (tasks.length === 0) throw noEntry(file);
      return { kind, head, where, tasks, groups };
    }
    case 'posix-timers': {
      const { messages, where } = await all<PosixTimerEntry>(list, file);
      return { kind, head, where, timers: timersOf(messages) };
    }
    case 'rlimit': {
      const { messages, where } = await all<RlimitEntry>(list, file);
      return { kind, head, where, limit: limitOf(messages) };
    }
  }
}

/** The first entry of an image that has one. */
async function first<Entry>(entries: AsyncIterable<Decoded<Entry>>, file: string): Promise<Decoded<Entry>> {
  for await (const entry of entries) return entry;
  throw noEntry(file);
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
    if (messages.length > MAX_ENTRIES) {
      throw new CheckpointError('too-large', where, `more than ${MAX_ENTRIES} entries`, `at most ${MAX_ENTRIES}`);
    }
  }
  return { messages, where };
}

function noEntry(file: string): CheckpointError {
  return new CheckpointError('bad-entry-count', { file }, 'no entry', 'at least one');
}
