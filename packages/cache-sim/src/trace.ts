// @idspace/cache-sim/trace: reads recorded traces; apart from the simulator because it needs Node.

export type { AccessSink } from './batch.ts';
export { DinWriter } from './din-writer.ts';
export { type Replayed, replay } from './replay.ts';
export { TraceError, type TraceErrorCode } from './trace-error.ts';
export type { TraceFormat } from './trace-formats.ts';
