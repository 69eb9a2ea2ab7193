// Which operations of a phase are recorded.

/** Windows of a phase that is too long to record whole: as many as leave each core enough operations in one, within bounds. */
const MOST_WINDOWS = 20;
const LEAST_WINDOWS = 2;
const OPERATIONS_PER_CORE = 64;
/** Operations recorded before each window, as part of a window, that only warm the caches up. */
const WARM_UP = 0.5;

/** A stretch of operations: those from `warm` on are recorded, those from `from` on are counted, up to `to`. */
export interface Window {
  warm: number;
  from: number;
  to: number;
}

/**
 * Spreads windows evenly over a phase, so that their mean is that of the phase.
 *
 * @param operations Length of the phase, 1….
 * @param cores Cores that share the operations: each has caches to warm up.
 * @param recorded Operations to count; the whole phase in one window where that is enough.
 */
export function windowsOf(operations: number, recorded: number, cores = 1): Window[] {
  if (recorded >= operations) return [{ warm: 0, from: 0, to: operations }];
  const filled = Math.floor(recorded / (OPERATIONS_PER_CORE * cores));
  const windows = Math.min(MOST_WINDOWS, Math.max(LEAST_WINDOWS, filled));
  const length = Math.max(1, Math.floor(recorded / windows));
  return Array.from({ length: windows }, (_, i) => {
    const middle = Math.floor(((i + 0.5) * operations) / windows);
    const from = middle - Math.floor(length / 2);
    return { warm: Math.max(0, from - Math.floor(length * WARM_UP)), from, to: from + length };
  });
}
