// What a layout says: the memory references and the lock passages of a kernel that runs the traced code.
import type { TypedArray } from '@idspace/mem-trace';
import type { Category } from '../evaluate/evaluation.ts';
import type { Touched } from './touched.ts';

const GUARDS = {
  hash_lock: 'system',
  'bucket lock': 'bucket',
  xa_lock: 'process',
  idr_lock: 'system',
  'slot lock': 'process',
  siglock: 'process',
  it_lock: 'timer',
} as const;
/** The name of a lock. */
export type LockName = keyof typeof GUARDS;

/** What has a lock of its own, by lock. */
export const LOCK_SCOPES: Readonly<Record<LockName, 'system' | 'bucket' | 'process' | 'timer'>> = GUARDS;

/** The locks of all designs. */
export const LOCKS: readonly LockName[] = Object.keys(GUARDS) as LockName[];

/** An operation on a timer, as the table sees it. */
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

/** Receives the accesses to one traced array. */
export type Handler = (element: number, isWrite: boolean, raw: TypedArray) => void;

/** What one traced array is. */
export interface Field {
  /** The part of the design that it belongs to. */
  category: Category;
  /** What its accesses mean; null for what only JavaScript needs. */
  handler: Handler | null;
}

/** Turns the accesses to some of a table's arrays into kernel references. */
export interface Layout {
  /** Returns what `field` of the object called `object` is; undefined for one that the layout does not know. */
  field(object: string, field: string): Field | undefined;
}

/** Where a process's signal_struct lies: what the tables hash. */
export interface Owner {
  handle: number;
  low: number;
  high: number;
}

/** The layout of what finds a timer by its ID, with the lines that skipped operations use of it. */
export interface IndexLayout extends Layout {
  /** Touches each line of the way to an ID: the head of its chain, the nodes above it, or its slot. */
  touch(operation: Operation, object: object, owner: Owner, id: number, touched: Touched): void;
  /** Touches the lines of other timers that an operation passes, where it does. @param timer Is in the table. */
  touchPassed?(operation: Operation, object: object, owner: Owner, id: number, timer: number, touched: Touched): void;
  /** Lines that an operation passes for each timer of the table, mean; absent where it passes none. */
  readonly passed?: number;
  /** Gives what a new ID has brought about its addresses, where they depend on the order in which that is made. */
  settle?(object: object, id: number): void;
}
