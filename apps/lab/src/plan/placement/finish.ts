// The end of a placement, whether one run or shards put together: what is not a checkpoint is left out, and each node's charges are summed up.
import { isPossible, planNode } from '@idspace/restore-planner';
import type { Terminal } from '../../cli/terminal.ts';
import { withoutPreDumps } from '../fleet.ts';
import {
  type Entry,
  isPlaced,
  type NodeEntry,
  type PlacementDocument,
  type PlacementHeader,
  type Together,
} from './document.ts';

/** Makes the document of a whole run. @param entries All that were found, in their order. */
export function finished(entries: readonly Entry[], header: PlacementHeader, terminal: Terminal): PlacementDocument {
  const checkpoints = withoutPreDumps(entries, (entry) => (isPlaced(entry) ? null : entry.error.code), terminal);
  const nodes = header.nodes.map((node, at) => ({ ...node, together: together(node, at, checkpoints, header) }));
  return { checkpoints, placement: { ...header, shard: null, nodes } };
}

function together(
  { limits }: NodeEntry,
  at: number,
  checkpoints: readonly Entry[],
  { options }: PlacementHeader,
): Together {
  const going = checkpoints.filter(isPlaced).filter(({ nodes }) => isPossible(nodes[at]!));
  const ok = going.filter(({ nodes }) => nodes[at]!.outcome === 'ok').length;
  const { sigpending, sigq } = options;
  const plan = planNode(
    going.map(({ charges }) => charges),
    {
      target: limits,
      ...(sigpending !== null && { sigpending }),
      ...(sigq !== null && { sigq }),
    },
  );
  return { ok, depends: going.length - ok, ...plan };
}
