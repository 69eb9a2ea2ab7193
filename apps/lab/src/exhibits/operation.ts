// What one operation costs, design by design, in cachegrind's words.
import type { Evaluation, PhaseCosts } from '../evaluate/evaluation.ts';
import { mean } from '../text/number.ts';
import type { Exhibit } from './exhibit.ts';
import { extremes } from './extremes.ts';

export type OperationName = keyof PhaseCosts<unknown>;

export const OPERATIONS: readonly OperationName[] = ['create', 'lookup', 'delete'];

const OVER: Record<OperationName, string> = {
  create: 'over the whole fill',
  lookup: 'over all timers, looked up in creation order',
  delete: 'over all timers, deleted in creation order',
};

const WORDS =
  'D refs are reads and writes of memory; a D1 miss goes to a slower cache, an LLd miss all the way to memory; Lines are the ' +
  'distinct cache lines one operation touches. ns is what a machine model makes of it for one thread, waiting for locks included. ' +
  'A line that several parts share counts for the part that touches it first: the last timer that a chain walk looks at is on a line of the table already.';

const OLDEST =
  'idr stands apart: its timers have the oldest layout known here, 216 B of Linux 4.9, for want of the headers of 3.9; the others have 360 B (6.14) or 384 B (6.15).';

/**
 * Shows what a create, lookup or delete costs on the kernel's layout.
 *
 * @param explained Whether its words are explained; once is enough where several tables stand together.
 */
export function operationExhibit(
  { designs }: Evaluation,
  operation: OperationName,
  explained: boolean = operation === 'create',
): Exhibit {
  const known = designs.some(({ design }) => design === 'idr') ? `${WORDS} ${OLDEST}` : WORDS;
  return {
    title: `One ${operation}, kernel layout`,
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'D refs' },
      { head: 'rd' },
      { head: 'wr' },
      { head: 'D1\nmisses' },
      { head: 'LLd\nmisses' },
      { head: 'Lines' },
      { group: 'of them', head: 'table' },
      { group: 'of them', head: 'list' },
      { group: 'of them', head: 'lock' },
      { group: 'of them', head: 'timer' },
      { head: 'ns\n(model)' },
    ],
    rows: designs.map((design) => {
      const cost = design[operation];
      const { table, list, lock, timer } = cost.by;
      const lines = [cost.linesTouched, ...[table, list, lock, timer].map((part) => part.linesTouched)];
      const numbers = [cost.refs, cost.reads, cost.writes, cost.d1Misses, cost.llMisses, ...lines, cost.nsPerOp];
      return [design.design, ...numbers.map(mean)];
    }),
    reading: [
      `Means ${OVER[operation]}.`,
      explained ? known : 'The words are those of the first table.',
      extremes(designs, 'lines', (design) => design[operation].linesTouched),
    ]
      .filter(Boolean)
      .join(' '),
  };
}
