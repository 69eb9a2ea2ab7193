// A dense kernel without a restore call: how far an ID can be reached by creating all timers below it.

import { EAGAIN, errnoName, Kernel, type Process, SIGEV_NONE } from '@idspace/posix-timers';
import { count } from '../../format/number.ts';
import { INT_MAX } from '../../int-max.ts';
import { type Claim, holdsIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { type ModelRestore, restoreOnModel, USUAL_LIMIT } from './model-restore.ts';

const LIMIT = 50;
/** Signals that other processes of the user have pending. */
const OTHERS = 2;

export interface LimitFigures {
  limit: number;
  others: number;
  /** Timers that could be made, and what the next create returned. */
  created: number;
  refusal: string;
  /** Restores by filling, of the highest ID within reach and of the one after it. */
  last: ModelRestore & { id: number };
  first: ModelRestore & { id: number };
  /** The restore of INT_MAX under the usual limit. */
  far: ModelRestore & { id: number; limit: number };
}

export async function reachOfFill(): Promise<LimitFigures> {
  const kernel = new Kernel({ release: 'dense', sigpending: LIMIT });
  const other = kernel.spawn();
  for (let i = 0; i < OTHERS; i++) create(other);
  const process = kernel.spawn();
  let created = 0;
  let result = create(process);
  for (; result >= 0; result = create(process)) created++;
  const restore = async (id: number, limit: number): Promise<ModelRestore & { id: number }> => {
    return { id, ...(await restoreOnModel([id], 'dense', 'native', { sigpending: limit })) };
  };
  return {
    limit: LIMIT,
    others: OTHERS,
    created,
    refusal: errnoName(result),
    last: await restore(created - 1, created),
    first: await restore(created, created),
    far: { ...(await restore(INT_MAX, USUAL_LIMIT)), limit: USUAL_LIMIT },
  };
}

function create(process: Process): number {
  return process.timerCreate(1, { notify: SIGEV_NONE });
}

const measure = (lab: Lab): Promise<LimitFigures> => lab.once(reachOfFill);

export const LIMIT_CLAIMS: readonly Claim<LimitFigures>[] = [
  {
    id: 'S17',
    claim: 'Where IDs are dense, brute force cannot reach a far ID: not all timers below it can be created',
    source: LETTER,
    measure,
    judge({ far }) {
      const text =
        `To reach ID ${count(far.id)} all timers below must live at the same time; with a limit of ${count(far.limit)} ` +
        `create ${count(far.creates)} ${far.outcome === 'exceeds-limit' ? 'is refused' : 'is the last'}, ${count(far.peakTimers)} timers alive.`;
      return holdsIf(far.outcome === 'exceeds-limit' && far.creates === far.limit + 1 && far.asPlanned, text);
    },
  },
  {
    id: '3',
    claim: 'With dense IDs, a restore by brute force ends at RLIMIT_SIGPENDING, less what others have pending',
    source: `${LETTER}; __sigqueue_alloc, kernel/signal.c`,
    measure,
    judge({ limit, others, created, refusal, last, first }) {
      const text =
        `With a limit of ${limit} and ${others} pending elsewhere, ${created} timers can be made, then ${refusal}: ` +
        `ID ${last.id} comes back (${last.outcome}), ID ${first.id} does not (${first.outcome} at create ${first.creates}).`;
      const isExact = created === limit - others && refusal === errnoName(EAGAIN);
      const ends = last.outcome === 'ok' && first.outcome === 'exceeds-limit' && first.creates === created + 1;
      return holdsIf(isExact && ends && last.asPlanned && first.asPlanned, text);
    },
  },
];
