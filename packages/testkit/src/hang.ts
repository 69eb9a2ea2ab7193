/** Longer than anything takes on the busiest machine, ms: what takes this long does not come. Every wait of a test ends by it. */
export const HANG_MS = 300_000;
