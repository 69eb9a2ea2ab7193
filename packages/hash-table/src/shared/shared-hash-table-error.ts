// What goes wrong with a shared table through no fault of a call's arguments.
import { holderOf } from '@idspace/lock';

/**
 * `bad-handle`: no memory of a table. `bad-version`: one of another layout. `bad-size`: its sizes contradict each other.
 * `no-free-owner`: all 64 seats, or the one asked for, are taken. `full`: as many keys as the capacity allows.
 * `lock-timeout`: a lock was not given back in time. `detached`: this object has left the table.
 */
export type SharedHashTableErrorCode =
  | 'bad-handle'
  | 'bad-version'
  | 'bad-size'
  | 'no-free-owner'
  | 'full'
  | 'lock-timeout'
  | 'detached';

/** Thrown by SharedHashTable; nothing has changed in the table. */
export class SharedHashTableError extends Error {
  /** Kind of trouble. */
  readonly code: SharedHashTableErrorCode;

  constructor(code: SharedHashTableErrorCode, message: string) {
    super(`shared hash-table: ${message}`);
    this.name = 'SharedHashTableError';
    this.code = code;
  }
}

/** Makes the error for a lock that was not given back. */
export function lockTimeout(words: Int32Array, lock: number, timeoutMs: number): SharedHashTableError {
  const waited = `waited ${timeoutMs} ms for a lock held by owner ${holderOf(words, lock)}`;
  return new SharedHashTableError('lock-timeout', `${waited}; if its worker has ended, call bury with that number`);
}
