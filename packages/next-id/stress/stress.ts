// Stress of SharedIdPool and SharedNextId: workers that are killed at random; no ID is with two, none is lost.
import { SharedIdPool, SharedNextId } from '@idspace/next-id/shared';
import type { Random, Stress, StressCounts } from '@idspace/testkit';
import { CrewWorker, crewStress } from '@idspace/testkit/crew';
import { COUNTED, IDS, type Job, MIN_ID, type Outcome } from './job.ts';

const CALLS = 4000;

type Crew = CrewWorker<Job, Outcome>[];

/** Plays rounds on a pool of few IDs: 2–8 workers, one of them killed in every second round. */
export const stress: Stress = crewStress(round);

async function round(rng: Random, crew: Crew, counts: StressCounts, workers: number): Promise<void> {
  const reuse = rng.pick(['lowest', 'cyclic'] as const);
  const ids = rng.pick(IDS);
  const pool = new SharedIdPool({ min: MIN_ID, max: MIN_ID + ids - 1, reuse });
  // Begins below the wrap and goes past it.
  const counter = new SharedNextId(2 ** 31 - COUNTED / 2);
  const tally = new Int32Array(new SharedArrayBuffer((ids + 2 ** 26) * 4));
  while (crew.length < workers) crew.push(new CrewWorker(new URL('./worker.ts', import.meta.url)));
  const endings = crew.slice(0, workers).map((worker) => {
    return worker.run({ pool: pool.handle, counter: counter.handle, calls: CALLS, ids, tally, seed: rng.u32() });
  });
  const kill = rng.chance(0.5);
  if (kill) {
    await new Promise((resolve) => setTimeout(resolve, rng.below(5)));
    const victim = rng.below(workers);
    await crew[victim].kill();
    crew[victim] = new CrewWorker(new URL('./worker.ts', import.meta.url));
    counts.kills++;
  }
  const where = `round ${counts.rounds}, seed ${rng.seed}, ${workers} workers, ${ids} IDs, ${reuse}, killed: ${kill}`;
  for (const ending of await Promise.all(endings)) {
    if ('killed' in ending) continue;
    counts.operations += ending.result.calls;
    if (ending.result.twice > 0) counts.violations.push(`${where}: ${ending.result.twice} IDs given twice`);
  }
  // What no thread holds can be had: all IDs but those the dead had.
  let free = 0;
  while (pool.allocate() >= 0) free++;
  if (!kill && free !== ids) counts.violations.push(`${where}: ${free} IDs free in the end, expected ${ids}`);
  for (let id = MIN_ID; id < MIN_ID + ids; id++) {
    if (!pool.has(id)) counts.violations.push(`${where}: ID ${id} is free, and was not given`);
  }
}
