import { findEndlessSearch } from '@idspace/posix-timers/races';
import { INT_MAX } from '../../race/restore.ts';
import { count } from '../../shell/number.ts';
import { type Scene, scene } from '../scene.ts';

/** As many IDs stand for all 2³¹. */
export const IDS = 4;
export const BEFORE = '6.4';
export const AFTER = '6.5';

export const ENDLESS_SEARCH: Scene = scene({
  name: 'endless-search',
  title: 'Two CPUs and a search without an end',
  idea: 'A search for a free number must stop when it has been all the way round. Until Linux 6.4 it remembered where it began and stopped when the counter came back there. But it read the beginning without the lock, and for a moment the counter can hold a value to which it never comes back.',
  measure: () => ({
    before: findEndlessSearch(BEFORE, { ids: IDS }),
    after: findEndlessSearch(AFTER, { ids: IDS }),
  }),
  guess: ({ before, after }) => ({
    question: `All ${IDS} IDs of a small kernel are in use, and two CPUs look for a free one. Can their steps fall in such an order that a search never ends?`,
    choices: [
      { text: 'no: each search ends with an error', right: !before.present },
      { text: `yes, in Linux ${BEFORE}`, right: before.present && !after.present },
      { text: `yes, in Linux ${BEFORE} and in ${AFTER}`, right: before.present && after.present },
    ],
  }),
  answer: ({ before, after }) =>
    `In Linux ${BEFORE}, ${count(before.schedule.length)} steps in the right order are enough. Then ${before.outcome}. In Linux ${AFTER} the search counts its tries instead: ${after.outcome}, in all ${count(after.states)} states. On a real machine all ${count(INT_MAX + 1)} IDs would have to be in use, so it was found by a checking tool and not by a user.`,
  look: 'Choose which CPU makes the next step, and try to make the search endless. The page says when no order of further steps can end it.',
  from: 'The steps are those of the kernel, played on the two-CPU machine of posix-timers/races, which visits every state.',
  exhibit: 'schedule',
});
