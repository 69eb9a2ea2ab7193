export { bundle, CONTESTANT, installPeers, rebuildPeers } from './build.ts';
export { Contest, type ContestOptions, type Result } from './contest.ts';
export { DUELIST, type DuelOptions, type DuelResult, duel, loadOrder, NoFigure, ratios } from './duel.ts';
export { exitCodeOf, type Interval, judge, LIMIT, medianInterval, type Verdict } from './interval.ts';
export { type Race, race } from './race.ts';
export { bundleRows, commitOf, exportCommit, isClean, RevisionError } from './revision.ts';
export type { Row } from './rows.ts';
export type { Contestants, Params, Prepared, Workload } from './workload.ts';
