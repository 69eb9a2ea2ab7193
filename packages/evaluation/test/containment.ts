// A delete begins with a lookup, so that it costs at least that: one cell of the grid on which that is tried.
import type { DesignName } from '@idspace/posix-timers';
import { evaluate } from '../src/evaluate/evaluate.ts';
import type { OperationCost } from '../src/evaluate/evaluation.ts';

export interface Containment {
  lookup: OperationCost;
  random: OperationCost;
  remove: OperationCost;
  /** Operations of each phase that were counted. */
  counted: number;
  /** What of a delete is less than of the lookup of the same order, or of the other order where that makes no difference. */
  cheaper: string[];
}

const FIGURES = ['refs', 'reads', 'writes', 'linesTouched', 'd1Misses', 'llMisses'] as const;

/** Evaluates a design with so many timers. @param processes Share them. */
export function containment(design: DesignName, timers: number, processes = 1, machine?: string): Containment {
  const options = {
    designs: [design],
    timers: timers / processes,
    processes,
    ...(machine !== undefined && { machine }),
  };
  const [{ lookup, lookupRandom, delete: remove }] = evaluate({ ...options, sample: 2000 }).designs;
  const cheaper: string[] = FIGURES.filter((figure) => remove[figure] < lookup[figure]);
  if (remove.nsPerOp < lookup.nsPerOp) cheaper.push('nsPerOp');
  return { lookup, random: lookupRandom!, remove, counted: lookup.counted, cheaper };
}
