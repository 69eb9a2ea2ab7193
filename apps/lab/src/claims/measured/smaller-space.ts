// Fewer IDs than 2³¹: what that gains and what it breaks.
import { Kernel, SIGEV_NONE } from '@idspace/posix-timers';
import { planRestore } from '@idspace/restore-planner';
import { count, duration } from '../../format/number.ts';
import { type Claim, doesNotHold, holdsIf, LETTER, notHere } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { checkpointOf, type ModelRestore, restoreOnModel, USUAL_LIMIT } from './model-restore.ts';

const SIZES = [2 ** 12, 2 ** 16, 2 ** 20, 2 ** 24, 2 ** 31];
/** The one whose counter is driven round. */
const WRAPPED = SIZES[0];
const LAPS = 3;
const LIMITED = 2 ** 16;
const CRIUS = ['3.18', '4.1', '4.2', 'native'];
const SECOND = 1;

export interface SmallerSpaceFigures {
  /** The highest ID that came in several laps of the smallest space. */
  wrapped: { ids: number; creates: number; highestId: number };
  /** The longest search by size. */
  sizes: { ids: number; pairs: number; seconds: number }[];
  nsPerPair: number;
  /** Timers that a user may have: a space must not be smaller. */
  usualLimit: number;
}

export function smallerSpace(lab: Lab): SmallerSpaceFigures {
  const process = new Kernel({ release: `restricted:${WRAPPED}` }).spawn();
  let highestId = -1;
  for (let i = 0; i < LAPS * WRAPPED; i++) {
    const id = process.timerCreate(1, { notify: SIGEV_NONE });
    highestId = Math.max(highestId, id);
    process.timerDelete(id);
  }
  const { nsPerPair } = lab.rates;
  const sizes = SIZES.map((ids) => {
    const { deletes, seconds } = planRestore(checkpointOf([ids - 1]), {
      kernel: `restricted:${ids}`,
      criu: '4.1',
      nsPerPair,
    }).totals;
    return { ids, pairs: deletes, seconds };
  });
  return { wrapped: { ids: WRAPPED, creates: LAPS * WRAPPED, highestId }, sizes, nsPerPair, usualLimit: USUAL_LIMIT };
}

export interface OlderImageFigures {
  ids: number;
  /** The highest ID that the kernel has, and the lowest that it has not. */
  inside: ModelRestore[];
  outside: ModelRestore[];
}

export async function olderImages(): Promise<OlderImageFigures> {
  const run = async (id: number): Promise<ModelRestore[]> => {
    const restores: ModelRestore[] = [];
    for (const criu of CRIUS) restores.push(await restoreOnModel([id], `restricted:${LIMITED}`, criu));
    return restores;
  };
  return { ids: LIMITED, inside: await run(LIMITED - 1), outside: await run(LIMITED) };
}

const wrapsEarlier: Claim<SmallerSpaceFigures> = {
  id: 'S7',
  claim: 'A much smaller ID space makes the search wrap earlier, but no limit suggests itself',
  source: LETTER,
  measure: (lab) => lab.once(smallerSpace),
  judge({ wrapped, sizes, nsPerPair, usualLimit }) {
    const most = Math.floor((SECOND * 1e9) / nsPerPair);
    const text =
      `The longest search: ${sizes.map(({ ids, seconds }) => `${duration(seconds)} in ${count(ids)} IDs`).join(', ')}. ` +
      `${count(wrapped.creates)} creates in ${count(wrapped.ids)} IDs gave none above ${count(wrapped.highestId)}. ` +
      `A user may have ${count(usualLimit)} timers, and ${duration(SECOND)} is ${count(most)} pairs.`;
    const isShorter = sizes.every(({ ids, pairs }) => pairs === ids - 1);
    if (!isShorter || wrapped.highestId !== wrapped.ids - 1) return doesNotHold(text);
    if (most <= usualLimit) return holdsIf(true, text);
    return notHere(
      `any limit from ${count(usualLimit)} to ${count(most)} IDs keeps every search under ${duration(SECOND)}`,
      `where a user may have ${count(most)} timers or more`,
      text,
    );
  },
};

const breaksImages: Claim<OlderImageFigures> = {
  id: 'S8',
  claim: 'A smaller ID space breaks images from older kernels whose IDs lie beyond it',
  source: LETTER,
  measure: (lab) => lab.once(olderImages),
  judge({ ids, inside, outside }) {
    const told = (restores: readonly ModelRestore[]): string =>
      restores
        .map(({ criu, outcome }) => `${criu === 'native' ? 'the native restorer' : `CRIU ${criu}`} ${outcome}`)
        .join(', ');
    const text = `${count(ids)} IDs. Timer ${count(ids - 1)}: ${told(inside)}. Timer ${count(ids)}: ${told(outside)}.`;
    const breaks = outside.every(({ outcome }) => outcome !== 'ok') && inside.every(({ outcome }) => outcome === 'ok');
    return holdsIf(breaks && [...inside, ...outside].every(({ asPlanned }) => asPlanned), text);
  },
};

export const SMALLER_SPACE_CLAIMS: readonly Claim[] = [wrapsEarlier, breaksImages];
