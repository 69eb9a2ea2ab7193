// Grid: what a sweep goes over. Cell number n is a pure function of the grid, so workers are sent only numbers.
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import type { LookupOrder } from '../evaluate/evaluation.ts';
import { LOOKUP_ORDERS, MAX_CPUS, MAX_PROCESSES, MAX_SEED } from '../evaluate/limits.ts';
import { HARDWARE_NAMES } from '../hardware/presets.ts';
import { INT_MAX } from '../int-max.ts';
import { isWhole, refusal, valueText, whole } from '../refusal.ts';

/** Timers of a cell, over all its processes, at most: those of a tree take 1 GB at a stride of 64 or more. */
export const MAX_CELL_TIMERS: number = 2 ** 20;
/** The most cells of a grid. */
export const MAX_CELLS = 100_000;
/** Operations of each phase of a cell that are recorded, at most. */
export const MAX_SAMPLE = 20_000;

/** The values of each axis, each value once, and what is the same for all cells. */
export interface Grid {
  /** Of each process. */
  timers: readonly number[];
  processes: readonly number[];
  /** From one ID of a process to the next. */
  strides: readonly number[];
  designs: readonly DesignName[];
  cpus: readonly number[];
  machines: readonly string[];
  /** Orders in which all timers are looked up, in every cell; creation order is counted in any case. Absent: all of them. */
  orders?: readonly LookupOrder[];
  seed: number;
  sample: number;
}

/** The axes, slowest first: the cells that differ in the last one only are neighbours. */
export const AXES = ['timers', 'processes', 'strides', 'machines', 'cpus', 'designs'] as const;
/** The name of an axis. */
export type Axis = (typeof AXES)[number];

/** Where a cell is: its flags. */
export interface Place {
  timers: number;
  processes: number;
  stride: number;
  machine: string;
  cpus: number;
  design: DesignName;
}

/** What a sweep goes over if it is told nothing. */
export const DEFAULT_GRID: Grid = {
  timers: [100, 1000, 20_000],
  processes: [1, 8],
  strides: [1, 512],
  designs: DESIGNS,
  cpus: [2, 64],
  machines: HARDWARE_NAMES,
  seed: 1,
  sample: 500,
};

/** Whether lookups in random order are counted, too. */
export function countsRandom({ orders }: Pick<Grid, 'orders'>): boolean {
  return (orders ?? LOOKUP_ORDERS).includes('random');
}

/** Returns the number of cells. */
export function cellCount(grid: Grid): number {
  return AXES.reduce((product, axis) => product * grid[axis].length, 1);
}

/** Returns the flags of a cell. @param cell 0…cellCount−1. */
export function placeOf(grid: Grid, cell: number): Place {
  let rest = cell;
  const take = <Value>(values: readonly Value[]): Value => {
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return value;
  };
  const design = take(grid.designs);
  const cpus = take(grid.cpus);
  const machine = take(grid.machines);
  const stride = take(grid.strides);
  const processes = take(grid.processes);
  return { timers: take(grid.timers), processes, stride, machine, cpus, design };
}

/**
 * Checks a grid, wherever it comes from.
 *
 * @returns Its axes, seed and sample, and nothing else that may have been with them.
 * @throws RangeError naming the axis, what was got and what is accepted.
 */
export function checkGrid(grid: Grid): Grid {
  numbers('timers', grid.timers, MAX_CELL_TIMERS);
  numbers('processes', grid.processes, MAX_PROCESSES);
  numbers('strides', grid.strides, INT_MAX);
  numbers('cpus', grid.cpus, MAX_CPUS);
  values('designs', grid.designs, (name) => DESIGNS.includes(name as DesignName), `one of ${DESIGNS.join(', ')}`);
  const machines = `one of ${HARDWARE_NAMES.join(', ')}`;
  values('machines', grid.machines, (name) => HARDWARE_NAMES.includes(name as string), machines);
  const orders = `one of ${LOOKUP_ORDERS.join(', ')}`;
  if (grid.orders !== undefined)
    values('orders', grid.orders, (name) => LOOKUP_ORDERS.includes(name as LookupOrder), orders);
  whole('seed', grid.seed, 0, MAX_SEED);
  whole('sample', grid.sample, 1, MAX_SAMPLE);
  const { designs, cpus, seed, sample } = grid;
  const own = {
    timers: grid.timers,
    processes: grid.processes,
    strides: grid.strides,
    designs,
    cpus,
    machines: grid.machines,
    ...(grid.orders && { orders: grid.orders }),
    seed,
    sample,
  };
  const cells = cellCount(own);
  if (cells > MAX_CELLS) throw refusal(AXES.join(' × '), `${cells} cells`, `at most ${MAX_CELLS}`);
  const [timers, processes, stride] = [grid.timers, grid.processes, grid.strides].map((list) =>
    list.reduce((a, b) => Math.max(a, b)),
  );
  if (timers * processes > MAX_CELL_TIMERS) {
    const got = `${timers} × ${processes} = ${timers * processes} in a cell`;
    throw refusal('timers × processes', got, `at most ${MAX_CELL_TIMERS}`);
  }
  const highest = (timers - 1) * stride;
  if (highest > INT_MAX) {
    const got = `${timers} timers ${stride} apart, the last at ${highest}`;
    throw refusal('timers × strides', got, `an ID of at most INT_MAX, ${INT_MAX}`);
  }
  return own;
}

function numbers(axis: Axis, list: unknown, max: number): void {
  const accepted = (value: unknown): boolean => isWhole(value, 1, max);
  values(axis, list, accepted, `whole numbers, 1…${max}`);
}

function values(axis: Axis | 'orders', list: unknown, accepted: (value: unknown) => boolean, expected: string): void {
  if (!Array.isArray(list) || list.length === 0) throw refusal(axis, 'none', expected);
  if (list.length > MAX_CELLS) throw refusal(axis, `${list.length} values`, `at most ${MAX_CELLS}`);
  const wrong = list.find((value) => !accepted(value));
  if (wrong !== undefined) throw refusal(axis, valueText(wrong), expected);
  if (new Set(list).size < list.length) throw refusal(axis, 'a value twice', 'each once');
}
