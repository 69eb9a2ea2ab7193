// Images of IDs other than timers, for tests: encoded from our own definitions, with the fields that CRIU wants and we leave out missing.
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { FdinfoEntrySchema } from './gen/fdinfo_pb.ts';
import { FileEntrySchema } from './gen/files_pb.ts';
import { TaskKobjIdsEntrySchema } from './gen/ids_pb.ts';
import { InventoryEntrySchema } from './gen/inventory_pb.ts';
import { IpcMsgEntrySchema, IpcSemEntrySchema, IpcShmEntrySchema, IpcVarEntrySchema } from './gen/ipc_pb.ts';
import { MmEntrySchema } from './gen/mm_pb.ts';
import { PstreeEntrySchema } from './gen/pstree_pb.ts';
import { TtyInfoEntrySchema } from './gen/tty_pb.ts';
import { COMMON, core, type Images, INVENTORY, image, PSTREE, threadCore, words } from './images.ts';

export const MAGIC = {
  ids: 0x54432030,
  files: 0x56303138,
  fdinfo: 0x56213732,
  var: 0x53115007,
  shm: 0x46283044,
  msg: 0x55453737,
  sem: 0x59573019,
  tty: 0x59453036,
  mm: 0x57492820,
} as const;

/** CRIU's own namespaces, and those of what it dumped: an IPC namespace of its own. */
const CRIU_IDS = { filesId: 1, pidNsId: 1, ipcNsId: 3 };
export const OWN_IPC = 9;

export function encoded<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Uint8Array {
  return toBinary(schema, create(schema, init));
}

export const idImage = (kind: keyof typeof MAGIC, ...payloads: Uint8Array[]): Uint8Array =>
  image([COMMON, MAGIC[kind]], ...payloads);

export interface TaskInit {
  pid: number;
  ppid?: number;
  pgid?: number;
  sid?: number;
  threads?: number[];
}

/** A whole checkpoint of these processes without any other ID; each of its images may be replaced. */
export function wholeCheckpoint(tasks: TaskInit[] = [{ pid: 7 }], images: Images = {}): Images {
  const all: Images = {
    'inventory.img': image([INVENTORY], encoded(InventoryEntrySchema, { imgVersion: 2, rootIds: CRIU_IDS })),
    'pstree.img': image(
      [COMMON, PSTREE],
      ...tasks.map(({ pid, ppid = 0, pgid = pid, sid = pid, threads = [pid] }) =>
        encoded(PstreeEntrySchema, { pid, ppid, pgid, sid, threads }),
      ),
    ),
    'files.img': idImage('files'),
    [`ipcns-var-${OWN_IPC}.img`]: idImage('var', encoded(IpcVarEntrySchema, { msgCtlmni: 32_000, shmCtlmni: 4096 })),
    ...Object.fromEntries(
      (['shm', 'msg', 'sem'] as const).map((kind) => [`ipcns-${kind}-${OWN_IPC}.img`, idImage(kind)]),
    ),
  };
  for (const { pid, threads = [pid] } of tasks) {
    all[`core-${pid}.img`] = core([]);
    all[`ids-${pid}.img`] = idImage(
      'ids',
      encoded(TaskKobjIdsEntrySchema, { filesId: 2, pidNsId: 1, ipcNsId: OWN_IPC }),
    );
    all[`mm-${pid}.img`] = idImage('mm', encoded(MmEntrySchema, {}));
    for (const tid of threads) if (tid !== pid) all[`core-${tid}.img`] = threadCore();
  }
  return { ...all, ...images };
}

export const inotifyFile = (id: number, wds: number[]): Uint8Array =>
  encoded(FileEntrySchema, { id, ify: { wd: wds.map((wd) => ({ wd })) } });
export const ttyFile = (id: number, ttyInfoId: number, regfId: number): Uint8Array =>
  encoded(FileEntrySchema, { id, tty: { ttyInfoId, regfId } });
export const regFile = (id: number, name: string): Uint8Array => encoded(FileEntrySchema, { id, reg: { name } });
export const ttyInfo = (id: number, index: number): Uint8Array => encoded(TtyInfoEntrySchema, { id, pty: { index } });
export const descriptor = (id: number, fd: number, type = 11): Uint8Array =>
  encoded(FdinfoEntrySchema, { id, type, fd });
export const rings = (...aios: { nrReq: number; ringLen: number }[]): Uint8Array =>
  idImage('mm', encoded(MmEntrySchema, { aios: aios.map((ring) => ({ id: 0x7f0000000000n, ...ring })) }));
export const shm = (id: number, key: number, size = 4096n, inPagemaps = true): Uint8Array =>
  encoded(IpcShmEntrySchema, { desc: { id, key }, size, inPagemaps });
export const msg = (id: number, qnum: number): Uint8Array =>
  encoded(IpcMsgEntrySchema, { desc: { id, key: id }, qnum });
export const sem = (id: number, nsems: number): Uint8Array =>
  encoded(IpcSemEntrySchema, { desc: { id, key: id }, nsems });

/** An image whose entries have contents behind them. */
export function withContents(
  kind: 'shm' | 'msg' | 'sem',
  ...entries: [payload: Uint8Array, contents: Uint8Array][]
): Uint8Array {
  const parts = entries.flatMap(([payload, contents]) => [words(payload.length), payload, contents]);
  return Buffer.concat([words(COMMON, MAGIC[kind]), ...parts]);
}

/** An image of a kind with so many entries that they cannot be arguments. */
export function manyEntries(
  kind: keyof typeof MAGIC,
  count: number,
  payloadOf: (index: number) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [words(COMMON, MAGIC[kind])];
  for (let index = 0; index < count; index++) {
    const payload = payloadOf(index);
    parts.push(words(payload.length), payload);
  }
  return Buffer.concat(parts);
}
