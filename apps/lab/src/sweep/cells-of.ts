// The cells of a shard.
import { randomBelow } from '@idspace/evaluation';
import type { Shard } from '../cli/shard.ts';

/**
 * Returns the numbers of a shard's cells, ascending.
 *
 * All are shuffled, always in the same way, and each n-th is the shard's: every n-th of the grid itself could be one design.
 */
export function cellsOf(shard: Shard | null, cells: number): number[] {
  const all = Uint32Array.from({ length: cells }, (_, cell) => cell);
  if (shard === null) return [...all];
  const below = randomBelow(SHUFFLE);
  for (let i = cells - 1; i > 0; i--) {
    const j = below(i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return [...all.filter((_, i) => i % shard.of === shard.index - 1).sort()];
}

const SHUFFLE = 0x7368_6172;
