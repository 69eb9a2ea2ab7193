// Cache lines one operation touches, stacked by the part they belong to.

import type { Category, Evaluation } from '@idspace/evaluation';
import * as Plot from '@observablehq/plot';
import { partColour } from '../format/colours.ts';
import { CHART_WIDTH, type Figure, type Swatch } from '../format/figure.ts';
import { mean } from '../format/number.ts';
import { OPERATIONS } from './operation-exhibit.ts';

const PARTS: readonly Category[] = ['table', 'list', 'lock', 'timer'];

const MEANING: Record<Category, string> = {
  table: 'table: buckets and chains, or tree nodes',
  list: 'list of the process',
  lock: 'locks',
  timer: 'the timer itself',
};

/** What the bars' colours mean. */
export const PART_SWATCHES: readonly Swatch[] = PARTS.map((part) => ({
  label: MEANING[part],
  colour: partColour(part),
}));

/** Plots distinct lines per operation on the kernel's layout. */
export function linesChart({ designs }: Evaluation, operation: (typeof OPERATIONS)[number]): Figure {
  const bars = designs.flatMap(({ design, [operation]: cost }) =>
    PARTS.map((part) => ({ design, part, lines: cost.by[part].linesTouched })),
  );
  const totals = designs.map(({ design, [operation]: cost }) => ({ design, lines: cost.linesTouched }));
  return {
    id: `lines-${operation}`,
    title: `Lines touched per ${operation}`,
    description: `Stacked bars: mean distinct cache lines of one ${operation} for ${designs.length} designs, split into table, list, lock and timer.`,
    plot: {
      width: CHART_WIDTH,
      height: 60 + 26 * designs.length,
      marginLeft: 128,
      marginRight: 44,
      marginBottom: 40,
      x: { label: `64-byte lines per ${operation} (mean)`, grid: true, ticks: 4, domain: [0, top(designs)] },
      y: { label: null, domain: designs.map(({ design }) => design), padding: 0.25, tickSize: 0 },
      color: { domain: PARTS, range: PARTS.map(partColour) },
      marks: [
        Plot.barX(bars, {
          y: 'design',
          x: 'lines',
          fill: 'part',
          order: [...PARTS],
          title: ({ design, part, lines }) => `${design}: ${mean(lines)} lines of the ${part} per ${operation}`,
        }),
        Plot.text(totals, {
          y: 'design',
          x: 'lines',
          text: ({ lines }) => mean(lines),
          textAnchor: 'start',
          dx: 4,
          fontSize: 11,
        }),
        Plot.ruleX([0]),
      ],
    },
    data: {
      columns: [{ head: 'Design', align: 'left' }, { head: 'all' }, ...PARTS.map((part) => ({ head: part }))],
      rows: designs.map(({ design, [operation]: cost }) => [
        design,
        ...[cost.linesTouched, ...PARTS.map((part) => cost.by[part].linesTouched)].map(mean),
      ]),
    },
  };
}

/** The end of the axis, the same for all operations. */
function top(designs: Evaluation['designs']): number {
  return Math.max(...designs.flatMap((design) => OPERATIONS.map((operation) => design[operation].linesTouched)));
}
