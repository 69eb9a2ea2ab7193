// Which operations of a phase are recorded.

/** Windows of a phase that is too long to record whole. */
const WINDOWS = 20;
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
 * @param recorded Operations to count; the whole phase in one window where that is enough.
 */
export function windowsOf(operations: number, recorded: number): Window[] {
  if (recorded >= operations) return [{ warm: 0, from: 0, to: operations }];
  const length = Math.max(1, Math.floor(recorded / WINDOWS));
  return Array.from({ length: WINDOWS }, (_, i) => {
    const middle = Math.floor(((i + 0.5) * operations) / WINDOWS);
    const from = middle - Math.floor(length / 2);
    return { warm: Math.max(0, from - Math.floor(length * WARM_UP)), from, to: from + length };
  });
}
