export type { Sink } from './recorder.ts';
export { Trace, trace } from './trace.ts';
export type { TypedArray } from './typed-array.ts';
