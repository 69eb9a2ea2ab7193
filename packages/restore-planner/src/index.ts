// All of it, with what reads paths: folders, archives on disk, /proc.
export { findCheckpoints } from './find-checkpoints.ts';
export * from './plan.ts';
export * from './read.ts';
export { readCheckpoint } from './read-checkpoint.ts';
export type { StopSignal } from './stop-signal.ts';
