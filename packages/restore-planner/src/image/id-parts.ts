// What is taken from the images that tell of other IDs than timers, whether they came as protobuf or as JSON.
import { CheckpointError } from '../checkpoint-error.ts';
import { type FdinfoEntry, FdinfoEntrySchema } from '../gen/fdinfo_pb.ts';
import { type FileEntry, FileEntrySchema } from '../gen/files_pb.ts';
import { type TaskKobjIdsEntry, TaskKobjIdsEntrySchema } from '../gen/ids_pb.ts';
import {
  type IpcMsgEntry,
  IpcMsgEntrySchema,
  IpcMsgSchema,
  type IpcSemEntry,
  IpcSemEntrySchema,
  type IpcShmEntry,
  IpcShmEntrySchema,
  type IpcVarEntry,
  IpcVarEntrySchema,
} from '../gen/ipc_pb.ts';
import { type MmEntry, MmEntrySchema } from '../gen/mm_pb.ts';
import { type TtyInfoEntry, TtyInfoEntrySchema } from '../gen/tty_pb.ts';
import type { DescMessage } from '../protobuf/schema.ts';
import type { InotifyFile } from '../spaces/inotify/inotify-file.ts';
import type { SysvKind, SysvObject } from '../spaces/sysv/sysv-ids.ts';
import type { Found, Where } from './found.ts';
import type { Head, RawContents } from './framing.ts';
import type { IdImageKind, ImageKind } from './image-name.ts';
import { type KernelObjects, kernelObjects } from './kernel-objects.ts';
import { type Decoded, decodeMessage } from './message.ts';

/** The message that entries of a kind hold. */
export const ID_SCHEMAS: Readonly<Record<IdImageKind, DescMessage>> = {
  files: FileEntrySchema,
  'tty-info': TtyInfoEntrySchema,
  fdinfo: FdinfoEntrySchema,
  ids: TaskKobjIdsEntrySchema,
  mm: MmEntrySchema,
  'ipcns-var': IpcVarEntrySchema,
  'ipcns-shm': IpcShmEntrySchema,
  'ipcns-msg': IpcMsgEntrySchema,
  'ipcns-sem': IpcSemEntrySchema,
};

/** A terminal's open file: `info` names its entry in tty-info.img, `path` the file that it was opened by. */
export interface TtyFile {
  id: number;
  info: number;
  path: number | undefined;
}

/** files.img: the open files that have IDs. */
export interface FilesPart extends Found<'files'> {
  inotify: InotifyFile[];
  ttys: TtyFile[];
  /** Paths of files that may be a ptmx or a slave of a devpts, by ID. */
  ttyPaths: Map<number, string>;
}

/** fdinfo-ID.img: the descriptors of a process. */
export interface FdinfoPart extends Found<'fdinfo'> {
  /** Descriptors of terminals: `id` names the entry in files.img. */
  ttys: { id: number; fd: number }[];
}

/** tty-info.img. */
export interface TtyInfoPart extends Found<'tty-info'> {
  /** Indices of pseudo-terminals by the ID of their entry: 2 · index + 1 for a master, 2 · index for a slave. */
  ptys: Map<number, number>;
}

/** ids-PID.img. */
export interface IdsPart extends Found<'ids'>, KernelObjects {}

/** mm-PID.img. */
export interface MmPart extends Found<'mm'> {
  rings: { address: bigint; nrReq: number; ringLen: number }[];
}

/** ipcns-var-ID.img. */
export interface IpcVarPart extends Found<'ipcns-var'> {
  limits: Record<SysvKind, number | null>;
  nextIds: Record<SysvKind, number | null>;
}

/** ipcns-shm-ID.img and its siblings. */
export interface SysvPart extends Found<'ipcns-shm' | 'ipcns-msg' | 'ipcns-sem'> {
  objects: SysvObject[];
}

/** A part of any of these kinds. */
export type IdPart = FilesPart | FdinfoPart | TtyInfoPart | IdsPart | MmPart | IpcVarPart | SysvPart;

const MOST_KEPT = 2 ** 16; // of a kind in one image: kernels usually allow 32,768 objects of SysV and 4,096 terminals
const MOST_WATCHES = 2 ** 20; // of all inotify files: what kernels allow a user by default at most
const MOST_MESSAGES = 2 ** 16; // in all queues; each is an entry of its own
const TTY = 11; // type of a descriptor

/** Tells whether an image is of these kinds. */
export function isIdKind(kind: ImageKind): kind is IdImageKind {
  return Object.hasOwn(ID_SCHEMAS, kind);
}

/** How many IDs a part keeps. */
export function idsIn(part: { kind: ImageKind }): number {
  if (!isIdKind(part.kind)) return 0;
  const found = part as IdPart;
  switch (found.kind) {
    case 'files':
      return found.inotify.reduce((sum, { wds }) => sum + wds.length + 1, found.ttys.length + found.ttyPaths.size);
    case 'fdinfo':
      return found.ttys.length;
    case 'tty-info':
      return found.ptys.size;
    case 'mm':
      return found.rings.length;
    case 'ids':
    case 'ipcns-var':
      return 1;
    default:
      return found.objects.length;
  }
}

/** Takes what is needed from an image's entries; {@link partOf} says how. */
export async function idPartOf(
  kind: IdImageKind,
  file: string,
  head: Head,
  entries: AsyncIterable<Decoded<never>>,
  raw: RawContents | undefined,
): Promise<IdPart> {
  const found = { head, where: { file, offset: 0 } as Where };
  const each = async <Entry>(take: (message: Entry) => void | Promise<void>): Promise<void> => {
    for await (const { message, where } of entries as AsyncIterable<Decoded<Entry>>) {
      found.where = where;
      await take(message);
    }
  };
  switch (kind) {
    case 'files':
      return { kind, ...(await filesOf(each, found)), ...found };
    case 'fdinfo': {
      const ttys: FdinfoPart['ttys'] = [];
      await each<FdinfoEntry>(({ id, type, fd }) => {
        if (type === TTY) keep(ttys, { id, fd }, found.where);
      });
      return { kind, ttys, ...found };
    }
    case 'tty-info': {
      const ptys = new Map<number, number>();
      await each<TtyInfoEntry>(({ id, pty }) => {
        if (pty !== undefined) ptys.set(id, pty.index);
        if (ptys.size > MOST_KEPT) throw tooMany(found.where, 'terminals');
      });
      return { kind, ptys, ...found };
    }
    case 'ids':
      return { kind, ...kernelObjects(await first<TaskKobjIdsEntry>(entries, file))!, ...found };
    case 'mm': {
      const { aios } = await first<MmEntry>(entries, file);
      return { kind, rings: aios.map(({ id: address, nrReq, ringLen }) => ({ address, nrReq, ringLen })), ...found };
    }
    case 'ipcns-var':
      return { kind, ...limitsOf(await first<IpcVarEntry>(entries, file)), ...found };
    default: {
      const objects: SysvObject[] = [];
      const messages = { left: MOST_MESSAGES };
      await each<SysvEntry>(async (entry) => {
        const { id, key } = entry.desc!;
        keep(objects, { id, key }, found.where);
        if (raw !== undefined) await passContents(entry, raw, messages, found.where);
      });
      return { kind, objects, ...found };
    }
  }
}

type Each = <Entry>(take: (message: Entry) => void) => Promise<void>;

async function filesOf(each: Each, found: { where: Where }): Promise<Pick<FilesPart, 'inotify' | 'ttys' | 'ttyPaths'>> {
  const inotify: InotifyFile[] = [];
  const ttys: TtyFile[] = [];
  const ttyPaths = new Map<number, string>();
  let watches = 0;
  await each<FileEntry>(({ id, ify, tty, reg }) => {
    if (ify !== undefined) {
      watches += ify.wd.length;
      if (watches > MOST_WATCHES) throw tooMany(found.where, 'watches', MOST_WATCHES);
      keep(inotify, { id, wds: ify.wd.map(({ wd }) => wd) }, found.where);
    }
    if (tty !== undefined) {
      const path = Object.hasOwn(tty, 'regfId') ? tty.regfId : undefined;
      keep(ttys, { id, info: tty.ttyInfoId, path }, found.where);
    }
    if (reg !== undefined && MAY_BE_TTY.test(reg.name)) {
      ttyPaths.set(id, reg.name.slice(0, MAX_PATH));
      if (ttyPaths.size > MOST_KEPT) throw tooMany(found.where, 'terminals');
    }
  });
  return { inotify, ttys, ttyPaths };
}

const MAY_BE_TTY = /(?:\/ptmx|\/pts\/\d{1,10})$/;
const MAX_PATH = 4096; // PATH_MAX

const SEMMNI = 3; // index in the values of kernel.sem

function limitsOf(entry: IpcVarEntry): Pick<IpcVarPart, 'limits' | 'nextIds'> {
  const { msgCtlmni, shmCtlmni, semCtls, msgNextId, semNextId, shmNextId } = entry;
  const has = (key: string, value: number): number | null => (Object.hasOwn(entry, key) ? value : null);
  return {
    limits: { shm: shmCtlmni, msg: msgCtlmni, sem: semCtls[SEMMNI] ?? null },
    nextIds: { shm: has('shmNextId', shmNextId), msg: has('msgNextId', msgNextId), sem: has('semNextId', semNextId) },
  };
}

type SysvEntry = IpcShmEntry | IpcMsgEntry | IpcSemEntry;

/** Passes over what stands behind an entry. Source: criu/ipc_ns.c, v4.2. */
async function passContents(
  entry: SysvEntry,
  raw: RawContents,
  messages: { left: number },
  where: Where,
): Promise<void> {
  if ('nsems' in entry) return raw.pass(roundUp(2 * entry.nsems, 8));
  if ('size' in entry) {
    if (entry.inPagemaps) return;
    if (entry.size > MOST_BYTES)
      throw new CheckpointError('truncated', where, 'the end of the file', `${entry.size} bytes of contents`);
    return raw.pass(roundUp(Number(entry.size), 4));
  }
  for (let at = 0; at < entry.qnum; at++) {
    if (messages.left-- === 0) throw tooMany(where, 'messages');
    const { message } = decodeMessage(IpcMsgSchema, await raw.entry());
    await raw.pass(roundUp(message.msize, 8));
  }
}

const MOST_BYTES = 2n ** 50n; // no file has as many, and Number holds them

function roundUp(size: number, to: number): number {
  return Math.ceil(size / to) * to;
}

/** The first entry of an image that has one: CRIU does not look at what follows. */
async function first<Entry>(entries: AsyncIterable<Decoded<never>>, file: string): Promise<Entry> {
  for await (const { message } of entries as AsyncIterable<Decoded<Entry>>) return message;
  throw new CheckpointError('bad-entry-count', { file }, 'no entry', 'at least one');
}

function keep<Item>(list: Item[], item: Item, where: Where): void {
  if (list.length >= MOST_KEPT) throw tooMany(where, 'of a kind');
  list.push(item);
}

function tooMany(where: Where, what: string, most: number = MOST_KEPT): CheckpointError {
  return new CheckpointError('too-large', where, `more than ${most} ${what}`, `at most ${most}`);
}
