// The plain workload on the designs that claims are about, at several sizes: shared by several claims.

import type { OperationCost } from '@idspace/evaluation';
import { evaluate } from '@idspace/evaluation';
import type { DesignName } from '@idspace/posix-timers';
import type { Lab } from '../lab.ts';

export const OLD = 'hash-512' as const;
export const SCALED = 'hash-scaled' as const;
export const TODAY = 'hash-scaled-jhash' as const;
export const TREE = 'xarray' as const;
const GLOBAL = 'idr' as const;
const DESIGNS: readonly DesignName[] = [GLOBAL, OLD, SCALED, TODAY, TREE];
const SIZES: readonly { threads: number; timers: number }[] = [
  { threads: 1, timers: 1000 },
  { threads: 1, timers: 20_000 },
  { threads: 1, timers: 100_000 },
  { threads: 63, timers: 320 },
];
/** Operations that are recorded of each phase, in windows spread over it. */
export const RECORDED = 2000;
const CPUS = 64;

/** What is kept of an operation's cost: means. */
export type CallCost = Pick<OperationCost, 'linesTouched' | 'd1Misses' | 'nsPerOp'> & {
  listRefs: number;
  listLines: number;
};

export interface DesignFill {
  design: DesignName;
  create: CallCost;
  /** In creation order, and in random order. */
  lookup: CallCost;
  lookupRandom: CallCost;
  delete: CallCost;
}

export interface Fill {
  threads: number;
  /** Of all threads. */
  timers: number;
  /** Operations of each phase that the means are over. */
  recorded: number;
  designs: DesignFill[];
}

/** Creates, looks up and deletes all timers, at every size, on every design. */
export function fills({ seed, onProgress }: Lab): Fill[] {
  const all = SIZES.reduce((sum, { threads, timers }) => sum + threads * timers, 0);
  let before = 0;
  return SIZES.map(({ threads, timers }) => {
    const part = (threads * timers) / all;
    const evaluation = evaluate({
      designs: DESIGNS,
      threads,
      timers,
      cpus: CPUS,
      seed,
      sample: RECORDED,
      onProgress: ({ done, total }) => onProgress(before + (done / total) * part),
    });
    before += part;
    const designs = evaluation.designs.map((one) => ({
      design: one.design,
      create: costOf(one.create),
      lookup: costOf(one.lookup),
      lookupRandom: costOf(one.lookupRandom!),
      delete: costOf(one.delete),
    }));
    return { threads, timers: threads * timers, recorded: evaluation.workload.recorded, designs };
  });
}

function costOf({ linesTouched, d1Misses, nsPerOp, by: { list } }: OperationCost): CallCost {
  return { linesTouched, d1Misses, nsPerOp, listRefs: list.refs, listLines: list.linesTouched };
}

/** Finds a design's costs. */
export function of(fill: Fill, design: DesignName): DesignFill {
  return fill.designs.find((one) => one.design === design)!;
}
