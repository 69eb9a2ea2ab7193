// Time to restore one timer against its ID: by creating and deleting until it comes, and by asking for it.

import { type Checkpoint, planRestore } from '@idspace/restore-planner';
import * as Plot from '@observablehq/plot';
import type { Figure, Swatch } from '../format/figure.ts';
import { count, duration } from '../format/number.ts';
import { INT_MAX } from '../int-max.ts';

/** 1, 10, … 10⁹ and the highest ID there is. */
const IDS: readonly number[] = [...Array.from({ length: 10 }, (_, power) => 10 ** power), INT_MAX];

/** INT_MAX leaves no room for the label of 10⁹. */
const LABELLED = IDS.filter((id) => id !== 1e9);

const WAYS = [
  { way: 'create and delete (Linux 6.1)', kernel: '6.1', colour: 'var(--design-hash-512)' },
  { way: 'ask for the ID (Linux 6.18)', kernel: '6.18', colour: 'var(--design-xarray)' },
] as const;

const CRIU = '4.2';

/** Times that people have a feeling for, in seconds; drawn across. */
const MARKS: ReadonlyMap<number, string> = new Map([
  [1e-6, '1 µs'],
  [1e-3, '1 ms'],
  [1, '1 s'],
  [60, '1 min'],
  [3600, '1 h'],
]);

/** What the lines' colours mean. */
export const WAY_SWATCHES: readonly Swatch[] = WAYS.map(({ way, colour }) => ({ label: way, colour }));

/** Plots the planned restore time of a process with one timer, on logarithmic axes. */
export function restoreTimeChart(): Figure {
  const points = WAYS.flatMap(({ way, kernel }) =>
    IDS.map((id) => ({ way, id, seconds: planRestore(oneTimer(id), { kernel, criu: CRIU }).totals.seconds })),
  );
  return {
    id: 'restore-time',
    title: 'Restore time against the highest ID',
    description:
      'Two lines on logarithmic axes: creating and deleting rises from microseconds to half an hour at the highest ID; asking for the ID stays below a microsecond.',
    plot: {
      width: 860,
      height: 420,
      marginTop: 34,
      marginLeft: 60,
      marginRight: 36,
      marginBottom: 44,
      x: { type: 'log', axis: null, domain: [1, INT_MAX] },
      y: {
        type: 'log',
        axis: null,
        domain: [1e-7, 1e4],
      },
      color: { domain: WAYS.map(({ way }) => way), range: WAYS.map(({ colour }) => colour) },
      marks: [
        // Ticks of our own: a logarithmic axis would leave out the labels it finds too dense.
        Plot.axisX(LABELLED, { text: shortId, label: 'highest timer ID' }),
        Plot.axisY([...MARKS.keys()], { text: (seconds: number) => MARKS.get(seconds), label: 'time to restore' }),
        Plot.ruleY([...MARKS.keys()], { strokeOpacity: 0.35, strokeDasharray: '4 3' }),
        Plot.line(points, { x: 'id', y: 'seconds', stroke: 'way', strokeWidth: 2 }),
        Plot.dot(points, {
          x: 'id',
          y: 'seconds',
          fill: 'way',
          r: 3,
          title: ({ way, id, seconds }) => `${way}: ID ${count(id)} in ${duration(seconds)}`,
        }),
      ],
    },
    data: {
      columns: [{ head: 'Highest ID' }, ...WAYS.map(({ way }) => ({ head: way }))],
      rows: IDS.map((id) => [
        count(id),
        ...points.filter((point) => point.id === id).map(({ seconds }) => duration(seconds)),
      ]),
    },
  };
}

/** 1000000 → '1 M'; the highest ID by its name. */
function shortId(id: number): string {
  if (id === INT_MAX) return 'INT_MAX';
  if (id < 1e3) return String(id);
  return id < 1e6 ? `${id / 1e3} k` : `${id / 1e6} M`;
}

/** A checkpoint of one process with a single timer. */
function oneTimer(id: number): Checkpoint {
  const zero = { sec: 0n, nsec: 0n };
  // biome-ignore format: what belongs together stands in a row
  const timer = {
    id, clock: 1, clockName: 'CLOCK_MONOTONIC', notify: 'none' as const,
    signo: 0, sival: 0n, interval: zero, value: zero, overrun: 0,
  };
  const process = { pid: 1, ppid: 0, threads: [1], timers: [timer], rlimitSigpending: null };
  return { source: 'made up', format: 'criu-v1.1', processes: [process] };
}
