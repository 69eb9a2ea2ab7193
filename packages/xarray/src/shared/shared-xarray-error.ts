// What goes wrong with a shared array through no fault of a call's arguments.

/**
 * `HANDLE`: no memory of an array. `VERSION`: one of another layout. `SIZE`: its sizes contradict each other.
 * `OWNERS`: all 64 seats, or the one asked for, are taken. `FULL`: the content needs more nodes than the capacity.
 * `LOCK_TIMEOUT`: a lock was not given back in time. `DETACHED`: this object has left the array.
 */
export type SharedXArrayErrorCode = 'HANDLE' | 'VERSION' | 'SIZE' | 'OWNERS' | 'FULL' | 'LOCK_TIMEOUT' | 'DETACHED';

/** Thrown by SharedXArray; nothing has changed in the array. */
export class SharedXArrayError extends Error {
  /** Kind of trouble. */
  readonly code: SharedXArrayErrorCode;

  constructor(code: SharedXArrayErrorCode, message: string) {
    super(`shared xarray: ${message}`);
    this.name = 'SharedXArrayError';
    this.code = code;
  }
}

/** Makes the error for an owner that did not give the lock back in time. */
export function lockTimeout(owner: number, patienceMs: number): SharedXArrayError {
  const waited = `waited ${patienceMs} ms for the lock held by owner ${owner}`;
  return new SharedXArrayError('LOCK_TIMEOUT', `${waited}; if its worker has ended, call bury with that number`);
}
