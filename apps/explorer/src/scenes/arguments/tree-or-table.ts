import { kernelName } from '../../engine/kernel-names.ts';
import { EXAMPLE_IDS, planOf } from '../../race/restore.ts';
import { bytes, count, duration, three } from '../../shell/number.ts';
import { MACHINE_TITLE, STRIDE_TIMERS, STRIDES, type StrideCost } from '../counting.ts';
import { type Scene, scene } from '../scene.ts';
import { endingOf } from './endless-dance.ts';
import { crossing } from './strides.ts';

const FAR = 512;
const TABLE = 'hash-scaled-jhash';
/** The IDs of an old checkpoint. */
const OLD = [5];

export const TREE_OR_TABLE: Scene = scene({
  name: 'tree-or-table',
  title: 'Would the tree have been better?',
  idea: 'The letter wanted a tree for each process and dense numbers. Linux 6.15 kept the table and the next number, and let a process ask. Which is better depends on how far the numbers of a process lie apart, and on which CRIU restores it.',
  async measure(counter) {
    const of = (design: StrideCost['design'], stride: number): Promise<StrideCost> =>
      counter.strideCost({ design, stride });
    const costs: StrideCost[] = [];
    for (const stride of STRIDES) {
      for (const design of ['xarray', TABLE] as const) costs.push(await of(design, stride));
    }
    return {
      crossing: crossing(costs, TABLE),
      dense: { tree: await of('xarray', 1), table: await of(TABLE, 1) },
      far: { tree: await of('xarray', FAR), table: await of(TABLE, FAR) },
      old: ['3.18', '4.1', '4.2'].map((criu) => ({ criu, ...planOf(OLD, { kernel: 'dense', criu }) })),
      both: planOf(EXAMPLE_IDS, { kernel: 'xarray', criu: '4.2' }),
    };
  },
  guess: ({ far: { tree, table } }) => ({
    question: `An old checkpoint has ${count(STRIDE_TIMERS)} timers whose IDs are ${FAR} apart. Where does a lookup miss the fastest cache less often, once they are back?`,
    choices: [
      { text: 'in the tree', right: tree.misses < table.misses },
      { text: 'in the table of 6.15', right: table.misses < tree.misses },
      { text: 'there is no difference', right: table.misses === tree.misses },
    ],
  }),
  answer({ crossing: at, dense, far, old, both }) {
    const against = ({ tree, table }: typeof dense): string =>
      `${three(tree.misses)} misses a lookup in the tree and ${three(table.misses)} in the table, ${bytes(tree.tableBytes)} and ${bytes(table.tableBytes)} of memory`;
    return `With dense IDs: ${against(dense)}. With IDs ${FAR} apart: ${against(far)}. ${at === undefined ? 'At no distance' : `From a distance of ${at} on,`} the tree misses more often. And where the kernel hands out dense IDs without a way to ask, ${old.map(endingOf).join('; ')}. The tree together with a way to ask would work: CRIU 4.2 brings ${EXAMPLE_IDS.map(count).join(' and ')} back with ${count(both.creates)} creates in ${duration(both.seconds)}.`;
  },
  look: 'What mattered for restores was the way to ask, and not where timers are kept. The race shows four ways side by side.',
  from: `Misses and memory counted by the evaluation package: ${count(STRIDE_TIMERS)} timers of one process, ${MACHINE_TITLE}. Restores planned by restore-planner on the kernels “${kernelName('dense')}” and “${kernelName('xarray')}”.`,
});
