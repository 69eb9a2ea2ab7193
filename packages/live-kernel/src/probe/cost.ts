// How long a call takes, with its spread.
import { median } from './median.ts';

/** Samples of a cost, wall time in nanoseconds as a C program would see it. */
export interface Cost {
  /** What was done: 'add + remove'. */
  readonly what: string;
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  /** The samples spread so far that a figure from here is not to be trusted. */
  readonly isNoisy: boolean;
}

/** Samples of a quiet machine spread by a few per cent. Nine tenths of them within half as much again is where trust ends. */
const TRUSTED_SPREAD = 1.5;

/**
 * Sums samples up.
 *
 * @param samples ns, at least one. @param idle What of each was not the kernel's, ns; it is taken off, and nothing falls below 0.
 */
export function costOf(what: string, samples: readonly number[], idle = 0): Cost {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const less = (value: number): number => Math.max(0, Math.round(value - idle));
  const [min, p90] = [sorted[0]!, at(0.9)];
  return { what, min: less(min), median: less(median(sorted)), p90: less(p90), isNoisy: p90 > TRUSTED_SPREAD * min };
}
