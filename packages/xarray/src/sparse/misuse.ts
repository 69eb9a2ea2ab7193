// Errors for invalid arguments that only SparseXArray has; the others are XArray's.
import { MAX_ENTRY } from '../node-layout.ts';

/** Makes the error for an insert of NULL, which would be a reservation. */
export function nothingReserved(): RangeError {
  return new RangeError(`xarray: a sparse array reserves nothing; entry to insert must be 1…${MAX_ENTRY}, got 0`);
}

/** Makes the error for an array that has used up its handles. */
export function outOfRoom(what: string, most: number): RangeError {
  return new RangeError(`xarray: more than ${most} ${what}; expected content that fits them`);
}
