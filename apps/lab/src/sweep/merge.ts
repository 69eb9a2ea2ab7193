// Merging shards into what one run of all would have written.
import { allShards } from '../cli/all-shards.ts';
import { unusable } from '../cli/failure.ts';
import { difference, type SweepDocument } from './sweep-document.ts';

/** A shard and the file it is from. */
export interface ReadShard {
  path: string;
  document: SweepDocument;
}

/**
 * Merges the shards of one sweep, given in any order.
 *
 * @throws CommandError (exit code 3) naming those that are missing, twice there, or of another sweep.
 */
export function mergeShards(shards: readonly ReadShard[]): SweepDocument {
  const [first] = shards;
  for (const { path, document } of shards) {
    const [got, expected] = difference(document, first.document) ?? [];
    if (got !== expected) throw unusable(path, `a sweep with ${got}`, `${expected} as in ${first.path}`);
  }
  const all = allShards(shards, ({ document }) => document.shard, 'a whole sweep');
  const cells = all.flatMap(({ document }) => document.cells).sort((a, b) => a.cell - b.cell);
  return { ...first.document, shard: null, cells };
}
