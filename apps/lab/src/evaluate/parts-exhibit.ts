// Where the references go: the table, the per-process list, locks, the timers themselves.
import type { DesignEvaluation, Evaluation } from '@idspace/evaluation';
import { PARTS } from '../format/colours.ts';
import { type ColumnOf, type Exhibit, tableOf } from '../format/exhibit.ts';
import { OPERATIONS, someOr } from './operation-exhibit.ts';

/** Shows the references of each operation split by part. */
export function partsExhibit({ designs }: Evaluation): Exhibit {
  return {
    title: 'D refs by part, kernel layout',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      ...OPERATIONS.flatMap((group) =>
        PARTS.map(
          (head): ColumnOf<DesignEvaluation> => ({ group, head, cell: (one) => someOr(one[group].by[head].refs) }),
        ),
      ),
    ]),
    reading:
      'Four columns per operation. table: hash buckets and chains, or tree nodes; list: the second list of a ' +
      "process's timers, which designs that can walk their own table do not need; lock: lock words; timer: the rest of struct k_itimer, also on a line that counts for another part. –: none.",
  };
}
