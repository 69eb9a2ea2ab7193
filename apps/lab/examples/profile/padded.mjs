// Two threads count, each in a number of its own, on a cache line of its own: 16 numbers of 4 bytes.
import { Worker } from 'node:worker_threads';

const counters = new Int32Array(new SharedArrayBuffer(128));
for (const own of [0, 16]) new Worker(new URL('count.mjs', import.meta.url), { workerData: { counters, own } });
