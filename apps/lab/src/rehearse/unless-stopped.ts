// What becomes of a child process's job when the rehearsal is stopped.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LiveKernelError } from '@idspace/live-kernel';

/**
 * Waits for a job in a child process that may die because the rehearsal is stopped: Ctrl-C ends one that does not listen yet, and one
 * that does not stop in time is killed. What it made ends with it.
 *
 * @returns What the job returns; null if the rehearsal was stopped and the child died.
 * @throws What the job throws otherwise.
 */
export async function unlessStopped<Result>(job: Promise<Result>, signal: AbortSignal): Promise<Result | null> {
  try {
    return await job;
  } catch (error) {
    if (!(error instanceof LiveKernelError && error.code === 'child-died')) throw error;
    // The child's end may be told before the Ctrl-C that both were sent.
    for (let turn = 0; turn < 2; turn++) await nextTurn();
    if (signal.aborted) return null;
    throw error;
  }
}
