// What can go wrong with SysV IDs, in CRIU's words and in plain ones.
import type { SysvKind } from './sysv-ids.ts';

/** Why an object does not get its ID. */
export interface SysvFault {
  code: 'slot-taken' | 'slot-range' | 'key-taken' | 'sysctl-limit' | 'too-many-objects';
  kind: SysvKind;
  ids: number[];
  /** What came instead of the first ID. */
  got?: number;
  /** The number in the text: a key, a limit. */
  number?: number;
  /** The maximum that it exceeds. */
  most?: number;
  words: string;
  remedy: string;
}

const NAMES: Readonly<Record<SysvKind, string>> = { shm: 'shared memory', msg: 'message queue', sem: 'semaphore set' };

/** What each fault is, as the middle of a sentence. */
export const FAULT_TEXTS: Readonly<Record<SysvFault['code'], (fault: SysvFault) => string>> = {
  'slot-taken': ({ kind, ids, got }) =>
    `the slot of ${NAMES[kind]} ID ${ids[0]} is taken, so that the kernel gives ${got} in its place`,
  'slot-range': ({ kind, ids }) =>
    `no slot for ${NAMES[kind]} ID ${ids[0]} is left: it is past the last one, or all from there on are taken`,
  'key-taken': ({ kind, ids, number }) => `the key 0x${number!.toString(16)} of ${NAMES[kind]} ID ${ids[0]} is in use`,
  'sysctl-limit': ({ number, most, kind }) =>
    `the saved limit on ${NAMES[kind]} objects, ${number}, is above the ${most} that the target allows`,
  'too-many-objects': ({ kind, ids, number }) =>
    `${NAMES[kind]} ID ${ids[0]} is one more than the ${number} objects that the saved limit allows`,
};
