import { bytes, count, three } from '../../shell/number.ts';
import { COMPARED, type Compared, MACHINE_TITLE, STRIDE_TIMERS, STRIDES, type StrideCost } from '../counting.ts';
import { type Scene, scene } from '../scene.ts';

/** The first distance at which the tree misses more often than another design; undefined where it never does. */
export function crossing(costs: readonly StrideCost[], other: Compared): number | undefined {
  const at = (design: string, stride: number): number | undefined =>
    costs.find((cost) => cost.design === design && cost.stride === stride)?.misses;
  return STRIDES.find((stride) => {
    const [tree, table] = [at('xarray', stride), at(other, stride)];
    return tree !== undefined && table !== undefined && tree > table;
  });
}

export const STRIDE: Scene = scene({
  name: 'strides',
  title: 'The tree fattens when numbers lie far apart',
  idea: 'The letter wanted a tree for each process in place of the table. A tree node has 64 slots for 64 neighbouring numbers. When the numbers are dense, nodes are full and few. When they lie far apart, each timer needs nodes of its own.',
  async measure(counter) {
    const costs: StrideCost[] = [];
    for (const stride of STRIDES) {
      for (const design of COMPARED) {
        costs.push(await counter.strideCost({ design, stride }));
      }
    }
    const of = (design: Compared, stride: number): StrideCost =>
      costs.find((cost) => cost.design === design && cost.stride === stride)!;
    return { costs, dense: of('xarray', 1), far: of('xarray', 512), table: of('hash-scaled-jhash', 1) };
  },
  guess: ({ dense, far }) => ({
    question: `The nodes for ${count(STRIDE_TIMERS)} timers with dense IDs take ${bytes(dense.tableBytes)}. How much do they take when the IDs are 512 apart?`,
    choices: [
      { text: bytes(dense.tableBytes), right: false },
      { text: bytes(dense.tableBytes * 4), right: false },
      { text: bytes(far.tableBytes), right: true },
    ],
  }),
  answer({ costs, dense, far, table }) {
    const at = crossing(costs, 'hash-scaled-jhash');
    return `${bytes(far.tableBytes)} instead of ${bytes(dense.tableBytes)}. A lookup in the tree misses the cache ${three(dense.misses)} times when the IDs are dense and ${three(far.misses)} times when they are 512 apart. In the table of 6.15 it is ${three(table.misses)} times at any distance; the lines cross at a distance of ${at ?? 'more than 512'}.`;
  },
  look: 'Move the distance and watch where the lines cross, and how the tree of 64 timers grows. This is why a tree needs dense numbers, and on a kernel that gives them an old CRIU cannot restore.',
  from: `Counted by the evaluation package: ${count(STRIDE_TIMERS)} timers of one process, lookups in the order of creation, ${MACHINE_TITLE}.`,
  exhibit: 'strides',
});
