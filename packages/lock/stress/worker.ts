// A worker of the stress runs: sections under robust locks, some of which it gives up waiting for.
import { parentPort } from 'node:worker_threads';
import { LockTable } from '@idspace/lock';
import { type Random, random } from '@idspace/testkit';
import { makeLock } from '../test/support/kinds.ts';
import {
  DEAD,
  DONE,
  INHERITED,
  INSIDE,
  type Job,
  KEY_WORDS,
  KEYS,
  LEFT,
  LOCK,
  type LockJob,
  type Outcome,
  RIGHT,
  TABLE,
  type TableJob,
} from './job.ts';

/** The owner of every key, as two words. */
const [LO, HI] = [0x00ea_9a00, 0xffff_8881];

/** What a lock guards, from `at` on; counts what must not be. */
function section(words: Int32Array, at: number, owner: number, taken: true | 'owner-died', rng: Random): number {
  const [left, right, inside, inherited] = [at, at + RIGHT - LEFT, at + INSIDE - LEFT, at + INHERITED - LEFT];
  let violations = 0;
  if (taken === 'owner-died') {
    // The dead owner may have been anywhere in its section: take its step back.
    words[right] = words[left];
    words[inherited]++;
  } else if (words[inside] !== 0 || words[left] !== words[right]) {
    violations++;
  }
  words[inside] = owner;
  words[left]++;
  for (let pause = rng.below(200); pause > 0; pause--) if (words[inside] !== owner) violations++;
  words[right]++;
  words[DONE + owner]++;
  words[inside] = 0;
  return violations;
}

function workOnLock({ words, owner, kind, rounds, seed }: LockJob): Outcome {
  const rng = random(seed);
  const lock = makeLock(kind, words, LOCK, owner, { alive: (other) => Atomics.load(words, DEAD + other) === 0 });
  let violations = 0;
  for (let round = 0; round < rounds; round++) {
    const taken = rng.chance(0.1) ? lock.tryLock() : lock.lock(rng.chance(0.1) ? rng.below(3) : Infinity);
    if (taken === false) continue;
    violations += section(words, LEFT, owner, taken, rng);
    lock.unlock();
  }
  return { attempts: rounds, violations };
}

function workOnTable({ words, owner, slots, keys, isRobust, rounds, seed }: TableJob): Outcome {
  const rng = random(seed);
  const alive = (other: number): boolean => Atomics.load(words, DEAD + other) === 0;
  const table = new LockTable(words, TABLE, slots, owner, isRobust ? { alive } : {});
  let violations = 0;
  const take = (key: number): void => {
    const taken = rng.chance(0.1)
      ? table.tryLock(LO, HI, key)
      : table.lock(LO, HI, key, rng.chance(0.1) ? rng.below(3) : Infinity);
    if (taken === false) return;
    if (table.holder(LO, HI, key) !== owner) violations++;
    violations += section(words, KEYS + KEY_WORDS * key, owner, taken, rng);
    // Two at a time, in the order of their numbers; and others that no other thread has, so that slots change their keys.
    if (key + 1 < keys && rng.chance(0.3)) take(key + 1 + rng.below(keys - key - 1));
    if (rng.chance(0.3)) own(1_000 + owner * 1_000 + rng.below(1_000));
    table.unlock(LO, HI, key);
  };
  const own = (key: number): void => {
    if (table.tryLock(LO, HI, key) !== false) table.unlock(LO, HI, key);
  };
  for (let round = 0; round < rounds; round++) take(rng.below(keys));
  return { attempts: rounds, violations };
}

parentPort!.on('message', (job: Job) => {
  parentPort!.postMessage(job.kind === 'LockTable' ? workOnTable(job) : workOnLock(job));
});
