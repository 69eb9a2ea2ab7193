// Stress of SharedXArray: workers that are killed at random, histories that are checked, round after round.
import { explainRegister, HistoryLog, type Random, type Stress, type StressCounts } from '@idspace/testkit';
import { CrewWorker, crewStress } from '@idspace/testkit/crew';
import { XArray } from '@idspace/xarray';
import { SharedXArray } from '@idspace/xarray/shared';
import { COUNTER, IDS, type Job, KEYS, type Outcome, STAYING } from './job.ts';

const CALLS = 300;

type Crew = CrewWorker<Job, Outcome>[];

/** Plays rounds on small arrays, where keys meet: 2–8 workers, one or two of them killed in every second round. */
export const stress: Stress = crewStress(round);

async function round(rng: Random, crew: Crew, counts: StressCounts, workers: number): Promise<void> {
  const lockFreeReads = rng.chance(0.8);
  const array = new SharedXArray({ alloc: 'from0', capacity: 126 });
  // In every second round leaves stay, and most changes need the lock of one alone.
  if (rng.chance(0.5)) for (const index of STAYING) array.store(index, 1);
  const logs = Array.from({ length: workers }, () => HistoryLog.room(CALLS));
  const tally = new Int32Array(new SharedArrayBuffer((IDS + 65) * 4));
  while (crew.length < workers) crew.push(new CrewWorker(new URL('./worker.ts', import.meta.url)));
  const jobs = logs.map((log, i): Job => {
    const seed = rng.u32();
    return { handle: array.handle, owner: i + 2, lockFreeReads, log, clock: logs[0], calls: CALLS, tally, seed };
  });
  const endings = jobs.map((job, i) => crew[i].run(job));
  const killed = rng.chance(0.5) ? await killSome(rng, crew, workers, array) : 0;
  counts.kills += killed;
  const where = `round ${counts.rounds}, seed ${rng.seed}, ${workers} workers, ${killed} killed, lock-free ${lockFreeReads}`;
  const wrong = (what: string): unknown => counts.violations.push(`${where}: ${what}`);
  for (const ending of await Promise.all(endings)) {
    if ('killed' in ending) continue;
    counts.operations += ending.result.unrecorded;
    if (ending.result.twice > 0) wrong(`${ending.result.twice} IDs given twice`);
  }
  for (const log of logs) counts.operations += log[0];
  counts.histories += checkHistories(array, logs, wrong);
  checkCounter(array, tally, killed, wrong);
  checkSoundness(array, wrong);
}

/** Kills one or two workers wherever they are, and buries them; others take their places in the crew. */
async function killSome(rng: Random, crew: Crew, workers: number, array: SharedXArray): Promise<number> {
  const victims = rng.shuffle(Array.from({ length: workers }, (_, i) => i)).slice(0, rng.between(1, 2));
  for (const victim of victims) {
    await new Promise((resolve) => setTimeout(resolve, rng.below(12)));
    await crew[victim].kill();
    // It may not have attached yet, or have left already.
    array.bury(victim + 2);
    crew[victim] = new CrewWorker(new URL('./worker.ts', import.meta.url));
  }
  return victims.length;
}

/** Explains the history of each key; returns how many there were. */
function checkHistories(array: SharedXArray, logs: Int32Array[], wrong: (what: string) => unknown): number {
  const histories = HistoryLog.byKey(logs);
  for (const [key, history] of histories) {
    const explained = explainRegister(history);
    const held = array.load(key >>> 0);
    if ('violation' in explained) wrong(`index ${key}: nothing explains ${JSON.stringify(explained.violation)}`);
    else if (!explained.values.includes(held)) wrong(`index ${key} is ${held}, expected one of ${explained.values}`);
  }
  return histories.size;
}

/** No update was lost: the counter has every increment, and at most one more for each worker killed before it told. */
function checkCounter(array: SharedXArray, tally: Int32Array, killed: number, wrong: (what: string) => unknown): void {
  const told = tally.subarray(IDS).reduce((sum, made) => sum + made, 0);
  const untold = array.load(COUNTER) - told;
  if (untold < 0 || untold > killed) wrong(`the counter is ${array.load(COUNTER)} after ${told} increments`);
}

/** Every node is as it should be, and empties: XArray.from verifies a snapshot. */
function checkSoundness(array: SharedXArray, wrong: (what: string) => unknown): void {
  try {
    const copy = XArray.from(array.snapshot());
    if (copy.size !== array.size || [...copy].length !== copy.size)
      wrong(`size ${array.size}, entries ${[...copy].length}`);
    for (const [index, entry] of copy) if (array.load(index) !== entry) wrong(`index ${index}: loads another entry`);
    for (const key of KEYS) array.erase(key);
    for (let index = array.find(0); index >= 0; index = array.find(0)) array.erase(index);
    array.snapshot();
  } catch (error) {
    wrong(String(error));
  }
}
