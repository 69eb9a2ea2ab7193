// What can be done in a child process: by name, loaded there and nowhere else.

import type { measureKernel } from '../probe/measure-kernel.ts';
import type { rehearseLive } from '../rehearse/rehearse-live.ts';

/** What a job is given beside its input. */
export interface JobContext<Progress = unknown> {
  /** Aborted when the parent wants the job to end: clean up, then return what there is. */
  readonly signal: AbortSignal;
  /** Tells the parent how far the job is. */
  onProgress(progress: Progress): void;
}

/** The jobs. Input, progress and result must be clonable (numbers, strings, bigints, plain objects, typed arrays). */
export const JOBS = {
  'measure-kernel': async (): Promise<typeof measureKernel> =>
    (await import('../probe/measure-kernel.ts')).measureKernel,
  'rehearse-live': async (): Promise<typeof rehearseLive> =>
    (await import('../rehearse/rehearse-live.ts')).rehearseLive,
} as const;

export type JobName = keyof typeof JOBS;

type JobFunction<Name extends JobName> = Awaited<ReturnType<(typeof JOBS)[Name]>>;
/** What a job is given. */
export type JobInput<Name extends JobName> = Parameters<JobFunction<Name>>[0];
/** What it tells on its way. */
export type JobProgress<Name extends JobName> =
  Parameters<JobFunction<Name>>[1] extends JobContext<infer Progress> ? Progress : never;
/** What it returns. */
export type JobResult<Name extends JobName> = Awaited<ReturnType<JobFunction<Name>>>;

/** Parent to child. */
export type Request = { readonly job: JobName; readonly input: unknown } | { readonly abort: true };
/** Child to parent. */
export type Reply =
  | { readonly progress: unknown }
  | { readonly result: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };
