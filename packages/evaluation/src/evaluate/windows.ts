// Which operations of a phase are recorded.

/** Windows of a phase that is too long to record whole: as many as leave each core enough operations in one, within bounds. */
const MOST_WINDOWS = 4;
const LEAST_WINDOWS = 2;
const OPERATIONS_PER_CORE = 128;
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
  const places = Array.from({ length: windows }, (_, i) => (i + 0.5) / windows);
  return windowsAt(places, operations, length);
}

/** Where the windows of `sparseWindowsOf` lie. */
const PLACES = [0.31, 0.69];

/**
 * Places two windows in a phase that restores IDs at a stride: even about its middle, so that their mean is that of the phase,
 * and off its halves and quarters. There, at a stride that is a power of 2, arrays as large as the number of timers times
 * another are copied to larger ones, and one copy would count in a short window as if it came with each operation.
 *
 * @param operations @param recorded As in `windowsOf`; from three quarters of the phase on, all of it is one window.
 */
export function sparseWindowsOf(operations: number, recorded: number): Window[] {
  if (recorded >= operations * 0.75) return windowsOf(operations, operations);
  return windowsAt(PLACES, operations, Math.max(1, Math.floor(recorded / PLACES.length)));
}

/** @param places Their middles, 0…1, far enough apart not to overlap; their warm-ups begin after the window before. */
function windowsAt(places: readonly number[], operations: number, length: number): Window[] {
  let end = 0;
  return places.map((place) => {
    const from = Math.floor(place * operations) - Math.floor(length / 2);
    const warm = Math.max(end, from - Math.floor(length * WARM_UP));
    end = from + length;
    return { warm, from, to: end };
  });
}
