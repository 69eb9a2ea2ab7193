import { scaledBuckets } from '@idspace/posix-timers';
import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner/plan';
import { operation } from '../../engine/operations.ts';
import { EXAMPLE_IDS, INT_MAX, planOf } from '../../race/restore.ts';
import { count, duration } from '../../shell/number.ts';
import { drag, type Scene, type Sentence, say, scene } from '../scene.ts';

const BEFORE = { kernel: '6.14', criu: '4.2' } as const;
const NOW = { kernel: '6.18', criu: '4.2' } as const;
const CPUS = 64;
const [FIRST, SECOND] = EXAMPLE_IDS;

const SENTENCE: Sentence = {
  knobs: [{ name: 'id', label: 'the timer’s ID', min: 1, max: INT_MAX, initial: SECOND, scale: 'log' }],
  tell({ id }) {
    const [before, now] = [BEFORE, NOW].map((on) => planOf([id], on));
    return say`To bring back a timer with the ID ${drag('id')}, CRIU 4.2 makes ${count(before.creates)} creates on Linux 6.14 (${duration(before.seconds)}), and ${count(now.creates)} on Linux 6.15 or later (${duration(now.seconds)}).`;
  },
};

export const ASK: Scene = scene({
  name: 'ask',
  title: 'What Linux 6.15 did: ask for the number',
  idea: 'Linux 6.15 kept the next-number rule, so the dance still works. But a process can now switch a restore mode on, and then says which number its new timer shall have. CRIU does so from version 4.2 on.',
  measure: () => ({ before: planOf(EXAMPLE_IDS, BEFORE), now: planOf(EXAMPLE_IDS, NOW), last: planOf([INT_MAX], NOW) }),
  guess: ({ before, now }) => ({
    question: `Timers ${count(FIRST)} and ${count(SECOND)} come back on Linux 6.15. How many timers does CRIU 4.2 create?`,
    choices: [
      { text: count(now.creates), right: true },
      { text: count(Math.round(before.creates / 1000)), right: false },
      { text: count(before.creates), right: false },
    ],
  }),
  answer: ({ before, now, last }) =>
    `${count(now.creates)} creates and ${count(now.prctls)} calls to switch the mode on and off, instead of ${count(before.creates)} creates: ${duration(now.seconds)} instead of ${duration(before.seconds)}. For ID ${count(INT_MAX)} it is ${duration(last.seconds)}. The same release sizes the table by the machine, ${count(scaledBuckets(CPUS))} buckets with ${CPUS} CPUs, and gives each bucket its own lock. The tree with dense numbers was not merged.`,
  look: 'Step through the calls: each create gets the number it names. After the mode is switched off, counting goes on from the last one.',
  from: `Planned by restore-planner, at ${count(NS_PER_PAIR)} ns for each create with its delete and ${count(NS_PER_RESTORE)} ns for a create that stays: CPU time measured on Linux 6.18.44. The mode switch is not in the times.`,
  sentence: SENTENCE,
  play: {
    release: NOW.kernel,
    operations: [
      operation('want', 2, FIRST, SECOND - FIRST),
      operation('restore', 2, FIRST, SECOND - FIRST),
      operation('create'),
      operation('lookup', 2, FIRST, SECOND - FIRST),
    ],
  },
});
