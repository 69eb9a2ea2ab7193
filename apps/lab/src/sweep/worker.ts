// The program of a worker thread: evaluates the cells whose numbers it is sent, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { evaluateCell } from './cell.ts';
import { type Grid, placeOf } from './grid.ts';

const grid = workerData as Grid;
parentPort!.on('message', (cell: number) => {
  parentPort!.postMessage(evaluateCell(cell, placeOf(grid, cell), grid));
});
