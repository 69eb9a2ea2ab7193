// One checkpoint on several nodes: how its restore ends on each, why, and what it costs.
import { SHARED_KEYS } from './check-input.ts';
import { checkKeys } from './check-keys.ts';
import { OUTCOMES, type Outcome } from './outcome.ts';
import { restorePlanner } from './plan-restore.ts';
import { refuse } from './refusal.ts';
import { type RestoreCost, restoreCost } from './restore-cost.ts';
import type { Reason } from './spaces/reason.ts';
import type { Target } from './spaces/target.ts';
import { decisiveReason } from './spaces/verdict.ts';
import type { Checkpoint, PlanOptions, RestorePlan } from './types.ts';

/** A machine that a checkpoint may go to. */
export interface CandidateNode {
  readonly name: string;
  /** As for {@link PlanOptions}. */
  readonly kernel: string;
  readonly criu: string;
  readonly target: Target;
}

/** How a restore ends on one node. */
export interface NodeOutcome extends RestoreCost {
  /** The node's name. */
  node: string;
  outcome: Outcome;
  /** What decides the outcome; null if that is ok. Nodes with the same reason share one object. */
  reason: Reason | null;
}

/** A checkpoint on all nodes. */
export interface NodeComparison {
  /** In the order of the nodes. */
  nodes: NodeOutcome[];
  /** Where the restore ends best, and of these is fastest; the first of several. */
  best: NodeOutcome;
}

/**
 * Tells how the restore of a checkpoint ends on each of several nodes, and on which best.
 *
 * What all checkpoints that go to a node are charged for there is told by {@link planNode}.
 *
 * @param nodes One or more.
 * @param options As for planRestore, without what each node has of its own.
 * @param onPlan Called with the plan for each node, which is not kept: a fleet has many.
 * @throws RangeError as planRestore; for no nodes.
 * Cost: that of a plan for each node; circumstances of timers that nodes share are planned once.
 */
export function compareNodes(
  checkpoint: Checkpoint,
  nodes: readonly CandidateNode[],
  options: Omit<PlanOptions, 'kernel' | 'criu' | 'target'> = {},
  onPlan: (plan: RestorePlan, node: CandidateNode) => void = () => {},
): NodeComparison {
  if (!Array.isArray(nodes) || nodes.length === 0) refuse('nodes', nodes, 'a list of one node or more');
  checkKeys(options, OPTION_KEYS);
  const planFor = restorePlanner(checkpoint);
  const known = new Map<string, Reason>();
  const outcomes = nodes.map((node): NodeOutcome => {
    const { name, kernel, criu, target } = node;
    const plan = planFor({ ...options, kernel, criu, target });
    onPlan(plan, node);
    const reason = decisiveReason(plan);
    return {
      node: name,
      outcome: plan.outcome,
      reason: reason === undefined ? null : shared(reason, known),
      ...restoreCost(plan),
    };
  });
  return { nodes: outcomes, best: outcomes.reduce((so, one) => (bestFirst(one, so) < 0 ? one : so)) };
}

const OPTION_KEYS: readonly string[] = SHARED_KEYS.filter((key) => key !== 'target');

/** Orders outcomes: first where a restore ends best, of these where it is fastest. */
export function bestFirst(a: NodeOutcome, b: NodeOutcome): number {
  return OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) || a.seconds - b.seconds;
}

/** Tells whether a checkpoint can go to a node, or may, as far as is known. */
export function isPossible({ outcome }: Pick<NodeOutcome, 'outcome'>): boolean {
  return outcome === 'ok' || outcome === 'depends';
}

/** The same reason on many nodes is kept once. */
function shared(reason: Reason, known: Map<string, Reason>): Reason {
  const key = JSON.stringify(reason);
  const one = known.get(key) ?? reason;
  known.set(key, one);
  return one;
}
