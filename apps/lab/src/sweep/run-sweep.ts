// runSweep: a sweep or a shard of it, from its journal to its result.
import { dirname } from 'node:path';
import { type Cell, type Grid, placeOf, weightOf } from '@idspace/evaluation';
import { unusable } from '../cli/failure.ts';
import { OutputFile } from '../cli/output-file.ts';
import { readText } from '../cli/read-text.ts';
import type { Shard } from '../cli/shard.ts';
import { cellsOf } from './cells-of.ts';
import { Journal, journalPath, removeJournal } from './journal.ts';
import { runCells } from './run-cells.ts';
import {
  difference,
  documentText,
  headerOf,
  parseDocument,
  type SweepDocument,
  type SweepHeader,
} from './sweep-document.ts';

export interface SweepProgress {
  done: number;
  of: number;
  /** Share of the work, 0…1, by what the cells are estimated to take. */
  work: number;
}

export interface SweepOptions {
  shard: Shard | null;
  jobs: number;
  /** Where the result goes; its journal beside it. Without, there is no journal. */
  path?: string;
  /** Goes on with what a journal or a finished result holds. */
  resume?: boolean;
  onProgress?: (progress: SweepProgress) => void;
  signal?: AbortSignal;
  execArgv?: readonly string[];
}

/** How a run ended. */
export interface SweepOutcome {
  /** Null if the signal came before the end. */
  document: SweepDocument | null;
  done: number;
  of: number;
  /** Cells that were done before this run. */
  resumed: number;
}

/**
 * Runs a sweep.
 *
 * @returns The same document whatever the jobs, interruptions and machines.
 * @throws CommandError (exit code 3) if a file cannot be used or a cell not be evaluated.
 */
export async function runSweep(grid: Grid, options: SweepOptions): Promise<SweepOutcome> {
  const { shard, path, resume = false } = options;
  const header = headerOf(grid, shard);
  const numbers = cellsOf(shard, header.gridCells);
  const finished = path !== undefined && resume ? await finishedResult(path, header) : null;
  if (finished !== null) {
    removeJournal(path!);
    return { document: finished, done: numbers.length, of: numbers.length, resumed: numbers.length };
  }
  const journal = path === undefined ? null : Journal.open(journalPath(path), header, resume);
  const done = new Map(journal?.done);
  const resumed = done.size;
  try {
    await runMissing(numbers, done, grid, journal, options);
  } finally {
    journal?.close();
  }
  if (done.size < numbers.length) return { document: null, done: done.size, of: numbers.length, resumed };
  const document = { ...header, cells: numbers.map((number) => done.get(number)!) };
  if (path !== undefined) {
    await OutputFile.check(path, dirname(path)).write(documentText(document));
    removeJournal(path);
  }
  return { document, done: done.size, of: numbers.length, resumed };
}

/** Evaluates what is not done yet, and adds it. */
async function runMissing(
  numbers: readonly number[],
  done: Map<number, Cell>,
  grid: Grid,
  journal: Journal | null,
  { jobs, onProgress, signal, execArgv }: SweepOptions,
): Promise<void> {
  const weight = (number: number): number => weightOf(placeOf(grid, number), grid.sample);
  const missing = numbers.filter((number) => !done.has(number));
  const total = missing.reduce((sum, number) => sum + weight(number), 0);
  let behind = 0;
  const tell = (): void => onProgress?.({ done: done.size, of: numbers.length, work: behind / total });
  tell();
  await runCells(missing, grid, {
    jobs,
    ...(signal && { signal }),
    ...(execArgv && { execArgv }),
    onCell: (cell) => {
      if (signal?.aborted) return;
      journal?.add(cell);
      done.set(cell.cell, cell);
      behind += weight(cell.cell);
      tell();
    },
  });
}

/** Bytes of a result: far more than a sweep can have. */
const MOST = 2 ** 28;

/** Returns the result that is already there. @throws CommandError if that is another sweep's. */
async function finishedResult(path: string, header: SweepHeader): Promise<SweepDocument | null> {
  const text = await readText(path, path, MOST, 'a result that can be read');
  if (text === null) return null;
  const document = parseDocument(text, path);
  const [got, expected] = difference(document, header) ?? [`shard ${document.shard}`, `shard ${header.shard}`];
  if (got === expected) return document;
  throw unusable(path, `the result of a sweep with ${got}`, expected);
}
