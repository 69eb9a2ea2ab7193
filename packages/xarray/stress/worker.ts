// What a worker does in a round of the stress run: random calls, recorded; then IDs and a counter as fast as it can.
import { parentPort } from 'node:worker_threads';
import { HANG_MS, HistoryLog, type Random, random } from '@idspace/testkit';
import { SharedXArray } from '@idspace/xarray/shared';
import { COUNTER, FIRST_ID, IDS, type Job, KEYS, type Outcome } from './job.ts';

parentPort?.on('message', (job: Job) => {
  const array = SharedXArray.attach(job.handle, {
    owner: job.owner,
    lockFreeReads: job.lockFreeReads,
    timeoutMs: HANG_MS,
  });
  const rng = random(job.seed);
  record(array, job, rng);
  const outcome = race(array, job, rng);
  array.detach();
  parentPort?.postMessage(outcome);
});

function record(array: SharedXArray, job: Job, rng: Random): void {
  const log = new HistoryLog(job.log, job.clock);
  for (let call = 0; call < job.calls; call++) {
    const key = rng.pick(KEYS);
    // An entry of its own: no other call puts the same.
    const entry = (job.owner << 24) | (call + 1);
    const kind = rng.below(10);
    if (kind < 4) log.record('read', key, 0, 0, () => array.load(key));
    else if (kind < 5) log.record('write', key, entry, 0, () => array.store(key, entry));
    else if (kind < 6) log.record('insert', key, entry, 0, () => Number(array.insert(key, entry)));
    else if (kind < 7) {
      const expected = array.load(key);
      // From 0, an exchange would have to know of reservations, of which there are none here.
      log.record('cmpxchg', key, entry, expected, () => array.cmpxchg(key, expected, entry));
    } else log.record('remove', key, 0, 0, () => array.erase(key));
  }
}

function race(array: SharedXArray, job: Job, rng: Random): Outcome {
  const { tally, owner } = job;
  let twice = 0;
  for (let call = 0; call < job.calls; call++) {
    const cyclic = rng.chance(0.5);
    const last = FIRST_ID + IDS - 1;
    const id = cyclic
      ? array.allocCyclic(owner, rng.between(FIRST_ID, last), FIRST_ID, last)
      : array.alloc(owner, FIRST_ID, last);
    if (id >= 0) {
      if (Atomics.add(tally, id - FIRST_ID, 1) !== 0 || array.load(id) !== owner) twice++;
      Atomics.sub(tally, id - FIRST_ID, 1);
      array.erase(id);
    }
    const seen = array.load(COUNTER);
    if (array.cmpxchg(COUNTER, seen, seen + 1) === seen) Atomics.add(tally, IDS + owner, 1);
  }
  return { unrecorded: 5 * job.calls, twice };
}
