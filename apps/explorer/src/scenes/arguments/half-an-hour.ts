import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner/plan';
import { EXAMPLE_IDS, INT_MAX, planOf } from '../../race/restore.ts';
import { count, duration } from '../../shell/number.ts';
import { drag, type Scene, type Sentence, say, scene } from '../scene.ts';

const LOOP = { kernel: '6.14', criu: '4.1' } as const;
const ASK = { kernel: '6.18', criu: '4.2' } as const;
const [FIRST, SECOND] = EXAMPLE_IDS.map(count);

const SENTENCE: Sentence = {
  knobs: [
    { name: 'id', label: 'the timer’s ID', min: 1, max: INT_MAX, initial: INT_MAX, scale: 'log' },
    {
      name: 'pair',
      label: 'nanoseconds for a create and a delete',
      min: 100,
      max: 10_000,
      initial: NS_PER_PAIR,
      scale: 'log',
    },
  ],
  tell({ id, pair }) {
    const { creates, deletes, seconds } = planOf([id], { ...LOOP, nsPerPair: pair });
    const asked = planOf([id], { ...ASK, nsPerPair: pair });
    return say`For one timer with the ID ${drag('id')}, CRIU 4.1 makes ${count(creates + deletes)} calls. At ${drag('pair')} ns a pair they take ${duration(seconds)}. Where it can ask for the ID, it makes ${count(asked.creates + asked.prctls)} calls.`;
  },
};

export const HALF_AN_HOUR: Scene = scene({
  name: 'half-an-hour',
  title: 'One restore takes half an hour',
  idea: 'The dance passes every number below the one it wants, once. How long a restore takes depends on the largest ID, and not on how many timers there are.',
  measure: () => ({ dance: planOf(EXAMPLE_IDS, LOOP), ask: planOf(EXAMPLE_IDS, ASK), last: planOf([INT_MAX], LOOP) }),
  guess: ({ dance, ask }) => ({
    question: `A process has two timers, with the IDs ${FIRST} and ${SECOND}. How many calls does CRIU 4.1 make to bring them back on Linux 6.14?`,
    choices: [
      { text: count(ask.creates + ask.prctls), right: false },
      { text: count(Math.round(Math.sqrt(dance.creates))), right: false },
      { text: count(dance.creates + dance.deletes), right: true },
    ],
  }),
  answer: ({ dance, last }) =>
    `${count(dance.creates)} creates and ${count(dance.deletes)} deletes: ${duration(dance.seconds)} for two timers. For one timer with the ID ${count(INT_MAX)} it is ${duration(last.seconds)}, and meanwhile the program stands still.`,
  look: 'Drag the ID from 1 to the largest and watch the time. The race shows the same calls as they are made.',
  from: `Planned by restore-planner, at ${count(NS_PER_PAIR)} ns for each create with its delete and ${count(NS_PER_RESTORE)} ns for a create that stays: CPU time measured on Linux 6.18.44.`,
  sentence: SENTENCE,
});
