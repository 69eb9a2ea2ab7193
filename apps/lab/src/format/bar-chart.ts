// Bars by design, side by side or stacked.
import * as Plot from '@observablehq/plot';
import { LOOKS, type Look } from './colours.ts';
import { CHART_WIDTH, type Figure } from './figure.ts';
import { count, mean } from './number.ts';

/** One row of bars. */
export interface BarRow {
  design: string;
  /** One for each part. */
  values: readonly number[];
  /** How they are written, if not as means. */
  texts?: readonly string[];
}

export interface BarChart {
  id: string;
  title: string;
  /** What is counted, in the plural. */
  unit: string;
  /** What the bars of a row are, and their looks if not the usual ones. */
  parts: readonly string[];
  rows: readonly BarRow[];
  stacked?: boolean;
  /** The end of the axis, where several charts share it. */
  top?: number;
}

interface Bar {
  design: string;
  part: string;
  value: number;
  text: string;
}

const BAR = 26; // px from bar to bar
const THIN = 19;
/** A bar of less is not seen beside the others. */
const SEEN = 0.005;

/** Plots bars; parts of which no row has enough to be seen are left out, and the title says what there is of them. */
export function barChart({ id, title, unit, parts, rows, stacked = false, top }: BarChart): Figure {
  const shown = parts.filter((_, i) => parts.length === 1 || rows.some(({ values }) => values[i]! >= SEEN));
  const look = (part: string): Look => LOOKS[parts.indexOf(part)]!;
  // Counts are whole; a mean that happens to be is one of others that are not.
  const write = rows.every(({ values }) => values.every(Number.isInteger)) ? count : mean;
  const bars = rows.flatMap(({ design, values, texts }): Bar[] =>
    shown.map((part) => {
      const i = parts.indexOf(part);
      return { design, part, value: values[i]!, text: texts?.[i] ?? write(values[i]!) };
    }),
  );
  const totals = rows.map(({ design, values }) => ({ design, value: sum(values), text: write(sum(values)) }));
  const missing = parts.flatMap((part, i) => {
    if (shown.includes(part)) return [];
    const most = Math.max(...rows.map(({ values }) => values[i]!));
    return [` (${part}: ${most === 0 ? 'none' : `${mean(most)} at most`})`];
  });
  const ends = stacked ? totals.map(({ value }) => value) : bars.map(({ value }) => value);
  const end = (top ?? Math.max(...ends)) || 1;
  const grouped = !stacked && shown.length > 1;
  const titleOf = ({ design, part, text }: Bar): string =>
    `${design}: ${text} ${unit}${parts.length > 1 ? ` (${part})` : ''}`;
  const y = grouped ? { fy: 'design', y: 'part' } : { y: 'design' };
  const designs = { label: null, domain: rows.map(({ design }) => design), padding: 0.25 };
  return {
    id,
    title: title + missing.join(''),
    description: `Bars: ${unit}${parts.length > 1 ? `, ${parts.join(', ')}` : ''}, of ${rows.length} designs.`,
    plot: {
      width: CHART_WIDTH,
      height: 60 + (grouped ? THIN * shown.length : BAR) * rows.length,
      marginLeft: 128,
      marginRight: 52,
      marginBottom: 40,
      x: {
        label: unit,
        labelAnchor: 'center',
        grid: true,
        ticks: end < 1000 ? 4 : 2,
        tickFormat: (tick: number) => (Number.isInteger(tick) ? count(tick) : String(tick)),
        domain: [0, end],
      },
      y: grouped ? { axis: null, domain: shown, padding: 0.1 } : { ...designs, tickSize: 0 },
      ...(grouped && { fy: designs }),
      marks: [
        // A stack has gaps between its parts, so that they are told apart without their colours.
        Plot.barX(bars, {
          ...y,
          x: 'value',
          fill: ({ part }: Bar) => look(part).colour,
          title: titleOf,
          ...(stacked && { order: bars.map(({ part }) => part), insetRight: 1.5, z: 'part' }),
        }),
        Plot.text(stacked ? totals : bars, {
          ...y,
          x: 'value',
          text: 'text',
          title: 'design',
          textAnchor: 'start',
          dx: 4,
          fontSize: 11,
        }),
        Plot.ruleX([0]),
      ],
    },
    ...(shown.length > 1 && { legend: shown.map((part) => [part, look(part)] as const) }),
    data: {
      columns: [
        { head: 'Design', align: 'left' },
        ...(stacked ? [{ head: 'all' }] : []),
        ...parts.map((head) => ({ head: parts.length > 1 ? head : unit })),
      ],
      rows: rows.map(({ design, values, texts }) => [
        design,
        ...(stacked ? [write(sum(values))] : []),
        ...values.map((value, i) => texts?.[i] ?? write(value)),
      ]),
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((so, value) => so + value, 0);
}
