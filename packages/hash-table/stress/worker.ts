// What a worker does in a round of the stress run: random calls, recorded; then the same as fast as it can.
import { parentPort } from 'node:worker_threads';
import { SharedHashTable } from '@idspace/hash-table/shared';
import { HANG_MS, HistoryLog, type Random, random } from '@idspace/testkit';
import { type Job, type Outcome, OWNER_WORDS, RACE_IDS, RACE_KEYS } from './job.ts';

const [LO, HI] = OWNER_WORDS;

parentPort?.on('message', (job: Job) => {
  const table = SharedHashTable.attach(job.handle, {
    owner: job.owner,
    lockFreeReads: job.lockFreeReads,
    timeoutMs: HANG_MS,
  });
  const rng = random(job.seed);
  record(table, job, rng);
  const outcome = race(table, job, rng);
  table.detach();
  parentPort?.postMessage(outcome);
});

function record(table: SharedHashTable, job: Job, rng: Random): void {
  const log = new HistoryLog(job.log, job.clock);
  for (let call = 0; call < job.calls; call++) {
    const key = rng.below(job.keys);
    const kind = rng.below(10);
    // A handle of its own: no other call puts the same.
    const handle = (job.owner << 24) | (call + 1);
    if (kind < 3) log.record('read', key, 0, 0, () => table.find(LO, HI, key));
    else if (kind < 6) log.record('insert', key, handle, 0, () => Number(table.insert(LO, HI, key, handle)));
    else if (kind < 7) log.record('replace', key, handle, 0, () => table.replace(LO, HI, key, handle));
    else if (kind < 8) {
      const expected = table.find(LO, HI, key);
      if (expected === 0) continue;
      log.record('cmpxchg', key, handle, expected, () => table.compareExchange(LO, HI, key, expected, handle));
    } else log.record('remove', key, 0, 0, () => table.remove(LO, HI, key));
  }
}

function race(table: SharedHashTable, job: Job, rng: Random): Outcome {
  let torn = 0;
  const unrecorded = 20 * job.calls;
  for (let call = 0; call < unrecorded; call++) {
    const key = RACE_IDS + rng.below(RACE_KEYS);
    const kind = call % 4;
    if (kind === 0 && (call & 32) === 0) table.insert(LO, HI, key, key * 64 + (call & 63));
    else if (kind === 0) table.replace(LO, HI, key, key * 64 + (call & 63));
    else {
      const handle = kind === 1 ? table.remove(LO, HI, key) : table.find(LO, HI, key);
      if (handle !== 0 && handle >>> 6 !== key) torn++;
    }
  }
  return { unrecorded, torn };
}
