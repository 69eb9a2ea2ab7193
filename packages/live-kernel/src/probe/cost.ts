// How long a call takes, with its spread.
import { median } from './median.ts';

/** Samples of a cost, wall time in nanoseconds as a C program would see it. */
export interface Cost {
  /** What was done: 'add + remove'. */
  readonly what: string;
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  /** The samples spread so far, or had the CPU for so little of the time, that a figure from here is not to be trusted. */
  readonly isNoisy: boolean;
}

/** Samples of a quiet machine spread by a few per cent. Nine tenths of them within half as much again is where trust ends. */
const TRUSTED_SPREAD = 1.5;

/** Below this share of the wall time, others had the CPU: wall time counts their work, too. */
const TRUSTED_SHARE = 0.8;

/**
 * Sums samples up.
 *
 * @param samples ns, at least one. @param idle What of each was not the kernel's, ns; it is taken off, and nothing falls below 0.
 * @param cpuShare CPU time by wall time while they were taken, 0…; 1 where that was not looked at.
 */
export function costOf(what: string, samples: readonly number[], idle = 0, cpuShare = 1): Cost {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const less = (value: number): number => Math.max(0, Math.round(value - idle));
  const [min, p90] = [sorted[0]!, at(0.9)];
  const isNoisy = p90 > TRUSTED_SPREAD * min || cpuShare < TRUSTED_SHARE;
  return { what, min: less(min), median: less(median(sorted)), p90: less(p90), isNoisy };
}
