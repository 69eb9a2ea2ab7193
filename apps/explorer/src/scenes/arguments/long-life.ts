import { churner } from '@idspace/evaluation';
import { NS_PER_PAIR } from '@idspace/restore-planner/plan';
import { operation } from '../../engine/operations.ts';
import { INT_MAX, planOf } from '../../race/restore.ts';
import { count, duration, three } from '../../shell/number.ts';
import { drag, type Scene, type Sentence, say, scene } from '../scene.ts';

const LOOP = { kernel: '6.14', criu: '4.1' } as const;
const SEED = 1;
/** Timers a second of the example. */
const RATE = 40;
/** Programs that make timers all the time, and how many a second, with what is assumed of them. */
const POOL = churner('thread-pool', { seed: SEED }).rate!;
const JVM = churner('jfr-cpu-time', { seed: SEED }).rate!;

const SENTENCE: Sentence = {
  knobs: [
    { name: 'rate', label: 'timers a second', min: 0.1, max: 10_000, initial: RATE, scale: 'log' },
    {
      name: 'pair',
      label: 'nanoseconds for a create and a delete',
      min: 100,
      max: 10_000,
      initial: NS_PER_PAIR,
      scale: 'log',
    },
  ],
  tell({ rate, pair }) {
    const { creates, seconds } = planOf([INT_MAX], { ...LOOP, nsPerPair: pair });
    return say`A service that makes ${drag('rate')} timers a second reaches the largest ID in ${duration(creates / rate)}. At ${drag('pair')} ns for each create with its delete, its restore then takes ${duration(seconds)}.`;
  },
  presets: [
    {
      text: `a pool of 64 threads, torn down every 10 s: ${three(POOL.idsPerSecond)} a second`,
      values: { rate: POOL.idsPerSecond },
    },
    {
      text: `a Java VM that records CPU time: ${three(JVM.idsPerSecond)} a second`,
      values: { rate: JVM.idsPerSecond },
    },
  ],
};

export const LONG_LIFE: Scene = scene({
  name: 'long-life',
  title: 'A process that lives long uses up its numbers',
  idea: `From Linux 3.10 on, the next ID is always one higher than the last, even when every timer is deleted soon. A process that makes and deletes timers all day climbs towards the largest ID, ${count(INT_MAX)}, called INT_MAX. It has few timers at any time, but their numbers are high.`,
  measure: () => planOf([INT_MAX], LOOP),
  guess: ({ creates }) => ({
    question: `A service makes ${RATE} timers a second, and deletes them again. When does it reach the largest ID?`,
    choices: [0.001, 1, 100].map((times) => ({
      text: `after ${duration((times * creates) / RATE)}`,
      right: times === 1,
    })),
  }),
  answer: ({ creates, deletes, seconds }) =>
    `After ${duration(creates / RATE)}. Before the kernel gives ID ${count(INT_MAX)}, it has given ${count(deletes)} others. To bring back this one timer, CRIU 4.1 on Linux 6.14 makes ${count(creates)} creates: ${duration(seconds)} at ${count(NS_PER_PAIR)} ns for each create with its delete.`,
  look: 'Drag the numbers, or focus one and use the arrow keys. Then step through the calls: one timer lives at a time, and the next ID only grows.',
  from: `Creates counted by restore-planner. ${count(NS_PER_PAIR)} ns: CPU time measured on Linux 6.18.44. The rates of the two programs are assumptions of the evaluation package: ${POOL.from}; ${JVM.from}.`,
  sentence: SENTENCE,
  play: {
    release: LOOP.kernel,
    operations: [operation('pairs', 12)],
  },
});
