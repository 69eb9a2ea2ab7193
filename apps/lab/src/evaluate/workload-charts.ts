// Pictures of a workload: what its calls take, and how the IDs rise while it goes on.
import type { WorkloadEvaluation } from '@idspace/evaluation';
import { EVENT_KINDS } from '@idspace/evaluation';
import { barChart } from '../format/bar-chart.ts';
import { designLook } from '../format/colours.ts';
import type { Figure } from '../format/figure.ts';
import { type Line, lineChart } from '../format/line-chart.ts';
import { count, duration } from '../format/number.ts';
import { INT_MAX } from '../int-max.ts';

const DAY = 86_400;
const TIMES: ReadonlyMap<number, string> = new Map([
  [1, '1 s'],
  [60, '1 min'],
  [3600, '1 h'],
  [DAY, '1 day'],
  [30 * DAY, '1 month'],
  [365 * DAY, '1 year'],
  [3650 * DAY, '10 years'],
]);
const CENTURY = 36_500 * DAY;
const IDS: ReadonlyMap<number, string> = new Map([
  [1e3, '1 k'],
  [1e6, '1 M'],
  [INT_MAX, 'INT_MAX'],
]);

/** Bars: the model's time of each kind of call, by design. */
export function timeCharts({ designs }: WorkloadEvaluation): Figure[] {
  const kinds = EVENT_KINDS.filter((kind) => designs.some(({ operations }) => operations[kind] !== undefined));
  return kinds.map((kind) =>
    barChart({
      id: `time-${kind}`,
      title: `Time of one ${kind}`,
      unit: `ns per ${kind} (model)`,
      parts: ['time'],
      rows: designs.flatMap(({ design, operations }) => {
        const ns = operations[kind]?.nsPerOp;
        return ns === undefined ? [] : [{ design, values: [ns], texts: [duration(ns / 1e9)] }];
      }),
    }),
  );
}

/** Lines: the highest ID of a process against how long the workload goes on; null for one that does not. */
export function reachChart({ workload, designs }: WorkloadEvaluation): Figure | null {
  const { rate, timers } = workload;
  if (rate === null) return null;
  const idAfter = (seconds: number): number => Math.min(INT_MAX, Math.max(timers, seconds * rate.idsPerSecond));
  const policies = [
    {
      label: 'next ID',
      look: designLook('hash-512'),
      here: designs.some(({ reach }) => reach !== null),
      idAt: idAfter,
    },
    {
      label: 'lowest free ID',
      look: designLook('xarray'),
      here: designs.some(({ reach }) => reach === null),
      idAt: () => timers,
    },
  ].filter(({ here }) => here);
  const lines = policies.map(({ label, look, idAt }): Line => {
    const times = [...TIMES.keys(), INT_MAX / rate.idsPerSecond, CENTURY].filter((seconds) => seconds <= CENTURY);
    const points = times
      .sort((a, b) => a - b)
      .map((x) => ({ x, y: idAt(x), text: `ID ${count(Math.round(idAt(x)))} after ${duration(x)}` }));
    return { label, look, points };
  });
  return lineChart({
    id: 'reach',
    title: `Highest ID as ${workload.name} goes on`,
    description: `Lines on logarithmic axes: with a next ID it rises to INT_MAX, with the lowest free ID it stays at ${count(timers)}.`,
    lines,
    x: { ticks: TIMES, label: 'after', domain: [1, CENTURY] },
    y: { ticks: IDS, label: 'highest ID', domain: [1, INT_MAX * 3] },
    room: [110, 96],
    height: 380,
    data: {
      columns: [{ head: 'After' }, ...policies.map(({ label }) => ({ head: label }))],
      rows: [...TIMES].map(([seconds, name]) => [name, ...policies.map(({ idAt }) => count(idAt(seconds)))]),
    },
  });
}
