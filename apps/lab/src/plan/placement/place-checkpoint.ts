// One checkpoint on every node: a row of the matrix.
import {
  type Charges,
  type Checkpoint,
  chargesOf,
  compareNodes,
  type NodeOutcome,
  type PlanJson,
  type PlanOptions,
  planRestore,
  planToJson,
} from '@idspace/restore-planner';
import { type Origin, originOf } from '../checkpoints-json.ts';
import { type Gate, isGate, objections, type Unjudged, unjudgedIn } from '../gate.ts';
import { isDanced } from '../rate-note.ts';
import type { PlacementNode } from './nodes.ts';

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
  nodes: NodeOutcome[];
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

/** Plans a checkpoint for every node; of each plan its outcome and its cost are kept. */
export function placeCheckpoint(checkpoint: Checkpoint, options: PlaceOptions): PlacedCheckpoint {
  const { nodes, rates, given, gate, keepsPlan } = options;
  let passes = !isGate(gate);
  let unjudged: Unjudged = { ofMachine: [], ofImages: [], ofInput: [] };
  let dances = false;
  const compared = compareNodes(checkpoint, nodes, { ...rates, ...given }, (plan) => {
    dances ||= isDanced(plan);
    if (passes || objections({ plan }, gate).length > 0) return;
    passes = true;
    unjudged = unjudgedIn(plan);
  });
  const { best } = compared;
  const { kernel, criu, target } = nodes[compared.nodes.indexOf(best)]!;
  const again =
    keepsPlan || !passes ? planRestore(checkpoint, { ...rates, ...given, kernel, criu, target }) : undefined;
  return {
    row: {
      ...originOf(checkpoint),
      best: best.node,
      ...(keepsPlan && { plan: planToJson(again!) }),
      charges: chargesOf(checkpoint),
      nodes: compared.nodes,
    },
    stopped: passes ? null : objections({ plan: again! }, gate),
    unjudged,
    dances,
  };
}
