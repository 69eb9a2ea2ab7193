// What one operation costs, design by design, in cachegrind's words.
import {
  type DesignEvaluation,
  type Evaluation,
  type OperationCost,
  type PhaseCosts,
  standsApart,
} from '@idspace/evaluation';
import { type ColumnOf, type Exhibit, tableOf } from '../format/exhibit.ts';
import { count, mean, sampledMean } from '../format/number.ts';
import { capital } from '../format/sentence.ts';
import { extremes } from './extremes-exhibit.ts';
import { figures } from './rival-figures.ts';

export type OperationName = keyof PhaseCosts<unknown>;

/** What the tables that have all operations side by side show; lookups in creation order. */
export const OPERATIONS: readonly ('create' | 'lookup' | 'delete')[] = ['create', 'lookup', 'delete'];

/** What an evaluation was asked to count, in the order of the phases. */
export function operationsOf({ workload: { orders } }: Evaluation): OperationName[] {
  return [
    'create',
    ...(orders.includes('creation') ? ['lookup' as const] : []),
    ...(orders.includes('random') ? ['lookupRandom' as const] : []),
    'delete',
  ];
}

/** What an operation is called. */
export const OPERATION_NAMES: Readonly<Record<OperationName, string>> = {
  create: 'create',
  lookup: 'lookup in creation order',
  lookupRandom: 'lookup in random order',
  delete: 'delete',
};

const WHICH: Readonly<Record<OperationName, string>> = {
  create: 'creates, while the table fills',
  lookup: 'lookups of the full table, in creation order',
  lookupRandom: 'lookups of the full table in random order; each thread looks up its own timers',
  delete: 'deletes, in creation order; each begins with a lookup of that order',
};

const WORDS =
  'D refs are reads and writes of memory; a D1 miss goes to a slower cache, an LLd miss all the way to memory; Lines are the ' +
  'distinct cache lines one operation touches. ns is the time by a machine model, for one thread, including the wait for locks. ' +
  'A line that several parts share counts for the part that touches it first: the last timer of a chain walk is on a line that already counts for the table.';

const WAITS =
  'ns is time on a CPU. There are more threads than CPUs, so each operation also waits for a CPU, in ns; by the clock it takes the sum.';

const SHORT_WORDS =
  'D refs: reads and writes; D1, LLd: those that missed the first and the last cache; Lines: cache lines touched; ns: time by a machine model.';

const WAIT: ColumnOf<{ cost: OperationCost }> = {
  head: 'waits\nfor CPU',
  cell: ({ cost }) => mean(cost.cpuWaitNs),
};

/** Returns the cost of an operation that the evaluation was asked for. */
export function costOf(design: DesignEvaluation, operation: OperationName): OperationCost {
  return design[operation]!;
}

/**
 * Shows what a create, lookup or delete costs on the kernel's layout.
 *
 * @param explained Whether its words are explained; once is enough where several tables stand together.
 */
export function operationExhibit(
  evaluation: Evaluation,
  operation: OperationName,
  explained: boolean = operation === 'create',
): Exhibit {
  const { designs } = evaluation;
  const waits = designs.some((design) => costOf(design, operation).cpuWaitNs > 0);
  return {
    title: `One ${OPERATION_NAMES[operation]}, kernel layout`,
    ...tableOf(
      designs.map((design) => ({ design: design.design, cost: costOf(design, operation) })),
      [
        { head: 'Design', align: 'left', cell: ({ design }) => design },
        { head: 'D refs', cell: ({ cost }) => mean(cost.refs) },
        { head: 'rd', drop: 1, cell: ({ cost }) => mean(cost.reads) },
        { head: 'wr', drop: 2, cell: ({ cost }) => mean(cost.writes) },
        { head: 'D1\nmisses', cell: ({ cost }) => ofAll(evaluation, cost, cost.d1Misses) },
        { head: 'LLd\nmisses', cell: ({ cost }) => ofAll(evaluation, cost, cost.llMisses) },
        { head: 'Lines', cell: ({ cost }) => mean(cost.linesTouched) },
        { group: 'of them', head: 'table', cell: ({ cost }) => someOr(cost.by.table.linesTouched) },
        { group: 'of them', head: 'list', drop: 5, cell: ({ cost }) => someOr(cost.by.list.linesTouched) },
        { group: 'of them', head: 'lock', drop: 4, cell: ({ cost }) => someOr(cost.by.lock.linesTouched) },
        { group: 'of them', head: 'timer', drop: 3, cell: ({ cost }) => someOr(cost.by.timer.linesTouched) },
        { head: 'ns\n(model)', cell: ({ cost }) => mean(cost.nsPerOp) },
        ...(waits ? [WAIT] : []),
      ],
    ),
    reading: [
      meansOver(evaluation, operation),
      waits ? WAITS : '',
      explained ? words(designs) : 'Terms as in the first table.',
      extremes(designs, 'lines', (design) => costOf(design, operation).linesTouched),
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** Shows lookups in both orders side by side: the order decides which design misses least. */
export function lookupsExhibit(evaluation: Evaluation): Exhibit {
  const { designs } = evaluation;
  const orders = operationsOf(evaluation).filter((name) => name.startsWith('lookup'));
  return {
    title: 'One lookup, kernel layout',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      { head: 'D refs', cell: (design) => mean(costOf(design, orders[0]).refs) },
      { head: 'Lines', cell: (design) => mean(costOf(design, orders[0]).linesTouched) },
      ...orders.flatMap((order): ColumnOf<DesignEvaluation>[] => {
        const group = OPERATION_NAMES[order].replace('lookup ', '');
        const column = (head: string, cell: (cost: OperationCost) => string): ColumnOf<DesignEvaluation> => {
          return { group, head, cell: (design) => cell(costOf(design, order)) };
        };
        return [
          column('D1', (cost) => ofAll(evaluation, cost, cost.d1Misses)),
          column('LLd', (cost) => ofAll(evaluation, cost, cost.llMisses)),
          column('ns', ({ nsPerOp }) => mean(nsPerOp)),
        ];
      }),
    ]),
    reading: `${orders.map((order) => meansOver(evaluation, order)).join(' ')} ${SHORT_WORDS}`,
  };
}

/** 'In creation order, a lookup misses the first cache 47.5 times in hash-512, …; in random order …' */
export function missesAnswer(evaluation: Evaluation): string {
  const orders = operationsOf(evaluation).filter((name) => name.startsWith('lookup'));
  const [first, ...others] = orders.map((order): [string, string] => {
    const misses = figures(evaluation, (design) => {
      const cost = costOf(design, order);
      return `${ofAll(evaluation, cost, cost.d1Misses)} times`;
    });
    return [OPERATION_NAMES[order].replace('lookup ', ''), misses];
  });
  const rest = others.map(([order, misses]) => `; ${order} ${misses}`).join('');
  return `${capital(first![0])}, a lookup misses the first cache ${first![1]}${rest}.`;
}

/** A mean of an operation of which perhaps not all were counted. */
export function ofAll({ workload: { totalTimers } }: Evaluation, { counted }: OperationCost, value: number): string {
  return sampledMean(value, counted, totalTimers);
}

/** What a part has; – where an operation has nothing to do with it. */
export function someOr(value: number): string {
  return value === 0 ? '–' : mean(value);
}

/** 'Means over all 20,000 lookups …', or of how many of them. */
function meansOver({ designs, workload: { totalTimers } }: Evaluation, operation: OperationName): string {
  const counted = designs[0] === undefined ? totalTimers : costOf(designs[0], operation).counted;
  if (totalTimers === 1) return 'Of one timer alone.';
  if (counted === totalTimers) return `Means over all ${count(counted)} ${WHICH[operation]}.`;
  const none = `<1/n: none in n of those counted.`;
  return `Means over ${count(counted)} of ${count(totalTimers)} ${WHICH[operation]}; the caches see the others, too. ${none}`;
}

function words(designs: readonly DesignEvaluation[]): string {
  const apart = designs.flatMap(({ design }) => {
    const why = standsApart(design);
    return why === null ? [] : [`${design} differs: ${why}; the others have 360 B (6.14) or 384 B (6.15).`];
  });
  return [WORDS, ...apart].join(' ');
}

/** The lock an operation waits for longest: for how long, and how long one acquisition holds it. */
export function longestWait({ locks }: OperationCost): { name: string; ns: number; holdNs: number } {
  const waits = locks.map(({ name, acquired, holdNs, waitNs }) => ({ name, ns: acquired * waitNs, holdNs }));
  return waits.reduce((most, wait) => (wait.ns > most.ns ? wait : most), { name: 'none', ns: 0, holdNs: 0 });
}
