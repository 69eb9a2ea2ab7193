// A job for a child process: a function that a module exports, loaded there and nowhere else.
import type { StopSignal } from './stop-signal.ts';

/** What a job is given beside its input. */
export interface JobContext<Progress = unknown> {
  /** Aborted when the parent wants the job to end: clean up, then return what there is. */
  readonly signal: StopSignal;
  /** Tells the parent how far the job is. */
  onProgress(progress: Progress): void;
}

/** A job. Input, progress and result must be clonable: numbers, strings, bigints, plain objects, typed arrays. */
export type Job<Input, Progress, Result> = (input: Input, context: JobContext<Progress>) => Promise<Result>;

/** Where a job is found. */
export interface JobPlace {
  /** URL of the module. */
  readonly module: string;
  /** What the module exports it as. */
  readonly name: string;
}

/** Parent to child. */
export type Request = (JobPlace & { readonly input: unknown }) | { readonly abort: true };
/** Child to parent. */
export type Reply =
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly name: string;
        readonly message: string;
        readonly code?: unknown;
        /** The parts of an error for an argument. */
        readonly refused?: { readonly argument: string; readonly got: string; readonly expected: string };
      };
    };
