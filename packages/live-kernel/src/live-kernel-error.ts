// The error of this package.

/**
 * What went wrong: the kernel cannot be called from here · the child process died before its job was done · its job threw ·
 * the process that is watched is gone or may not be read.
 */
export type LiveKernelErrorCode = 'unavailable' | 'child-died' | 'job-failed' | 'process';

/** Says what is not available of the running kernel, and what to do. */
export class LiveKernelError extends Error {
  override readonly name = 'LiveKernelError';
  readonly code: LiveKernelErrorCode;

  constructor(code: LiveKernelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
