// The program of a worker thread: evaluates the cells whose numbers it is sent, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { evaluateCell, type Grid, placeOf } from '@idspace/evaluation';

const grid = workerData as Grid;
parentPort!.on('message', (cell: number) => {
  parentPort!.postMessage(evaluateCell(cell, placeOf(grid, cell), grid));
});
