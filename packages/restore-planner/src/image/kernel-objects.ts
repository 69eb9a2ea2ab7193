// The numbers that CRIU gives the kernel objects of a task: in ids-PID.img, in old core images, and of CRIU itself in the inventory.
import type { TaskKobjIdsEntry } from '../gen/ids_pb.ts';

/** Each null where the image does not tell. */
export interface KernelObjects {
  /** fdinfo-ID.img has this ID. */
  filesId: number | null;
  pidNamespace: number | null;
  ipcNamespace: number | null;
}

/** Takes what is needed of an entry; undefined of none. */
export function kernelObjects(entry: TaskKobjIdsEntry | undefined): KernelObjects | undefined {
  if (entry === undefined) return undefined;
  const { filesId, pidNsId, ipcNsId } = entry;
  const has = (key: string, value: number): number | null => (Object.hasOwn(entry, key) ? value : null);
  return {
    filesId: has('filesId', filesId),
    pidNamespace: has('pidNsId', pidNsId),
    ipcNamespace: has('ipcNsId', ipcNsId),
  };
}
