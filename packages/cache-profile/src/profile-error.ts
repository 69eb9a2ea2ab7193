// The error for a program that has no profile.

/**
 * - `no-program`: there is no such file
 * - `no-profile`: its process ended before it could write one: killed, or short of memory or disk
 * - `no-access`: it accessed no element of a typed array that is counted
 */
export type ProfileErrorCode = 'no-program' | 'no-profile' | 'no-access';

/** Says of a program why it has no profile. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
  readonly code: ProfileErrorCode;
  /** What may be the reason; empty where the message says it. */
  readonly hint: string;

  constructor(code: ProfileErrorCode, message: string, hint = '', options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
