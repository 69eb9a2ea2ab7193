// One checkpoint on every node: a row of the matrix.
import {
  type Charges,
  type Checkpoint,
  chargesOf,
  type PlanJson,
  type PlanOptions,
  planToJson,
  type Reason,
  type RestorePlan,
  restorePlanner,
} from '@idspace/restore-planner';
import { type Origin, originOf } from '../checkpoints-json.ts';
import { type Gate, isGate, objections, type Unjudged, unjudgedIn } from '../gate.ts';
import { isDanced } from '../rate-note.ts';
import type { PlacementNode } from './nodes.ts';
import { bestFirst, type Pair, pairOf } from './pair.ts';

/** How checkpoints are placed: what worker threads are given. */
export interface PlaceOptions {
  nodes: readonly PlacementNode[];
  rates: Pick<PlanOptions, 'nsPerPair' | 'nsPerRestore'>;
  given: Pick<PlanOptions, 'sigpending' | 'sigq' | 'deprecated'>;
  gate: Gate;
  /** Whether the plan for the best node is kept: it can be long. */
  keepsPlan: boolean;
}

/** What the matrix tells of one checkpoint. */
export interface Row extends Origin {
  /** The node where its restore ends best, and is fastest; the first of several. */
  best: string;
  /** The plan for that node; absent where only text is printed. */
  plan?: PlanJson;
  charges: Charges;
  nodes: Pair[];
}

/** A row, and what becomes of it at the gate. */
export interface PlacedCheckpoint {
  row: Row;
  /** Why it does not pass on its best node, if it passes on none; null if it passes, or there is no gate. */
  stopped: string[] | null;
  /** What the gate does not judge where it passes. */
  unjudged: Unjudged;
  /** Whether its timers are danced to on some node. */
  dances: boolean;
}

/** Plans a checkpoint for every node; of each plan a pair is kept. */
export function placeCheckpoint(checkpoint: Checkpoint, options: PlaceOptions): PlacedCheckpoint {
  const { nodes, rates, given, gate, keepsPlan } = options;
  const planFor = restorePlanner(checkpoint);
  const planOn = ({ target, kernel, criu }: PlacementNode): RestorePlan =>
    planFor({ ...rates, ...given, kernel, criu, target });
  const known = new Map<string, Reason>();
  const pairs: Pair[] = [];
  let passes = !isGate(gate);
  let unjudged: Unjudged = { ofMachine: [], ofImages: [] };
  let dances = false;
  for (const node of nodes) {
    const plan = planOn(node);
    const pair = pairOf(node.name, plan);
    pairs.push({ ...pair, reason: pair.reason && shared(pair.reason, known) });
    dances ||= isDanced(plan);
    if (passes || objections({ plan }, gate).length > 0) continue;
    passes = true;
    unjudged = unjudgedIn(plan);
  }
  const best = pairs.reduce((so, pair) => (bestFirst(pair, so) < 0 ? pair : so));
  const bestNode = nodes[pairs.indexOf(best)]!;
  const again = keepsPlan || !passes ? planOn(bestNode) : undefined;
  return {
    row: {
      ...originOf(checkpoint),
      best: best.node,
      ...(keepsPlan && { plan: planToJson(again!) }),
      charges: chargesOf(checkpoint),
      nodes: pairs,
    },
    stopped: passes ? null : objections({ plan: again! }, gate),
    unjudged,
    dances,
  };
}

/** The same reason on many nodes is kept once. */
function shared(reason: Reason, known: Map<string, Reason>): Reason {
  const key = JSON.stringify(reason);
  const one = known.get(key);
  if (one !== undefined) return one;
  known.set(key, reason);
  return reason;
}
