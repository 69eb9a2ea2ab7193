// Stress of SharedHashTable: workers that are killed at random, histories that are checked, round after round.
import { SharedHashTable } from '@idspace/hash-table/shared';
import { explainRegister, HistoryLog, type Random, type Stress, type StressCounts } from '@idspace/testkit';
import { CrewWorker, crewStress } from '@idspace/testkit/crew';
import { type Job, type Outcome, OWNER_WORDS, RACE_IDS, RACE_KEYS } from './job.ts';

const [LO, HI] = OWNER_WORDS;
const CALLS = 300;
const KEYS = 12;
const LOCKINGS = ['global', 'striped', 'bucket'] as const;

/** Plays rounds on small tables, where keys meet: 2–8 workers, one or two of them killed in every second round. */
export const stress: Stress = crewStress(round);

type Crew = CrewWorker<Job, Outcome>[];

async function round(rng: Random, crew: Crew, counts: StressCounts, workers: number): Promise<void> {
  const locking = rng.pick(LOCKINGS);
  const lockFreeReads = rng.chance(0.8);
  const capacity = KEYS + RACE_KEYS + rng.below(100);
  const table = new SharedHashTable({ buckets: 2 ** rng.below(4), capacity, locking });
  const logs = Array.from({ length: workers }, () => HistoryLog.room(CALLS));
  while (crew.length < workers) crew.push(new CrewWorker(new URL('./worker.ts', import.meta.url)));
  const jobs = logs.map((log, i): Job => {
    const seed = rng.u32();
    const { handle } = table;
    return { handle, owner: i + 2, lockFreeReads, log, clock: logs[0], calls: CALLS, keys: KEYS, seed };
  });
  const endings = jobs.map((job, i) => crew[i].run(job));
  if (rng.chance(0.5)) await killSome(rng, crew, workers, table, counts);
  const where = `round ${counts.rounds}, seed ${rng.seed}, ${workers} workers, ${locking}, lock-free ${lockFreeReads}`;
  for (const ending of await Promise.all(endings)) {
    if ('killed' in ending) continue;
    counts.operations += ending.result.unrecorded;
    if (ending.result.torn > 0) counts.violations.push(`${where}: ${ending.result.torn} torn reads`);
  }
  for (const log of logs) counts.operations += log[0];
  check(table, logs, counts, where);
}

/** Kills one or two workers wherever they are, and buries them; others take their places in the crew. */
async function killSome(
  rng: Random,
  crew: Crew,
  workers: number,
  table: SharedHashTable,
  counts: StressCounts,
): Promise<void> {
  const victims = rng.shuffle(Array.from({ length: workers }, (_, i) => i));
  for (const victim of victims.slice(0, rng.between(1, 2))) {
    await new Promise((resolve) => setTimeout(resolve, rng.below(8)));
    await crew[victim].kill();
    // It may not have attached yet, or have left already.
    table.bury(victim + 2);
    crew[victim] = new CrewWorker(new URL('./worker.ts', import.meta.url));
    counts.kills++;
  }
}

/** Explains the history of each key, and accounts for every entry. */
function check(table: SharedHashTable, logs: Int32Array[], counts: StressCounts, where: string): void {
  const wrong = (what: string): unknown => counts.violations.push(`${where}: ${what}`);
  let present = 0;
  for (const [key, history] of HistoryLog.byKey(logs)) {
    const explained = explainRegister(history);
    const held = table.find(LO, HI, key);
    counts.histories++;
    if ('violation' in explained) wrong(`key ${key}: nothing explains ${JSON.stringify(explained.violation)}`);
    else if (!explained.values.includes(held)) wrong(`key ${key} is ${held}, expected one of ${explained.values}`);
    if (held !== 0) present++;
  }
  for (let id = RACE_IDS; id < RACE_IDS + RACE_KEYS; id++) if (table.find(LO, HI, id) !== 0) present++;
  let visited = 0;
  table.forEach(() => {
    visited++;
  });
  if (table.size !== present || visited !== present) wrong(`size ${table.size}, visited ${visited}, found ${present}`);
  // No entry was lost: the table takes as many keys as it was made for, and not one more.
  let added = 0;
  try {
    while (table.insert(1, 1, added, 1)) added++;
  } catch {
    // Full.
  }
  if (present + added !== table.capacity) wrong(`held ${present + added} keys, expected ${table.capacity}`);
}
