// The same code twice: as the kernel lays its structures out, and as they lie in JavaScript's typed arrays.
import type { Evaluation } from '@idspace/evaluation';
import type { Exhibit } from '../format/exhibit.ts';
import { mean } from '../format/number.ts';
import { OPERATIONS, ofAll } from './operation-exhibit.ts';

const NO_LL =
  ' LLd misses in JS layout are left out (null in --json): they depend on what operations that are not counted leave in the last level, which is followed in kernel layout only.';

/** Shows misses and lines in both layouts side by side. */
export function layoutsExhibit(evaluation: Evaluation): Exhibit {
  const { designs, workload } = evaluation;
  return {
    title: 'Kernel layout beside JS layout',
    columns: [
      { head: 'Design', align: 'left' },
      ...OPERATIONS.flatMap((operation) => [
        { group: operation, head: 'D1\nkern.' },
        { group: operation, head: 'D1\nJS' },
        { group: operation, head: 'lines\nkern.' },
        { group: operation, head: 'lines\nJS' },
      ]),
    ],
    rows: designs.map((design) => [
      design.design,
      ...OPERATIONS.flatMap((operation) => {
        const [kernel, js] = [design[operation], design.js[operation]];
        const misses = [kernel.d1Misses, js.d1Misses].map((value) => ofAll(evaluation, kernel, value));
        return [...misses, mean(kernel.linesTouched), mean(js.linesTouched)];
      }),
    ]),
    reading:
      "D1 misses and lines touched, by an operation. The same accesses of the same code, placed twice: at the addresses and sizes of the kernel's structures, and where the " +
      'typed arrays put them (a field of all timers together in one array; JS). The second is what users of the packages get.' +
      (workload.recorded < workload.totalTimers ? NO_LL : ''),
  };
}
