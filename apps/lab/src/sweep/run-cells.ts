// runCells: spreads cells over worker threads. Each takes the next when it is done with one.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Cell } from '@idspace/evaluation';
import { type Grid, placeOf } from '@idspace/evaluation';
import { nodeFlagsFor } from '@idspace/live-kernel';
import { CommandError } from '../cli/failure.ts';
import { moduleUrl } from '../installed.ts';

const WORKER = fileURLToPath(moduleUrl('sweep/worker'));

export interface CellsOptions {
  jobs: number;
  /** Called with each cell when it is done, in any order; what it throws ends the run. */
  onCell: (cell: Cell) => void;
  /** Ends the run: cells in work are lost. */
  signal?: AbortSignal;
  /** Flags for Node.js. Default: those that the worker needs. */
  execArgv?: readonly string[];
}

/**
 * Evaluates cells of a grid.
 *
 * @param cells Their numbers, taken in this order.
 * @returns When all are done, or the signal has come.
 * @throws CommandError (exit code 3) naming the cell if its evaluation fails, such as without memory; what `onCell` throws.
 */
export async function runCells(
  cells: readonly number[],
  grid: Grid,
  { jobs, onCell, signal, execArgv = nodeFlagsFor(WORKER) }: CellsOptions,
): Promise<void> {
  const queue = cells.values();
  const workers = Array.from({ length: Math.min(jobs, cells.length) }, () => {
    return new Worker(WORKER, { workerData: grid, execArgv: [...execArgv] });
  });
  try {
    await Promise.all(workers.map((worker) => work(worker, queue, grid, onCell, signal)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function work(
  worker: Worker,
  queue: Iterator<number, undefined>,
  grid: Grid,
  onCell: (cell: Cell) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: number | undefined;
    const next = (): void => {
      const { value } = queue.next();
      current = value;
      if (current === undefined || signal?.aborted) resolve();
      else worker.postMessage(current);
    };
    const failed = (why: string, cause?: unknown): void => {
      const { timers, processes, stride, machine, cpus, design } = placeOf(grid, current ?? 0);
      const flags = `--timers ${timers} --processes ${processes} --strides ${stride} --machines ${machine} --cpus ${cpus} --designs ${design}`;
      reject(new CommandError('input', `cell ${current} (${flags}): ${why}`, { cause }));
    };
    signal?.addEventListener('abort', () => resolve(), { once: true });
    worker.on('message', (cell: Cell) => {
      try {
        onCell(cell);
        next();
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', (error) => failed(error.message, error));
    worker.on('exit', (code) => failed(`the worker thread ended with exit code ${code}`));
    next();
  });
}
