// What a worker does in a round of the stress run: takes IDs, looks whether they are its own, gives them back.
import { parentPort } from 'node:worker_threads';
import { SharedIdPool, SharedNextId } from '@idspace/next-id/shared';
import { random } from '@idspace/testkit';
import { type Job, MIN_ID, type Outcome } from './job.ts';

parentPort?.on('message', ({ pool: handle, counter: counting, calls, ids, tally, seed }: Job) => {
  const pool = SharedIdPool.attach(handle);
  const counter = SharedNextId.attach(counting);
  const rng = random(seed);
  const held: number[] = [];
  let twice = 0;
  for (let call = 0; call < calls; call++) {
    // Now more is taken, now more given back: the pool fills up and empties.
    const id = rng.chance(call % 1000 < 500 ? 0.6 : 0.4) ? pool.allocate() : -1;
    if (id >= 0) {
      if (Atomics.add(tally, id - MIN_ID, 1) !== 0) twice++;
      held.push(id);
    } else if (held.length > 0) {
      const back = held.splice(rng.below(held.length), 1)[0];
      Atomics.sub(tally, back - MIN_ID, 1);
      if (!pool.free(back)) twice++;
    }
    const counted = counter.take();
    if ((Atomics.or(tally, ids + (counted >>> 5), 1 << counted) & (1 << counted)) !== 0) twice++;
  }
  for (const id of held) {
    Atomics.sub(tally, id - MIN_ID, 1);
    pool.free(id);
  }
  const outcome: Outcome = { calls: 2 * calls, twice };
  parentPort?.postMessage(outcome);
});
