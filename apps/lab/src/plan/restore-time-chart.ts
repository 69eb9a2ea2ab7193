// Time to restore one timer against its ID: by creating and deleting until it comes, and by asking for it.
import { type Checkpoint, planRestore } from '@idspace/restore-planner';
import * as Plot from '@observablehq/plot';
import { LOOKS, type Look } from '../format/colours.ts';
import type { Figure } from '../format/figure.ts';
import { type Line, lineChart } from '../format/line-chart.ts';
import { count, duration } from '../format/number.ts';
import { INT_MAX } from '../int-max.ts';
import { REAL_RESTORES, REAL_SOURCE, type RealRestore } from './real-restores.ts';

/** 1, 10, … 10⁹ and the highest ID there is. */
const IDS: readonly number[] = [...Array.from({ length: 10 }, (_, power) => 10 ** power), INT_MAX];

/** INT_MAX leaves no room for the label of 10⁹. */
const ID_TICKS: ReadonlyMap<number, string> = new Map(
  IDS.filter((id) => id !== 1e9).map((id) => [id, shortId(id)] as const),
);

const WAYS = [
  { way: 'dance', label: 'create and delete', after: 'Linux 6.1', kernel: '6.1', look: LOOKS[2]! },
  { way: 'ask', label: 'ask for the ID', after: 'Linux 6.18', kernel: '6.18', look: LOOKS[0]! },
] as const;

const CRIU = '4.2';

/** Times that people have a feeling for, in seconds. */
const TIME_TICKS: ReadonlyMap<number, string> = new Map([
  [1e-6, '1 µs'],
  [1e-3, '1 ms'],
  [1, '1 s'],
  [60, '1 min'],
  [3600, '1 h'],
]);

/** Plots the planned restore time of a process with one timer, and what a real CRIU took. */
export function restoreTimeChart(): Figure {
  const lines = WAYS.map(({ label, after, kernel, look }): Line => {
    const points = IDS.map((id) => {
      const seconds = secondsOf(id, kernel);
      return { x: id, y: seconds, text: `ID ${count(id)} in ${duration(seconds)}` };
    });
    return { label, end: `${label}\n(${after})`, look, points };
  });
  const real = REAL_RESTORES.flatMap((run) => run.seconds.map((seconds) => ({ ...run, seconds })));
  return lineChart({
    id: 'restore-time',
    title: 'Time to restore a timer against its ID',
    description:
      `On logarithmic axes: creating and deleting rises to ${duration(lines[0]!.points.at(-1)!.y)} at the highest ID; asking stays at ` +
      `${duration(lines[1]!.points.at(-1)!.y)}. ${REAL_SOURCE}: ${real.map(spoken).join('; ')}.`,
    lines,
    x: { ticks: ID_TICKS, label: 'highest timer ID', domain: [1, INT_MAX] },
    y: { ticks: TIME_TICKS, label: 'time to restore', domain: [1e-7, 1e4] },
    room: [130, 116],
    height: 420,
    marks: (narrow) => [
      ...WAYS.map(({ way, look: { colour, marker } }) => measured(real, way, colour, marker)),
      ...notes(real, narrow),
    ],
    data: {
      columns: [{ head: 'Highest ID' }, ...lines.map(({ label }) => ({ head: label }))],
      rows: [
        ...IDS.map((id, i) => [count(id), ...lines.map(({ points }) => duration(points[i]!.y))]),
        ...[...new Set(real.map(({ highestId }) => highestId))].map((id) => [
          `${count(id)}, real CRIU`,
          ...WAYS.map(({ way }) => measuredText(REAL_RESTORES.find((run) => run.way === way && run.highestId === id))),
        ]),
      ],
    },
  });
}

/** The longest dance there is, to the highest ID. */
export function longestDance(): number {
  return secondsOf(INT_MAX, WAYS[0].kernel);
}

/** What a process with a single timer takes. */
function secondsOf(id: number, kernel: string): number {
  return planRestore(oneTimer(id), { kernel, criu: CRIU }).totals.seconds;
}

type Run = Omit<RealRestore, 'seconds'> & { seconds: number };

function measured(real: readonly Run[], way: RealRestore['way'], stroke: string, symbol: Look['marker']): Plot.Markish {
  return Plot.dot(
    real.filter((run) => run.way === way),
    {
      x: 'highestId',
      y: 'seconds',
      symbol,
      r: 6,
      stroke,
      strokeWidth: 2,
      fill: 'var(--paper)',
      title: (run: Run) => `real CRIU: ${spoken(run)}`,
    },
  );
}

/** What the hollow marks are, and which of them did not end. */
function notes(real: readonly Run[], narrow: boolean): Plot.Markish[] {
  const what = {
    highestId: 2,
    seconds: narrow ? 500 : 8,
    text: narrow ? 'hollow: a real CRIU 4.2,\nthe whole restore' : 'hollow: a real CRIU 4.2, the whole restore',
  };
  const stopped = real
    .filter((run) => run.stopped)
    .map((run) => ({ ...run, text: `stopped\nafter ${duration(run.seconds, 2)}` }));
  return [
    Plot.text([what], { x: 'highestId', y: 'seconds', text: 'text', textAnchor: 'start' }),
    Plot.text(stopped, { x: 'highestId', y: 'seconds', text: 'text', textAnchor: 'start', dx: 11 }),
  ];
}

function spoken({ way, highestId, seconds, stopped }: Run): string {
  const how = way === 'dance' ? 'by creating and deleting' : 'by asking';
  return `ID ${count(highestId)} ${how} ${stopped ? `not yet after ${asRead(seconds)}` : `in ${asRead(seconds)}`}`;
}

function measuredText(run: RealRestore | undefined): string {
  if (run === undefined) return '–';
  return `${run.stopped ? '> ' : ''}${run.seconds.map(asRead).join(', ')}`;
}

/** Of a clock that shows milliseconds. */
function asRead(seconds: number): string {
  return duration(seconds, seconds < 0.1 || seconds > 10 ? 2 : 3);
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
