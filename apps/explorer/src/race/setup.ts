// What is raced, as a link names it: '#race/1000000-2000000.dense.page'.
import type { DanceOn } from './lanes.ts';
import { readIds } from './own-ids.ts';
import type { Pace } from './race.ts';
import { EXAMPLE_IDS, INT_MAX } from './restore.ts';

export interface Setup {
  readonly ids: readonly number[];
  readonly danceOn: DanceOn;
  readonly pace: Pace;
}

/** Checkpoints to choose from. */
export const CHECKPOINTS: readonly { title: string; ids: readonly number[] }[] = [
  { title: 'two timers, 3 and 1,000', ids: [3, 1000] },
  { title: 'the published example: 1,000,000 and 2,000,000', ids: EXAMPLE_IDS },
  { title: 'one timer with the largest ID, 2,147,483,647', ids: [INT_MAX] },
];

/** Writes a setup for a link. */
export function setupText({ ids, danceOn, pace }: Setup): string {
  return [ids.join('-'), ...(danceOn === 'dense' ? ['dense'] : []), ...(pace === 'page' ? ['page'] : [])].join('.');
}

/** Reads it again; what is damaged is the published example. */
export function readSetup(text: string): Setup {
  const [ids = '', ...words] = text.split('.');
  const read = readIds(ids.replaceAll('-', ' '));
  return {
    ids: 'ids' in read ? read.ids : EXAMPLE_IDS,
    danceOn: words.includes('dense') ? 'dense' : 'next',
    pace: words.includes('page') ? 'page' : 'kernel',
  };
}
