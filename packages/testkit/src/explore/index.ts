export { explore, step } from './explore.ts';
export { type Exploration, type ExploreOptions, type Failure, type Protocol, summarize } from './protocol.ts';
export { type AccessSink, recordAccesses } from './record.ts';
