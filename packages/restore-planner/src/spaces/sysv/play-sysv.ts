// Makes the calls by which CRIU gets SysV IDs: the saved limits, then each object once.
import type { ObjectCalls } from '../id-calls.ts';
import type { Playing } from '../playing.ts';
import { SYSV_KINDS, type SysvIds } from './sysv-ids.ts';

/** Plays shared memory, message queues and semaphores, each in the order of the images. */
export async function playSysv(ids: SysvIds, calls: ObjectCalls, playing: Playing): Promise<void> {
  for (const kind of SYSV_KINDS) {
    const most = ids.limits[kind];
    if (most !== null && !playing.expect(0, `setting the most objects, ${kind}`, 0, calls.setLimit(kind, most))) return;
  }
  for (const kind of SYSV_KINDS) {
    for (const { id, key } of ids.objects[kind]) {
      if (await playing.isStopped()) return;
      playing.asks++;
      if (!playing.expect(id, `kernel.${kind}_next_id`, 0, calls.setNextId(kind, id))) return;
      playing.creates++;
      if (!playing.expect(id, `${kind}get`, id, calls.create(kind, key))) return;
      playing.restored++;
    }
  }
}
