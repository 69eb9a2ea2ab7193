// @idspace/cache-sim/trace: reads recorded traces; apart from the simulator, which needs none. Runs in a browser, too.

export type { AccessSink, TraceBatch } from './batch.ts';
export { DinWriter } from './din-writer.ts';
export { type CutLine, type OpenTrace, type OpenTraceOptions, openTrace, type Replayed } from './open-trace.ts';
export { replay } from './replay.ts';
export { TraceError, type TraceErrorCode } from './trace-error.ts';
export { TRACE_FORMATS, type TraceFormat } from './trace-formats.ts';
