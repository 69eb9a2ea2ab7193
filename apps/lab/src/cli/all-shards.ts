// All shards of one run: each once, none missing.
import { unusable } from './failure.ts';
import { parseShard } from './shard.ts';

const MOST_NAMED = 20; // that are missing

/**
 * Puts shards into their order.
 *
 * @param nameOf 'I/N', checked; null for a whole run, which is not a shard. @param whole What that is called: 'a whole sweep'.
 * @throws CommandError (exit code 3) naming those that are missing, twice there, or of another division.
 */
export function allShards<Read extends { path: string }>(
  shards: readonly Read[],
  nameOf: (shard: Read) => string | null,
  whole: string,
): Read[] {
  const [first] = shards;
  const byIndex = new Map<number, Read>();
  const undivided = shards.find((shard) => nameOf(shard) === null);
  if (undivided !== undefined) throw unusable(undivided.path, whole, 'a shard: there is nothing to merge');
  const { of } = parseShard(nameOf(first!)!);
  for (const shard of shards) {
    const name = nameOf(shard)!;
    const part = parseShard(name);
    if (part.of !== of) throw unusable(shard.path, `shard ${name}`, `one of ${of} as in ${first!.path}`);
    const other = byIndex.get(part.index);
    if (other !== undefined) {
      throw unusable(shard.path, `shard ${name}, which ${other.path} is already`, 'each once');
    }
    byIndex.set(part.index, shard);
  }
  const indices = Array.from({ length: of }, (_, index) => index + 1);
  const missing = indices.filter((index) => !byIndex.has(index));
  if (missing.length === 0) return indices.map((index) => byIndex.get(index)!);
  const names = missing.slice(0, MOST_NAMED).map((index) => `${index}/${of}`);
  const more = missing.length > names.length ? ` and ${missing.length - names.length} more` : '';
  throw unusable('shards', `${byIndex.size} of ${of}`, `all: ${names.join(', ')}${more} missing`);
}
