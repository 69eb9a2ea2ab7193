// Pictures of a workload: what its calls take, and how the IDs rise while it goes on.

import type { WorkloadEvaluation } from '@idspace/evaluation';
import { EVENT_KINDS } from '@idspace/evaluation';
import * as Plot from '@observablehq/plot';
import { designColour } from '../format/colours.ts';
import { CHART_WIDTH, type Figure } from '../format/figure.ts';
import { count, duration, mean } from '../format/number.ts';
import { INT_MAX } from '../int-max.ts';

const DAY = 86_400;
/** Times to draw, in seconds: a second to a century, a fifth of a decade apart. */
const TIMES: readonly number[] = Array.from({ length: 48 }, (_, i) => 10 ** (i / 5));
const TIME_MARKS: ReadonlyMap<number, string> = new Map([
  [60, '1 min'],
  [3600, '1 h'],
  [DAY, '1 day'],
  [30 * DAY, '1 month'],
  [365 * DAY, '1 year'],
  [3650 * DAY, '10 years'],
]);
const ID_MARKS: ReadonlyMap<number, string> = new Map([
  [1e3, '1 k'],
  [1e6, '1 M'],
  [INT_MAX, 'INT_MAX'],
]);

/** Bars: the model's time of each kind of call, by design. */
export function timeCharts({ designs }: WorkloadEvaluation): Figure[] {
  const kinds = EVENT_KINDS.filter((kind) => designs.some(({ operations }) => operations[kind] !== undefined));
  return kinds.map((kind) => {
    const bars = designs.flatMap(({ design, operations }) => {
      const cost = operations[kind];
      return cost === undefined ? [] : [{ design, ns: cost.nsPerOp }];
    });
    return {
      id: `time-${kind}`,
      title: `Time of one ${kind}`,
      description: `Bars: the machine model's time of one ${kind} in ${bars.length} designs.`,
      plot: {
        width: CHART_WIDTH,
        height: 60 + 26 * bars.length,
        marginLeft: 128,
        marginRight: 60,
        marginBottom: 40,
        x: { label: `ns per ${kind} (model)`, grid: true, ticks: 3 },
        y: { label: null, domain: bars.map(({ design }) => design), padding: 0.25, tickSize: 0 },
        marks: [
          Plot.barX(bars, { y: 'design', x: 'ns', fill: ({ design }) => designColour(design) }),
          Plot.text(bars, {
            y: 'design',
            x: 'ns',
            text: ({ ns }) => duration(ns / 1e9),
            textAnchor: 'start',
            dx: 4,
            fontSize: 11,
          }),
          Plot.ruleX([0]),
        ],
      },
      data: {
        columns: [{ head: 'Design', align: 'left' }, { head: 'ns' }],
        rows: bars.map(({ design, ns }) => [design, mean(ns)]),
      },
    };
  });
}

/** Lines: the highest ID of a process against how long the workload goes on; null for one that does not. */
export function reachChart({ workload, designs }: WorkloadEvaluation): Figure | null {
  const { rate, timers } = workload;
  if (rate === null) return null;
  const rising = designs.some(({ reach }) => reach !== null);
  const dense = designs.some(({ reach }) => reach === null);
  const lines = [
    ...(rising
      ? [{ policy: 'next ID', colour: 'var(--design-hash-512)', idAt: (s: number) => s * rate.idsPerSecond }]
      : []),
    ...(dense ? [{ policy: 'lowest free ID', colour: 'var(--design-xarray)', idAt: () => timers }] : []),
  ];
  const points = lines.flatMap(({ policy, colour, idAt }) =>
    TIMES.map((seconds) => ({ policy, colour, seconds, id: Math.min(INT_MAX, Math.max(timers, idAt(seconds))) })),
  );
  return {
    id: 'reach',
    title: `Highest ID as ${workload.name} goes on`,
    description: `Lines on logarithmic axes: with a next ID it rises to INT_MAX, with the lowest free ID it stays at ${count(timers)}.`,
    plot: {
      width: 860,
      height: 380,
      marginTop: 34,
      marginLeft: 64,
      marginRight: 100,
      marginBottom: 44,
      x: { type: 'log', axis: null, domain: [1, TIMES[TIMES.length - 1]] },
      y: { type: 'log', axis: null, domain: [1, INT_MAX * 3] },
      marks: [
        Plot.axisX([...TIME_MARKS.keys()], { text: (s: number) => TIME_MARKS.get(s), label: 'after' }),
        Plot.axisY([...ID_MARKS.keys()], { text: (id: number) => ID_MARKS.get(id), label: 'highest ID' }),
        Plot.ruleY([...ID_MARKS.keys()], { strokeOpacity: 0.35, strokeDasharray: '4 3' }),
        Plot.line(points, { x: 'seconds', y: 'id', z: 'policy', stroke: 'colour', strokeWidth: 2 }),
        Plot.text(lines, {
          x: () => TIMES[TIMES.length - 1],
          y: ({ idAt }) => Math.min(INT_MAX, Math.max(timers, idAt(TIMES[TIMES.length - 1]))),
          text: 'policy',
          fill: 'colour',
          textAnchor: 'start',
          dx: 6,
        }),
      ],
    },
    data: {
      columns: [{ head: 'After' }, ...lines.map(({ policy }) => ({ head: policy }))],
      rows: [...TIME_MARKS].map(([seconds, name]) => [
        name,
        ...lines.map(({ idAt }) => count(Math.min(INT_MAX, Math.max(timers, idAt(seconds))))),
      ]),
    },
  };
}
