// Log: the calls so far, a row for each that was recorded and one for each stretch that was not.
import type { CallName } from './machine.ts';

export interface LogRow {
  /** Calls made before it. */
  readonly at: number;
  /** Calls that it stands for; more than 1 where they were made unrecorded. */
  readonly calls: number;
  /** The number of its operation. */
  readonly operation: number;
  /** The last call of the row. */
  readonly name: CallName;
  readonly argument: number;
  readonly result: number;
  /** References and first-level misses; −1 where they were not recorded. */
  readonly refs: number;
  readonly misses: number;
}

/** Whether a create did not get the ID that it asked for. */
export function isMissed({ name, argument, result }: Pick<LogRow, 'name' | 'argument' | 'result'>): boolean {
  return name === 'timer_create' && argument >= 0 && result !== argument;
}

/** Rows that are kept; those before them can be reached by going back. */
const KEPT = 20_000;

export class Log {
  private rows: LogRow[] = [];

  /** Adds a row, unless it is there: when a stretch of the past is played again. Joins stretches. */
  add(row: LogRow): void {
    if (row.at < this.end) return;
    const last = this.rows.at(-1);
    const joins =
      last !== undefined &&
      last.refs < 0 &&
      row.refs < 0 &&
      last.operation === row.operation &&
      last.calls + row.calls > 2;
    if (joins) this.rows[this.rows.length - 1] = { ...row, at: last.at, calls: last.calls + row.calls };
    else this.rows.push(row);
    if (this.rows.length > 2 * KEPT) this.rows.splice(0, KEPT);
  }

  /** Calls that the rows tell of. */
  get end(): number {
    const last = this.rows.at(-1);
    return last === undefined ? 0 : last.at + last.calls;
  }

  /** Takes off what comes after a position; a row that goes over it goes whole. */
  cutAfter(position: number): void {
    while (this.end > position) this.rows.pop();
  }

  get length(): number {
    return this.rows.length;
  }

  /** Rows from the newest: `slice(0, 50)` are the last fifty, newest first. */
  newest(from: number, to: number): LogRow[] {
    return this.rows.slice(Math.max(this.rows.length - to, 0), this.rows.length - from).reverse();
  }
}
