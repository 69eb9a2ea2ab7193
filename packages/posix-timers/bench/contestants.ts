// The dance, create and delete until an ID comes, on the model of a release and on bare arrays. CPU time: others may use the machine.
import { cpuUsage } from 'node:process';
import type { Contestants, Params, Prepared } from '@idspace/testkit/bench';
import { CLOCK_MONOTONIC, Kernel, SIGEV_NONE } from '../src/index.ts';
import { type BareRelease, bareDance } from './bare-loop.ts';

const NONE = { notify: SIGEV_NONE };
const CPUS = 2;

/** What the model of a release has. */
const BARE: Readonly<Record<string, BareRelease>> = {
  '6.1': { buckets: 512, jhash: false, scaled: false },
  '6.18': { buckets: 512 * CPUS, jhash: true, scaled: true },
};

export const contestants: Contestants = {
  'bare calls': { dance: (params) => dance(params, (release, pairs) => bareDance(BARE[release]!, pairs, pairs)) },
  calls: { dance: (params) => dance(params, modelCalls) },
  'bare pairs': { dance: (params) => dance(params, (release, pairs) => bareDance(BARE[release]!, pairs, 1)) },
  pairs: { dance: (params) => dance(params, modelPairs) },
};

function dance({ release, pairs }: Params, run: (release: string, pairs: number) => number): Prepared {
  const ops = pairs as number;
  let ns = 0;
  return {
    ops,
    figure: () => ns,
    run: () => {
      const start = cpuUsage();
      const next = run(release as string, ops);
      if (next !== ops % 2 ** 31) throw new Error(`the next ID is ${next}, expected ${ops}`);
      const { user, system } = cpuUsage(start);
      ns = ((user + system) * 1000) / ops;
    },
  };
}

function modelCalls(release: string, pairs: number): number {
  const process = new Kernel({ release, cpus: CPUS }).spawn();
  for (let pair = 0; pair < pairs; pair++) {
    const id = process.timerCreate(CLOCK_MONOTONIC, NONE);
    if (process.timerDelete(id) !== 0) return -1;
  }
  return process.nextId;
}

function modelPairs(release: string, pairs: number): number {
  const process = new Kernel({ release, cpus: CPUS }).spawn();
  const made = process.createDeletePairs(CLOCK_MONOTONIC, NONE, pairs);
  return made.pairs === pairs ? process.nextId : -1;
}
