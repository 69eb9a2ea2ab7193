// A worker of the stress run: sections under a robust lock, some of which it gives up waiting for.
import { parentPort } from 'node:worker_threads';
import { random } from '@idspace/testkit';
import { makeLock } from '../test/support/kinds.ts';
import { DEAD, DONE, INHERITED, INSIDE, type Job, LEFT, LOCK, type Outcome, RIGHT } from './job.ts';

function work({ words, owner, kind, rounds, seed }: Job): Outcome {
  const rng = random(seed);
  const lock = makeLock(kind, words, LOCK, owner, { alive: (other) => Atomics.load(words, DEAD + other) === 0 });
  let violations = 0;
  for (let round = 0; round < rounds; round++) {
    const taken = rng.chance(0.1) ? lock.tryLock() : lock.lock(rng.chance(0.1) ? rng.below(3) : Infinity);
    if (taken === false) continue;
    if (taken === 'owner-died') {
      // The dead owner may have been anywhere in its section: take its step back.
      words[RIGHT] = words[LEFT];
      words[INHERITED]++;
    } else if (words[INSIDE] !== 0 || words[LEFT] !== words[RIGHT]) {
      violations++;
    }
    words[INSIDE] = owner;
    words[LEFT]++;
    for (let pause = rng.below(200); pause > 0; pause--) if (words[INSIDE] !== owner) violations++;
    words[RIGHT]++;
    words[DONE + owner]++;
    words[INSIDE] = 0;
    lock.unlock();
  }
  return { attempts: rounds, violations };
}

parentPort!.on('message', (job: Job) => parentPort!.postMessage(work(job)));
