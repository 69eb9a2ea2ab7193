export type { Sink } from './recorder.ts';
export { type Trace, trace } from './trace.ts';
export type { TypedArray } from './typed-array.ts';
