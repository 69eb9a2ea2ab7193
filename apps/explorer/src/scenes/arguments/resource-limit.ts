import { kernelName } from '../../engine/kernel-names.ts';
import { planOf, USUAL_LIMIT } from '../../race/restore.ts';
import { count } from '../../shell/number.ts';
import { drag, type Scene, type Sentence, say, scene } from '../scene.ts';

const FILL = { kernel: 'dense', criu: 'native' } as const;
const FAR = 1_000_000;

const SENTENCE: Sentence = {
  knobs: [
    { name: 'limit', label: 'timers a user may have', min: 10, max: 4_000_000, initial: USUAL_LIMIT, scale: 'log' },
    { name: 'id', label: 'ID to restore', min: 1, max: 2 ** 31 - 1, initial: FAR, scale: 'log' },
  ],
  tell({ limit, id }) {
    const { outcome, creates, peakTimers } = planOf([id], { ...FILL, sigpending: limit });
    const end =
      outcome === 'ok'
        ? `comes back: at its most the process holds ${count(peakTimers)} timers`
        : `does not come back: create number ${count(creates)} is refused`;
    return say`A user may have ${drag('limit')} timers. By filling up, the ID ${drag('id')} ${end}.`;
  },
};

export const RESOURCE_LIMIT: Scene = scene({
  name: 'resource-limit',
  title: 'Brute force meets the limit',
  idea: 'On a kernel with dense numbers, one can still get a high number by force: create timers and keep them all until the number comes. But every timer counts against a limit of the user, called RLIMIT_SIGPENDING.',
  measure: () => planOf([FAR], { ...FILL, sigpending: USUAL_LIMIT }),
  guess: ({ creates }) => ({
    question: `A checkpoint holds the ID ${count(FAR)}. The user may have ${count(USUAL_LIMIT)} timers, as on a machine with 24 GiB. At which create does the restore end?`,
    choices: [
      { text: `at ${count(creates)}, refused`, right: true },
      { text: `at ${count(FAR + 1)}, with the right number`, right: false },
      { text: 'never', right: false },
    ],
  }),
  answer: ({ creates, errno, outcome }) =>
    `Create number ${count(creates)} is refused with ${errno}${outcome === 'exceeds-limit' ? ': the limit is reached' : ''}. A number that came from the next-number rule can be far above anything that a process may hold at the same time.`,
  look: 'Drag the limit above the ID, and the restore succeeds. Then it takes one live timer for every number below.',
  from: `Planned by restore-planner for a restorer that fills up, on the kernel “${kernelName(FILL.kernel)}”. ${count(USUAL_LIMIT)} is the default on a machine with 24 GiB.`,
  sentence: SENTENCE,
});
