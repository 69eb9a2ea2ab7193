export { type AsyncLife, type Ending, endAfter, endAfterAsync } from './ending.ts';
export { explore, part, step } from './explore.ts';
export {
  type Exploration,
  type ExploreOptions,
  type Failure,
  type Mistake,
  type Protocol,
  summarize,
} from './protocol.ts';
export { type AccessSink, recordAccesses } from './record.ts';
export { type BrokenProtocol, findFailure, type ProtocolsModule, type Twins, twinOf } from './twins.ts';
