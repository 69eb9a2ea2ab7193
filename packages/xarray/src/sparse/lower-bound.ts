/**
 * Finds the place of the first of 31 ascending keys that is not below `key`, or the place behind them.
 *
 * Five steps for each leaf, however full; the comparisons become arithmetic, since a jump would go wrong half of the time. Leaves
 * are aligned, so places are put together by `|`, which V8 need not watch for an overflow.
 *
 * @param leaves Int32Array, shape [leaves × 64].
 * @param start Place of the leaf's first key.
 */
export function lowerBound(leaves: Int32Array, start: number, key: number): number {
  let at = start;
  at |= +(leaves[at | 15] < key) << 4;
  at |= +(leaves[at | 7] < key) << 3;
  at |= +(leaves[at | 3] < key) << 2;
  at |= +(leaves[at | 1] < key) << 1;
  return at | +(leaves[at] < key);
}
