import { operation } from '../../engine/operations.ts';
import { INT_MAX, planOf } from '../../race/restore.ts';
import { count, counted } from '../../shell/number.ts';
import { type Scene, scene } from '../scene.ts';

const WANTED = 3;
const LOOP = { kernel: '6.14', criu: '4.1' } as const;

export const NUMBER: Scene = scene({
  name: 'number',
  title: 'A timer is a number',
  idea: `A program asks Linux for a timer and gets a number, the timer’s ID, which it uses in every later call. When the program is saved and started again elsewhere, each timer must come back under the same number. For twelve years there was no way to ask for one: Linux gave the next number. CRIU, the tool that saves and restores programs, therefore created a timer and deleted it, again and again, until the right number came.`,
  measure: () => planOf([WANTED], LOOP),
  guess: ({ creates }) => ({
    question: `A new process must get timer ${WANTED} back. Linux counts from 0. How many timers does CRIU create?`,
    choices: [
      { text: '1', right: false },
      { text: count(creates), right: true },
      { text: count(INT_MAX), right: false },
    ],
  }),
  answer: ({ creates, deletes }) =>
    `It creates ${counted(creates, 'timer')} and deletes ${count(deletes)} of them: IDs 0 to ${WANTED - 1} are only in the way. This create-and-delete loop is called the dance.`,
  look: 'Step through the calls: every timer that is created and deleted moves the next number on by one.',
  from: 'Planned for CRIU 4.1 on Linux 6.14 by restore-planner; the calls run on the kernel model of posix-timers.',
  play: {
    release: LOOP.kernel,
    operations: [
      operation('want', 1, WANTED),
      operation('pairs', WANTED),
      operation('create'),
      operation('lookup', 1, WANTED),
    ],
  },
});
