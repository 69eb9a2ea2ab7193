import { NS_PER_PAIR, type Outcome } from '@idspace/restore-planner/plan';
import { kernelName } from '../../engine/kernel-names.ts';
import { operation } from '../../engine/operations.ts';
import { planOf } from '../../race/restore.ts';
import { count, duration } from '../../shell/number.ts';
import { drag, type Scene, type Sentence, say, scene } from '../scene.ts';

const CRIUS = ['3.18', '4.1', '4.2'] as const;
const SIZE = 2 ** 16;
const OLD_ID = 1_000_000;
const SMALL = 8;

const BECOMES: Readonly<Record<Outcome, string>> = {
  ok: 'restores it',
  depends: 'may restore it',
  'exceeds-limit': 'fails at a limit',
  hangs: 'hangs',
  fails: 'fails',
};

/** What each CRIU does with an ID where there are only so many. */
function outcomes(id: number, ids: number): { criu: string; outcome: Outcome; seconds: number }[] {
  return CRIUS.map((criu) => ({ criu, ...planOf([id], { kernel: `restricted:${ids}`, criu }) }));
}

/** 'CRIU 3.18 hangs, CRIU 4.1 and 4.2 fail' would need grammar: one verb for each. */
const told = (found: readonly { criu: string; outcome: Outcome }[]): string =>
  found.map(({ criu, outcome }) => `CRIU ${criu} ${BECOMES[outcome]}`).join(', ');

const SENTENCE: Sentence = {
  knobs: [
    { name: 'ids', label: 'IDs that there are', min: 2 ** 10, max: 2 ** 31, initial: SIZE, scale: 'powers' },
    { name: 'id', label: 'ID in the old checkpoint', min: 1, max: 2 ** 31 - 1, initial: OLD_ID, scale: 'log' },
  ],
  tell({ ids, id }) {
    const longest = planOf([ids - 1], { kernel: `restricted:${ids}`, criu: '4.1' });
    return say`If Linux had only ${drag('ids')} IDs, the longest dance would take ${duration(longest.seconds)}. A checkpoint from before the change that holds the ID ${drag('id')}: ${told(outcomes(id, ids))}.`;
  },
};

export const SMALLER_SPACE: Scene = scene({
  name: 'smaller-space',
  title: 'Fewer numbers: old ones are out of reach',
  idea: 'Could Linux simply count to a smaller number and begin again at 0? Then no dance would be long. But programs that were saved on an older kernel may hold an ID above the new end.',
  measure: () => ({ old: outcomes(OLD_ID, SIZE), within: outcomes(SIZE - 1, SIZE) }),
  guess: ({ old }) => ({
    question: `Linux has only ${count(SIZE)} IDs now. CRIU 3.18 restores a checkpoint that holds the ID ${count(OLD_ID)}. What happens?`,
    choices: (['ok', 'fails', 'hangs'] as const).map((outcome) => ({
      text: { ok: 'the timer comes back', fails: 'CRIU gives up with an error', hangs: 'CRIU tries forever' }[outcome],
      right: old[0].outcome === outcome,
    })),
  }),
  answer: ({ old, within }) =>
    `With the ID ${count(OLD_ID)} and only ${count(SIZE)} IDs: ${told(old)}. With the ID ${count(SIZE - 1)}, the last there is: ${told(within)}. No size is right for everyone: a small one breaks old checkpoints, a large one leaves the dance long.`,
  look: `Here the kernel has ${SMALL} IDs. Step through the calls: after ${SMALL - 1} comes 0 again. No number from ${SMALL} on ever comes.`,
  from: `Planned by restore-planner on the kernel “${kernelName(`restricted:${SIZE}`)}”, at ${count(NS_PER_PAIR)} ns for each create with its delete (Linux 6.18.44).`,
  sentence: SENTENCE,
  play: {
    release: `restricted:${SMALL}`,
    operations: [operation('pairs', SMALL + 3)],
  },
});
