// Images for tests: those of a made-up checkpoint, and sources that hold images in memory.
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { imageStem } from '../../src/image/image-name.ts';
import { missingImage } from '../../src/image/missing.ts';
import type { PartStore } from '../../src/image/part-store.ts';
import { readImage } from '../../src/image/read-image.ts';
import { CoreEntrySchema, type ItimerEntrySchema, PosixTimerEntrySchema, RlimitEntrySchema } from './gen/core_pb.ts';
import { TaskKobjIdsEntrySchema } from './gen/ids_pb.ts';
import { InventoryEntrySchema } from './gen/inventory_pb.ts';
import { PstreeEntrySchema } from './gen/pstree_pb.ts';

export type Images = Record<string, Uint8Array>;
export type TimerInit = MessageInitShape<typeof PosixTimerEntrySchema>;

export function memorySource(images: Images): PartStore {
  return {
    path: 'memory',
    missing: (name) => missingImage(`${imageStem(name)}.img`, 'no such file'),
    get: async (name) => {
      const file = `${imageStem(name)}.img`;
      const bytes = images[file];
      if (bytes === undefined) return undefined;
      let position = 0;
      return readImage(
        {
          name: file,
          size: bytes.length,
          read: async (length) => bytes.subarray(position, (position += length)),
          skip: async (length) => {
            const from = position;
            position = Math.min(bytes.length, position + length);
            return position - from;
          },
        },
        name.kind,
      );
    },
  };
}

export const COMMON = 0x54564319;
export const INVENTORY = 0x58313116;
export const PSTREE = 0x50273030;
export const CORE = 0x55053847;
export const IDS = 0x54432030;

export function words(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

export function image(magics: number[], ...payloads: Uint8Array[]): Uint8Array {
  return Buffer.concat([words(...magics), ...payloads.flatMap((payload) => [words(payload.length), payload])]);
}

/** @param pidNamespace That of CRIU; left out, the inventory does not tell. */
export function inventory(imgVersion: number, pidNamespace?: number): Uint8Array {
  const rootIds = pidNamespace === undefined ? {} : { rootIds: { pidNsId: pidNamespace } };
  return image([INVENTORY], toBinary(InventoryEntrySchema, create(InventoryEntrySchema, { imgVersion, ...rootIds })));
}

/** ids-PID.img of a task in a PID namespace. */
export function ids(pidNsId: number): Uint8Array {
  return image([COMMON, IDS], toBinary(TaskKobjIdsEntrySchema, create(TaskKobjIdsEntrySchema, { pidNsId })));
}

export interface TaskInit {
  pid: number;
  ppid?: number;
  pgid?: number;
  sid?: number;
  threads?: number[];
}

export function pstree(...tasks: TaskInit[]): Uint8Array {
  const entries = tasks.map(({ pid, ppid = 0, pgid = 7, sid = 7, threads = [pid] }) =>
    toBinary(PstreeEntrySchema, create(PstreeEntrySchema, { pid, ppid, pgid, sid, threads })),
  );
  return image([COMMON, PSTREE], ...entries);
}

export function timer(init: TimerInit): TimerInit {
  const zero = { itId: 0, clockId: 1, siSigno: 0, itSigevNotify: 1, sivalPtr: 0n, overrun: 0 };
  return { ...zero, isec: 0n, insec: 0n, vsec: 0n, vnsec: 0n, ...init };
}

/** Timers of setitimer; what is left out is 0. */
export type ItimersInit = Partial<Record<'real' | 'virt' | 'prof', MessageInitShape<typeof ItimerEntrySchema>>>;

export function core(
  timers: TimerInit[],
  sigpending?: bigint,
  { taskState, ids = {} }: { taskState?: number; ids?: { pidNsId?: number } } = {},
  itimers: ItimersInit = {},
): Uint8Array {
  const zero = { isec: 0n, iusec: 0n, vsec: 0n, vusec: 0n };
  const three = { real: zero, virt: zero, prof: zero };
  for (const [which, itimer] of Object.entries(itimers)) Object.assign(three, { [which]: { ...zero, ...itimer } });
  const limit = (index: number): bigint => (index === 11 ? sigpending! : 0n);
  const rlimits = Array.from({ length: 16 }, (_, index) => ({ cur: limit(index), max: limit(index) }));
  const limits = sigpending === undefined ? {} : { rlimits: { rlimits } };
  const tc = {
    ...(taskState !== undefined && { taskState }),
    timers: { ...three, posix: timers.map(timer) },
    ...limits,
  };
  return image([COMMON, CORE], toBinary(CoreEntrySchema, create(CoreEntrySchema, { tc, ids })));
}

/** The core image of a zombie, or of a task in some other state without anything. */
export function zombieCore(taskState = 2): Uint8Array {
  return image([COMMON, CORE], toBinary(CoreEntrySchema, create(CoreEntrySchema, { tc: { taskState } })));
}

/** The core image of a thread that does not lead its group. */
export function threadCore(): Uint8Array {
  return image([COMMON, CORE], toBinary(CoreEntrySchema, create(CoreEntrySchema)));
}

/** One process, pid 7, with these timers. */
export function oneProcess(timers: TimerInit[], sigpending?: bigint): Images {
  return { 'inventory.img': inventory(2), 'pstree.img': pstree({ pid: 7 }), 'core-7.img': core(timers, sigpending) };
}

/** The same image in format v1, which lacks the head magic. */
export function headless(image: Uint8Array): Uint8Array {
  return image.subarray(4);
}

/** The core image of a process from the time when timers and limits had images of their own; format v1.1. */
export function bareCore(): Uint8Array {
  return image([COMMON, CORE], toBinary(CoreEntrySchema, create(CoreEntrySchema, { tc: {} })));
}

/** posix-timers-PID.img of format v1: an entry for each timer. */
export function timersImage(timers: TimerInit[]): Uint8Array {
  const encode = (init: TimerInit): Uint8Array =>
    toBinary(PosixTimerEntrySchema, create(PosixTimerEntrySchema, timer(init)));
  return image([0x52603957], ...timers.map(encode));
}

/** rlimit-PID.img of format v1: an entry for each limit. */
export function limitsImage(sigpending: bigint): Uint8Array {
  const limits = Array.from({ length: 16 }, (_, index) => ({ cur: index === 11 ? sigpending : 0n, max: sigpending }));
  return image([0x57113925], ...limits.map((limit) => toBinary(RlimitEntrySchema, create(RlimitEntrySchema, limit))));
}
