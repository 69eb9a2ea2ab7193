// FastForward: brings a table to a state without the searches on the way, so that a long phase can be sampled.
import type { HashTable } from '@idspace/hash-table';
import type { NextId } from '@idspace/next-id';
import type { TimerTable } from '@idspace/posix-timers';
import type { Owner } from '../layouts/reference-sink.ts';

/** Makes the timers that are not recorded. The table ends up as if each had been created and deleted in the usual way. */
export class FastForward {
  private readonly table: TimerTable;
  /** Undefined where processes have no next ID beside it: then each timer is created and deleted in the usual way. */
  private readonly hash: HashTable | undefined;
  /** By handle. */
  private readonly nextIds: readonly NextId[];

  constructor(table: TimerTable, processes: readonly Owner[]) {
    const parts = table.parts();
    this.table = table;
    const nextIds: NextId[] = [];
    for (const { handle } of processes) nextIds[handle] = parts[`nextId/${handle}`] as NextId;
    this.nextIds = nextIds;
    this.hash = processes.every(({ handle }) => nextIds[handle] !== undefined) ? (parts.hash as HashTable) : undefined;
  }

  /**
   * Creates a timer; its ID must be new, as those of next-ID designs are until they wrap.
   *
   * @param wanted The ID to restore.
   * @returns An ID below 0 where the wanted one is refused: then there is no timer.
   */
  create({ handle, low, high }: Owner, wanted?: number): { timer: number; id: number } {
    const { table, hash } = this;
    const timer = table.timers.allocate();
    let id: number;
    if (hash === undefined) id = table.add(handle, timer, wanted);
    else {
      if (wanted !== undefined) this.nextIds[handle].moveTo(wanted);
      id = this.nextIds[handle].take();
      table.list?.makeRoom(handle, timer);
      hash.insertNew(low, high, id, timer);
      table.timers.id[timer] = id;
    }
    if (id >= 0) table.publish(handle, timer);
    else if (wanted === undefined) throw new Error(`no ID for timer ${timer} of process ${handle}: ${id}`);
    else table.timers.free(timer);
    return { timer, id };
  }

  /** Deletes timers. @param timers Their handles. @param ownerOf Process by position. @param idOf ID by position. */
  delete(timers: Int32Array, ownerOf: (at: number) => number, idOf: (at: number) => number): void {
    const { table, hash } = this;
    if (hash === undefined) {
      for (let at = 0; at < timers.length; at++) {
        if (idOf(at) >= 0) table.timers.free(table.remove(ownerOf(at), idOf(at)));
      }
      return;
    }
    const gone = new Uint8Array(table.timers.capacity + 1);
    for (const [at, timer] of timers.entries()) {
      gone[timer] = 1;
      table.timers.signal[timer] = 0;
      table.list?.remove(ownerOf(at), timer);
    }
    hash.retain((_lo, _hi, _id, timer) => {
      if (gone[timer] === 1) table.timers.free(timer);
      return gone[timer] === 0;
    });
  }
}
