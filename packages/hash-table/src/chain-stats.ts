// How evenly a table's chains are filled.

/** Chain lengths in four numbers. */
export interface ChainStats {
  /** Entries per bucket. */
  mean: number;
  /** Length of the longest chain. */
  max: number;
  /** Buckets without an entry. */
  empty: number;
  /** Standard deviation of the lengths over all buckets; √mean is what a random function would give. */
  sd: number;
}

/**
 * Sums up chain lengths.
 *
 * @param lengths Uint32Array, shape [buckets], entries; at least one bucket.
 *
 * Cost: two passes over the buckets.
 */
export function chainStatsOf(lengths: Uint32Array): ChainStats {
  let total = 0;
  let max = 0;
  let empty = 0;
  for (const length of lengths) {
    total += length;
    if (length > max) max = length;
    if (length === 0) empty++;
  }
  const mean = total / lengths.length;
  let squares = 0;
  for (const length of lengths) squares += (length - mean) ** 2;
  return { mean, max, empty, sd: Math.sqrt(squares / lengths.length) };
}
