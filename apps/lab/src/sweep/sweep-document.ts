// SweepDocument: the result of a sweep or of a shard of it, as a file. One JSON document with a cell on each line: the same
// input, the same bytes.
import {
  AXES,
  type Axis,
  CELL_COSTS,
  type Cell,
  cellCount,
  checkGrid,
  countsRandom,
  type Grid,
  LOOKUP_ORDERS,
  type Place,
  placeOf,
  valueText,
} from '@idspace/evaluation';
import { CommandError, unusable } from '../cli/failure.ts';
import { parseShard, type Shard, shardName } from '../cli/shard.ts';
import { version } from '../installed.ts';
import { cellsOf } from './cells-of.ts';

/** What is swept, and which part of it. */
export interface SweepHeader {
  /** Version of the program: another one may count differently. */
  idspace: string;
  grid: Grid;
  /** Cells of the whole grid. */
  gridCells: number;
  /** 'I/N'; null for the whole. */
  shard: string | null;
}

export interface SweepDocument extends SweepHeader {
  /** Ascending. */
  cells: Cell[];
}

/** Makes the header of a run. */
export function headerOf(grid: Grid, shard: Shard | null): SweepHeader {
  return { idspace: version(), grid, gridCells: cellCount(grid), shard: shard === null ? null : shardName(shard) };
}

/** Returns the shard of a header. */
export function shardOf({ shard }: SweepHeader): Shard | null {
  return shard === null ? null : parseShard(shard);
}

/** Writes a document out, a piece for the head and one for each cell. */
export function* documentText({ cells, ...header }: SweepDocument): Generator<string> {
  yield `${JSON.stringify(header).slice(0, -1)},"cells":[`;
  for (const [i, cell] of cells.entries()) yield `${i === 0 ? '' : ','}\n${JSON.stringify(cell)}`;
  yield '\n]}\n';
}

/**
 * Reads a document that a run has finished.
 *
 * @param name Names the file in errors.
 * @throws CommandError (exit code 3) if it is none, or not whole.
 */
export function parseDocument(text: string, name: string): SweepDocument {
  return checkSweep(parseJson(text, name, 'the result of idspace sweep'), name);
}

/** Checks a document that was read as JSON. @throws CommandError as {@link parseDocument}. */
export function checkSweep(value: unknown, name: string): SweepDocument {
  const header = checkHeader(value, name);
  const { cells } = value as { cells?: unknown };
  const numbers = cellsOf(shardOf(header), header.gridCells);
  if (!Array.isArray(cells)) throw unusable(name, 'no cells', 'the result of idspace sweep');
  for (const [i, number] of numbers.entries()) {
    if (i >= cells.length)
      throw unusable(name, `${cells.length} cells`, `${numbers.length}: cell ${number} is missing`);
    if (cells[i]?.cell !== number)
      throw unusable(name, `cell ${valueText(cells[i]?.cell)} in place ${i}`, `cell ${number}`);
    checkCell(cells[i], header.grid, name);
  }
  if (cells.length > numbers.length) throw unusable(name, `${cells.length} cells`, `${numbers.length}`);
  return { ...header, cells };
}

/** Checks what a header says. @param name As above. */
export function checkHeader(value: unknown, name: string): SweepHeader {
  const { idspace, grid, gridCells, shard } = (value ?? {}) as Partial<SweepHeader>;
  if (typeof idspace !== 'string' || typeof grid !== 'object' || grid === null) {
    throw unusable(name, 'something else', 'the result of idspace sweep');
  }
  if (!VERSION.test(idspace)) throw unusable(name, `version ${valueText(idspace)}`, 'one such as 1.2.3');
  try {
    const own = checkGrid(grid);
    const cells = cellCount(own);
    if (gridCells !== cells) throw new RangeError(`gridCells: got ${valueText(gridCells)}, expected ${cells}`);
    if (shard !== null && typeof shard !== 'string')
      throw new RangeError(`shard: got ${valueText(shard)}, expected I/N or null`);
    return { idspace, grid: own, gridCells, shard: shard === null ? null : shardName(parseShard(shard)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError('input', `${name}: ${error.message}`, { cause: error });
  }
}

const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}(-[\w.-]{1,40})?$/;

const PLACE: readonly (keyof Place)[] = ['timers', 'processes', 'stride', 'machine', 'cpus', 'design'];
const NUMBERS: readonly (keyof Cell)[] = [
  'recorded',
  'refused',
  'highestId',
  'bytesPerTimer',
  'danceSeconds',
  'byIdSeconds',
];

/** What every cell of a grid has costs of. */
function phasesOf(grid: Grid): ('restore' | 'lookup' | 'lookupRandom' | 'delete')[] {
  return ['restore', 'lookup', ...(countsRandom(grid) ? ['lookupRandom' as const] : []), 'delete'];
}

/** Checks a cell, whose number is in the grid, against it: its place, what is read of it, and that all else are numbers. */
export function checkCell(cell: Cell, grid: Grid, name: string): void {
  const place = placeOf(grid, cell.cell);
  const of = `${name}, cell ${cell.cell}`;
  for (const key of PLACE) {
    if (cell[key] !== place[key]) throw unusable(of, `${key} ${valueText(cell[key])}`, `${key} ${place[key]}`);
  }
  const wrong =
    NUMBERS.find((key) => !Number.isFinite(cell[key])) ??
    phasesOf(grid).find((key) => {
      return cell[key] !== null && !CELL_COSTS.every((cost) => Number.isFinite(cell[key]?.[cost]));
    }) ??
    Object.keys(cell).find((key) => !(PLACE as readonly string[]).includes(key) && !isNumbers(cell[key as keyof Cell]));
  if (wrong !== undefined) throw unusable(of, `no usable ${wrong}`, 'what idspace sweep writes');
}

/** Says in what two headers differ, except for the shard: what the first has, and the second; null if in nothing. */
export function difference(a: SweepHeader, b: SweepHeader): readonly [of: string, than: string] | null {
  const sides = [a, b].map((header) => ({ idspace: header.idspace, ...header.grid }));
  for (const key of ['idspace', ...AXES, 'orders', 'seed', 'sample'] as const) {
    const [one, other] = sides.map(
      (side) => `${key === 'idspace' ? key : `--${key === 'orders' ? 'order' : key}`} ${shown(side[key])}`,
    );
    if (one !== other) return [one, other];
  }
  return null;
}

/** A number, none, or several by name. */
function isNumbers(value: unknown): boolean {
  if (value === null || Number.isFinite(value)) return true;
  return typeof value === 'object' && Object.values(value).every((one) => Number.isFinite(one));
}

function shown(value: string | number | Grid[Axis | 'orders']): string {
  return String(value ?? LOOKUP_ORDERS);
}

/** Parses JSON. */
export function parseJson(text: string, name: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(name, `no JSON (${(error as Error).message})`, expected, {
      cause: error,
    });
  }
}
