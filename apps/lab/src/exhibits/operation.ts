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

/** The words are explained where they come up first. */
const WORDS: Record<OperationName, string> = {
  create:
    '. D refs are reads and writes of memory; a D1 miss goes to a slower cache, an LLd miss all the way to memory; Lines are the ' +
    'distinct cache lines one operation touches. ns is what a machine model makes of it for one thread, waiting for locks included.',
  lookup: '; the words are those of the table before.',
  delete: '; the words are the same again.',
};

/** Shows what a create, lookup or delete costs on the kernel's layout. */
export function operationExhibit({ designs }: Evaluation, operation: OperationName): Exhibit {
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
      { head: 'of them\ntable' },
      { head: '\nlist' },
      { head: '\nlock' },
      { head: '\ntimer' },
      { head: 'ns\n(model)' },
    ],
    rows: designs.map((design) => {
      const cost = design[operation];
      const { table, list, lock, timer } = cost.by;
      const lines = [cost.linesTouched, ...[table, list, lock, timer].map((part) => part.linesTouched)];
      const numbers = [cost.refs, cost.reads, cost.writes, cost.d1Misses, cost.llMisses, ...lines, cost.nsPerOp];
      return [design.design, ...numbers.map(mean)];
    }),
    reading: `Means ${OVER[operation]}${WORDS[operation]} ${extremes(designs, 'lines', (design) => design[operation].linesTouched)}`,
  };
}
