// Bytes per timer against the distance between IDs.

import type { Series } from '@idspace/evaluation';
import { STRIDE_TIMERS } from '@idspace/evaluation';
import * as Plot from '@observablehq/plot';
import { designColour } from '../format/colours.ts';
import type { Figure, Swatch } from '../format/figure.ts';
import { count, mean } from '../format/number.ts';

const SAME = 0.05; // lines closer than 5 % cover each other

/** Designs that cost the same at every stride are one line. */
interface Line extends Swatch {
  points: Series['points'];
}

/** Plots bytes per timer against the stride of the IDs, both on logarithmic axes. */
export function memoryChart(series: readonly Series[]): { figure: Figure; swatches: Swatch[] } {
  const lines = distinctLines(series);
  const points = lines.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })));
  const strides = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const powers = powersOfTwoAround(points.map(({ y }) => y));
  const figure: Figure = {
    id: 'memory',
    title: `Bytes per timer against ID stride, ${count(STRIDE_TIMERS)} timers`,
    description: `Lines on logarithmic axes: bytes per timer for IDs 0, s, 2s, 3s … with stride s from ${strides[0]} to ${strides.at(-1)}. Designs within 5 % of each other share a line.`,
    plot: {
      width: 860,
      height: 400,
      marginTop: 34,
      marginLeft: 60,
      marginRight: 24,
      marginBottom: 44,
      x: { type: 'log', base: 2, axis: null },
      y: { type: 'log', base: 2, axis: null, domain: [powers[0], powers.at(-1)] },
      color: { domain: lines.map(({ label }) => label), range: lines.map(({ colour }) => colour) },
      marks: [
        Plot.gridY(powers),
        Plot.axisX(strides, { text: count, label: 'distance between IDs (1 = dense)' }),
        Plot.axisY(powers, { text: count, label: 'bytes per timer' }),
        Plot.line(points, { x: 'x', y: 'y', stroke: 'label', strokeWidth: 2 }),
        Plot.dot(points, {
          x: 'x',
          y: 'y',
          fill: 'label',
          r: 3,
          title: ({ label, x, y }) => `${label}: ${mean(y)} bytes per timer at stride ${count(x)}`,
        }),
      ],
    },
    data: {
      columns: [{ head: 'Stride' }, ...series.map(({ design }) => ({ head: design }))],
      rows: strides.map((stride) => [
        count(stride),
        ...series.map(({ points }) => {
          const point = points.find(({ x }) => x === stride);
          return point ? mean(point.y) : '–';
        }),
      ]),
    },
  };
  return { figure, swatches: lines.map(({ label, colour }) => ({ label, colour })) };
}

/** The powers of two from below the smallest to above the largest value. */
function powersOfTwoAround(values: readonly number[]): number[] {
  const first = Math.floor(Math.log2(Math.min(...values)));
  const last = Math.max(Math.ceil(Math.log2(Math.max(...values))), first + 1);
  return Array.from({ length: last - first + 1 }, (_, step) => 2 ** (first + step));
}

/** Puts series that would cover each other together; the line that ends highest comes first, as in the chart. */
function distinctLines(series: readonly Series[]): Line[] {
  const lines: Line[] = [];
  for (const { design, points } of series) {
    const same = lines.find((line) => cover(line.points, points));
    if (same) same.label += `, ${design}`;
    else lines.push({ label: design, colour: designColour(design), points });
  }
  return lines.sort((a, b) => (b.points.at(-1)?.y ?? 0) - (a.points.at(-1)?.y ?? 0));
}

function cover(a: Series['points'], b: Series['points']): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ x, y }, i) => b[i]!.x === x && Math.abs(Math.log(b[i]!.y / y)) < SAME);
}
