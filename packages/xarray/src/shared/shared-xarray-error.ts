// What goes wrong with a shared array through no fault of a call's arguments.

/**
 * `bad-handle`: no memory of an array. `bad-version`: one of another layout. `bad-size`: its sizes contradict each other.
 * `no-free-owner`: all 64 seats, or the one asked for, are taken. `full`: the content needs more nodes than the capacity.
 * `lock-timeout`: a lock was not given back in time. `detached`: this object has left the array.
 * `damaged`: the memory was written to by other means than these calls, and is no tree. The call may have been made in part; the next
 * one that takes the writers' lock makes a tree of what is there.
 */
export type SharedXArrayErrorCode =
  | 'bad-handle'
  | 'bad-version'
  | 'bad-size'
  | 'no-free-owner'
  | 'full'
  | 'lock-timeout'
  | 'detached'
  | 'damaged';

/** Thrown by SharedXArray; but for `damaged`, nothing has changed in the array. */
export class SharedXArrayError extends Error {
  /** Kind of trouble. */
  readonly code: SharedXArrayErrorCode;

  constructor(code: SharedXArrayErrorCode, message: string) {
    super(`SharedXArray: ${message}`);
    this.name = 'SharedXArrayError';
    this.code = code;
  }
}

/** Makes the error for an owner that did not give the lock back in time. */
export function lockTimeout(owner: number, timeoutMs: number): SharedXArrayError {
  const waited = `waited ${timeoutMs} ms for the lock held by owner ${owner}`;
  return new SharedXArrayError('lock-timeout', `${waited}; if its worker has ended, call bury with that number`);
}
