// RestrictedTable: a next-ID table whose counter wraps early.
// Source: proposed by T. Gleixner, linux-kernel, May 2023, to shorten the search for an ID; never merged.
import { EAGAIN, EBUSY } from '../errno.ts';
import { ANY_ID } from './limits.ts';
import type { TimerTable } from './timer-table.ts';
import { WrappedTable } from './wrapped-table.ts';

/** Hands out the IDs 0…N−1: each next one, 0 after N−1, busy ones skipped; EAGAIN when all are busy. */
export class RestrictedTable extends WrappedTable {
  private readonly idCount: number;

  /** @param inner A table with a next ID. @param idCount N, 1…2³¹. */
  constructor(inner: TimerTable, idCount: number) {
    super(inner);
    this.idCount = idCount;
  }

  override add(process: number, timer: number, wanted: number = ANY_ID): number {
    if (wanted !== ANY_ID) return super.add(process, timer, wanted);
    let id = this.nextId(process);
    for (let tries = 0; tries < this.idCount; tries++) {
      // Asking for an ID moves the counter behind it, as handing it out does.
      if (super.add(process, timer, id) !== -EBUSY) return id;
      id = (id + 1) % this.idCount;
    }
    return -EAGAIN;
  }

  override nextId(process: number): number {
    return super.nextId(process) % this.idCount;
  }
}
