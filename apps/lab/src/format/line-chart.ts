// Lines on logarithmic axes, each with its name at its end.
import * as Plot from '@observablehq/plot';
import type { Look } from './colours.ts';
import { type Figure, NARROW, WIDE } from './figure.ts';

export interface Line {
  /** Its name; of several designs, with commas. */
  label: string;
  /** What stands at its end, if more than its name. */
  end?: string;
  look: Look;
  points: readonly { x: number; y: number; text: string }[];
}

/** The marks of an axis, with what is written there. */
export type Ticks = ReadonlyMap<number, string>;

export interface LineChart extends Pick<Figure, 'id' | 'title' | 'description' | 'data'> {
  lines: readonly Line[];
  x: { ticks: Ticks; label: string; domain: readonly [number, number] };
  y: { ticks: Ticks; label: string; domain: readonly [number, number] };
  /** Room for the names at the ends of the lines, px: wide and narrow. */
  room: readonly [number, number];
  height?: number;
  /** What else is drawn. */
  marks?: (narrow: boolean) => Plot.Markish[];
}

const MARGIN = { marginTop: 34, marginLeft: 60, marginBottom: 44 };
const LINE_HEIGHT = 15;
const GAP = 9; // between a line and its name
const LETTER = 7; // px, of a name in 12 px

/** Plots lines. */
export function lineChart(chart: LineChart): Figure {
  const { id, title, description, data } = chart;
  return { id, title, description, data, together: 'x', plot: draw(chart, false), narrow: draw(chart, true) };
}

function draw({ lines, x, y, room, height = 400, marks = () => [] }: LineChart, narrow: boolean): Plot.PlotOptions {
  const labels = namesAtEnds(lines, y.domain, height - MARGIN.marginTop - MARGIN.marginBottom, room[narrow ? 1 : 0]);
  // Every second mark, where there is no room for all; the ends stay.
  const every = narrow && x.ticks.size > 7 ? 3 : 1;
  const xs = [...x.ticks.keys()].filter((_, i) => (x.ticks.size - 1 - i) % every === 0);
  const ys = [...y.ticks.keys()];
  return {
    width: narrow ? NARROW : WIDE,
    height,
    ...MARGIN,
    marginRight: room[narrow ? 1 : 0],
    x: { type: 'log', axis: null, domain: [...x.domain] },
    y: { type: 'log', axis: null, domain: [...y.domain] },
    marks: [
      // Ticks of our own: a logarithmic axis would leave out the labels it finds too dense.
      Plot.ruleY(ys, { strokeOpacity: 0.18 }),
      Plot.axisX(xs, { text: (value: number) => x.ticks.get(value), label: x.label, labelAnchor: 'center' }),
      Plot.axisY(ys, { text: (value: number) => y.ticks.get(value), label: y.label, tickSize: 0 }),
      ...lines.flatMap(({ label, look: { colour, dash, marker }, points }) => [
        Plot.line(points, {
          x: 'x',
          y: 'y',
          z: null,
          stroke: colour,
          strokeWidth: 2,
          strokeDasharray: dash,
          title: () => label,
        }),
        Plot.dot(points, {
          x: 'x',
          y: 'y',
          fill: colour,
          stroke: colour,
          symbol: marker,
          r: 3.5,
          title: ({ text }: Line['points'][number]) => `${label}: ${text}`,
        }),
      ]),
      Plot.text(labels, {
        x: 'x',
        y: 'y',
        text: 'text',
        title: 'label',
        textAnchor: 'start',
        dx: GAP,
        lineHeight: 1.15,
      }),
      ...marks(narrow),
    ],
  };
}

/** Where the names stand: at the ends of their lines, moved apart where they would overlap. */
function namesAtEnds(
  lines: readonly Line[],
  [low, high]: readonly [number, number],
  height: number,
  room: number,
): { label: string; text: string; x: number; y: number }[] {
  const perDecade = height / Math.log10(high / low);
  const ends = lines
    .filter(({ points }) => points.length > 0)
    .map(({ label, end = label, points }) => {
      const { x, y } = points.at(-1)!;
      const text = broken(end, room - GAP);
      return { label, text, x, at: Math.log10(y / low) * perDecade, half: (text.split('\n').length * LINE_HEIGHT) / 2 };
    })
    .sort((a, b) => a.at - b.at);
  let floor = -LINE_HEIGHT / 2;
  const placed = ends.map((end) => {
    const at = Math.max(end.at, floor + end.half);
    floor = at + end.half;
    return { ...end, at };
  });
  // Names that were pushed beyond the top come down again, and push those below them.
  let ceiling = height + LINE_HEIGHT;
  for (const end of placed.reverse()) {
    end.at = Math.min(end.at, ceiling - end.half);
    ceiling = end.at - end.half;
  }
  return placed.map(({ label, text, x, at }) => ({ label, text, x, y: low * 10 ** (at / perDecade) }));
}

/** Breaks a list of names after commas, so that it is no wider than told, px. */
function broken(names: string, width: number): string {
  return names.split(', ').reduce((lines, name) => {
    const last = lines.slice(lines.lastIndexOf('\n') + 1);
    return `${lines},${(last.length + name.length + 3) * LETTER > width ? '\n' : ' '}${name}`;
  });
}
