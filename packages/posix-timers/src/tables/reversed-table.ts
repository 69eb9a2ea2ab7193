// ReversedTable: IDs counted down from INT_MAX.
// Source: proposed by A. Vagin, linux-kernel, May 2023, to make the search for an ID fail immediately; never merged.
import { ANY_ID, INT_MAX } from './limits.ts';
import { WrappedTable } from './wrapped-table.ts';

/** Shows the ID INT_MAX − n where the table inside keeps n: the lowest free n gives the highest free ID. */
export class ReversedTable extends WrappedTable {
  override add(process: number, timer: number, wanted: number = ANY_ID): number {
    const result = super.add(process, timer, wanted === ANY_ID ? ANY_ID : INT_MAX - wanted);
    if (result < 0) return result;
    return this.turn(timer);
  }

  override abandon(process: number, timer: number): void {
    this.turn(timer);
    super.abandon(process, timer);
  }

  override find(process: number, id: number): number {
    return super.find(process, INT_MAX - id);
  }

  override remove(process: number, id: number): number {
    return super.remove(process, INT_MAX - id);
  }

  /** Turns the number that a timer carries from the inner one to the shown one, or back. */
  private turn(timer: number): number {
    return (this.timers.id[timer] = INT_MAX - this.timers.id[timer]);
  }
}
