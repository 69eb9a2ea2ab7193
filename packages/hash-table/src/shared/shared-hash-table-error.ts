// What goes wrong with a shared table through no fault of a call's arguments.
import { holderOf } from '@idspace/lock';

/**
 * `HANDLE`: no memory of a table. `VERSION`: one of another layout. `SIZE`: its sizes contradict each other.
 * `OWNERS`: all 64 seats, or the one asked for, are taken. `FULL`: as many keys as the capacity allows.
 * `LOCK_TIMEOUT`: a lock was not given back in time. `DETACHED`: this object has left the table.
 */
export type SharedHashTableErrorCode = 'HANDLE' | 'VERSION' | 'SIZE' | 'OWNERS' | 'FULL' | 'LOCK_TIMEOUT' | 'DETACHED';

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
export function lockTimeout(words: Int32Array, lock: number, patienceMs: number): SharedHashTableError {
  const waited = `waited ${patienceMs} ms for a lock held by owner ${holderOf(words, lock)}`;
  return new SharedHashTableError('LOCK_TIMEOUT', `${waited}; if its worker has ended, call bury with that number`);
}
