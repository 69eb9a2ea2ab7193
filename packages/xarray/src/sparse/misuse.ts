// Errors for invalid arguments that only SparseXArray has; the others are XArray's.
import { type Refusal, refusal, refused } from '../misuse.ts';
import { MAX_ENTRY } from '../node-layout.ts';

/** Makes the error for an insert of NULL, which would be a reservation. */
export function nothingReserved(): Refusal {
  return refused('SparseXArray.insert', 'entry', 0, `an integer 1…${MAX_ENTRY}: a sparse array reserves nothing`);
}

/** Makes the error for an array that has used up its handles. */
export function outOfRoom(what: string, most: number): Refusal {
  return refusal('SparseXArray', 'content', `more than ${most} ${what}`, 'content that fits them');
}
