// Puts the shards of a placement together into what one run of all would have written.

import { allShards } from '../../cli/all-shards.ts';
import { unusable } from '../../cli/failure.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { PlacementDocument, PlacementHeader } from './document.ts';
import { finished } from './finish.ts';

/** A shard and the file it is from. */
export interface ReadPlacement {
  path: string;
  document: PlacementDocument;
}

/**
 * Merges the shards of one placement, given in any order.
 *
 * @throws CommandError (exit code 3) naming those that are missing, twice there, not whole, or of another run.
 */
export function mergePlacements(shards: readonly ReadPlacement[], terminal: Terminal): PlacementDocument {
  const [first] = shards;
  for (const shard of shards) checkSame(shard, first!);
  const inOrder = allShards(shards, ({ document }) => document.placement.shard, 'a whole placement');
  const { found } = first!.document.placement;
  for (const [index, { path, document }] of inOrder.entries()) {
    const expected = Math.ceil((found - index) / inOrder.length);
    const got = document.checkpoints.length;
    if (got !== Math.max(expected, 0)) throw unusable(path, `${got} checkpoints`, `${expected} of ${found}`);
  }
  const entries = Array.from({ length: found }, (_, index) => {
    const { document } = inOrder[index % inOrder.length]!;
    return document.checkpoints[Math.floor(index / inOrder.length)]!;
  });
  return finished(entries, first!.document.placement, terminal);
}

/** What makes two runs the same: nothing of this may differ. */
function checkSame({ path, document }: ReadPlacement, first: ReadPlacement): void {
  const [own, other] = [document.placement, first.document.placement];
  const differing = (['idspace', 'found', 'paths', 'options', 'nodes'] as const).find(
    (key) => JSON.stringify(comparable(own)[key]) !== JSON.stringify(comparable(other)[key]),
  );
  if (differing === undefined) return;
  throw unusable(path, `a placement with ${WHAT[differing]}`, `those of ${first.path}`);
}

const WHAT = {
  idspace: 'another version of idspace',
  found: 'another number of checkpoints',
  paths: 'checkpoints of other paths',
  options: 'other flags',
  nodes: 'other nodes, or other facts of them',
};

function comparable({ nodes, ...header }: PlacementHeader): PlacementHeader {
  return { ...header, nodes: nodes.map((node) => ({ ...node, together: null })) };
}
