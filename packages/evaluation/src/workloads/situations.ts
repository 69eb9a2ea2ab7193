// What a lookup takes in the situations that differ: what Linux 6.14 had, what 6.15 ships, and the tree that was proposed.
import type { DesignName } from '@idspace/posix-timers';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { hardwareNamed } from '../hardware/presets.ts';
import { lookupTimes } from './run-workload.ts';
import type { WorkloadOptions } from './workload-options.ts';
import { WORKLOADS } from './workloads.ts';

/** The designs that are compared. */
export const RIVALS = ['hash-512', 'hash-scaled-jhash', 'xarray'] as const;
/** The name of one of them. */
export type Rival = (typeof RIVALS)[number];

/** A lookup in one situation. */
export interface Situation {
  /** In words. */
  name: string;
  /** What `idspace evaluate` needs to be told to show it. */
  flags: string;
  /** Of a lookup, by design, from the machine model. */
  ns: Record<Rival, number>;
}

const OTHERS: readonly { workload: string; name: string; options?: Partial<WorkloadOptions> }[] = [
  { workload: 'threads-affine', name: '16 threads, each its own timers' },
  { workload: 'threads-random', name: "16 threads, each other's timers" },
  { workload: 'thread-pool', name: 'a thread pool, armed again and again' },
  { workload: 'few-timers', name: '64 processes, 4 timers each', options: { processes: 64 } },
  { workload: 'sparse', name: 'one of every 64 timers is left' },
  { workload: 'restore', name: '2,048 timers, IDs 512 apart' },
];

/** Whether an evaluation has all designs that are compared. */
export function hasRivals({ designs }: Evaluation): boolean {
  return RIVALS.every((rival) => designs.some(({ design }) => design === rival));
}

/**
 * Looks at the orders of an evaluation and at workloads beside it, on its machine.
 *
 * @returns Nothing where it lacks one of the designs.
 * Cost: some seconds.
 */
export function situations(evaluation: Evaluation): Situation[] {
  if (!hasRivals(evaluation)) return [];
  const { machine, workload } = evaluation;
  const run = { designs: RIVALS as readonly DesignName[], cpus: machine.cpus, seed: workload.seed };
  const others = OTHERS.map(({ workload: name, name: words, options = {} }): Situation => {
    const other = WORKLOADS[name].make({ ...options, seed: workload.seed });
    const flags = Object.entries(options).map(([flag, value]) => ` --${flag} ${value}`);
    const ns = lookupTimes(other, { ...run, machine: hardwareNamed(machine.name) }) as Record<Rival, number>;
    return { name: words, flags: `--workload ${name}${flags.join('')}`, ns };
  });
  return [...fillSituations(evaluation), ...others];
}

/** The plain workload in the orders that were counted. */
export function fillSituations({ designs, workload }: Evaluation): Situation[] {
  const { processes, threads, timers, totalTimers } = workload;
  const who = processes * threads === 1 ? 'one thread' : `${(processes * threads).toLocaleString('en-US')} threads`;
  const size = `${who}, ${totalTimers.toLocaleString('en-US')} timers`;
  const flags = processes * threads === 1 ? '' : `--processes ${processes} --threads ${threads} `;
  const byOrder = (of: 'lookup' | 'lookupRandom'): Record<Rival, number> | null => {
    const times = RIVALS.map((rival) => designs.find(({ design }) => design === rival)?.[of]?.nsPerOp);
    if (times.includes(undefined)) return null;
    return Object.fromEntries(RIVALS.map((rival, i) => [rival, times[i]])) as Record<Rival, number>;
  };
  return (
    [
      ['lookup', 'creation'],
      ['lookupRandom', 'random'],
    ] as const
  ).flatMap(([of, order]) => {
    const ns = byOrder(of);
    const shown = `${flags}--timers ${timers} --order ${order}`;
    return ns === null ? [] : [{ name: `${size}, ${order} order`, flags: shown, ns }];
  });
}
