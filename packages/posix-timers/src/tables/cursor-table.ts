// CursorTable: dense IDs, and a cursor that moves the start of the next search.
// Source: proposed by P. Tikhomirov, linux-kernel, May 2023, after the example of ns_last_pid; withdrawn.
import { EBUSY } from '../errno.ts';
import { ANY_ID, INT_MAX } from './limits.ts';
import { WrappedTable } from './wrapped-table.ts';

/** Hands out the lowest free ID from the cursor on, which is 0 unless it was set for this one create. */
export class CursorTable extends WrappedTable {
  /** Int32Array, shape [processes + 1], the cursor by process. */
  private cursors: Int32Array = new Int32Array(8);

  override addProcess(addressLo: number, addressHi: number): number {
    const process = super.addProcess(addressLo, addressHi);
    if (process >= this.cursors.length) this.makeRoom(process);
    this.cursors[process] = 0;
    return process;
  }

  override add(process: number, timer: number, wanted: number = ANY_ID): number {
    const from = this.cursors[process];
    if (wanted !== ANY_ID || from === 0) return super.add(process, timer, wanted);
    const id = this.addFrom(process, timer, from);
    this.cursors[process] = 0;
    return id;
  }

  private addFrom(process: number, timer: number, from: number): number {
    for (let id = from; id < INT_MAX; id++) {
      const result = super.add(process, timer, id);
      if (result !== -EBUSY) return result;
    }
    const last = super.add(process, timer, INT_MAX);
    return last === -EBUSY ? super.add(process, timer) : last; // Nothing is free up there: the search begins again.
  }

  /** Makes room for the cursor of a process that was just added, or takes the process back. */
  private makeRoom(process: number): void {
    try {
      const grown = new Int32Array(2 * process);
      grown.set(this.cursors);
      this.cursors = grown;
    } catch (error) {
      super.removeProcess(process);
      throw error;
    }
  }

  /** Lets the next `add` begin at an ID, 0…2³¹−1. */
  setNextId(process: number, id: number): void {
    this.cursors[process] = id;
  }

  override nextId(process: number): number {
    return this.cursors[process];
  }

  override parts(): Record<string, object> {
    return { ...super.parts(), cursors: this };
  }
}
