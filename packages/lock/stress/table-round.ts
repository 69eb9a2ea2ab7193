// A round of the stress run on a LockTable: workers that are killed in the guard, in sections of one or more keys, waiting or
// asleep. Takers that ask who lives inherit from the dead; where they do not ask, the dead are buried, and their numbers come
// again while others still wait.
import { LockTable } from '@idspace/lock';
import { HANG_MS, type Random, type StressCounts } from '@idspace/testkit';
import type { CrewWorker } from '@idspace/testkit/crew';
import { DEAD, DONE, type Job, KEY_WORDS, KEYS, MOST_KEYS, type Outcome, TABLE, type TableJob, WORDS } from './job.ts';

const ROUNDS = 1_000;
/** More than can be held and left by the dead in a round: so that no death is forgotten for want of slots. */
const SLOTS = 128;
/** The number of this thread. */
const UNDERTAKER = 20;
const [LO, HI] = [0x00ea_9a00, 0xffff_8881];

type Crew = CrewWorker<Job, Outcome>[];

export async function tableRound(
  rng: Random,
  crew: Crew,
  newWorker: () => Crew[0],
  counts: StressCounts,
  workers: number,
): Promise<void> {
  const keys = rng.between(1, MOST_KEYS);
  const isRobust = rng.chance(0.5);
  const where = `round ${counts.rounds}, seed ${rng.seed}, ${workers} workers, LockTable of ${keys} keys, robust ${isRobust}`;
  const wrong = (what: string): unknown => counts.violations.push(`${where}: ${what}`);
  const words = new Int32Array(new SharedArrayBuffer((TABLE + LockTable.wordsFor(SLOTS)) * 4));
  const table = new LockTable(words, TABLE, SLOTS, UNDERTAKER);
  while (crew.length < workers) crew.push(newWorker());
  const run = (i: number): ReturnType<Crew[0]['run']> => {
    const job: TableJob = {
      words,
      owner: i + 1,
      kind: 'LockTable',
      slots: SLOTS,
      keys,
      isRobust,
      rounds: ROUNDS,
      seed: rng.u32(),
    };
    return crew[i].run(job);
  };
  const endings = Array.from({ length: workers }, (_, i) => run(i));
  const victims = rng.chance(0.75) ? rng.shuffle([...endings.keys()]).slice(0, rng.between(1, workers >> 1)) : [];
  for (const victim of victims) {
    await new Promise((resolve) => setTimeout(resolve, rng.below(8)));
    await crew[victim].kill();
    crew[victim] = newWorker();
    if (isRobust) Atomics.store(words, DEAD + victim + 1, 1);
    else {
      table.bury(victim + 1);
      // The number comes again: nothing is held under it any more.
      endings.push(run(victim));
    }
  }
  const outcomes = await Promise.race([Promise.all(endings), patience()]);
  if (outcomes === null) return void wrong(`no end; the guard is held by ${table.guardHolder}`);
  counts.kills += victims.length;
  for (const ending of outcomes) {
    if ('killed' in ending) continue;
    counts.operations += ending.result.attempts;
    if (ending.result.violations > 0) wrong(`${ending.result.violations} broken sections`);
  }
  check(words, keys, victims.length, isRobust, wrong);
}

/** Every key can be locked, whatever was left is told of, and what the keys guard adds up. */
function check(
  words: Int32Array,
  keys: number,
  kills: number,
  isRobust: boolean,
  wrong: (what: string) => unknown,
): void {
  const alive = (owner: number): boolean => words[DEAD + owner] === 0;
  const table = new LockTable(words, TABLE, SLOTS, UNDERTAKER, isRobust ? { alive } : {});
  let begun = 0;
  let inherited = 0;
  for (let key = 0; key < keys; key++) {
    const [left, right, inside, told] = words.subarray(KEYS + KEY_WORDS * key);
    const taken = table.tryLock(LO, HI, key);
    if (taken === false)
      wrong(`key ${key} stays with owner ${table.holder(LO, HI, key)}, the guard with ${table.guardHolder}`);
    if (taken === true && inside !== 0) wrong(`owner ${inside} still inside key ${key}, which is free`);
    if (taken === true && left !== right) wrong(`the counters of key ${key} are ${left} and ${right}`);
    begun += left;
    inherited += told + (taken === 'owner-died' ? 1 : 0);
  }
  // A thread that dies holds one key in whose section it is, and others that it has left: all of them are told of.
  if (kills === 0 && inherited > 0) wrong(`${inherited} legacies without a death`);
  const done = words.subarray(DONE, WORDS).reduce((sum, count) => sum + count, 0);
  if (begun < done || begun > done + kills) wrong(`${begun} sections begun, ${done} finished, ${kills} killed`);
  if (table.guardHolder !== 0) wrong(`the guard stays with ${table.guardHolder}`);
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, HANG_MS, null).unref());
}
