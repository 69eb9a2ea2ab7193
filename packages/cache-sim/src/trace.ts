// @idspace/cache-sim/trace: reads recorded traces; apart from the simulator because it needs Node.
export { type Replayed, replay } from './replay.ts';
export type { AccessSink } from './trace-cursor.ts';
export { TraceError, type TraceErrorCode } from './trace-error.ts';
export type { TraceFormat } from './trace-formats.ts';
