// One checkpoint on one node: how its restore ends there, why, and what it costs.
import { decisiveReason, OUTCOMES, type Outcome, type Reason, type RestorePlan } from '@idspace/restore-planner';
import { type RestoreCost, restoreCost } from '../restore-cost.ts';

/** A cell of the matrix. */
export interface Pair extends RestoreCost {
  /** The node's name. */
  node: string;
  outcome: Outcome;
  /** What decides the outcome; null if that is ok. */
  reason: Reason | null;
}

/** Takes from a plan what the matrix tells of it. */
export function pairOf(node: string, plan: RestorePlan): Pair {
  return { node, outcome: plan.outcome, reason: decisiveReason(plan) ?? null, ...restoreCost(plan) };
}

/** Orders pairs: first where a restore ends best, of these where it is fastest. */
export function bestFirst(a: Pair, b: Pair): number {
  return OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) || a.seconds - b.seconds;
}

/** Whether a checkpoint can go to a node, or may, as far as is known. */
export function isPossible({ outcome }: Pair): boolean {
  return outcome === 'ok' || outcome === 'depends';
}
