// Published times against predicted ones: on the diagonal where they agree.

import type { Cell, PredictedRow, PublishedOperation } from '@idspace/evaluation';
import * as Plot from '@observablehq/plot';
import { designLook } from '../format/colours.ts';
import { CHART_WIDTH, type Figure } from '../format/figure.ts';
import { mean } from '../format/number.ts';

/** Times that people have a feeling for, in ms. */
const TICKS: ReadonlyMap<number, string> = new Map([
  [1, '1 ms'],
  [10, '10 ms'],
  [100, '100 ms'],
  [1e3, '1 s'],
  [1e4, '10 s'],
  [1e5, '100 s'],
]);
const ROOM = 2;

/** Plots all cells of an operation, with their ranges; the band is twice and half the published time. */
export function predictionChart(rows: readonly PredictedRow[], operation: PublishedOperation): Figure {
  const points = rows.flatMap(({ threads, timers, calibration, cells }) =>
    cells
      .filter((cell) => cell.operation === operation)
      .map((cell) => ({ ...cell, ...cell.predictedMs, row: `${threads} × ${timers / 1000}k`, calibration })),
  );
  const designs = [...new Set(points.map(({ design }) => design))];
  const ends = points.flatMap(({ publishedMs, low, high }) => [publishedMs, low, high]);
  const domain = [Math.min(...ends) / ROOM, Math.max(...ends) * ROOM];
  const ticks = [...TICKS.keys()].filter((ms) => ms >= domain[0] && ms <= domain[1]);
  const text = (ms: number): string | undefined => TICKS.get(ms);
  return {
    id: `prediction-${operation}`,
    title: `${operation}: predicted against published`,
    description: `${points.length} times on logarithmic axes, published across, predicted up; most lie near the diagonal.`,
    plot: {
      width: CHART_WIDTH,
      height: 340,
      marginLeft: 56,
      marginBottom: 44,
      marginTop: 30,
      x: { type: 'log', domain, axis: null },
      y: { type: 'log', domain, axis: null },
      marks: [
        Plot.areaY(domain, {
          x: (ms: number) => ms,
          y1: (ms: number) => ms / 2,
          y2: (ms: number) => ms * 2,
          fill: 'currentColor',
          fillOpacity: 0.07,
          clip: true,
        }),
        Plot.line(domain, {
          x: (ms: number) => ms,
          y: (ms: number) => ms,
          stroke: 'currentColor',
          strokeOpacity: 0.4,
          strokeDasharray: '4 3',
        }),
        Plot.axisX(ticks, { text, label: 'published' }),
        Plot.axisY(ticks, { text, label: 'predicted' }),
        Plot.ruleX(points, {
          x: 'publishedMs',
          y1: 'low',
          y2: 'high',
          stroke: ({ design }: Cell) => designLook(design).colour,
          strokeWidth: 2,
        }),
        ...designs.map((design) => {
          const { colour, marker } = designLook(design);
          return Plot.dot(
            points.filter((point) => point.design === design),
            {
              x: 'publishedMs',
              y: 'value',
              r: 4,
              symbol: marker,
              stroke: colour,
              strokeWidth: 2,
              fill: ({ calibration }: { calibration: boolean }) => (calibration ? 'var(--paper)' : colour),
              title: ({ row, publishedMs, value, low, high }: (typeof points)[number]) =>
                `${design}: ${row} published ${mean(publishedMs)} ms, predicted ${mean(value)} ms (${mean(low)}–${mean(high)})`,
            },
          );
        }),
      ],
    },
    data: {
      columns: [
        { head: 'Threads × timers', align: 'left' },
        { head: 'Design', align: 'left' },
        { head: 'published ms' },
        { head: 'predicted ms' },
        { head: 'low' },
        { head: 'high' },
      ],
      rows: points.map(({ row, design, publishedMs, value, low, high }) => [
        row,
        design,
        ...[publishedMs, value, low, high].map(mean),
      ]),
    },
  };
}
