// What a layout says: the memory references and the lock passages of a kernel that runs the traced code.
import type { TypedArray } from '@idspace/mem-trace';
import type { Category } from '../evaluate/evaluation.ts';

/** The locks of all designs. */
export const LOCKS = ['hash_lock', 'bucket lock', 'xa_lock', 'idr_lock', 'slot lock', 'siglock', 'it_lock'] as const;
export type LockName = (typeof LOCKS)[number];

export type Operation = 'create' | 'lookup' | 'delete';

/** Takes references one by one, in program order. */
export interface ReferenceSink {
  /**
   * @param object Address of the object that holds it where that is all one must know to make the reference, so that references
   *   to the same object overlap in time; 0 where something read before decides the address or nothing is known.
   * @param address First byte. @param bytes 1…64, within a line or not.
   */
  read(object: number, address: number, bytes: number, category: Category): void;
  /** As {@link read}, for a write; a read-modify-write is one write. */
  write(object: number, address: number, bytes: number, category: Category): void;
  /** An atomic read-modify-write: one write that nothing overlaps with. */
  atomic(address: number, bytes: number, category: Category): void;
  /** A lock's word goes from free to held (an atomic read-modify-write) or back (a write). */
  lock(name: LockName, address: number, acquired: boolean): void;
}

/** The operation being recorded, shared by all parts of a layout. */
export interface Current {
  operation: Operation;
  /** Goes up by one with each operation, so that a part sees that a new one has begun. */
  number: number;
  /** Whether the timer is known by its pointer, so that nothing is looked up to delete it. */
  byPointer: boolean;
}

/** Receives an address in each line that a skipped operation uses. */
export type Touch = (address: number) => void;

/** Receives the accesses to one traced array. */
export type Handler = (element: number, isWrite: boolean, raw: TypedArray) => void;

/** Turns the accesses to some of a table's arrays into kernel references. */
export interface Layout {
  /** Returns what the accesses to `field` of the object called `object` mean; null for what only JavaScript needs. */
  handler(object: string, field: string): Handler | null;
}
