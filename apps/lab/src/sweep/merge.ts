// Merging shards into what one run of all would have written.
import { CommandError } from '../cli/failure.ts';
import { difference, type SweepDocument, shardOf } from './sweep-document.ts';

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
  const byIndex = new Map<number, ReadShard>();
  for (const shard of shards) {
    const { path, document } = shard;
    const [got, expected] = difference(document, first.document) ?? [];
    if (got !== expected) throw refused(path, `a sweep with ${got}`, `${expected} as in ${first.path}`);
    const part = shardOf(document);
    const of = shardOf(first.document)?.of;
    if (part === null || of === undefined) {
      const whole = part === null ? path : first.path;
      throw refused(whole, 'a whole sweep', 'a shard: there is nothing to merge');
    }
    if (part.of !== of) throw refused(path, `shard ${document.shard}`, `one of ${of} as in ${first.path}`);
    const other = byIndex.get(part.index);
    if (other !== undefined)
      throw refused(path, `shard ${document.shard}, which ${other.path} is already`, 'each once');
    byIndex.set(part.index, shard);
  }
  const { of } = shardOf(first.document)!;
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const names = missing.slice(0, 20).map((index) => `${index}/${of}`);
    const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
    throw new CommandError(
      'input',
      `shards: got ${byIndex.size} of ${of}, expected all: ${names.join(', ')}${more} missing`,
    );
  }
  const cells = shards.flatMap(({ document }) => document.cells).sort((a, b) => a.cell - b.cell);
  return { ...first.document, shard: null, cells };
}

function refused(path: string, got: string, expected: string): CommandError {
  return new CommandError('input', `${path}: got ${got}, expected ${expected}`);
}
