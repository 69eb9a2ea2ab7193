// The IDs of a checkpoint beside its timers, by ID space.
import type { AioRing } from './aio/ring.ts';
import type { InotifyFile } from './inotify/inotify-file.ts';
import type { TreeIds } from './pids/task-ids.ts';
import type { PtyMaster } from './pty/pty-master.ts';
import type { SysvIds } from './sysv/sysv-ids.ts';

/** Says that a space's images were not there. */
export interface NotRead {
  /** The first image that is missing. */
  missing: string;
}

/** The IDs of one container's processes, as far as its images tell. */
export interface CheckpointIds {
  /** In a checkpoint of several containers: the name of its own. */
  container?: string;
  pids: TreeIds | NotRead;
  inotify: readonly InotifyFile[] | NotRead;
  /** null: CRIU's own IPC namespace, of which nothing is saved. */
  sysv: SysvIds | null | NotRead;
  pty: readonly PtyMaster[] | NotRead;
  aio: readonly AioRing[] | NotRead;
}

/** Tells whether the IDs of a space were not read. */
export function isNotRead(ids: object | null): ids is NotRead {
  return ids !== null && 'missing' in ids;
}
