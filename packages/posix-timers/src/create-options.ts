// timer_create's third argument: the caller's buffer, which the kernel reads in restore mode and writes at the end.

import { EFAULT, EINVAL } from './errno.ts';
import { checkKeys, refused } from './misuse.ts';

/** What the pointer to the caller's buffer is: good, null, outside any mapping, or in a page that cannot be written. */
export type IdPointer = 'ok' | 'null' | 'unmapped' | 'read-only';

/** The caller's buffer. */
export interface CreateOptions {
  /** What the buffer holds before the call, i32: the ID wanted in restore mode, of no meaning otherwise. Default −1. */
  readonly id?: number | undefined;
  /** What the pointer to the buffer is. Default 'ok'. */
  readonly idPointer?: IdPointer | undefined;
}

const POINTERS: readonly string[] = ['ok', 'null', 'unmapped', 'read-only'] satisfies IdPointer[];
const KEYS: readonly string[] = ['id', 'idPointer'] satisfies (keyof CreateOptions)[];

/** Returns what a buffer's pointer is. @throws RangeError for what is no buffer, or has a key or pointer that there is not. */
export function pointerOf(buffer: number | CreateOptions): IdPointer {
  if (typeof buffer === 'number') return 'ok';
  if (typeof buffer !== 'object' || buffer === null) throw refused('buffer', buffer, 'an ID or an object');
  checkKeys('buffer', buffer, KEYS);
  const { idPointer = 'ok' } = buffer;
  if (POINTERS.includes(idPointer)) return idPointer;
  throw refused('idPointer', idPointer, `one of ${POINTERS.join(', ')}`);
}

/** Returns what restore mode reads from the caller's buffer, 0…2³¹−1; −EFAULT or −EINVAL. */
export function readWanted(pointer: IdPointer, id: number): number {
  if (pointer === 'null' || pointer === 'unmapped') return -EFAULT;
  return id < 0 ? -EINVAL : id;
}
