export { bundle, CONTESTANT, installPeers, rebuildPeers } from './build.ts';
export { Contest, type ContestOptions, type Result } from './contest.ts';
export { type Race, race } from './race.ts';
export type { Contestants, Params, Prepared, Workload } from './workload.ts';
