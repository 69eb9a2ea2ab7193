// The tables of a sweep: the designs over all cells, and what moves each.

import type { Cell } from '@idspace/evaluation';
import { AXES, type Axis, countsRandom, type Grid, LOOKUP_ORDERS, type Place, TIE } from '@idspace/evaluation';
import { generationsNote } from '../format/designs.ts';
import type { Column, Exhibit } from '../format/exhibit.ts';
import { count, counted, duration, mean } from '../format/number.ts';
import type { SweepDocument } from './sweep-document.ts';

/** Says what was swept: '384 cells: 3 values of timers × 2 of processes × …'. */
export function sweepLine({ grid, gridCells, shard, cells }: SweepDocument): string {
  const axes = AXES.map(
    (axis, at) => `${at === 0 ? counted(grid[axis].length, 'value') : grid[axis].length} of ${axis}`,
  ).join(' × ');
  const part = shard === null ? '' : `Shard ${shard}: ${count(cells.length)} of `;
  return `${part}${counted(gridCells, 'cell')}: ${axes}; lookups in ${(grid.orders ?? LOOKUP_ORDERS).join(' and ')} order; seed ${grid.seed}, at most ${counted(grid.sample, 'operation')} of each phase recorded.`;
}

/** Makes the tables of a whole sweep, in the order in which they are read. */
export function sweepExhibits(document: SweepDocument): Exhibit[] {
  const ns = (value: number): string => duration(value / 1e9);
  return [
    designsExhibit(document),
    movesExhibit(
      document,
      `What moves the time of a lookup${countsRandom(document.grid) ? ' in creation order' : ''}`,
      lookupNs,
      ns,
    ),
    ...(countsRandom(document.grid)
      ? [movesExhibit(document, 'What moves the time of a lookup in random order', randomNs, ns)]
      : []),
    movesExhibit(document, 'What moves the bytes per timer', (cell) => cell.bytesPerTimer, mean),
  ];
}

const lookupNs = (cell: Cell): number | undefined => cell.lookup?.nsPerOp;
const randomNs = (cell: Cell): number | undefined => cell.lookupRandom?.nsPerOp;

/** What is shown of each order of lookups. */
interface Order {
  group: string;
  ns: (cell: Cell) => number | undefined;
}

function designsExhibit({ grid, cells }: SweepDocument): Exhibit {
  const orders: Order[] = [{ group: 'lookup', ns: lookupNs }];
  if (countsRandom(grid)) orders.push({ group: 'at random', ns: randomNs });
  const fastest = orders.map(({ ns }) => winners(cells, ns, TIE));
  const leanest = winners(cells, ({ bytesPerTimer }) => bytesPerTimer, EQUAL);
  const groups = cells.length / grid.designs.length;
  const waits = Math.max(...grid.processes) > Math.min(...grid.cpus) ? WAITS : '';
  return {
    title: 'The designs, over all cells',
    columns: [
      { head: 'Design', align: 'left' },
      { group: 'restore', head: 'time' },
      ...orders.flatMap(({ group }) => ['time', 'worst', 'best'].map((head) => ({ group, head }))),
      { group: 'bytes', head: 'of one' },
      { group: 'bytes', head: 'worst' },
      { group: 'bytes', head: 'best' },
      { head: 'refuse\nIDs in' },
    ],
    rows: grid.designs.map((design) => {
      const own = cells.filter((cell) => cell.design === design);
      const bytes = values(own, ({ bytesPerTimer }) => bytesPerTimer);
      return [
        design,
        time(median(values(own, ({ restore }) => restore?.nsPerOp))),
        ...orders.flatMap(({ ns }, i) => {
          const times = values(own, ns);
          return [time(median(times)), time(Math.max(...times)), count(fastest[i]!.get(design) ?? 0)];
        }),
        mean(median(bytes)),
        mean(Math.max(...bytes)),
        count(leanest.get(design) ?? 0),
        count(own.filter(({ refused }) => refused > 0).length),
      ];
    }),
    reading: `Medians; times are the machine model's, on a CPU${waits}; bytes are those of a timer with its share of the table. ${orders.length > 1 ? 'lookup: in creation order; at random: in random order. ' : ''}best: in how many of ${counted(groups, 'place')} that differ in anything but the design no other does better: is more than 10 % faster, or smaller; a design that refuses IDs there does not count.${generationsNote(grid.designs.map((design) => ({ design })))}`,
  };
}

/** By the clock, as `operationTime` has it: threads take turns on the CPUs. */
const WAITS =
  ' (where there are more processes than CPUs, by the clock as many times longer as there are processes to a CPU)';

/** Bytes are counted, and hardly ever a tie. */
const EQUAL = 1.001;

/** Counts by design in how many places it has the least of something. @param tie How many times as much is no more. */
function winners(cells: readonly Cell[], value: (cell: Cell) => number | undefined, tie: number): Map<string, number> {
  const best = new Map<string, number>();
  const running = cells.filter((cell) => cell.refused === 0 && value(cell) !== undefined);
  for (const cell of running) {
    const place = placeKey(cell);
    best.set(place, Math.min(best.get(place) ?? Number.POSITIVE_INFINITY, value(cell)!));
  }
  const wins = new Map<string, number>();
  for (const cell of running) {
    if (value(cell)! <= best.get(placeKey(cell))! * tie) wins.set(cell.design, (wins.get(cell.design) ?? 0) + 1);
  }
  return wins;
}

function placeKey({ timers, processes, stride, machine, cpus }: Place): string {
  return [timers, processes, stride, machine, cpus].join(' ');
}

const KEYS: Readonly<Record<Axis, keyof Place>> = {
  timers: 'timers',
  processes: 'processes',
  strides: 'stride',
  machines: 'machine',
  cpus: 'cpus',
  designs: 'design',
};

/** The medians at both ends of every axis. */
function movesExhibit(
  { grid, cells }: SweepDocument,
  title: string,
  value: (cell: Cell) => number | undefined,
  format: (value: number) => string,
): Exhibit {
  const ends = AXES.filter((axis) => axis !== 'designs').flatMap((axis) => endsOf(grid, axis));
  return {
    title,
    columns: [
      { head: 'Design', align: 'left' },
      ...ends.map(({ axis, end }): Column => ({ group: axis, head: headOf(end) })),
    ],
    rows: grid.designs.map((design) => [
      design,
      ...ends.map(({ axis, end }) => {
        const own = cells.filter((cell) => cell.design === design && cell[KEYS[axis]] === end);
        const middle = median(values(own, value));
        return Number.isNaN(middle) ? '–' : format(middle);
      }),
    ]),
    reading: 'Medians of all cells with that value. Of an axis with more than two values, the first and the last.',
  };
}

/** No wider than a time: as many columns as a grid has axes, twice, stand side by side. */
function headOf(end: number | string): string {
  if (typeof end === 'string') return end.replace(/-(?=[^-]*-[^-]*$)/, '-\n');
  return end < 1e6 ? count(end) : `${mean(end / 1e6)} M`;
}

function endsOf(grid: Grid, axis: Axis): { axis: Axis; end: number | string }[] {
  const all: readonly (number | string)[] = grid[axis];
  return all.length === 1 ? [] : [all[0], all[all.length - 1]].map((end) => ({ axis, end }));
}

function values(cells: readonly Cell[], value: (cell: Cell) => number | undefined): number[] {
  return cells.map(value).filter((number) => number !== undefined);
}

/** The upper median; NaN of nothing. */
function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function time(ns: number): string {
  return Number.isFinite(ns) ? duration(ns / 1e9) : '–';
}
