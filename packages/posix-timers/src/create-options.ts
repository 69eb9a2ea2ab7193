// timer_create's third argument: the caller's buffer, which the kernel reads in restore mode and writes at the end.

/** What the pointer to the caller's buffer is: good, null, outside any mapping, or in a page that cannot be written. */
export type IdPointer = 'ok' | 'null' | 'unmapped' | 'read-only';

/** The caller's buffer. */
export interface CreateOptions {
  /** What stands in the buffer before the call, i32: the ID wanted in restore mode, of no meaning otherwise. Default −1. */
  readonly id?: number;
  /** What the pointer to the buffer is. Default 'ok'. */
  readonly idPointer?: IdPointer;
}

const POINTERS: readonly string[] = ['ok', 'null', 'unmapped', 'read-only'] satisfies IdPointer[];

/** @throws RangeError if it is no such pointer. */
export function checkPointer(pointer: IdPointer): IdPointer {
  if (POINTERS.includes(pointer)) return pointer;
  throw new RangeError(`posix-timers: idPointer: got ${String(pointer)}, expected one of ${POINTERS.join(', ')}`);
}
