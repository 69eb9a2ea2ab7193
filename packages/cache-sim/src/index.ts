export { CacheSim, type CacheSimOptions } from './cache-sim.ts';
export type { CacheStats, LevelStats } from './cache-stats.ts';
export { type Geometry, parseGeometry } from './geometry.ts';
