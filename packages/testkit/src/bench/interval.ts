// A median with its interval, and what two of them say: whether code became slower, or that the machine is too noisy to tell.

/** A median, and the ends of an interval that holds the true one in at least 95 of 100 measurements. */
export interface Interval {
  median: number;
  low: number;
  high: number;
}

/** What is slower by more than this is named; a machine on which code differs from itself by as much cannot tell. */
export const LIMIT = 1.03;
const CONFIDENCE = 0.95;

/**
 * Computes the median of values, and its interval from their order alone.
 *
 * The k-th lowest and the k-th highest of n values enclose the median of any distribution, unless fewer than k of them lie on one side
 * of it: the chance of that is that of fewer than k heads, or tails, in n throws of a coin.
 *
 * @param values Independent measurements, 6 at least: five cannot give 95 %.
 * @throws RangeError for fewer, and for one that is not a finite number.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  if (n < 6) throw new RangeError(`medianInterval: got ${n} values, expected 6 at least`);
  const odd = sorted.find((value) => !Number.isFinite(value));
  if (odd !== undefined) throw new RangeError(`medianInterval: got ${odd}, expected finite numbers`);
  // The chance that exactly `skip` values lie below the median, then of fewer than that on either side.
  let exactly = 0.5 ** n;
  let missed = 2 * exactly;
  let skip = 0;
  for (; ; skip++) {
    exactly *= (n - skip) / (skip + 1);
    if (missed + 2 * exactly > 1 - CONFIDENCE) break;
    missed += 2 * exactly;
  }
  return { median: medianOf(sorted), low: sorted[skip]!, high: sorted[n - 1 - skip]! };
}

/** Returns the median of some numbers, NaN of none. */
export function medianOf(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export type Verdict = 'slower' | 'faster' | 'same' | 'noisy';

/**
 * Judges how the time of one side compares with that of another.
 *
 * @param change Time of the new side by that of the old one.
 * @param self Time of the old side by that of the old one, measured in the same rounds: what the machine alone does.
 * @returns 'noisy' if the interval of `self` goes beyond {@link LIMIT} either way; 'slower' or 'faster' if all of the interval of
 *   `change` does; 'same' otherwise.
 */
export function judge(change: Interval, self: Interval): Verdict {
  if (self.high > LIMIT || self.low < 1 / LIMIT) return 'noisy';
  if (change.low > LIMIT) return 'slower';
  return change.high < 1 / LIMIT ? 'faster' : 'same';
}

/**
 * Sums up the verdicts of a comparison as an exit code.
 *
 * @returns 1 if something is slower, otherwise 3 if something was too noisy to tell, otherwise 0.
 */
export function exitCodeOf(verdicts: readonly Verdict[]): 0 | 1 | 3 {
  if (verdicts.includes('slower')) return 1;
  return verdicts.includes('noisy') ? 3 : 0;
}
