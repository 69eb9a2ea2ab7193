// A plan's steps played on paper: what they add up to, without a kernel.
import type { CallCounts, Step } from '../types.ts';
import { IdRanges } from './id-ranges.ts';

/** What steps come to. */
export interface PaperRun {
  /** The first step that contradicts those before it; null if none does. */
  defect: { step: number; got: Step; expected: string } | null;
  /** Most timers alive at the same time. */
  peak: number;
  /** The IDs alive at the end. */
  live: IdRanges;
}

/** The calls of one step. */
export function callsOf(step: Step): CallCounts {
  switch (step.op) {
    case 'prctl':
      return { creates: 0, deletes: 0, prctls: 1 };
    case 'cursor':
      return { creates: 0, deletes: 0, prctls: 0 };
    case 'dance':
      return { creates: step.pairs, deletes: step.pairs, prctls: 0 };
    case 'fill':
      return { creates: Math.abs(step.to - step.from) + 1, deletes: 0, prctls: 0 };
    case 'create':
      return { creates: 1, deletes: 0, prctls: 0 };
    case 'delete':
      return { creates: 0, deletes: step.to - step.from + 1, prctls: 0 };
  }
}

/** Adds up the calls of some steps. */
export function countsOf(steps: readonly Step[]): CallCounts {
  const sum = { creates: 0, deletes: 0, prctls: 0 };
  for (const step of steps) {
    const { creates, deletes, prctls } = callsOf(step);
    sum.creates += creates;
    sum.deletes += deletes;
    sum.prctls += prctls;
  }
  return sum;
}

/** Plays steps until one contradicts those before it. Cost: O(steps × ranges of live IDs), whatever the IDs. */
export function playOnPaper(steps: readonly Step[]): PaperRun {
  const live = new IdRanges();
  let count = 0;
  let peak = 0;
  for (const [index, step] of steps.entries()) {
    const wrong = contradiction(step, live, steps[index - 1]);
    if (wrong !== null) return { defect: { step: index, got: step, expected: wrong }, peak, live };
    const { creates, deletes } = callsOf(step);
    if (step.op === 'dance') peak = Math.max(peak, count + 1);
    else if (!isRefused(step)) count += creates - deletes;
    peak = Math.max(peak, count);
  }
  return { defect: null, peak, live };
}

/** Makes a step's changes to the live IDs; tells what should have stood there if it cannot be. */
function contradiction(step: Step, live: IdRanges, previous: Step | undefined): string | null {
  if (previous !== undefined && isRefused(previous) && !isSwitchOff(step)) return 'no step after a refused create';
  if (step.op === 'create' && step.id !== null && !live.add(step.id, step.id)) return 'an ID that is not alive';
  if (step.op === 'fill' && !live.add(Math.min(step.from, step.to), Math.max(step.from, step.to))) {
    return 'IDs that are not alive';
  }
  if (step.op === 'delete' && !live.remove(step.from, step.to)) return 'IDs that the steps before created';
  return null;
}

function isRefused(step: Step): boolean {
  return step.op === 'create' && step.id === null;
}

/** The one call a restorer makes after a failure. */
function isSwitchOff(step: Step): boolean {
  return step.op === 'prctl' && !step.on;
}
