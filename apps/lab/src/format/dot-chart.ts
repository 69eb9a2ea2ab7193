// Times of several designs in a row each, on one logarithmic axis.
import * as Plot from '@observablehq/plot';
import type { Look } from './colours.ts';
import { type Figure, NARROW, WIDE } from './figure.ts';
import { duration } from './number.ts';

export interface Dot {
  /** What it is of; of a design, its name. */
  key: string;
  look: Look;
  seconds: number;
}

export interface DotRow {
  label: string;
  dots: readonly Dot[];
  /** What stands at its end. */
  note?: string;
}

export interface DotChart extends Pick<Figure, 'id' | 'title' | 'description'> {
  /** Of the axis. */
  unit: string;
  rows: readonly DotRow[];
  /** Room for the labels and for the notes of a wide drawing, px. */
  room: readonly [label: number, note: number];
}

const ROW = 30; // px
const TALL = 44; // with its label above it
const LINE = 14; // more with its note, too

/** Plots a row of dots for each row; the data follow as a table. */
export function dotChart(chart: DotChart): Figure {
  const { id, title, description, rows } = chart;
  const looks = new Map(rows.flatMap(({ dots }) => dots.map(({ key, look }) => [key, look] as const)));
  const keys = [...looks.keys()];
  const noted = rows.some(({ note }) => note !== undefined);
  return {
    id,
    title,
    description,
    together: 'row',
    plot: draw(chart, false),
    narrow: draw(chart, true),
    data: {
      columns: [
        { head: '', align: 'left' },
        ...keys.map((head) => ({ head })),
        ...(noted ? [{ head: 'Verdict', align: 'left' as const }] : []),
      ],
      rows: rows.map(({ label, dots, note = '' }) => [
        label,
        ...keys.map((key) => {
          const dot = dots.find((one) => one.key === key);
          return dot === undefined ? '–' : duration(dot.seconds);
        }),
        ...(noted ? [note] : []),
      ]),
    },
  };
}

function draw({ unit, rows, room }: DotChart, narrow: boolean): Plot.PlotOptions {
  const [left, right] = narrow ? [14, 24] : room;
  const width = narrow ? NARROW : WIDE;
  const spans = rows.map(({ label, dots }) => ({
    label,
    low: Math.min(...dots.map(({ seconds }) => seconds)),
    high: Math.max(...dots.map(({ seconds }) => seconds)),
  }));
  const low = Math.min(...spans.map((span) => span.low)) / 1.12;
  const high = Math.max(...spans.map((span) => span.high)) * 1.12;
  const pixels = (width - left - right) / Math.log(high / low);
  const dots = rows.flatMap(({ label, dots }) => apart(dots, pixels).map((dot) => ({ ...dot, label })));
  const labels = rows.map(({ label, note }) => ({
    label,
    text: narrow && note !== undefined ? `${label}\n${note}` : label,
  }));
  const highest = Math.max(...dots.map(({ dy }) => -dy)); // of dots that stand one above the other
  const place = narrow
    ? { textAnchor: 'start' as const, lineAnchor: 'bottom' as const, dy: -9 - highest }
    : { textAnchor: 'end' as const, dx: -10 };
  const row = narrow ? TALL + 2 * highest + (rows.some(({ note }) => note !== undefined) ? LINE : 0) : ROW;
  const kinds = [...new Map(dots.map((dot) => [`${dot.key} ${dot.dy}`, dot])).values()];
  return {
    width,
    height: 84 + row * rows.length,
    marginTop: narrow ? 24 : 34,
    marginLeft: left,
    marginRight: right,
    marginBottom: 44,
    x: { type: 'log', domain: [low, high], axis: null },
    y: { axis: null, domain: rows.map(({ label }) => label), padding: 0.2 },
    marks: [
      Plot.axisX(ticksWithin(low, high), {
        text: (seconds: number) => duration(seconds, 2).replace('.0 ', ' '),
        label: unit,
        labelAnchor: 'center',
      }),
      Plot.gridX(ticksWithin(low, high)),
      Plot.ruleY(spans, { y: 'label', x1: 'low', x2: 'high', strokeOpacity: 0.35, strokeWidth: 3 }),
      ...kinds.map(({ key, dy, look: { colour, marker } }) =>
        Plot.dot(
          dots.filter((dot) => dot.key === key && dot.dy === dy),
          {
            x: 'seconds',
            y: 'label',
            dy,
            symbol: marker,
            r: RADIUS,
            fill: colour,
            stroke: 'var(--paper)',
            title: ({ label, seconds }: { label: string; seconds: number }) => `${key}: ${duration(seconds)}, ${label}`,
          },
        ),
      ),
      Plot.text(labels, { x: low, y: 'label', text: 'text', ...place }),
      ...(narrow ? [] : [Plot.text(rows, { x: high, y: 'label', text: 'note', textAnchor: 'start', dx: 10 })]),
    ],
  };
}

const RADIUS = 5; // px
const STEP = 9; // px between the middles of dots that stand one above the other

/** Gives dots of a row that would cover each other places one above the other. @param pixels Of a factor e on the axis. */
function apart(dots: readonly Dot[], pixels: number): (Dot & { dy: number })[] {
  const groups: Dot[][] = [];
  for (const dot of [...dots].sort((a, b) => a.seconds - b.seconds)) {
    const before = groups.at(-1)?.at(-1);
    const covers = before !== undefined && Math.log(dot.seconds / before.seconds) * pixels < 1.6 * RADIUS;
    if (covers) groups.at(-1)!.push(dot);
    else groups.push([dot]);
  }
  return groups.flatMap((group) => group.map((dot, at) => ({ ...dot, dy: (at - (group.length - 1) / 2) * STEP })));
}

/** A few times each power of ten; only the powers where those are many. */
function ticksWithin(low: number, high: number): number[] {
  const powers = Array.from({ length: 20 }, (_, i) => 10 ** (i - 10));
  const steps = Math.log10(high / low) > 2.2 ? [1] : [1, 2, 3, 5, 7];
  return powers.flatMap((power) => steps.map((step) => step * power)).filter((tick) => tick >= low && tick <= high);
}
