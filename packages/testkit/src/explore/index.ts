export { explore, step } from './explore.ts';
export { type Exploration, type Failure, type Protocol, summarize } from './protocol.ts';
