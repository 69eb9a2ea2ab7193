// What a worker does in the tests: a job on shared words, all workers starting together.
import { parentPort, workerData } from 'node:worker_threads';
import { type Job, LEFT, LOCK, READY, RIGHT } from './job.ts';
import { makeLock } from './kinds.ts';

const { words, owner, workers, rounds, kind, timeoutMs, sleepless } = workerData as Job;
const lock = kind === null ? null : makeLock(kind, words, LOCK, owner);

/** Waits until every worker has come here. */
function meet(): void {
  if (Atomics.add(words, READY, 1) === workers - 1) Atomics.notify(words, READY);
  for (let here = Atomics.load(words, READY); here < workers; here = Atomics.load(words, READY)) {
    Atomics.wait(words, READY, here);
  }
}

/** Adds 1 to two plain counters, one after the other; returns whether they were equal, as they are under a lock. */
function increment(): boolean {
  const left = words[LEFT];
  const right = words[RIGHT];
  words[LEFT] = left + 1;
  words[RIGHT] = right + 1;
  return left === right;
}

meet();
if (sleepless) {
  Atomics.wait = () => {
    throw new TypeError('Atomics.wait cannot be called in this context');
  };
}
let timeouts = 0;
let torn = 0;
for (let round = 0; round < rounds; round++) {
  if (lock !== null && !lock.lock(timeoutMs)) {
    timeouts++;
    continue;
  }
  if (!increment()) torn++;
  lock?.unlock();
}
parentPort?.postMessage({ timeouts, torn });
