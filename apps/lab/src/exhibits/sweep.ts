// The tables of a sweep: the designs over all cells, and what moves each.
import type { Cell } from '../sweep/cell.ts';
import { AXES, type Axis, type Grid, type Place } from '../sweep/grid.ts';
import type { SweepDocument } from '../sweep/sweep-document.ts';
import { count, counted, duration, mean } from '../text/number.ts';
import { generationsNote } from './designs.ts';
import type { Column, Exhibit } from './exhibit.ts';

/** Says what was swept: '384 cells: 3 timers × 2 processes × …'. */
export function sweepLine({ grid, gridCells, shard, cells }: SweepDocument): string {
  const axes = AXES.map((axis) => `${grid[axis].length} ${axis}`).join(' × ');
  const part = shard === null ? '' : `Shard ${shard}: ${count(cells.length)} of `;
  return `${part}${counted(gridCells, 'cell')}: ${axes}; seed ${grid.seed}, at most ${counted(grid.sample, 'operation')} of each phase recorded.`;
}

/** Makes the tables of a whole sweep, in the order in which they are read. */
export function sweepExhibits(document: SweepDocument): Exhibit[] {
  return [
    designsExhibit(document),
    movesExhibit(document, 'What moves the time of a lookup', lookupNs, (ns) => duration(ns / 1e9)),
    movesExhibit(document, 'What moves the bytes per timer', (cell) => cell.bytesPerTimer, mean),
  ];
}

const lookupNs = (cell: Cell): number | undefined => cell.lookup?.nsPerOp;

function designsExhibit({ grid, cells }: SweepDocument): Exhibit {
  const fastest = winners(cells, lookupNs);
  const leanest = winners(cells, ({ bytesPerTimer }) => bytesPerTimer);
  const groups = cells.length / grid.designs.length;
  return {
    title: 'The designs, over all cells',
    columns: [
      { head: 'Design', align: 'left' },
      { group: 'restore', head: 'lines' },
      { group: 'restore', head: 'time' },
      { group: 'lookup', head: 'lines' },
      { group: 'lookup', head: 'time' },
      { group: 'lookup', head: 'worst' },
      { group: 'lookup', head: 'best in' },
      { group: 'bytes', head: 'of one' },
      { group: 'bytes', head: 'worst' },
      { group: 'bytes', head: 'best in' },
      { head: 'refuse\nIDs in' },
    ],
    rows: grid.designs.map((design) => {
      const own = cells.filter((cell) => cell.design === design);
      const ns = values(own, lookupNs);
      const bytes = values(own, ({ bytesPerTimer }) => bytesPerTimer);
      return [
        design,
        mean(median(values(own, ({ restore }) => restore?.linesTouched))),
        time(median(values(own, ({ restore }) => restore?.nsPerOp))),
        mean(median(values(own, ({ lookup }) => lookup?.linesTouched))),
        time(median(ns)),
        time(Math.max(...ns)),
        count(fastest.get(design) ?? 0),
        mean(median(bytes)),
        mean(Math.max(...bytes)),
        count(leanest.get(design) ?? 0),
        count(own.filter(({ refused }) => refused > 0).length),
      ];
    }),
    reading: `Medians. lines: cache lines touched; times are the machine model's; bytes are those of a timer with its share of the table. best in: of ${counted(groups, 'place')} that differ in anything but the design, where no other does better (within 0.1 %); a design that refuses IDs there does not count.${generationsNote(grid.designs.map((design) => ({ design })))}`,
  };
}

/** Counts by design in how many places it has the least of something. */
function winners(cells: readonly Cell[], value: (cell: Cell) => number | undefined): Map<string, number> {
  const best = new Map<string, number>();
  const running = cells.filter((cell) => cell.refused === 0 && value(cell) !== undefined);
  for (const cell of running) {
    const place = placeKey(cell);
    best.set(place, Math.min(best.get(place) ?? Number.POSITIVE_INFINITY, value(cell)!));
  }
  const wins = new Map<string, number>();
  for (const cell of running) {
    if (value(cell)! <= best.get(placeKey(cell))! * 1.001) wins.set(cell.design, (wins.get(cell.design) ?? 0) + 1);
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
      ...ends.map(({ axis, end }): Column => ({ group: axis, head: typeof end === 'number' ? count(end) : end })),
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
