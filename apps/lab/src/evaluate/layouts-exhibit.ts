// The same code twice: as the kernel lays its structures out, and as they lie in JavaScript's typed arrays.
import type { DesignEvaluation, Evaluation } from '@idspace/evaluation';
import { type ColumnOf, type Exhibit, tableOf } from '../format/exhibit.ts';
import { mean } from '../format/number.ts';
import { OPERATIONS, ofAll } from './operation-exhibit.ts';

const NO_LL =
  ' LLd misses in JS layout are left out (null in --json): they depend on what operations that are not counted leave in the last level, which is followed in kernel layout only.';

/** Shows misses and lines in both layouts side by side. */
export function layoutsExhibit(evaluation: Evaluation): Exhibit {
  const { designs, workload } = evaluation;
  return {
    title: 'Kernel layout beside JS layout',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      ...OPERATIONS.flatMap((group): ColumnOf<DesignEvaluation>[] => [
        { group, head: 'D1\nkern.', cell: ({ [group]: cost }) => ofAll(evaluation, cost, cost.d1Misses) },
        { group, head: 'D1\nJS', cell: ({ [group]: cost, js }) => ofAll(evaluation, cost, js[group].d1Misses) },
        { group, head: 'lines\nkern.', cell: ({ [group]: cost }) => mean(cost.linesTouched) },
        { group, head: 'lines\nJS', cell: ({ js }) => mean(js[group].linesTouched) },
      ]),
    ]),
    reading:
      "D1 misses and lines touched, by an operation. The same accesses of the same code, placed twice: at the addresses and sizes of the kernel's structures, and where the " +
      'typed arrays put them (a field of all timers together in one array; JS). The second is what users of the packages get.' +
      (workload.recorded < workload.totalTimers ? NO_LL : ''),
  };
}
