export { AddressMap } from './address-map.ts';
export type { Refusal } from './misuse.ts';
export type { Sink } from './recorder.ts';
export type { Region } from './regions.ts';
export { regionsOf, type Trace, type TraceOptions, trace } from './trace.ts';
export type { TypedArray } from './typed-array.ts';
export type { Unseen } from './unseen.ts';
