// What scenes count that takes longer than a frame: in the page's worker, or directly in a test.
import { evaluate, evaluateCell, HARDWARE_NAMES, hardwareNamed } from '@idspace/evaluation';
import type { DesignName } from '@idspace/posix-timers';

/** Possible CPUs of the machine: they size the table of 6.15. */
export const CPUS = 64;
const MACHINE: string = HARDWARE_NAMES[0];
/** The machine whose caches and times the counts are for, as shown. */
export const MACHINE_TITLE: string = `${hardwareNamed(MACHINE).title}, ${CPUS} CPUs`;
const SEED = 1;

/** The table of 6.14, that of 6.15, and the tree. */
export const COMPARED = ['hash-512', 'hash-scaled-jhash', 'xarray'] as const;
export type Compared = (typeof COMPARED)[number];

/** Timers of the scene on strides, as in the published example. */
export const STRIDE_TIMERS = 2048;
/** Distances from one ID to the next. */
export const STRIDES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** Timers of the scene on chains. */
export const CHAIN_TIMERS = 20_000;
/** Timers of each process of the scene on locks; and how many processes create them at the same time, one on each CPU. */
export const LOCK_TIMERS = 16;
export const PROCESSES: readonly number[] = [1, 2, 4, 8, 16, 32, 63];

/** Operations that are recorded. */
const STRIDE_SAMPLE = 400;
const CHAIN_SAMPLE = 200;
const LOCK_SAMPLE = 1000;

/** What a lookup and a timer cost in one design, at one distance of the IDs. */
export interface StrideCost {
  design: Compared;
  stride: number;
  /** Reads of a lookup that miss the first cache, mean. */
  misses: number;
  /** Memory beside the timers themselves, bytes: nodes or buckets. */
  tableBytes: number;
}

const known = new Map<string, StrideCost>();

/** Restores 2048 timers at IDs 0, s, 2s, …, and looks each up. The same question again is answered from memory. */
export function strideCost({ design, stride }: { design: Compared; stride: number }): StrideCost {
  const key = `${design} ${stride}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const { lookup, memory } = cellOf(design, STRIDE_TIMERS, stride, STRIDE_SAMPLE);
  const cost = { design, stride, misses: lookup!.d1Misses, tableBytes: memory.table * STRIDE_TIMERS + memory.fixed };
  known.set(key, cost);
  return cost;
}

/** What a lookup costs among many timers with dense IDs, means. */
export interface LookupCost {
  linesTouched: number;
  d1Misses: number;
}

export function lookupCost({ design }: { design: Compared }): LookupCost {
  const { linesTouched, d1Misses } = cellOf(design, CHAIN_TIMERS, 1, CHAIN_SAMPLE).lookup!;
  return { linesTouched, d1Misses };
}

function cellOf(design: DesignName, timers: number, stride: number, sample: number): ReturnType<typeof evaluateCell> {
  const place = { design, timers, processes: 1, stride, cpus: CPUS, machine: MACHINE };
  return evaluateCell(0, place, { orders: ['creation'], seed: SEED, sample });
}

/** How a create meets the lock of the table: how often it takes it, and how long it waits for it, ns. */
export interface LockUse {
  acquired: number;
  waitNs: number;
}

/** One lock for the table, and one for each bucket. */
export interface LockWaits {
  processes: number;
  one: LockUse;
  many: LockUse;
}

/** Lets processes create timers at the same time, in the old table and in that of 6.15. */
export function lockWaits({ processes }: { processes: number }): LockWaits {
  const designs = ['hash-512', 'hash-scaled-jhash'] as const;
  const workload = { timers: LOCK_TIMERS, processes, cpus: CPUS, machine: MACHINE, seed: SEED };
  const { designs: found } = evaluate({ ...workload, designs, orders: ['creation'], sample: LOCK_SAMPLE });
  const [one, many] = found.map(({ create }) => {
    const { acquired, waitNs } = create.locks.find(({ name }) => ['hash_lock', 'bucket lock'].includes(name))!;
    return { acquired, waitNs };
  });
  return { processes, one, many };
}
