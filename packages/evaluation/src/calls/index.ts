// For programs that show single calls: what each call of a kernel touches. evaluate() counts means over many.
export type { Category } from '../evaluate/evaluation.ts';
export { DesignLayout } from '../layouts/design-layout.ts';
export type { LockName, Operation, ReferenceSink } from '../layouts/reference-sink.ts';
export { type Access, type CallCost, CallMeter } from './call-meter.ts';
export { CallRecorder } from './call-recorder.ts';
