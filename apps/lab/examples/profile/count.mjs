// A thread of false-sharing.mjs and padded.mjs.
import { workerData } from 'node:worker_threads';

const { counters, own } = workerData;
for (let i = 0; i < 100_000; i++) {
  counters[own]++;
}
