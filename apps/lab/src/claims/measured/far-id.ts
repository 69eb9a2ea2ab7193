// One timer near INT_MAX: how many calls it takes to come back by create and delete, and how long that is.

import { planRestore } from '@idspace/restore-planner';
import { count, duration } from '../../format/number.ts';
import { INT_MAX } from '../../int-max.ts';
import { type Claim, doesNotHold, holds, holdsOnlyIf, type Judgement, LETTER, notHere } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { checkpointOf, restoreOnModel } from './model-restore.ts';

const MILLION = 1_000_000;
const HOUR = 3600;
/** 1.5 s for timers 1,000,000 and 2,000,000: 1,999,999 pairs. Source: ec2d0c04624b. */
const PUBLISHED_NS_PER_PAIR = 1.5e9 / 1_999_999;

export interface FarIdFigures {
  id: number;
  /** Creates, and deletes of what they gave. */
  creates: number;
  pairs: number;
  /** Such a restore as it was carried out on the model, call by call. */
  executed: { id: number; pairs: number; asPlanned: boolean };
  /** The first rate was measured on this machine: it decides. */
  isMeasuredHere: boolean;
  rates: { nsPerPair: number; from: string; seconds: number }[];
}

export async function farId(lab: Lab): Promise<FarIdFigures> {
  const { totals } = planRestore(checkpointOf([INT_MAX]), { kernel: '6.1', criu: '3.18' });
  const id = lab.full ? INT_MAX : MILLION;
  const executed = await restoreOnModel([id], '6.1', '3.18', { onProgress: lab.onProgress });
  const rates = [lab.rates, { nsPerPair: PUBLISHED_NS_PER_PAIR, from: 'published in 2025' }];
  return {
    id: INT_MAX,
    creates: totals.creates,
    pairs: totals.deletes,
    executed: { id, pairs: executed.deletes, asPlanned: executed.asPlanned },
    isMeasuredHere: lab.live !== null,
    rates: rates.map(({ nsPerPair, from }) => ({ nsPerPair, from, seconds: (totals.deletes * nsPerPair) / 1e9 })),
  };
}

/** An hour needs a rate: the pairs alone are certain. */
export function judgeHour({ id, pairs, executed, rates, isMeasuredHere }: FarIdFigures): Judgement {
  const needed = (HOUR * 1e9) / pairs;
  const times = rates.map(({ nsPerPair, from, seconds }) => `${duration(seconds)} at ${count(nsPerPair)} ns (${from})`);
  const text =
    `ID ${count(id)} takes ${count(pairs)} create+delete pairs: ${times.join(', ')}. ` +
    `Carried out on the model: ${count(executed.pairs)} pairs to ID ${count(executed.id)}.`;
  if (!executed.asPlanned || executed.pairs !== executed.id || pairs !== id) return doesNotHold(text);
  const [here] = rates;
  const decisive = isMeasuredHere ? rates.slice(0, 1) : rates;
  if (decisive.every(({ seconds }) => seconds >= HOUR)) return holds(text);
  const from = `${count(Math.ceil(needed))} ns`;
  if (here !== undefined && here.seconds >= HOUR) return holdsOnlyIf(`a pair takes ${from} or more`, text);
  return notHere(`${duration(here!.seconds, 2)} at ${count(here!.nsPerPair)} ns`, `from ${from}`, text);
}

const shared = { measure: (lab: Lab) => lab.once(farId), judge: judgeHour };

export const FAR_ID_CLAIMS: readonly Claim<FarIdFigures>[] = [
  {
    id: 'S5',
    claim: 'Restoring a single timer near INT_MAX keeps CRIU busy for an hour or more',
    source: LETTER,
    ...shared,
  },
  {
    id: '1',
    claim: 'A timer near INT_MAX takes an hour, even a couple of hours, by create and delete',
    source: 'T. Gleixner, linux-kernel, 9 May 2023, in the thread before the letter',
    ...shared,
  },
];
