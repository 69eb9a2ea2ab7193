// Calls on shared structures, in loops of their own: `main.ts` loads this module once for each way to read.
import { SharedHashTable } from '@idspace/hash-table/shared';
import { random } from '@idspace/testkit';
import { SharedXArray } from '@idspace/xarray/shared';

export const CALLS: number = 1 << 14;

/** Makes the structures; returns a loop of {@link CALLS} calls for each operation. */
export function loops(entries: number, lockFreeReads: boolean): Record<string, () => unknown> {
  const rng = random(1);
  const wanted = Uint32Array.from({ length: CALLS }, () => rng.below(entries));
  const array = new SharedXArray({ lockFreeReads });
  const table = new SharedHashTable({ capacity: entries, lockFreeReads });
  for (let i = 0; i < entries; i++) {
    array.store(i, i + 1);
    table.insertNew(5, 6, i, i + 1);
  }
  return {
    'SharedXArray `load`': () => {
      let sum = 0;
      for (let i = 0; i < CALLS; i++) sum = (sum + array.load(wanted[i])) | 0;
      return sum;
    },
    'SharedXArray `store`': () => {
      for (let i = 0; i < CALLS; i++) array.store(wanted[i], i + 1);
    },
    'SharedHashTable `find`': () => {
      let sum = 0;
      for (let i = 0; i < CALLS; i++) sum = (sum + table.find(5, 6, wanted[i])) | 0;
      return sum;
    },
  };
}
