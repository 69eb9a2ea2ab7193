// Stress of the robust locks: workers that are killed wherever they are, in the section, waiting, asleep, or between
// freeing the word and waking a sleeper; the others must go on, one at a time, and inherit each death at most once.
import { HANG_MS, type Random, type Stress, type StressCounts } from '@idspace/testkit';
import { CrewWorker, crewStress } from '@idspace/testkit/crew';
import { type Kind, kinds, makeLock } from '../test/support/kinds.ts';
import { DEAD, DONE, INHERITED, INSIDE, type Job, LEFT, LOCK, type Outcome, RIGHT, WORDS } from './job.ts';
import { tableRound } from './table-round.ts';

const ROUNDS = 2_000;

type Crew = CrewWorker<Job, Outcome>[];

/** Plays rounds on one lock and on a table of them, in turn: 2–8 workers, up to half of them killed in three rounds of four. */
export const stress: Stress = crewStress((rng, crew: Crew, counts, workers) =>
  counts.rounds % 2 === 0 ? lockRound(rng, crew, counts, workers) : tableRound(rng, crew, newWorker, counts, workers),
);

async function lockRound(rng: Random, crew: Crew, counts: StressCounts, workers: number): Promise<void> {
  const kind = kinds[(counts.rounds >> 1) % kinds.length];
  const where = `round ${counts.rounds}, seed ${rng.seed}, ${workers} workers, ${kind}`;
  const words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
  while (crew.length < workers) crew.push(newWorker());
  const endings = Array.from({ length: workers }, (_, i) =>
    crew[i].run({ words, owner: i + 1, kind, rounds: ROUNDS, seed: rng.u32() }),
  );
  const kills = rng.chance(0.75) ? await killSome(rng, crew, workers, words) : 0;
  const outcomes = await Promise.race([Promise.all(endings), patience()]);
  if (outcomes === null) {
    counts.violations.push(`${where}: no end; the word is ${words[LOCK]}`);
    return;
  }
  counts.kills += kills;
  for (const ending of outcomes) {
    if ('killed' in ending) continue;
    counts.operations += ending.result.attempts;
    if (ending.result.violations > 0) counts.violations.push(`${where}: ${ending.result.violations} broken sections`);
  }
  check(words, kind, kills, (what) => counts.violations.push(`${where}: ${what}`));
}

function newWorker(): CrewWorker<Job, Outcome> {
  return new CrewWorker(new URL('./worker.ts', import.meta.url));
}

/** Kills workers at random moments and says so only after they have ended; others take their places in the crew. */
async function killSome(rng: Random, crew: Crew, workers: number, words: Int32Array): Promise<number> {
  const victims = rng.shuffle(Array.from({ length: workers }, (_, i) => i)).slice(0, rng.between(1, workers >> 1));
  for (const victim of victims) {
    await new Promise((resolve) => setTimeout(resolve, rng.below(6)));
    await crew[victim].kill();
    Atomics.store(words, DEAD + victim + 1, 1);
    crew[victim] = newWorker();
  }
  return victims.length;
}

/** The lock can be taken, and its guarded words add up. */
function check(words: Int32Array, kind: Kind, kills: number, wrong: (what: string) => void): void {
  const last = makeLock(kind, words, LOCK, 20, { alive: (owner) => words[DEAD + owner] === 0 });
  const taken = last.tryLock();
  if (taken === false) wrong(`the lock stays with owner ${words[LOCK] & 0x7fff_ffff}`);
  const inherited = words[INHERITED] + (taken === 'owner-died' ? 1 : 0);
  if (inherited > kills) wrong(`${inherited} legacies of ${kills} deaths`);
  if (taken === true && words[INSIDE] !== 0) wrong(`owner ${words[INSIDE]} still inside a free lock`);
  if (taken === true && words[LEFT] !== words[RIGHT]) wrong(`the counters are ${words[LEFT]} and ${words[RIGHT]}`);
  // A section whose owner died in it counts on the left alone.
  const done = words.subarray(DONE, WORDS).reduce((sum, count) => sum + count, 0);
  if (words[LEFT] < done || words[LEFT] > done + inherited) {
    wrong(`${words[LEFT]} sections begun, ${done} finished, ${inherited} inherited`);
  }
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, HANG_MS, null).unref());
}
