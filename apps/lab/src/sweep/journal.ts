// Journal: the cells of a sweep that are done, a line each, as they are done. It outlives the process in every state.
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Cell } from '@idspace/evaluation';
import { unusable } from '../cli/failure.ts';
import { writeProblem } from '../cli/file-problem.ts';
import { makeFolders } from '../cli/folders.ts';
import { writeAll } from '../cli/write-all.ts';
import { cellsOf } from './cells-of.ts';
import { checkCell, checkHeader, difference, parseJson, type SweepHeader, shardOf } from './sweep-document.ts';

/** Where the journal of a result is. */
export function journalPath(path: string): string {
  return `${path}.journal`;
}

/** Removes the journal of a result that is there. @throws CommandError (exit code 3) if that fails: the result is whole. */
export function removeJournal(result: string): void {
  const path = journalPath(result);
  attempt(path, () => rmSync(path, { force: true }));
}

/**
 * Appends what is done to a file. A line is whole or the last: what a killed process left of it is dropped when it is read.
 */
export class Journal {
  /** The cells that were in it when it was opened, by number. */
  readonly done: ReadonlyMap<number, Cell>;
  private readonly path: string;
  private readonly file: number;

  private constructor(path: string, file: number, done: ReadonlyMap<number, Cell>) {
    this.path = path;
    this.file = file;
    this.done = done;
  }

  /**
   * Opens a journal for one run, and makes it where there is none.
   *
   * @param resume Whether to go on with what is there; else there must be nothing.
   * @throws CommandError (exit code 3) if it is another sweep's, not readable, or there without `resume`.
   */
  static open(path: string, header: SweepHeader, resume: boolean): Journal {
    const text = contents(path);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1); // a line without its end was being written
    const done = readCells(whole, header, path);
    if (done !== null && done.size > 0 && !resume) {
      throw unusable(
        path,
        `${done.size} cells of an interrupted sweep`,
        'none; --resume goes on with them, deleting the file starts over',
      );
    }
    return attempt(path, () => {
      makeFolders(dirname(path));
      const file = openSync(path, 'a');
      truncateSync(path, Buffer.byteLength(whole));
      const journal = new Journal(path, file, done ?? new Map());
      if (done === null) journal.append(header);
      return journal;
    });
  }

  /** Adds a cell. @throws CommandError (exit code 3) if it cannot be written, such as on a full disk. */
  add(cell: Cell): void {
    this.append(cell);
  }

  /** @throws CommandError (exit code 3) if what was added turns out not to be kept, as a network's file system may say so late. */
  close(): void {
    attempt(this.path, () => closeSync(this.file));
  }

  private append(value: object): void {
    attempt(this.path, () => writeAll(this.file, Buffer.from(`${JSON.stringify(value)}\n`)));
  }
}

/** Tells how far the sweep of a journal is; null where there is none that can be read. */
export function journalState(path: string): { done: number; of: number } | null {
  try {
    const text = contents(path);
    const header = checkHeader(JSON.parse(text.slice(0, text.indexOf('\n'))), path);
    return { done: text.split('\n').length - 2, of: cellsOf(shardOf(header), header.gridCells).length };
  } catch {
    return null;
  }
}

/** @returns The cells of a journal, or null if there is nothing in it yet. */
function readCells(text: string, header: SweepHeader, path: string): Map<number, Cell> | null {
  if (text === '') return null;
  const [first, ...lines] = text.slice(0, -1).split('\n');
  const own = checkHeader(parseJson(first, `${path}:1`, 'the head of a journal of idspace sweep'), `${path}:1`);
  const other = difference(own, header);
  const [got, expected] = other ?? [`shard ${own.shard}`, `shard ${header.shard}`];
  if (got !== expected) throw unusable(path, `the journal of a sweep with ${got}`, expected);
  const numbers = new Set(cellsOf(shardOf(header), header.gridCells));
  const cells = new Map<number, Cell>();
  for (const [i, line] of lines.entries()) {
    const place = `${path}:${i + 2}`;
    const cell = parseJson(line, place, 'a cell of idspace sweep') as Cell | null;
    if (!numbers.has(cell?.cell as number)) throw unusable(place, 'no cell of this sweep', 'one');
    checkCell(cell!, header.grid, place);
    cells.set(cell!.cell, cell!);
  }
  return cells;
}

const USABLE = 'a file that can be read and written';

function contents(path: string): string {
  try {
    if (!statSync(path).isFile()) throw Object.assign(new Error(), { code: 'no regular file' });
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw unusable(path, writeProblem(error), USABLE, { cause: error });
  }
}

function attempt<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw unusable(path, writeProblem(error), USABLE, { cause: error });
  }
}
