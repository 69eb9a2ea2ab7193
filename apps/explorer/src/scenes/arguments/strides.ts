import { evaluateCell, HARDWARE_NAMES, hardwareNamed } from '@idspace/evaluation';
import type { DesignName } from '@idspace/posix-timers';
import { bytes, count, three } from '../../shell/number.ts';
import { type Scene, scene } from '../scene.ts';

const TIMERS = 2048;
const CPUS = 64;
const MACHINE = HARDWARE_NAMES[0];
const SAMPLE = 400;
/** Distances from one ID to the next. */
export const STRIDES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** The table of 6.14, that of 6.15, and the tree. */
export const COMPARED = ['hash-512', 'hash-scaled-jhash', 'xarray'] as const;

/** What a lookup and a timer cost in one design, at one distance of the IDs. */
export interface StrideCost {
  design: DesignName;
  stride: number;
  /** Reads of a lookup that miss the first cache, mean. */
  misses: number;
  /** Memory beside the timers themselves, bytes: nodes or buckets. */
  tableBytes: number;
}

const known = new Map<string, StrideCost>();

/** Restores 2048 timers at IDs 0, s, 2s, …, and looks each up. The same question again is answered from memory. */
export function strideCost(design: DesignName, stride: number): StrideCost {
  const key = `${design} ${stride}`;
  const found = known.get(key) ?? measured(design, stride);
  known.set(key, found);
  return found;
}

function measured(design: DesignName, stride: number): StrideCost {
  const place = { design, timers: TIMERS, processes: 1, stride, cpus: CPUS, machine: MACHINE };
  const { lookup, memory } = evaluateCell(0, place, { orders: ['creation'], seed: 1, sample: SAMPLE });
  return { design, stride, misses: lookup!.d1Misses, tableBytes: memory.table * TIMERS + memory.fixed };
}

/** The first distance at which the tree misses more often than another design; undefined where it never does. */
export function crossing(costs: readonly StrideCost[], other: DesignName): number | undefined {
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
  async measure(turn) {
    const costs: StrideCost[] = [];
    for (const stride of STRIDES) {
      for (const design of COMPARED) {
        await turn();
        costs.push(strideCost(design, stride));
      }
    }
    const of = (design: string, stride: number): StrideCost =>
      costs.find((cost) => cost.design === design && cost.stride === stride)!;
    return { costs, dense: of('xarray', 1), far: of('xarray', 512), table: of('hash-scaled-jhash', 1) };
  },
  guess: ({ dense, far }) => ({
    question: `The nodes for ${count(TIMERS)} timers with dense IDs take ${bytes(dense.tableBytes)}. How much do they take when the IDs are 512 apart?`,
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
  look: 'Move the distance and watch where the lines cross. This is why a tree needs dense numbers, which an old CRIU cannot restore.',
  from: `Counted by the evaluation package: ${count(TIMERS)} timers of one process, lookups in the order of creation, ${hardwareNamed(MACHINE).title}, ${CPUS} CPUs.`,
  exhibit: 'strides',
});
