// Cache misses and lines of one operation by design.
import type { Evaluation } from '@idspace/evaluation';
import { barChart } from '../format/bar-chart.ts';
import { PARTS } from '../format/colours.ts';
import type { Figure } from '../format/figure.ts';
import { costOf, OPERATION_NAMES, OPERATIONS, type OperationName, ofAll, operationsOf } from './operation-exhibit.ts';

/** Plots misses of the two levels that matter, on the kernel's layout; the axis is the same for all operations. */
export function missesChart(evaluation: Evaluation, operation: OperationName): Figure {
  const { designs } = evaluation;
  const all = designs.flatMap((design) => operationsOf(evaluation).map((name) => costOf(design, name).d1Misses));
  return barChart({
    id: `misses-${operation}`,
    title: `Misses per ${OPERATION_NAMES[operation]}`,
    unit: `misses per ${OPERATION_NAMES[operation]}`,
    parts: ['D1', 'LLd'],
    top: Math.max(...all),
    rows: designs.map((design) => {
      const cost = costOf(design, operation);
      const values = [cost.d1Misses, cost.llMisses];
      return { design: design.design, values, texts: values.map((value) => ofAll(evaluation, cost, value)) };
    }),
  });
}

/** Plots distinct lines per operation on the kernel's layout, stacked by the part they belong to; with the same axis, too. */
export function linesChart({ designs }: Evaluation, operation: (typeof OPERATIONS)[number]): Figure {
  return barChart({
    id: `lines-${operation}`,
    title: `Lines touched per ${operation}`,
    unit: `64-byte lines per ${operation}`,
    parts: PARTS,
    stacked: true,
    top: Math.max(...designs.flatMap((design) => OPERATIONS.map((name) => design[name].linesTouched))),
    rows: designs.map(({ design, [operation]: cost }) => ({
      design,
      values: PARTS.map((part) => cost.by[part].linesTouched),
    })),
  });
}
