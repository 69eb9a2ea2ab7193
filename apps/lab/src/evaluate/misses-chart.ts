// Cache misses of one operation by design: a bar for each of the two levels that matter.

import type { Evaluation } from '@idspace/evaluation';
import * as Plot from '@observablehq/plot';
import { levelColour } from '../format/colours.ts';
import { CHART_WIDTH, type Figure, type Swatch } from '../format/figure.ts';
import { costOf, OPERATION_NAMES, type OperationName, ofAll, operationsOf } from './operation-exhibit.ts';

/** What the bars' colours mean. */
export const MISS_SWATCHES: readonly Swatch[] = [
  { label: 'D1 misses: served by a slower cache or by memory', colour: levelColour('d1') },
  { label: 'LLd misses: served by memory', colour: levelColour('ll') },
];

/** Plots misses per operation on the kernel's layout. */
export function missesChart(evaluation: Evaluation, operation: OperationName): Figure {
  const { designs } = evaluation;
  const name = OPERATION_NAMES[operation];
  const bars = designs.flatMap((design) => {
    const cost = costOf(design, operation);
    return (['d1Misses', 'llMisses'] as const).map((figure) => ({
      design: design.design,
      level: figure === 'd1Misses' ? 'D1' : 'LLd',
      misses: cost[figure],
      text: ofAll(evaluation, cost, cost[figure]),
    }));
  });
  return {
    id: `misses-${operation}`,
    title: `Misses per ${name}`,
    description: `Bars: mean D1 and LLd misses of one ${name} for ${designs.length} designs, kernel layout.`,
    plot: {
      width: CHART_WIDTH,
      height: 60 + 38 * designs.length,
      marginLeft: 128,
      marginRight: 44,
      marginBottom: 40,
      x: { label: `misses per ${name} (mean)`, grid: true, ticks: 4, domain: [0, top(evaluation)] },
      y: { axis: null, domain: ['D1', 'LLd'], padding: 0.1 },
      fy: { label: null, domain: designs.map(({ design }) => design), padding: 0.25 },
      color: { domain: ['D1', 'LLd'], range: [levelColour('d1'), levelColour('ll')] },
      marks: [
        Plot.barX(bars, {
          fy: 'design',
          y: 'level',
          x: 'misses',
          fill: 'level',
          title: ({ design, level, text }) => `${design}: ${text} ${level} misses per ${name}`,
        }),
        Plot.text(bars, {
          fy: 'design',
          y: 'level',
          x: 'misses',
          text: 'text',
          textAnchor: 'start',
          dx: 4,
          fontSize: 11,
        }),
        Plot.ruleX([0]),
      ],
    },
    data: {
      columns: [{ head: 'Design', align: 'left' }, { head: 'D1 misses' }, { head: 'LLd misses' }],
      rows: designs.map((design) => {
        const cost = costOf(design, operation);
        return [design.design, ...[cost.d1Misses, cost.llMisses].map((value) => ofAll(evaluation, cost, value))];
      }),
    },
  };
}

/** The end of the axis, the same for all operations; 1 where nothing missed, so that the axis has a length. */
function top(evaluation: Evaluation): number {
  const all = evaluation.designs.flatMap((design) =>
    operationsOf(evaluation).map((operation) => costOf(design, operation).d1Misses),
  );
  return Math.max(...all) || 1;
}
