import type { Outcome } from '@idspace/restore-planner/plan';
import { kernelName } from '../../engine/kernel-names.ts';
import { planOf, USUAL_LIMIT } from '../../race/restore.ts';
import { count, counted } from '../../shell/number.ts';
import { type Scene, scene } from '../scene.ts';

const WANTED = 5;
const DENSE = 'dense';

const ENDS: Readonly<Record<Outcome, string>> = {
  ok: 'brings the timer back',
  depends: 'may bring it back',
  'exceeds-limit': 'fails at the limit of timers',
  hangs: 'repeats the same create and delete forever',
  fails: 'gives up with an error',
};

/** 'CRIU 4.1 gives up with an error after 2 creates' */
export const endingOf = ({ criu, creates, outcome }: { criu: string; creates: number; outcome: Outcome }): string =>
  `CRIU ${criu} ${ENDS[outcome]}${outcome === 'hangs' ? '' : ` after ${counted(creates, 'create')}`}`;

export const ENDLESS_DANCE: Scene = scene({
  name: 'endless-dance',
  title: 'Dense numbers make an old CRIU hang',
  idea: 'Now let an old CRIU dance on a kernel that gives the lowest free number. It creates a timer, sees that the number is too low, and deletes it. That makes the same number the lowest free one again.',
  measure: () =>
    ['3.18', '4.1', '4.2'].map((criu) => ({
      criu,
      ...planOf([WANTED], { kernel: DENSE, criu, sigpending: USUAL_LIMIT }),
    })),
  guess: ([old]) => ({
    question: `CRIU 3.18 wants timer ${WANTED} back on a kernel with dense numbers. What does it do?`,
    choices: [
      { text: `It creates ${WANTED + 1} timers and is done`, right: old.outcome === 'ok' },
      { text: 'It gives up with an error', right: old.outcome === 'fails' },
      { text: 'It never ends', right: old.outcome === 'hangs' },
    ],
  }),
  answer: (found) =>
    `${found.map(endingOf).join('; ')}. Linux does not break programs that worked on it. So the next-number rule, which was written down nowhere, had become a promise.`,
  look: `Make the calls: the number is ${count(0)} every time. The ID ${WANTED} never comes.`,
  from: `Planned by restore-planner; the buttons call the kernel model of posix-timers, “${kernelName(DENSE)}”.`,
  exhibit: 'again',
});
