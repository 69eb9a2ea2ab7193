// The program of a worker thread: reads checkpoints and places each on all nodes.
import { workerData } from 'node:worker_threads';
import { serveReads } from '../serve-reads.ts';
import { type PlaceOptions, placeCheckpoint } from './place-checkpoint.ts';

serveReads((checkpoint) => placeCheckpoint(checkpoint, workerData as PlaceOptions));
