// Holes: timers that come and go at random, and whether the IDs in between come again.

import { randomBelow } from '@idspace/evaluation';
import { Kernel, type Process, SIGEV_NONE } from '@idspace/posix-timers';
import { XArray } from '@idspace/xarray';
import { count, mean } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { type ModelRestore, restoreOnModel } from './model-restore.ts';

const LIMIT = 2000;
const TIMERS = 1000;
/** Replacements of a timer, all together, after which the IDs are looked at. */
const SAMPLES = [0, 1000, 10_000, 100_000];
/** So few IDs that the counter goes round them many times. */
const ROUND = 'restricted:4096';
const KERNELS = ['6.18', ROUND, 'dense'];
/** sizeof(struct xa_node), x86-64. */
const NODE_BYTES = 576;

/** The live IDs of a process. */
export interface IdsAt {
  highestId: number;
  live: number;
  /** Free IDs below the highest. */
  holes: number;
  /** What an XArray needs for them. */
  nodeBytes: number;
}

export interface HoleFigures {
  limit: number;
  kernels: {
    kernel: string;
    samples: (IdsAt & { replacements: number })[];
    /** After a random half was deleted. */
    halved: IdsAt;
    /** Then as many were created as before the deletes had lived: of them, IDs that were holes. */
    created: number;
    refilled: number;
    /** The timers of `halved`, restored under the same limit. */
    restore: ModelRestore;
  }[];
}

export async function holes({ seed }: Lab): Promise<HoleFigures> {
  const kernels: HoleFigures['kernels'] = [];
  for (const kernel of KERNELS) {
    const { halved, ids, ...rest } = churn(kernel, seed);
    kernels.push({
      kernel,
      halved,
      ...rest,
      restore: await restoreOnModel(ids, kernel, 'native', { sigpending: LIMIT }),
    });
  }
  return { limit: LIMIT, kernels };
}

/** Fills, replaces, halves and refills. */
function churn(
  release: string,
  seed: number,
): Omit<HoleFigures['kernels'][number], 'kernel' | 'restore'> & { ids: number[] } {
  const process = new Kernel({ release, sigpending: LIMIT }).spawn();
  const below = randomBelow(seed);
  const ids: number[] = [];
  const removeAny = (): void => {
    const at = below(ids.length);
    process.timerDelete(ids[at]);
    ids[at] = ids[ids.length - 1];
    ids.pop();
  };
  while (ids.length < TIMERS) ids.push(create(process));
  let done = 0;
  const samples = SAMPLES.map((replacements) => {
    for (; done < replacements; done++) {
      removeAny();
      ids.push(create(process));
    }
    return { replacements, ...idsAt(ids) };
  });
  while (ids.length > TIMERS / 2) removeAny();
  const halved = idsAt(ids);
  const survivors = [...ids];
  const taken = new Set(survivors);
  const created = TIMERS - survivors.length;
  let refilled = 0;
  for (let i = 0; i < created; i++) {
    const id = create(process);
    if (id <= halved.highestId && !taken.has(id)) refilled++;
  }
  return { samples, halved, created, refilled, ids: survivors };
}

function create(process: Process): number {
  return process.timerCreate(1, { notify: SIGEV_NONE });
}

function idsAt(ids: readonly number[]): IdsAt {
  const tree = new XArray();
  let highestId = 0;
  for (const id of ids) {
    tree.store(id, 1);
    highestId = Math.max(highestId, id);
  }
  return { highestId, live: ids.length, holes: highestId + 1 - ids.length, nodeBytes: tree.nodeCount * NODE_BYTES };
}

const measure = (lab: Lab): Promise<HoleFigures> => lab.once(holes);

function rowOf({ kernels }: HoleFigures, wanted: string): HoleFigures['kernels'][number] {
  return kernels.find(({ kernel }) => kernel === wanted)!;
}

function refillText({ kernel, halved, created, refilled }: HoleFigures['kernels'][number]): string {
  const name = /^\d/.test(kernel) ? `Linux ${kernel}` : kernel;
  return `${name}: ${count(halved.holes)} holes, of the next ${count(created)} creates ${count(refilled)} fill one`;
}

export const HOLE_CLAIMS: readonly Claim<HoleFigures>[] = [
  {
    id: 'S15',
    claim: 'Handing out next IDs leaves holes that cannot be recovered',
    source: LETTER,
    measure,
    judge(figures) {
      const [next, round] = ['6.18', ROUND].map((kernel) => rowOf(figures, kernel));
      const text = `After ${count(SAMPLES.at(-1)!)} replacements among ${count(TIMERS)} timers and the deletion of half. ${refillText(next)}; ${refillText(round)}.`;
      if (next.halved.holes === 0 || next.refilled > 0) return doesNotHold(text);
      if (round.refilled === 0) return holds(text);
      return holdsOnlyIf('the counter has not yet gone round all IDs: from then on holes are filled', text);
    },
  },
  {
    id: 'S16',
    claim: 'Dense IDs leave holes as well, but recoverable ones, and no more than the resource limit allows',
    source: LETTER,
    measure,
    judge(figures) {
      const dense = rowOf(figures, 'dense');
      const { halved, created, refilled, restore } = dense;
      const text =
        `${refillText(dense)}. The highest ID is ${count(halved.highestId)}, the limit ${count(figures.limit)}: a restore by filling ` +
        `${restore.outcome}, with ${count(restore.peakTimers)} timers alive at most.`;
      const isWithin = halved.highestId < TIMERS && restore.peakTimers <= TIMERS && restore.outcome === 'ok';
      const comesBack = halved.holes > 0 && refilled === Math.min(created, halved.holes);
      return holdsIf(isWithin && comesBack && restore.asPlanned, text);
    },
  },
  {
    id: '13',
    claim: 'Before they wrap, next IDs never refill a hole; dense IDs refill immediately',
    source: `${LETTER}; kernel/time/posix-timers.c`,
    measure,
    judge(figures) {
      const [next, dense] = ['6.18', 'dense'].map((kernel) => rowOf(figures, kernel));
      const told = ({ kernel, samples }: HoleFigures['kernels'][number]): string =>
        `${kernel}: ${samples.map(({ highestId, live, nodeBytes }) => `${mean((highestId + 1) / live)} (${count(nodeBytes)} B)`).join(', ')}`;
      const text =
        `IDs spanned per live timer, and what a tree would need for them, after ${SAMPLES.map((n) => count(n)).join(', ')} replacements. ` +
        `${told(next)}; ${told(dense)}. Of ${count(next.created)} creates, ${next.refilled} and ${dense.refilled} fill holes.`;
      const rises = next.samples.every(({ highestId }, i) => i === 0 || highestId > next.samples[i - 1].highestId);
      const stays = dense.samples.every(({ highestId, live }) => highestId < live);
      return holdsIf(rises && next.refilled === 0 && stays && dense.refilled === dense.created, text);
    },
  },
];
