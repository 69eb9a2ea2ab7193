// What goes wrong with a shared table through no fault of a call's arguments.
import { holderOf } from '@idspace/lock';

/**
 * `bad-handle`: no memory of a table. `bad-version`: one of another layout. `bad-size`: its sizes contradict each other.
 * `no-free-owner`: all 64 seats, or the one asked for, are taken. `full`: as many keys as the capacity allows.
 * `lock-timeout`: a lock was not given back in time. `detached`: this object has left the table.
 * `damaged`: the memory was written to by other means than these calls, and a chain leads in a circle or to keys of another bucket.
 * The call has ended all chains where they led astray, so that the next ones go on with the keys that are left.
 */
export type SharedHashTableErrorCode =
  | 'bad-handle'
  | 'bad-version'
  | 'bad-size'
  | 'no-free-owner'
  | 'full'
  | 'lock-timeout'
  | 'detached'
  | 'damaged';

/** Thrown by SharedHashTable; but for `damaged`, nothing has changed in the table. */
export class SharedHashTableError extends Error {
  /** Kind of trouble. */
  readonly code: SharedHashTableErrorCode;

  constructor(code: SharedHashTableErrorCode, message: string) {
    super(`SharedHashTable: ${message}`);
    this.name = 'SharedHashTableError';
    this.code = code;
  }
}

/** Makes the error for a chain that is none. */
export function damaged(bucket: number): SharedHashTableError {
  return new SharedHashTableError(
    'damaged',
    `memory: got a chain of bucket ${bucket} without an end, or with keys of another one, expected a sound table`,
  );
}

/** Makes the error for a key that there is no room for. */
export function full(capacity: number): SharedHashTableError {
  return new SharedHashTableError(
    'full',
    `keys: got more than ${capacity}, expected at most ${capacity}, the capacity`,
  );
}

/** Makes the error for a lock that was not given back. */
export function lockTimeout(words: Int32Array, lock: number, timeoutMs: number): SharedHashTableError {
  const waited = `waited ${timeoutMs} ms for a lock held by owner ${holderOf(words, lock)}`;
  return new SharedHashTableError('lock-timeout', `${waited}; if its worker has ended, call bury with that number`);
}
