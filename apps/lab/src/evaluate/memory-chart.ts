// Bytes per timer against the distance between IDs.
import type { Series } from '@idspace/evaluation';
import { STRIDE_TIMERS } from '@idspace/evaluation';
import { designLook } from '../format/colours.ts';
import type { Figure } from '../format/figure.ts';
import { type Line, lineChart } from '../format/line-chart.ts';
import { count, mean } from '../format/number.ts';

const SAME = 0.05; // lines closer than 5 % cover each other

/** Plots bytes per timer against the stride of the IDs, both on logarithmic axes. */
export function memoryChart(series: readonly Series[]): Figure {
  const strides = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const powers = powersOfTwoAround(series.flatMap(({ points }) => points.map(({ y }) => y)));
  const ticks = (values: readonly number[]): ReadonlyMap<number, string> =>
    new Map(values.map((value) => [value, count(value)] as const));
  return lineChart({
    id: 'memory',
    title: `Bytes per timer against the distance between IDs, ${count(STRIDE_TIMERS)} timers`,
    description: `Lines on logarithmic axes, for IDs 0, s, 2s, 3s … with s from ${strides[0]} to ${strides.at(-1)}. Designs within 5 % of each other share a line.`,
    lines: distinctLines(series),
    x: { ticks: ticks(strides), label: 'distance between IDs (1 = dense)', domain: [strides[0]!, strides.at(-1)!] },
    y: { ticks: ticks(powers), label: 'bytes per timer', domain: [powers[0]!, powers.at(-1)!] },
    room: [220, 138],
    data: {
      columns: [{ head: 'Distance' }, ...series.map(({ design }) => ({ head: design }))],
      rows: strides.map((stride) => [
        count(stride),
        ...series.map(({ points }) => {
          const point = points.find(({ x }) => x === stride);
          return point ? mean(point.y) : '–';
        }),
      ]),
    },
  });
}

/** The powers of two from below the smallest to above the largest value. */
function powersOfTwoAround(values: readonly number[]): number[] {
  const first = Math.floor(Math.log2(Math.min(...values)));
  const last = Math.max(Math.ceil(Math.log2(Math.max(...values))), first + 1);
  return Array.from({ length: last - first + 1 }, (_, step) => 2 ** (first + step));
}

/** Puts series that would cover each other together. */
function distinctLines(series: readonly Series[]): Line[] {
  const lines: Line[] = [];
  for (const { design, points } of series) {
    const same = lines.find((line) => cover([...line.points], points));
    const text = ({ x, y }: Series['points'][number]): string => `${mean(y)} bytes per timer at distance ${count(x)}`;
    if (same) same.label += `, ${design}`;
    else
      lines.push({
        label: design,
        look: designLook(design),
        points: points.map((point) => ({ ...point, text: text(point) })),
      });
  }
  return lines;
}

function cover(a: Series['points'], b: Series['points']): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ x, y }, i) => b[i]!.x === x && Math.abs(Math.log(b[i]!.y / y)) < SAME);
}
