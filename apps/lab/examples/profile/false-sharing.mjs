// Two threads count, each in a number of its own. But both numbers are on one cache line.
import { Worker } from 'node:worker_threads';

const counters = new Int32Array(new SharedArrayBuffer(128));
for (const own of [0, 1]) new Worker(new URL('count.mjs', import.meta.url), { workerData: { counters, own } });
