/**
 * Finds the place of the first of 31 ascending keys that is not below `key`, or that of the stop behind them.
 *
 * Five steps for every leaf, however full; the comparisons become arithmetic, since a jump would go wrong half of the time.
 *
 * @param keys Leaves.
 * @param start Place of the leaf's first key.
 */
export function lowerBound(keys: Int32Array, start: number, key: number): number {
  let at = start;
  at += +(keys[at + 15] < key) << 4;
  at += +(keys[at + 7] < key) << 3;
  at += +(keys[at + 3] < key) << 2;
  at += +(keys[at + 1] < key) << 1;
  return at + +(keys[at] < key);
}
