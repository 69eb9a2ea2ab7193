// Errors for invalid arguments.
import { MAX_ENTRY, MAX_INDEX, MAX_NODES, MAX_ORDER } from './node-layout.ts';

/** Makes the error for an index that is not a u32. */
export function badIndex(got: unknown, name = 'index'): RangeError {
  return new RangeError(`xarray: ${name} must be an integer 0…${MAX_INDEX}, got ${show(got)}`);
}

/** Makes the error for an entry that is not a u31. */
export function badEntry(got: unknown): RangeError {
  return new RangeError(`xarray: entry must be an integer 0…${MAX_ENTRY} (0 is NULL), got ${show(got)}`);
}

/** Makes the error for an order that does not exist. */
export function badOrder(got: unknown): RangeError {
  return new RangeError(`xarray: order must be an integer 0…${MAX_ORDER}, got ${show(got)}`);
}

/** Makes the error for a range that ends before it begins. */
export function badRange(first: number, last: number): RangeError {
  return new RangeError(`xarray: last must be at least first, ${first}, got ${last}`);
}

/** Makes the error for a number of indices. */
export function badLength(got: unknown): RangeError {
  return new RangeError(`xarray: length must be an integer 1…${MAX_INDEX + 1}, got ${show(got)}`);
}

/** Makes the error for a mark that does not exist. */
export function badMark(got: unknown): RangeError {
  return new RangeError(`xarray: mark must be 0, 1 or 2, got ${show(got)}`);
}

/** Makes the error for an ID that is not a u31. */
export function badId(got: unknown, name: string): RangeError {
  return new RangeError(`Ida: ${name} must be an integer 0…${MAX_ENTRY}, got ${show(got)}`);
}

/** Makes the error for a value IntMap cannot hold. */
export function badValue(got: unknown): RangeError {
  return new RangeError(`IntMap: value must be an integer 0…${MAX_ENTRY - 1}, got ${show(got)}`);
}

/** Makes the error for a constructor option. */
export function badOption(name: string, expected: string, got: unknown): RangeError {
  return new RangeError(`xarray: option ${name} must be ${expected}, got ${show(got)}`);
}

/** Makes the error for a snapshot that is not bytes at all. */
export function badBytes(got: unknown): RangeError {
  return new RangeError(`xarray: a snapshot must be a Uint8Array, got ${show(got)}`);
}

/** Makes the error for alloc on an array that does not track its free indices for it. */
export function notAllocating(): RangeError {
  return new RangeError("xarray: this array does not allocate; make it with new XArray({ alloc: 'from0' }) or 'from1'");
}

/** Makes the error for an array that has used up its node handles. */
export function outOfNodes(): RangeError {
  return new RangeError(`xarray: more than ${MAX_NODES} nodes; expected content that fits them (keys closer together)`);
}

/** Writes any value so that it is told from others: '3' from 3, and an object without running code of its own. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
